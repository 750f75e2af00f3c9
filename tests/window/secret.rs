//! Secrets that were given to the window are nowhere afterwards but in the keychain.

use crate::SCREEN;
use crate::driver::{Home, Window};
use aho_corasick::AhoCorasick;
use fantoccini::key::Key;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// The kinds of session, and what is given for each; the signs that URLs escape are there for their sake.
const SESSIONS: [(&str, &str); 4] = [
    ("cookie", "k7Qz+2mVx9/TfLw4RbYp8NcJ3d="),
    ("token", "Zt4Hs+8uWc1/XnKq6GvLr0PyB5a="),
    ("lesser-cookie", "m3Fd+9eJk5/UoRs2AxTw7QiN1h="),
    ("lesser-token", "p6Yb+1cVg8/EzMl3SjDt4KfO0w="),
];
/// A token as Cloudflare makes them.
const TOKEN: &str = "w9Tq3kLxZ7uRb2VnYd5McHp8sFgE1aJo6iWtKeBz";
/// Given where it may be kept, so that the search itself is proved.
const CONTROL: &str = "h5Gu1+sKe6/WoXa0DqZt2MvB8i=";

/// The forms in which a text may have been written.
fn forms(text: &str) -> Vec<Vec<u8>> {
    let base64 = |bytes: &[u8], last: &[u8; 2]| -> Vec<u8> {
        let digits: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(*last).collect();
        let groups = bytes.chunks_exact(3).flat_map(|group| {
            let bits = u32::from(group[0]) << 16 | u32::from(group[1]) << 8 | u32::from(group[2]);
            [18, 12, 6, 0].map(|shift| digits[(bits >> shift) as usize & 63])
        });
        groups.collect()
    };
    let escaped = |all: bool| -> String {
        let escape = |byte: u8| match byte {
            plain if !all && plain.is_ascii_alphanumeric() => char::from(plain).to_string(),
            other => format!("%{other:02X}"),
        };
        text.bytes().map(escape).collect()
    };
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        text.as_bytes().to_vec(),
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        text.replace('/', "\\/").into_bytes(),
        text.bytes().rev().collect(),
        text.as_bytes()[..12].to_vec(),
        text.as_bytes()[text.len() - 12..].to_vec(),
    ];
    for escaped in [escaped(false), escaped(true)] {
        forms.push(escaped.to_lowercase().into_bytes());
        forms.push(escaped.into_bytes());
    }
    for last in [b"+/", b"-_"] {
        forms.extend((0..3).map(|offset| base64(&text.as_bytes()[offset..], last)));
    }
    forms
}

/// Which of the texts is there, in any form.
fn held<'a>(bytes: &[u8], texts: &[&'a str]) -> Option<&'a str> {
    let (owners, forms): (Vec<&str>, Vec<Vec<u8>>) =
        texts.iter().flat_map(|text| forms(text).into_iter().map(move |form| (*text, form))).unzip();
    let found = AhoCorasick::new(forms).unwrap().find(bytes)?;
    Some(owners[found.pattern().as_usize()])
}

pub(crate) fn holds(bytes: &[u8], text: &str) -> bool {
    held(bytes, &[text]).is_some()
}

/// Every file below a folder that holds the text.
pub(crate) fn found(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if fs::read(&path).is_ok_and(|bytes| holds(&bytes, text)) {
                found.push(path);
            }
        }
    }
    found
}

/// Has the page keep every answer of a command and every message of a channel from now on.
async fn listen(window: &Window) {
    window
        .script(
            "window.heard = [];
            const { callbacks } = window.__TAURI_INTERNALS__;
            const tapped = (callback) => (data) => { window.heard.push(JSON.stringify(data) ?? ''); return callback(data); };
            const keep = callbacks.set.bind(callbacks);
            for (const [id, callback] of [...callbacks]) keep(id, tapped(callback));
            callbacks.set = (id, callback) => keep(id, tapped(callback));
            const ask = window.fetch;
            window.fetch = async (...given) => { const answer = await ask(...given); window.heard.push(await answer.clone().text()); return answer; };
            return null;",
        )
        .await;
}

