//! A secret that was given to the window is nowhere afterwards but in the keychain.

use crate::SCREEN;
use crate::driver::{Home, Window};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

const CANARY: &str = "k7Qz2mVx9TfLw4RbYp8NcJ3d";
/// A token as Cloudflare makes them.
const TOKEN: &str = "w9Tq3kLxZ7uRb2VnYd5McHp8sFgE1aJo6iWtKeBz";
/// Given where it may be kept, so that the search itself is proved.
const CONTROL: &str = "h5Gu1sKe6WoXa0DqZt2MvB8i";

/// The forms in which a text may have been written.
fn forms(text: &str) -> Vec<Vec<u8>> {
    let base64 = |bytes: &[u8]| -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let groups = bytes.chunks_exact(3).flat_map(|group| {
            let bits = u32::from(group[0]) << 16 | u32::from(group[1]) << 8 | u32::from(group[2]);
            [18, 12, 6, 0].map(|shift| char::from(DIGITS[(bits >> shift) as usize & 63]))
        });
        groups.collect()
    };
    let mut forms = vec![
        text.as_bytes().to_vec(),
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.bytes().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect(),
        text.bytes().rev().collect(),
        text.as_bytes()[..12].to_vec(),
    ];
    forms.extend((0..3).map(|offset| base64(&text.as_bytes()[offset..]).into_bytes()));
    forms
}

fn holds(bytes: &[u8], text: &str) -> bool {
    forms(text).iter().any(|form| bytes.windows(form.len()).any(|part| part == form))
}

/// Every file below a folder that holds the text.
fn found(folder: &Path, text: &str) -> Vec<PathBuf> {
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

#[tokio::test]
async fn a_session_is_in_no_file_and_in_no_answer() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("secret");
    let window = Window::open(&home).await;
    // Every answer that reaches the page from now on.
    window
        .script(
            "window.heard = []; const ask = window.fetch;
            window.fetch = async (...given) => { const answer = await ask(...given); window.heard.push(await answer.clone().text()); return answer; };
            return null;",
        )
        .await;
    window.click("door-demo").await;
    window.see("run").await;
    window.click("session-open").await;
    window.fill("session-value", &format!("sid={CANARY}")).await;
    window.click("session-save").await;
    window.see("session-clear-cookie").await;
    let keeper = window.attribute("session-state", "data-keeper").await;
    if std::env::var("LAUNCH_READY_TEST_KEYCHAIN").is_ok_and(|promised| promised == "available") {
        assert_eq!(keeper, "keychain");
    }
    println!("the session is kept in: {keeper}");
    assert_eq!(window.value("session-value").await, "", "the field must not keep what was sent");
    window.script("document.querySelector('dialog [data-testid=\"dialog-close\"]').click()").await;
    window.click("run").await;
    window.see("cancel").await;
    window.run_is_over().await;
    let id = window.ask("project_list", json!({})).await[0]["id"].clone();
    window.ask("answer_save", json!({ "id": id, "key": "SD1.1", "answer": { "choice": "yes", "note": CONTROL, "evidence": "", "owner": "", "rows": {} } })).await;
    for command in ["project_open", "session_status", "export_pdf", "export_markdown"] {
        window.ask(command, json!({ "id": id })).await;
    }
    window.ask("vault_status", json!({})).await;
    let heard = window.script("return window.heard.join('\\n')").await;
    let heard = heard.as_str().unwrap();
    assert!(heard.contains(CONTROL), "the answers were not heard");
    assert!(!holds(heard.as_bytes(), CANARY), "an answer to the page holds the session");
    assert!(!holds(window.words().await.as_bytes(), CANARY));
    let page = window.script("return document.documentElement.outerHTML").await;
    assert!(!holds(page.as_str().unwrap().as_bytes(), CANARY), "the page holds the session");

    assert!(!found(home.path(), CONTROL).is_empty(), "the search finds nothing at all");
    assert_eq!(found(home.path(), CANARY), Vec::<PathBuf>::new());
    // Deleting the project wipes it from the keychain too, so that this test leaves nothing behind.
    window.ask("project_delete", json!({ "id": id })).await;
    window.kill().await;
    assert_eq!(found(home.path(), CANARY), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_cloudflare_token_is_stored_used_never_shown_and_removed() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("token");
    let window = Window::open(&home).await;
    window
        .script(
            "window.heard = []; const ask = window.fetch;
            window.fetch = async (...given) => { const answer = await ask(...given); window.heard.push(await answer.clone().text()); return answer; };
            return null;",
        )
        .await;
    window.click("door-demo").await;
    window.click("run").await;
    window.see("cancel").await;
    window.run_is_over().await;
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
    window.click("run").await;
    window.see("cancel").await;
    window.run_is_over().await;
    let id = window.ask("project_list", json!({})).await[0]["id"].clone();
    let view = window.ask("project_open", json!({ "id": id })).await;
    // The demo's account knows another token: that this one was sent shows in its refusal.
    let outcomes = view["audit"]["outcomes"].as_array().unwrap();
    let asked = outcomes.iter().find(|outcome| outcome["check"] == "edge.cloudflare").unwrap();
    assert!(asked["unseen"].to_string().contains("does not accept the token"), "{asked}");
    for command in ["session_status", "export_pdf", "export_markdown"] {
        window.ask(command, json!({ "id": id })).await;
    }
    let heard = window.script("return window.heard.join('\\n')").await;
    assert!(heard.as_str().unwrap().contains("edge.cloudflare"), "the answers were not heard");
    assert!(!holds(heard.as_str().unwrap().as_bytes(), TOKEN), "an answer to the page holds the token");
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
