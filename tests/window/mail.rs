//! Messages of the product and reports about its mail are dropped and pasted, a test message is sent and found, and the passwords for it are nowhere afterwards.

use crate::SCREEN;
use crate::driver::{Home, Window};
use crate::secret::{found, holds};
use serde_json::{Value, json};

const CANARY: &str = "m4Tz8qWx1KdRv6YbNp3LcJ7e";

/// Opens the demo and runs it once; the project's id.
async fn demo(window: &Window) -> Value {
    window.click("door-demo").await;
    window.see("run").await;
    window.run("run").await;
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
    window.run("run").await;
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
    for command in ["mail_account", "session_status", "project_open", "export"] {
        let answer = window.ask(command, json!({ "id": id, "form": "markdown" })).await.to_string();
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

/// Drops files on the place for reports.
async fn give(window: &Window, files: &[(&str, &str)]) {
    let drop = "const [files, done] = arguments;
        const given = new DataTransfer();
        files.forEach(([name, text]) => given.items.add(new File([text], name)));
        document.querySelector('[data-testid=\"reports-drop\"]').dispatchEvent(new DragEvent('drop', { dataTransfer: given, bubbles: true, cancelable: true }));
        done(null);";
    window.see("reports-drop").await;
    window.script_async(drop, vec![json!(files)]).await;
}

#[tokio::test]
async fn reports_are_dropped_summed_by_sender_and_kept() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("mail-reports");
    let window = Window::open(&home).await;
    let id = demo(&window).await;
    window.press("gd").await;
    window.see("records-page").await;
    // What is no report is told, and changes nothing.
    for (text, word) in [("<feedback><a>", "Damaged XML"), ("hello", "Without a report")] {
        give(&window, &[("report.xml", text)]).await;
        let told = async || window.words().await.to_lowercase().contains(&word.to_lowercase());
        window.until(word, told).await;
        window.run_is_over().await;
    }
    assert!(!window.there("report-senders").await);
    let of = |text: &str| text.replace("example.com", "juniperdesk.example");
    let (new, old) = (include_str!("../cases/reports/rfc9990.xml"), include_str!("../cases/reports/rfc7489.xml"));
    give(&window, &[("one.xml", &of(new))]).await;
    window.see("report-senders").await;
    window.run_is_over().await;
    assert!(window.text("report-senders").await.contains("Postmark"), "{}", window.text("report-senders").await);
    crate::axe::clean(&window, "who sends in your name").await;
    // A second gift adds to the first; what was there already counts once.
    give(&window, &[("one.xml", &of(new)), ("two.xml", &of(old))]).await;
    window.until("both count", async || window.words().await.contains("2 reports of 2 days")).await;
    window.run_is_over().await;
    let told = async |window: &Window| {
        let view = window.ask("project_open", json!({ "id": id })).await;
        let told = &view["pictures"]["reports"];
        let sum: u64 = told["senders"].as_array().unwrap().iter().filter_map(|one| one["messages"].as_u64()).sum();
        (told["reports"].as_u64(), told["days"].as_u64(), sum)
    };
    let both = told(&window).await;
    assert_eq!((both.0, both.1), (Some(2), Some(2)));
    assert!(both.2 > 127, "{both:?}");
    // A later run of everything, and a window that is opened again, still have them.
    window.run("run").await;
    window.kill().await;
    let window = Window::open(&home).await;
    window.see("report-senders").await;
    assert_eq!(told(&window).await, both);
}
