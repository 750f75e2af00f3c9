//! Messages of the product are dropped and pasted, a test message is sent and found, and the passwords for it are nowhere afterwards.

use crate::SCREEN;
use crate::driver::{Home, Window};
use crate::secret::{found, holds};
use serde_json::{Value, json};

const CANARY: &str = "m4Tz8qWx1KdRv6YbNp3LcJ7e";

/// Opens the demo and runs it once; the project's id.
async fn demo(window: &Window) -> Value {
    window.click("door-demo").await;
    window.see("run").await;
    window.click("run").await;
    window.see("cancel").await;
    window.run_is_over().await;
    window.ask("project_list", json!({})).await[0]["id"].clone()
}

/// Goes to an item's drawer.
async fn open(window: &Window, id: &Value, item: &str) {
    let id = id.as_str().unwrap();
    window.script(&format!("location.hash = '#/p/{id}/stage/5/item/{item}'")).await;
    window.until("the drawer shows it", async || window.attribute("drawer", "data-item").await == item).await;
}

/// How a check ended, as the open drawer shows it.
async fn status(window: &Window, check: &str) -> String {
    let asked = format!("return document.querySelector('[data-check=\"{check}\"][data-status]')?.dataset.status ?? ''");
    window.script(&asked).await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn messages_are_dropped_and_pasted_and_judged() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("mail-drop");
    let window = Window::open(&home).await;
    let id = demo(&window).await;
    open(&window, &id, "SD5.2").await;
    // The demo comes with messages of its product.
    assert_eq!(status(&window, "mail.received").await, "pass");
    // The demo's own internet signs with the same keys, so that what this one sends is proven there.
    let lab = lab::Lab::start(std::time::SystemTime::now(), 1, &[]).await.unwrap();
    let [(_, reset), (_, invoice)] = lab.letters().try_into().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let drop = "const [text, done] = arguments;
        const given = new DataTransfer();
        given.items.add(new File([text], 'reset.eml'));
        document.querySelector('[data-testid=\"message-drop\"]').dispatchEvent(new DragEvent('drop', { dataTransfer: given, bubbles: true, cancelable: true }));
        done(null);";
    window.script_async(drop, vec![json!(text(reset))]).await;
    window.until("the dropped message is shown", async || window.text("letters").await.contains("reset 2")).await;
    window.run_is_over().await;
    assert_eq!(status(&window, "mail.received").await, "pass");
    let forged = text(invoice).replace("Your invoice", "Your new invoice");
    window.paste("message-text", &forged).await;
    window.click("message-add").await;
    window.until("the forged one fails", async || status(&window, "mail.received").await == "fail").await;
    window.run_is_over().await;
    assert!(window.text("letters").await.contains("mx.larkhosting.example"));
    // A later run of everything keeps what was proven.
    window.click("run").await;
    window.see("cancel").await;
    window.run_is_over().await;
    assert_eq!(status(&window, "mail.received").await, "fail");
}

#[tokio::test]
async fn a_test_message_is_sent_and_its_passwords_are_nowhere() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("mail-send");
    let window = Window::open(&home).await;
    let id = demo(&window).await;
    open(&window, &id, "SD5.4").await;
    let lab = lab::Lab::start(std::time::SystemTime::now(), 1, &[]).await.unwrap();
    let ([(host, _, user, password), (there, _, name, key)], [from, to]) = (lab.account(), lab.addresses());
    window.click("mail-open").await;
    for (field, text) in [
        ("host", host),
        ("user", user),
        ("password", CANARY),
        ("from", from),
        ("to", to),
        ("imap-host", there),
        ("imap-user", name),
        ("imap-password", key),
        ("by", "Ada Alder"),
    ] {
        window.fill(&format!("mail-{field}"), text).await;
    }
    window.click("mail-save").await;
    window.until("it is stored", async || window.attribute("mail-state", "data-stored").await == "true").await;
    assert_eq!(window.value("mail-password").await, "", "the field must not keep what was sent");
    for command in ["mail_account", "session_status", "project_open", "export_markdown"] {
        let answer = window.ask(command, json!({ "id": id })).await.to_string();
        assert!(!holds(answer.as_bytes(), CANARY), "{command} tells the password");
    }
    let held = found(home.path(), CANARY);
    assert!(held.is_empty(), "{held:?}");
    // With the password that the service knows, the message goes and comes.
    window.fill("mail-password", password).await;
    window.click("mail-save").await;
    window.until("the field is empty", async || window.value("mail-password").await.is_empty()).await;
    window.script("document.querySelector('dialog [data-testid=\"dialog-close\"]').click()").await;
    window.click("mail-flow-invoice").await;
    window.click("mail-send").await;
    window.until("it arrived", async || window.text("letters").await.contains("invoice, arrived after")).await;
    window.run_is_over().await;
    assert_eq!(status(&window, "mail.roundtrip").await, "pass");
}
