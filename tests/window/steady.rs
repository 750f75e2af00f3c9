//! While results stream in, nothing that is in view changes its place: whoever reads or aims at something keeps it under their eyes. WebKit
//! tells of no layout shifts, so the places themselves are noted, frame by frame.

use crate::SCREEN;
use crate::driver::{Home, Window};
use serde_json::json;

/// Notes in each frame where everything with a mark of its own stands, and what was in view in the frame before and moved since. What scrolls is
/// left out, as are new pages: those are somebody's own act.
const NOTE: &str = "const told = window.moved = [];
    [window.framed, window.noted, window.began] = [0, false, false];
    let before = new Map();
    let scrolled = '';
    let place = location.hash;
    const note = () => {
        // What comes at the end of a run is its result, and looked for; until then nothing moves.
        if (window.began && document.querySelector('[data-testid=run]') !== null) { window.framed += 1; window.noted = true; return; }
        const now = new Map();
        for (const one of document.querySelectorAll('[data-testid], main h1, main h2, main h3')) {
            if (one.closest('dialog, .popover, .menu, .offer, .explained') !== null) continue;
            const { top, bottom, left, width, height } = one.getBoundingClientRect();
            const frame = (one.closest('main, aside, .rail') ?? document.body).getBoundingClientRect();
            if (width < 2 || height < 2 || bottom <= frame.top || top >= frame.bottom) continue;
            now.set(one, [Math.round(top), Math.round(left), one.dataset.testid ?? one.textContent.slice(0, 40)]);
        }
        const scrolls = [...document.querySelectorAll('main, aside, .rail, .screen')].map((one) => one.scrollTop).join(' ');
        if (scrolls === scrolled && place === location.hash) {
            for (const [one, [top, left, name]] of now) {
                const was = before.get(one);
                if (was !== undefined && (Math.abs(was[0] - top) > 1 || Math.abs(was[1] - left) > 1) && told.length < 40)
                    told.push(`${name}: from ${was[0]}, ${was[1]} to ${top}, ${left} in frame ${window.framed}`);
            }
        }
        [before, scrolled, place] = [now, scrolls, location.hash];
        window.framed += 1;
        requestAnimationFrame(note);
    };
    note();
    return null;";

#[tokio::test]
async fn nothing_in_view_moves_while_results_stream() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("steady");
    let window = Window::open(&home).await;
    window.click("door-demo").await;
    window.see("run").await;
    let project = window.ask("project_list", json!({})).await[0]["id"].as_str().unwrap().to_owned();
    let mut moved = Vec::new();
    // The first run of all begins on an empty page; the others renew what stands there.
    for page in ["stage/1", "risks", "records", "code", "journeys"] {
        window.script(&format!("location.hash = '#/p/{project}/{page}'; return null")).await;
        window.see("run").await;
        window.script(NOTE).await;
        window.run_by(async || window.press("r").await).await;
        window.until("all was noted", async || window.script("return window.noted").await == true).await;
        let framed = window.script("return window.framed").await.as_u64().unwrap();
        let told = window.script("return window.moved").await;
        moved.extend(told.as_array().unwrap().iter().map(|one| format!("{page}: {one}")));
        assert!(framed > 10, "only {framed} frames were looked at");
    }
    assert!(moved.is_empty(), "moved while results came in:\n{}", moved.join("\n"));
}
