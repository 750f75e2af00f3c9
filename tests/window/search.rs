//! The search of the window: every action of the list is found in it by keys alone, and rows, findings and screens are gone to.

use crate::axe;
use crate::driver::Window;
use fantoccini::key::Key;
use serde_json::{Value, json};

/// The ids and names of the list of actions, as the page is built from it.
fn actions() -> Vec<(&'static str, &'static str)> {
    let list = include_str!("../../ui/src/actions.ts");
    let part = |line: &'static str, mark: &str| line.split_once(mark).and_then(|(_, rest)| rest.split('\'').next());
    let lines = list.lines().filter_map(|line| line.strip_prefix("  { id: '"));
    lines.map(|line| (line.split('\'').next().unwrap(), part(line, "name: '").unwrap())).collect()
}

/// Types in the search as a hand would, and tells what is chosen then, and whether it can be seen that it is.
const TYPED: &str = "const [texts, done] = arguments;
    (async () => {
        const field = document.querySelector('[data-testid=\"search-text\"]');
        const found = [];
        for (const text of texts) {
            field.value = text;
            field.dispatchEvent(new Event('input', { bubbles: true }));
            await new Promise((next) => setTimeout(next, 0));
            const row = document.getElementById(field.getAttribute('aria-activedescendant'));
            const list = row?.parentElement.getBoundingClientRect();
            const at = row?.getBoundingClientRect();
            const seen = at !== undefined && at.top >= list.top - 1 && at.bottom <= list.bottom + 1
                && row.getAttribute('aria-selected') === 'true' && getComputedStyle(row).boxShadow !== 'none';
            const ring = document.activeElement === field && getComputedStyle(field).outlineStyle !== 'none';
            found.push({ key: row?.dataset.find ?? '', seen, ring });
        }
        done(found);
    })();";

async fn typed(window: &Window, texts: &[&str]) -> Vec<Value> {
    window.script_async(TYPED, vec![json!(texts)]).await.as_array().unwrap().clone()
}

async fn open(window: &Window) {
    window.press_with_ctrl('k').await;
    window.see("search-text").await;
}

/// In a project that was audited, with the focus in the page.
pub async fn reaches_everything(window: &Window) {
    open(window).await;
    axe::clean(window, "the search").await;
    // Those that only move about the page are keys and nothing else; a run that does not go on cannot be cancelled, nor an edit
    // that nobody made be undone.
    let beside = ["search", "down", "up", "close", "cancel", "undo", "redo"];
    let wanted: Vec<_> = actions().into_iter().filter(|(id, _)| !beside.contains(id)).collect();
    assert!(wanted.len() > 30, "the list of actions was not read");
    let names: Vec<&str> =
        wanted.iter().map(|(id, name)| if *id == "help" { "keyboard shortcuts" } else { name }).collect();
    for ((id, _), found) in wanted.iter().zip(typed(window, &names).await) {
        assert_eq!(found, json!({ "key": format!("action {id}"), "seen": true, "ring": true }));
    }
    window.press_key(Key::Escape).await;
    window.gone("search-text").await;

    // To a screen, to a row and back to where one was, by nothing but keys.
    for (text, there) in [("go to database", "database-page"), ("go to risks", "risks-page")] {
        open(window).await;
        window.press(text).await;
        window.press_key(Key::Enter).await;
        window.see(there).await;
    }
    open(window).await;
    window.press("certificate expires").await;
    let count = "return document.querySelector('[data-testid=\"search-count\"]').textContent";
    window
        .until("the number of results is told", async || window.script(count).await.to_string().contains("result"))
        .await;
    window.press_key(Key::Escape).await;
    window.gone("search-text").await;
    open(window).await;
    window.press("SD2.1").await;
    window.press_key(Key::Enter).await;
    assert_eq!(window.attribute("drawer", "data-item").await, "SD2.1");
    let focused = "return document.activeElement?.id";
    window.until("the drawer has the focus", async || window.script(focused).await == "drawer-title").await;
    window.press_key(Key::Escape).await;
    window.gone("drawer").await;
}
