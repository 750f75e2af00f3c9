//! What axe-core (WCAG 2.2 A and AA) says of the screen that is open.

use crate::driver::Window;
use serde_json::Value;
use std::path::Path;

/// Finds nothing, or says what and where.
pub async fn clean(window: &Window, screen: &str) {
    if window.script("return typeof window.axe").await == "undefined" {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules/axe-core/axe.min.js");
        let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        window.script(&format!("{source}\nreturn null;")).await;
    }
    // Colours are judged when they have arrived; on a busy machine without a screen a change can wait for its first frame for ever.
    let still = async || {
        let arrive = "document.getAnimations().forEach((one) => one.finish()); return document.getAnimations().length";
        window.script(arrive).await == 0
    };
    window.until("nothing moves", still).await;
    let found = window
        .script_async(
            "const done = arguments[0];
            const only = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
            axe.run(document, { runOnly: only }).then(
                ({ violations, passes }) => done({
                    passes: passes.length,
                    found: violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 4).map((node) => `${node.html} (${node.failureSummary})`).join(' | ')}`),
                }),
                (error) => done({ passes: 0, found: [String(error)] }),
            );",
            vec![],
        )
        .await;
    let complaints: Vec<&str> = found["found"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(complaints.is_empty(), "axe on {screen}:\n{}", complaints.join("\n"));
    assert!(found["passes"].as_u64().unwrap_or(0) >= 8, "axe looked at nothing on {screen}");
}
