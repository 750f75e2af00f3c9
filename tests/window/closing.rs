//! Closing the window: asked about only while a run goes on, and what a run saw stays.

use crate::driver::{Home, Window};
use crate::{SCREEN, axe};
use fantoccini::key::Key;
use serde_json::json;
use std::fs;
use std::path::PathBuf;

#[tokio::test]
async fn a_run_that_is_closed_upon_is_kept_and_shown_as_cut_short() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("closing");
    let window = Window::open(&home).await;
    window.click("door-demo").await;
    window.see("run").await;
    window.press("r").await;
    window.see("cancel").await;
    let judged = async || window.attribute("verdict", "data-verdict").await != "none";
    window.until("something was judged", judged).await;

    // As the button of the window does it, by keyboard: nothing closes before somebody says so.
    window.press_with_ctrl('q').await;
    window.see("closing-keep").await;
    let focused = "return document.activeElement?.dataset?.testid";
    window.until("the harmless answer has the focus", async || window.script(focused).await == "closing-keep").await;
    axe::clean(&window, "the question before closing").await;
    window.press_key(Key::Enter).await;
    window.gone("closing-keep").await;
    assert!(window.alive(), "the window stays");

    window.run_is_over().await;
    assert!(!window.text("freshness").await.contains("cut short"), "the run went on to its end");

    window.press("r").await;
    window.see("cancel").await;
    window.until("a part of it was seen", async || window.text("progress").await.contains(" of ")).await;
    window.press_with_ctrl('q').await;
    assert_eq!(window.text("closing-leave").await, "Stop and close");
    window.press_key(Key::Tab).await;
    window.end_by_key(Key::Enter).await;

    let window = Window::open(&home).await;
    window.see("freshness").await;
    assert!(window.text("freshness").await.contains("cut short"), "{}", window.text("freshness").await);
    assert_ne!(window.attribute("verdict", "data-verdict").await, "none", "what was seen is judged");
    let id = window.ask("project_list", json!({})).await[0]["id"].clone();
    let view = window.ask("project_open", json!({ "id": id })).await;
    assert_eq!((&view["running"], &view["audit"]["cut_short"]), (&json!(false), &json!(true)));
    assert!(!view["pictures"]["records"].as_array().unwrap().is_empty(), "what was seen is kept");

    // Without a run nothing is asked, and nothing of the demo's own files is left.
    window.end_by_ctrl('q').await;
    let left: Vec<_> =
        fs::read_dir(home.path().join("temporary")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, Vec::<PathBuf>::new());
}