async fn heard(window: &Window) -> String {
    let heard = window.script("return window.heard.join('\\n')").await;
    heard.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_was_given_is_in_no_file_answer_clipboard_or_process() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("secret");
    let window = Window::open(&home).await;
    listen(&window).await;
    window.click("door-demo").await;
    window.see("run").await;
    window.ask("copy_text", json!({ "text": CONTROL })).await;
    window.click("session-open").await;
    for (kind, value) in SESSIONS {
        window
            .script(&format!(
                "const kind = document.querySelector('[data-testid=\"session-kind\"]');
                kind.value = '{kind}'; kind.dispatchEvent(new Event('change', {{ bubbles: true }}));"
            ))
            .await;
        let given = if kind.ends_with("cookie") { format!("sid={value}") } else { value.to_owned() };
        window.fill("session-value", &given).await;
        assert_eq!(window.attribute("session-value", "type").await, "password");
        window.click("session-save").await;
        window.see(&format!("session-clear-{kind}")).await;
        assert_eq!(window.value("session-value").await, "", "the field must not keep what was sent");
    }
    let keeper = window.attribute("session-state", "data-keeper").await;
    if std::env::var("LAUNCH_READY_TEST_KEYCHAIN").is_ok_and(|promised| promised == "available") {
        assert_eq!(keeper, "keychain");
    }
    println!("the sessions are kept in: {keeper}");
    window.press_key(Key::Escape).await;
    window.gone("session-value").await;
    let id = window.ask("project_list", json!({})).await[0]["id"].clone();
    window.ask("session_set", json!({ "id": id, "kind": "cloudflare", "value": TOKEN })).await;
    window.press("r").await;
    window.see("cancel").await;
    window.run_is_over().await;
    window.ask("answer_save", json!({ "id": id, "key": "SD1.1", "answer": { "choice": "yes", "note": CONTROL, "evidence": "", "owner": "", "rows": {} } })).await;
    for command in ["project_open", "session_status", "place_list", "consent_list"] {
        window.ask(command, json!({ "id": id })).await;
    }
    for form in FORMS {
        window.ask("export", json!({ "id": id, "form": form })).await;
    }
    window.ask("vault_status", json!({})).await;

    let secrets: Vec<&str> = SESSIONS.iter().map(|(_, value)| *value).chain([TOKEN]).collect();
    let answers = heard(&window).await;
    assert!(answers.contains(CONTROL), "the answers were not heard");
    assert!(answers.contains("looking") && answers.contains("finished"), "the run was not heard");
    assert_eq!(held(answers.as_bytes(), &secrets), None, "an answer to the page holds it");
    let page = window.script("return document.documentElement.outerHTML").await;
    assert_eq!(held(page.as_str().unwrap().as_bytes(), &secrets), None, "the page holds it");

    // What lies on the clipboard is what was copied before.
    window.press("gd").await;
    window.click("expected-by").await;
    window.press_with_ctrl('v').await;
    window.until("the clipboard is pasted", async || !window.value("expected-by").await.is_empty()).await;
    assert_eq!(window.value("expected-by").await, CONTROL);

    let started = window.started();
    assert!(started.iter().any(|(arguments, _)| arguments.contains("launch-ready-desktop")), "{}", started.len());
    for (arguments, environment) in &started {
        assert_eq!(held(arguments.as_bytes(), &secrets), None, "arguments of {arguments}");
        assert_eq!(held(environment, &secrets), None, "environment of {arguments}");
    }

    assert!(!found(home.path(), CONTROL).is_empty(), "the search finds nothing at all");
    for secret in &secrets {
        assert_eq!(found(home.path(), secret), Vec::<PathBuf>::new());
    }
    // Deleting the project wipes them from the keychain too, so that this test leaves nothing behind.
    window.ask("project_delete", json!({ "id": id })).await;
    window.kill().await;
    for secret in &secrets {
        assert_eq!(found(home.path(), secret), Vec::<PathBuf>::new());
    }
}

