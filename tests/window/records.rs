//! The records screen: accepting today's records, what differs from them later, and forgetting them again.

use crate::driver::{Home, Window};
use crate::{SCREEN, axe};
use fantoccini::key::Key;
use serde_json::{Value, json};

async fn demo(window: &Window) -> Value {
    let id = window.ask("project_list", json!({})).await[0]["id"].clone();
    window.ask("project_open", json!({ "id": id })).await
}

async fn state(window: &Window) -> String {
    window.attribute("expected", "data-state").await
}

#[tokio::test]
async fn records_are_accepted_changes_are_told_and_the_acceptance_is_forgotten() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("records");
    let window = Window::open(&home).await;
    window.click("door-demo").await;
    window.run("run").await;
    window.press("gd").await;
    window.see("records-page").await;
    assert_eq!(state(&window).await, "none");
    for picture in ["providers", "redirect-map", "resolvers", "record-table"] {
        window.see(picture).await;
    }
    window.fill("expected-by", "Dana Rivera").await;
    window.click("expected-accept").await;
    window.until("the records are accepted", async || state(&window).await == "same").await;
    assert!(window.text("expected").await.contains("by Dana Rivera"));

    senders_are_marked(&window).await;

    // Another person accepted other records before: one value is gone, one is new.
    let view = demo(&window).await;
    let apex = view["audit"]["target"]["domain"].as_str().unwrap().to_owned();
    let rows = json!({ format!("{apex} A"): "203.0.113.7", format!("{apex} NS"): "ada.ns.cloudflare.com\nbob.ns.cloudflare.com" });
    let answer = json!({ "choice": "yes", "note": "", "evidence": "", "owner": "Sam Lind", "rows": rows });
    window.ask("answer_save", json!({ "id": view["project"]["id"], "key": "dns.expected", "answer": answer })).await;
    window.kill().await;
    let window = Window::open(&home).await;
    window.press("gd").await;
    window.see("drift").await;
    assert_eq!(state(&window).await, "drift");
    let told = window.text("drift").await;
    assert!(told.contains("changed") && told.contains("203.0.113.7") && told.contains("added"), "{told}");
    let marked = window
        .script(
            "return [...document.querySelectorAll('[data-testid=\"record-mark\"]')].map((mark) => mark.dataset.word)",
        )
        .await;
    let words: Vec<&str> = marked.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(words.contains(&"changed") && words.contains(&"added"), "{words:?}");
    axe::clean(&window, "records that changed").await;

    // The handover says the same.
    let written = window.ask("export", json!({ "id": view["project"]["id"], "form": "markdown" })).await;
    let text = std::fs::read_to_string(written["path"].as_str().unwrap()).unwrap();
    assert!(
        text.contains("accepted by Sam Lind") && text.contains("203.0.113.7"),
        "the handover does not tell the drift"
    );

    // Accepting again replaces, and asks first.
    window.fill("expected-by", "Dana Rivera").await;
    window.click("expected-accept").await;
    window.click("expected-accept-sure").await;
    window.until("today's records are accepted", async || state(&window).await == "same").await;
    window.gone("drift").await;
    window.click("expected-forget").await;
    window.click("expected-forget-sure").await;
    window.until("nothing is accepted", async || state(&window).await == "none").await;
    assert!(demo(&window).await["pictures"]["expected"]["accepted"].is_null());

    // By keys alone: from row to row, and a record as a line for a zone file.
    window.press("j").await;
    let held = "return document.activeElement?.closest('[data-testid=\"record-table\"]') !== null";
    window.until("a record has the focus", async || window.script(held).await == true).await;
    window.press_key(Key::Enter).await;
    let copied = "return document.activeElement?.getAttribute('aria-label')";
    window.until("the line is copied", async || window.script(copied).await == "Copied").await;
}

/// Who may send is a tree that keys open and close; a sender that is marked as not approved fails, with the shorter record to publish.
async fn senders_are_marked(window: &Window) {
    const POSTMARK: &str = "sender-mark-include:spf.mtasv.net";
    let found = async || window.attribute("senders-part", "data-findings").await;
    let inner = "return document.querySelector('[data-testid=\"sender-tree\"] details ul li') !== null";
    assert_eq!(window.script(inner).await, true, "what an include leads to stands below it");
    let open = "return document.querySelector('[data-testid=\"sender-tree\"] details').open";
    assert_eq!(window.script(open).await, true);
    window.script("document.querySelector('[data-testid=\"sender-tree\"] summary').focus()").await;
    window.press_key(Key::Enter).await;
    window.until("it is closed", async || window.script(open).await == false).await;
    window.press_key(Key::Enter).await;
    window.until("it is open", async || window.script(open).await == true).await;
    axe::clean(window, "who may send").await;
    let mark = async |word: &str| {
        let set = format!(
            "const mark = document.querySelector('[data-testid=\"{POSTMARK}\"]'); mark.value = '{word}'; mark.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        );
        window.script(&set).await;
    };
    // The demo's record takes too many look-ups already.
    assert_eq!(found().await, "1");
    mark("unwanted").await;
    window.until("it fails", async || found().await == "2").await;
    let told = window.text("senders-part").await;
    assert!(
        told.contains("You marked Postmark") && told.contains("v=spf1 include:_spf.google.com include:sendgrid.net"),
        "{told}"
    );
    mark("approved").await;
    window.until("it is well", async || found().await == "1").await;
    assert_eq!(window.value(POSTMARK).await, "approved");
}
