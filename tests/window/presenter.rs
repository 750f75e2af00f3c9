//! Presenter mode: no other client, and no place of this computer, anywhere in the page; a crash leaves it on, closing the window ends it.

use crate::driver::{Home, Window};
use crate::{SCREEN, axe};
use fantoccini::key::Key;
use serde_json::json;

/// Everything that the page holds, seen or not, and its title.
async fn held(window: &Window) -> String {
    let all = "return `${document.title} ${document.documentElement.outerHTML} ${[...document.querySelectorAll('input')].map((one) => one.value).join(' ')}`";
    window.script(all).await.as_str().unwrap().to_owned()
}

/// What must not be there while somebody looks on.
const HIDDEN: [&str; 4] = ["Ferrum", "teile.example", "Spare parts", "/tmp"];

async fn hides(window: &Window, page: &str) {
    let held = held(window).await;
    assert!(held.contains("Presenting"), "{page} says nothing of it");
    for hidden in HIDDEN {
        assert!(!held.contains(hidden), "{page} tells {hidden}");
    }
}

#[tokio::test]
async fn nobody_sees_other_clients_or_where_files_are() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("presenter");
    let window = Window::open(&home).await;
    let project = async |client: &str, name: &str, domain: &str| {
        let given = json!({ "client": client, "name": name, "domain": domain, "roadmap": "sd" });
        window.ask("project_create", given).await["project"]["id"].clone()
    };
    project("Ferrum GmbH", "Spare parts", "teile.example").await;
    let shown = project("Acme", "Books", "books.example").await;
    window.ask("folder_set", json!({ "id": shown, "path": home.path() })).await;
    window.script(&format!("location.hash = '#/p/{}/code'", shown.as_str().unwrap())).await;
    window.see("code-page").await;
    let before = held(&window).await;
    assert!(before.contains("/tmp/launch-ready-presenter"), "the folder is not shown: {before}");

    window.press("p").await;
    window.see("presenter-bar").await;
    axe::clean(&window, "code and keys while presenting").await;
    hides(&window, "code and keys").await;
    window.click("switcher").await;
    window.see("go-home").await;
    hides(&window, "the switcher").await;
    window.press_key(Key::Escape).await;
    window.press_with_ctrl('k').await;
    window.see("search-text").await;
    window.press("spare").await;
    hides(&window, "the search").await;
    window.press_key(Key::Escape).await;
    window.gone("search-text").await;
    window.press("gp").await;
    window.see("card-books.example").await;
    hides(&window, "home").await;

    window.kill().await;
    let window = Window::open(&home).await;
    window.see("card-books.example").await;
    hides(&window, "home after a crash").await;
    window.end_by_ctrl('q').await;
    let window = Window::open(&home).await;
    window.see("card-teile.example").await;
    assert!(!window.there("presenter-bar").await, "it is on by surprise");
}
