//! While results stream in, nothing that is in view changes its place: whoever reads or aims at something keeps it under their eyes. WebKit
//! tells of no layout shifts, so the places themselves are noted, frame by frame.

use crate::driver::{Home, Window};
use crate::{SCREEN, axe};
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
            const frame = (one.closest('main, aside, .roads, .rail') ?? document.body).getBoundingClientRect();
            if (width < 2 || height < 2 || bottom <= frame.top || top >= frame.bottom) continue;
            now.set(one, [Math.round(top), Math.round(left), one.dataset.testid ?? one.textContent.slice(0, 40)]);
        }
        const scrolls = [...document.querySelectorAll('main, aside, .roads, .screen')].map((one) => one.scrollTop).join(' ');
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

/// A row of one's own that nothing meets and that weighs more than anything else: the next run ranks it.
const NEVER: &str = r#"version = 1

[[row]]
id = "never"
stage = 1
title = "The front page says what it never says"
why = "Nothing can be sold without it."
severity = "critical"
http = [{ url = "/", contains = "What no page says" }]
"#;

/// The ranking in the page.
const RANKED: &str = "return [...document.querySelectorAll('[data-testid=risks-page] [data-check]')].map((one) => one.dataset.check).join(' ')";

#[tokio::test]
async fn a_ranking_that_is_read_waits_until_somebody_asks_for_the_new_one() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("ranking");
    let window = Window::open(&home).await;
    window.click("door-demo").await;
    window.run("run").await;
    let project = window.ask("project_list", json!({})).await[0]["id"].as_str().unwrap().to_owned();
    window.press("gr").await;
    window.see("risks-page").await;
    let before = window.script(RANKED).await;
    assert!(!before.as_str().unwrap().is_empty());
    // The page does not hear of it before the run hands its view over.
    window.ask("own_set", json!({ "id": project, "text": NEVER })).await;
    window.run_by(async || window.press("r").await).await;
    window.see("risks-renew").await;
    assert_eq!(window.script(RANKED).await, before, "the ranking changed under its reader");
    axe::clean(&window, "a ranking that waits").await;
    window.click("risks-renew").await;
    window.gone("risks-renew").await;
    let after = window.script(RANKED).await;
    assert!(after.as_str().unwrap().contains("own.never"), "{after}");

    // Nothing waits where nothing changed, nor for whoever comes back to the page.
    window.run("run").await;
    window.ask("own_set", json!({ "id": project, "text": "" })).await;
    window.run_by(async || window.press("r").await).await;
    window.see("risks-renew").await;
    window.press("gd").await;
    window.see("records-page").await;
    window.press("gr").await;
    window.see("risks-page").await;
    assert_eq!(window.script(RANKED).await, before);
    assert!(!window.there("risks-renew").await);
}
