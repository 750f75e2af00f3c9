//! The consultant's own look of documents: a colour that cannot be read is told while it is typed, a logo is taken from a file, and all of it can be removed.

use crate::driver::{Home, Window};
use crate::{SCREEN, axe};
use serde_json::json;
use std::fs;

#[tokio::test]
async fn name_colours_and_logo_are_chosen_seen_kept_and_removed() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("look");
    let (logo, drawing) = (home.path().join("logo.png"), home.path().join("logo.svg"));
    fs::create_dir_all(home.path()).unwrap();
    fs::write(&logo, include_bytes!("../../assets/icons/32x32.png")).unwrap();
    fs::write(&drawing, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
    let window = Window::open(&home).await;
    window.see("door-demo").await;
    let given = json!({ "client": "Acme", "name": "Books", "domain": "books.example", "roadmap": "sd" });
    let id = window.ask("project_create", given).await["project"]["id"].clone();
    window.script(&format!("location.hash = '#/p/{}/handover'", id.as_str().unwrap())).await;
    window.click("look-open").await;
    window.until("it is read", async || window.text("look-kept").await == "Kept").await;

    window.fill("look-color-accent", "#ffcc00").await;
    let says = async |words: &str| window.text("look-told-accent").await.contains(words);
    window.until("the contrast is told", async || says("choose a darker one").await).await;
    axe::clean(&window, "own look with a pale colour").await;
    window.fill("look-color-accent", "#0b5d3b").await;
    window.until("it can be read", async || says("contrast 7.").await).await;
    window.fill("look-name", "Rivera Consulting").await;
    window.click("look-save").await;
    window.until("it is kept", async || window.text("look-kept").await == "Kept").await;

    window.fill("look-path", drawing.to_str().unwrap()).await;
    window.click("look-take").await;
    window.until("the drawing is refused", async || window.words().await.contains("only PNG is read")).await;
    window.fill("look-path", logo.to_str().unwrap()).await;
    window.click("look-take").await;
    window.see("look-logo").await;
    axe::clean(&window, "own look").await;
    let kept = window.ask("template_read", json!({})).await;
    assert_eq!(kept["look"], json!({ "name": "Rivera Consulting", "accent": "#0b5d3b", "headings": "" }));
    assert_eq!(kept["logo"]["width"], 32);

    window.click("look-remove").await;
    window.gone("look-logo").await;
    assert!(window.ask("template_read", json!({})).await["logo"].is_null());
}
