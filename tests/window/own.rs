//! Rows and checks of a project's own: pasted, told what is wrong while they are typed, kept, looked at, answered, taken back.

use crate::driver::{Home, Window};
use crate::{SCREEN, axe, story};
use serde_json::json;

const ROWS: &str = r#"version = 1

[[row]]
id = "banner"
stage = 4
title = "The front page names the sale"
why = "The sale is what the launch is about."
severity = "high"
fix = "Put the banner back."
http = [{ url = "/", status = 200, contains = "The sale is on" }]

[[row]]
id = "support"
stage = 6
title = "Somebody answers support mail"
why = "The first customers decide by it."
question = "Is it agreed who does?"
"#;

/// Whether a row is in the audit, by the id of the row.
async fn there(window: &Window, id: &str) -> bool {
    let view = story::demo(window).await;
    let stages = view["audit"]["stages"].as_array().unwrap();
    stages.iter().flat_map(|stage| stage["items"].as_array().unwrap()).any(|item| item["id"] == id)
}

/// What one part of the page says, and its state; the page may draw it anew at any moment, so that it is asked in one step.
async fn said(window: &Window, id: &str) -> String {
    let part = format!("document.querySelector('[data-testid=\"{id}\"]')");
    let script = format!("const part = {part}; return `${{part?.dataset.state ?? ''}} ${{part?.innerText ?? ''}}`");
    window.script(&script).await.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn rows_of_ones_own_stand_in_their_stage_and_are_looked_at_and_answered() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("own");
    let window = Window::open(&home).await;
    window.click("door-demo").await;
    window.see("run").await;
    window.press("go").await;
    window.see("own-text").await;
    window.until("it says that there is none", async || said(&window, "own-read").await.contains("No rows")).await;
    window.click("own-example").await;
    window.until("the example is read", async || said(&window, "own-read").await.contains("3 rows")).await;

    // What is wrong is told while it is typed, with its line, and cannot be kept.
    window.paste("own-text", &ROWS.replace("stage = 6", "stage = 9")).await;
    window.until("the line is told", async || said(&window, "error").await.contains("Line 14: write the stage")).await;
    assert!(!window.see("own-save").await.is_enabled().await.unwrap());
    axe::clean(&window, "own rows with something wrong").await;
    window.paste("own-text", ROWS).await;
    window.until("both can be used", async || said(&window, "own-read").await.contains("2 rows")).await;
    assert!(said(&window, "own-rows").await.contains("The front page names the sale"));
    axe::clean(&window, "own rows").await;
    window.click("own-save").await;
    window.gone("own-text").await;
    window.run("run").await;

    // What was looked at says what was found, and how to mend it.
    window.click("stage-4").await;
    window.see("own-mark-OWN.banner").await;
    assert_eq!(said(&window, "own-mark-OWN.banner").await.trim(), "own row");
    assert!(said(&window, "item-OWN.banner").await.starts_with("failing"));
    axe::clean(&window, "a stage with an own row").await;
    window.click("item-OWN.banner").await;
    let told = async || said(&window, "drawer").await;
    window.until("it tells what is missing", async || told().await.contains("a body without \"The sale is on\"")).await;
    assert!(told().await.contains("Put the banner back."));
    window.run("check-again").await;
    window.click("drawer-close").await;
    window.gone("drawer").await;

    // The question is answered as any other.
    window.click("stage-6").await;
    window.click("item-OWN.support").await;
    window.click("answer-choice-yes").await;
    window.fill("answer-note", "Dana and Ben by turns").await;
    window.click("answer-save").await;
    window.see("answer-saved").await;
    let done = async || said(&window, "item-OWN.support").await.starts_with("done");
    window.until("the row is done", done).await;
    window.click("drawer-close").await;
    window.gone("drawer").await;

    // Removed, they are gone at once, and come back with what was answered.
    window.click("own-open").await;
    window.click("own-clear").await;
    window.gone("own-text").await;
    window.gone("item-OWN.support").await;
    assert!(!there(&window, "OWN.banner").await);
    window.press_with_ctrl('z').await;
    window.see("item-OWN.support").await;
    window.until("the answer is there", done).await;
    let id = story::demo(&window).await["project"]["id"].clone();
    let refused = window.try_to_ask("own_set", json!({ "id": id, "text": "version = 2" })).await;
    assert_eq!(refused["failed"]["code"], "own", "{refused}");
    assert!(there(&window, "OWN.banner").await);
}