/// The forms of the handover.
const FORMS: [&str; 5] = ["pdf", "markdown", "html", "guide", "csv"];

#[test]
fn every_form_is_found() {
    for form in forms(CONTROL) {
        let text = [b"before ".as_slice(), &form, b" after"].concat();
        assert!(holds(&text, CONTROL), "{}", String::from_utf8_lossy(&form));
    }
    assert!(
        holds(b"aDVHdTErc0tlNi9Xb1hhMERxWnQyTXZCOGk9", CONTROL) && holds(b"h5Gu1%2BsKe6%2FWoXa0DqZt2MvB8i%3D", CONTROL)
    );
    assert!(!holds(b"something else", CONTROL));
}

#[tokio::test]
async fn a_cloudflare_token_is_stored_used_never_shown_and_removed() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("token");
    let window = Window::open(&home).await;
    listen(&window).await;
    window.click("door-demo").await;
    window.run("run").await;
    window.press("gd").await;
    window.click("cloudflare-open").await;
    assert_eq!(window.attribute("cloudflare-state", "data-stored").await, "false");
    // What is no token, or could change everything, is refused in words that do not repeat it.
    let global = "0123456789abcdef0123456789abcdef01234";
    window.fill("cloudflare-value", global).await;
    window.click("cloudflare-save").await;
    let told = window.text("error").await;
    assert!(told.contains("Global API Key") && !told.contains(global), "{told}");
    window.fill("cloudflare-value", TOKEN).await;
    assert_eq!(window.attribute("cloudflare-value", "type").await, "password");
    window.click("cloudflare-save").await;
    window.see("cloudflare-clear").await;
    crate::axe::clean(&window, "the token dialog").await;
    assert_eq!(window.value("cloudflare-value").await, "", "the field must not keep what was sent");
    if std::env::var("LAUNCH_READY_TEST_KEYCHAIN").is_ok_and(|promised| promised == "available") {
        assert_eq!(window.attribute("cloudflare-state", "data-keeper").await, "keychain");
        assert!(window.text("cloudflare-state").await.contains("since"));
    }
    window.script("document.querySelector('dialog [data-testid=\"dialog-close\"]').click()").await;
    window.run("run").await;
    let id = window.ask("project_list", json!({})).await[0]["id"].clone();
    let view = window.ask("project_open", json!({ "id": id })).await;
    // The demo's account knows another token: that this one was sent shows in its refusal.
    let outcomes = view["audit"]["outcomes"].as_array().unwrap();
    let asked = outcomes.iter().find(|outcome| outcome["check"] == "edge.cloudflare").unwrap();
    assert!(asked["unseen"].to_string().contains("does not accept the token"), "{asked}");
    window.ask("session_status", json!({ "id": id })).await;
    for form in FORMS {
        window.ask("export", json!({ "id": id, "form": form })).await;
    }
    let heard = heard(&window).await;
    assert!(heard.contains("edge.cloudflare"), "the answers were not heard");
    assert!(!holds(heard.as_bytes(), TOKEN), "an answer to the page holds the token");
    let page = window.script("return document.documentElement.outerHTML").await;
    assert!(!holds(page.as_str().unwrap().as_bytes(), TOKEN), "the page holds the token");
    assert_eq!(found(home.path(), TOKEN), Vec::<PathBuf>::new());
    window.press("gd").await;
    window.click("cloudflare-open").await;
    window.click("cloudflare-clear").await;
    window.gone("cloudflare-clear").await;
    let left = window.ask("session_status", json!({ "id": id })).await;
    assert_eq!(left["cloudflare"]["stored"], false);
    window.ask("project_delete", json!({ "id": id })).await;
    window.kill().await;
    assert_eq!(found(home.path(), TOKEN), Vec::<PathBuf>::new());
}
