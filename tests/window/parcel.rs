//! A project as one file, and private notes: written from the card of a client, taken in by a typed path, hidden while presenting.

use crate::driver::{Home, Window};
use crate::{SCREEN, axe};
use fantoccini::key::Key;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const NOTE: &str = "the founder wants to sell next year";

/// The project files below a folder.
fn files(home: &Home) -> Vec<PathBuf> {
    let folder = home.path().join("documents/Launch Ready/Acme");
    let listed = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    listed.filter(|path| path.extension().is_some_and(|ending| ending == "launchready")).collect()
}

async fn notes(window: &Window, id: &Value) -> Value {
    window.ask("project_open", json!({ "id": id })).await["notes"].clone()
}

/// The time that a document was judged by: its own date, to the second.
fn judged(pdf: &[u8]) -> String {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let info = document.trailer.get(b"Info").unwrap().as_reference().unwrap();
    let date = document.get_dictionary(info).unwrap().get(b"CreationDate").unwrap().as_str().unwrap();
    let date = String::from_utf8(date.to_vec()).unwrap();
    let part = |from: usize, to: usize| &date[from..to];
    let (day, time) = ([part(2, 6), part(6, 8), part(8, 10)], [part(10, 12), part(12, 14), part(14, 16)]);
    format!("{}T{}Z", day.join("-"), time.join(":"))
}

#[tokio::test]
async fn the_terminal_writes_the_same_document_out_of_the_file() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("parcel-pdf");
    let window = Window::open(&home).await;
    window.click("door-demo").await;
    window.run("run").await;
    let id = window.ask("project_list", json!({})).await[0]["id"].clone();
    // What a run does not hold: what people told.
    window
        .ask("charge_set", json!({ "id": id, "key": "deploy.rollback_drill", "owner": "Ben Adu", "due": "2030-01-02" }))
        .await;
    window.ask("sprint_begin", json!({ "id": id, "at": "2026-11-21T08:00:00Z" })).await;
    let path = async |command: &str, more: Value| {
        let mut given = json!({ "id": id });
        given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        PathBuf::from(window.ask(command, given).await["path"].as_str().unwrap())
    };
    let file = path("project_export", json!({ "notes": false })).await;
    let printed = fs::read(path("export", json!({ "form": "pdf" })).await).unwrap();

    let command = PathBuf::from(env!("CARGO_BIN_EXE_launch-ready-desktop")).with_file_name("launch-ready");
    assert!(command.exists(), "{} is not built: run cargo build --workspace first", command.display());
    let again = home.path().join("again.pdf");
    let ended =
        Command::new(command).arg("handover").arg(file).args(["--at", &judged(&printed), "--pdf"]).arg(&again).output();
    let ended = ended.unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let again = fs::read(again).unwrap();
    assert!(printed == again, "{} bytes of the window, {} of the terminal", printed.len(), again.len());
}

#[tokio::test]
async fn a_project_travels_as_one_file_and_notes_only_when_ticked() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("parcel");
    let window = Window::open(&home).await;
    // Who comes while the page begins is sent home, as no such project is known yet.
    window.see("door-demo").await;
    let given = json!({ "client": "Acme", "name": "Books", "domain": "books.example", "roadmap": "sd" });
    let id = window.ask("project_create", given).await["project"]["id"].clone();
    window.script(&format!("location.hash = '#/p/{}/stage/1'", id.as_str().unwrap())).await;
    window.see("run").await;

    window.press("gn").await;
    window.see("notes-text").await;
    axe::clean(&window, "private notes").await;
    window.fill("notes-text", NOTE).await;
    window.until("the notes are kept", async || window.text("notes-kept").await == "Kept").await;
    window.press_key(Key::Escape).await;
    window.gone("notes-text").await;
    // Undo reaches them, and brings them back.
    window.press_with_ctrl('z').await;
    window.until("the notes are undone", async || notes(&window, &id).await == "").await;
    // The page hears that there is something to do again a moment after it was undone.
    let again = async || {
        window.press_with_ctrl('y').await;
        notes(&window, &id).await == NOTE
    };
    window.until("the notes are back", again).await;

    window.press("p").await;
    window.see("presenter-bar").await;
    window.press("gn").await;
    assert!(!window.there("notes-text").await, "notes open while somebody looks on");
    assert!(!window.words().await.contains(NOTE));
    window.press("p").await;
    window.gone("presenter-bar").await;

    window.press("gp").await;
    window.click("card-menu-books.example").await;
    window.click("project-export").await;
    window.see("export-write").await;
    axe::clean(&window, "export").await;
    window.click("export-notes").await;
    window.click("export-write").await;
    window.see("export-written").await;
    let written = files(&home);
    assert_eq!(written.len(), 1, "{written:?}");
    window.press_key(Key::Escape).await;
    window.gone("export-written").await;

    window.click("project-import").await;
    window.see("import-path").await;
    window.fill("import-path", "/nowhere/at/all.launchready").await;
    window.click("import-take").await;
    window.see("error").await;
    axe::clean(&window, "import with a wrong path").await;
    window.fill("import-path", written[0].to_str().unwrap()).await;
    window.click("import-take").await;
    window.see("import-taken").await;
    axe::clean(&window, "import").await;
    window.click("save").await;
    window.see("run").await;
    let cards = window.ask("project_list", json!({})).await;
    let second = cards.as_array().unwrap().iter().find(|card| card["name"] == "Books 2").unwrap()["id"].clone();
    assert_eq!(notes(&window, &second).await, NOTE);
    window.ask("project_delete", json!({ "id": second })).await;
    assert_eq!(notes(&window, &id).await, NOTE);
}
