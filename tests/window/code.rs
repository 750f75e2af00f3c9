//! The page Code and keys: a folder with a planted key is named, searched, the key told with its steps, and noted as replaced; its value is nowhere.

use crate::driver::{Home, Window};
use crate::secret::found;
use crate::{SCREEN, axe};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::process::Command;

fn git(folder: &Path, args: &[&str]) {
    let who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    let ended = Command::new("git").current_dir(folder).args(who).args(args).output().unwrap();
    assert!(ended.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

#[tokio::test]
async fn a_key_in_a_folder_is_found_replaced_and_repeated_nowhere() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("code");
    let (folder, other) = (Home::new("code-folder"), "p5RwZ8mXcT3vK1qN");
    let body = "51KxqZ7wK3xV9tB5nM2rQ8pL4";
    let key = ["sk", "live", body].join("_");
    fs::create_dir_all(folder.path().join("src")).unwrap();
    let code = "import Stripe from 'stripe';\nnew Stripe(process.env.STRIPE_SECRET_KEY);\n";
    fs::write(folder.path().join("src/pay.ts"), format!("{code}const old = '{key}';\n")).unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "one"]);
    fs::write(folder.path().join("src/pay.ts"), code).unwrap();
    git(folder.path(), &["commit", "-q", "-a", "-m", "two"]);

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
    window.press("gc").await;
    window.see("code-page").await;
    axe::clean(&window, "code and keys before a run").await;
    window.fill("code-folder", "/nowhere/at/all").await;
    window.click("code-save").await;
    window.see("error").await;
    window.fill("code-folder", folder.path().to_str().unwrap()).await;
    window.click("code-save").await;
    window.see("code-read").await;
    window
        .script("document.querySelector('[data-testid=environment-list]').closest('details').open = true; return null;")
        .await;
    window.paste("environment-list", &format!("STRIPE_SECRET_KEY={key}\nPAGE_SIZE={other}\n")).await;
    window.click("environment-save").await;
    window.until("the names are read", async || window.text("code-page").await.contains("2 names")).await;
    assert_eq!(window.value("environment-list").await, "", "the field must not keep what was pasted");
    window.press_key(fantoccini::key::Key::Escape).await;
    window.run("run").await;

    let shown = "key-stripe-or-clerk-live-secret-key";
    window.see(shown).await;
    assert_eq!(window.attribute(shown, "data-state").await, "open");
    let told = window.text(shown).await;
    for word in ["src/pay.ts:3", "in the history only", "Revoke.", "Replace.", "Purge.", "git filter-repo"] {
        assert!(told.contains(word), "{word} in {told}");
    }
    axe::clean(&window, "a key that got out").await;
    window.click("key-replaced-stripe-or-clerk-live-secret-key").await;
    window.see("error").await;
    window.fill("key-by", "Dana Rivera").await;
    window.click("key-replaced-stripe-or-clerk-live-secret-key").await;
    window.until("it is replaced", async || window.attribute(shown, "data-state").await == "replaced").await;

    // A key that is pasted in place of its home is refused.
    window.fill("setting-home-STRIPE_SECRET_KEY", &key).await;
    window.click("settings-save").await;
    window.until("it is refused", async || window.text("error").await.contains("nothing was kept")).await;
    window.fill("setting-home-STRIPE_SECRET_KEY", "a secrets manager").await;
    window.fill("setting-owner-STRIPE_SECRET_KEY", "Dana Rivera").await;
    window.click("settings-save").await;
    window.gone("error").await;
    let view = window.ask("project_list", json!({})).await;
    let written = window.ask("export", json!({ "id": view[0]["id"], "form": "markdown" })).await;
    let text = fs::read_to_string(written["path"].as_str().unwrap()).unwrap();
    assert!(
        text.contains("Passwords and keys") && text.contains("by Dana Rivera") && text.contains("A secrets manager")
    );
    window.ask("export", json!({ "id": view[0]["id"], "form": "pdf" })).await;
    let heard = window.script("return window.heard.join('\\n');").await.as_str().unwrap().to_owned();
    assert!(heard.contains("sk_live_…"), "what the page hears was not recorded");
    window.kill().await;
    fs::write(home.path().join("heard"), heard).unwrap();
    for canary in [body, other] {
        let places = found(home.path(), canary);
        // The web view keeps its own state of a page; what was typed into it is the test's own.
        assert!(places.is_empty(), "{canary} is in {places:?}");
    }
}
