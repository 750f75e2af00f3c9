//! First start, demo, run, one item's evidence, a person's answer, restart, document; by mouse in both themes, and by keys.

use crate::driver::{Home, Window};
use crate::{SCREEN, axe, search};
use fantoccini::key::Key;
use serde_json::{Value, json};
use std::process::Command;

/// The row of the first audit that has this check, as stage and id.
pub fn row(view: &Value, wanted: impl Fn(&Value) -> bool) -> (u64, String) {
    let stages = view["audit"]["stages"].as_array().unwrap();
    let rows = stages.iter().flat_map(|stage| stage["items"].as_array().unwrap().iter().map(move |item| (stage, item)));
    let (stage, item) = rows.into_iter().find(|(_, item)| wanted(item)).unwrap();
    (stage["number"].as_u64().unwrap(), item["id"].as_str().unwrap().to_owned())
}

pub async fn demo(window: &Window) -> Value {
    let cards = window.ask("project_list", json!({})).await;
    let card = cards.as_array().unwrap().iter().find(|card| card["demo"] == true).unwrap().clone();
    window.ask("project_open", json!({ "id": card["id"] })).await
}

pub async fn open_row(window: &Window, (stage, id): &(u64, String)) {
    window.click(&format!("stage-{stage}")).await;
    window.click(&format!("item-{id}")).await;
    window.see("drawer").await;
}

#[tokio::test]
async fn a_founder_goes_from_first_start_to_the_document() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("story");
    let window = Window::open(&home).await;
    window.see("door-domain").await;
    axe::clean(&window, "first start").await;
    window.click("door-demo").await;
    window.see("run").await;
    assert_eq!(window.attribute("verdict", "data-verdict").await, "none");
    axe::clean(&window, "project before its first run").await;
    window.run("run").await;
    assert_eq!(window.attribute("verdict", "data-verdict").await, "no-go");

    // Evidence of one row, why it matters, and what to paste.
    let view = demo(&window).await;
    let failing = row(&view, |item| item["state"] == "failing");
    open_row(&window, &failing).await;
    let told = window.text("drawer").await;
    for part in ["Why it matters", "What we saw", "How to fix"] {
        assert!(told.contains(part), "{part} is missing in: {told}");
    }
    assert!(!window.text("evidence").await.is_empty());
    let word = "const word = document.querySelector('[data-testid=\"drawer\"] [data-term]'); word?.focus(); return word?.dataset.term ?? ''";
    let word = window.script(word).await.as_str().unwrap().to_owned();
    assert!(!word.is_empty() && window.text("explained").await.contains(&word), "{word} is not explained");
    axe::clean(&window, "a word that is explained").await;
    window.press_key(Key::Escape).await;
    window.gone("explained").await;
    assert!(window.there("drawer").await, "the key that closed the explanation closed the drawer too");
    axe::clean(&window, "an item").await;
    window.run("check-again").await;
    window.click("drawer-close").await;
    window.gone("drawer").await;

    // A person's answer.
    let owners = row(&view, |item| item["answers_to"] == "handover.owners");
    open_row(&window, &owners).await;
    axe::clean(&window, "the question about owners").await;
    window.click("answer-choice-yes").await;
    let first = window.script("return document.querySelector('[data-testid^=\"cell-\"]').dataset.testid").await;
    window.fill(first.as_str().unwrap(), "Dana Rivera").await;
    window.fill("answer-note", "written down on the wiki").await;
    window.fill("answer-owner", "Dana Rivera").await;
    window.click("answer-save").await;
    window.see("answer-saved").await;

    // A drill by the stopwatch, with what proves it; a key is refused, and what is typed is not lost.
    let drill = row(&view, |item| item["answers_to"] == "deploy.rollback_drill");
    open_row(&window, &drill).await;
    axe::clean(&window, "a question with a stopwatch").await;
    window.click("answer-choice-yes").await;
    window.click("stopwatch-start-took").await;
    window.click("stopwatch-stop-took").await;
    window.fill("cell--who", "Dana Rivera").await;
    window.fill("evidence-text", &format!("the key is {}_{}", "sk_live", "4eC39HqLyjWDarjtT1zdp7dc")).await;
    window.click("evidence-add").await;
    window
        .until("the key is refused", async || window.text("evidence-part").await.contains("holds a key itself"))
        .await;
    window.fill("evidence-text", "went back in one minute").await;
    window.click("evidence-add").await;
    window.see("evidence-piece-pasted-text").await;
    window.script("document.querySelector('[data-testid=evidence-piece-pasted-text] button').click()").await;
    window
        .until("the piece is shown", async || window.text("evidence-shown").await.trim() == "went back in one minute")
        .await;
    window.fill("comment-by", "Dana Rivera").await;
    window.fill("comment-text", "next time with the database").await;
    window.click("comment-add").await;
    window.see("comment-1").await;
    axe::clean(&window, "evidence and comments").await;
    window
        .until("what was typed is kept", async || {
            let view = demo(&window).await;
            view["drafts"]["deploy.rollback_drill"].as_str().is_some_and(|draft| draft.contains("Dana Rivera"))
        })
        .await;

    // What a stage hands over, in place; and the clock of the two days.
    window.click("stage-2").await;
    window.click("deliverable-SD2.D.1").await;
    window.click("preview-open").await;
    // As it is printed: its pages, each drawn whole.
    let drawn = "return [...document.querySelectorAll('[data-testid^=\"preview-page-\"]')].filter((page) => page.complete && page.naturalWidth > 500).length";
    window.until("its pages are shown", async || window.script(drawn).await.as_u64() > Some(1)).await;
    axe::clean(&window, "a deliverable in place").await;
    window.click("preview-words").await;
    window.until("the map is told", async || window.text("preview").await.contains("juniperdesk.example")).await;
    axe::clean(&window, "a deliverable in words").await;
    window.click("dialog-close").await;
    window.click("drawer-close").await;
    window.press("gr").await;
    window.click("sprint-begin").await;
    assert_eq!(window.attribute("sprint-half-1", "data-standing").await, "now");
    window.click("sprint-half-1").await;
    axe::clean(&window, "the clock of the sprint").await;

    // A risk that somebody takes for a time.
    open_row(&window, &failing).await;
    let opens = "return document.querySelector('[data-testid^=\"accept-open-\"]').dataset.testid";
    let opens = window.script(opens).await.as_str().unwrap().to_owned();
    let check = opens.trim_start_matches("accept-open-").to_owned();
    window.click(&opens).await;
    axe::clean(&window, "accepting a risk").await;
    window.fill("accept-reason", "the old site goes away next week").await;
    window.fill("accept-by", "Dana Rivera").await;
    window.click("accept-give").await;
    let accepted = format!("accepted-{check}");
    assert!(window.text(&accepted).await.contains("Accepted by Dana Rivera until"));
    let offer = "return document.querySelector('[data-testid=\"undo-offer\"]')?.textContent ?? ''";
    window.until("it can be undone", async || window.script(offer).await.to_string().contains(&check)).await;
    axe::clean(&window, "an accepted risk").await;
    window.click("drawer-close").await;

    // Nothing of it needs a tidy end.
    window.kill().await;
    let window = Window::open(&home).await;
    window.see("freshness").await;
    assert_eq!(window.attribute("verdict", "data-verdict").await, "no-go");
    open_row(&window, &owners).await;
    assert_eq!(window.value("answer-note").await, "written down on the wiki");
    assert_eq!(window.value("answer-owner").await, "Dana Rivera");
    assert_eq!(window.value(first.as_str().unwrap()).await, "Dana Rivera");
    assert_eq!(window.attribute("sprint-half-1", "data-standing").await, "now");
    window.click("drawer-close").await;

    // Undo knows of what was done before the end, and comes back from it.
    let waivers = async || demo(&window).await["audit"]["waivers"].as_array().map_or(0, Vec::len);
    window.press_with_ctrl('z').await;
    window.until("the acceptance is undone", async || waivers().await == 0).await;
    window.press_with_ctrl('y').await;
    window.until("it is done again", async || waivers().await == 1).await;
    // What was typed before the end was kept, and its answer settles the row.
    open_row(&window, &drill).await;
    window.see("answer-draft").await;
    assert_eq!(window.value("cell--who").await, "Dana Rivera");
    window.script("const day = document.querySelector('[data-testid=cell--on]'); day.value = new Date().toISOString().slice(0, 10); day.dispatchEvent(new Event('input', { bubbles: true }))").await;
    window.click("answer-save").await;
    window.see("answer-saved").await;
    assert_eq!(window.attribute(&format!("item-{}", drill.1), "data-state").await, "done");
    window.click("drawer-close").await;
    window.press("gr").await;
    assert_eq!(window.attribute(&accepted, "data-standing").await, "holds");

    window.click("handover").await;
    window.click("export-pdf").await;
    let pdf = window.text("exported-path").await;
    let text = read_pdf(&pdf);
    for part in [
        "Juniper Desk",
        "juniperdesk.example",
        "Dana Rivera",
        "the old site goes away next week",
        "Pasted text",
        "Day 1, morning",
        "next time with the database",
    ] {
        assert!(text.contains(part), "{part} is missing in the PDF");
    }
    let view = demo(&window).await;
    let first_fix = view["audit"]["order"][0]["subject"].as_str().unwrap().to_owned();
    assert!(text.replace('\n', " ").contains(&first_fix), "{first_fix} is missing in the PDF");
    window.click("export-markdown").await;
    window.until("the Markdown is written", async || window.text("exported-path").await.ends_with(".md")).await;
    let markdown = std::fs::read_to_string(window.text("exported-path").await).unwrap();
    assert!(markdown.contains("Dana Rivera"));
    assert!(window.text("preflight").await.contains("without an answer"), "what is open is told beforehand");
    window.click("export-html").await;
    window.until("the page is written", async || window.text("exported-path").await.ends_with(".html")).await;
    let page = std::fs::read_to_string(window.text("exported-path").await).unwrap();
    assert!(page.contains("Dana Rivera") && page.contains(&first_fix.replace('&', "&amp;")));
    // The page itself is as good to a screen reader as this window is.
    let part = |from: &str, to: &str| page[page.find(from).unwrap()..page.find(to).unwrap()].to_owned();
    let (style, body) = (part("<style>", "</style>").replace("<style>", ""), part("<main>", "</body>"));
    window
        .script(&format!(
            "const sheet = new CSSStyleSheet(); sheet.replaceSync({}); document.adoptedStyleSheets = [sheet];
            window.kept = [...document.body.childNodes]; document.body.replaceChildren(); document.body.insertAdjacentHTML('afterbegin', {}); return null;",
            json!(style),
            json!(body)
        ))
        .await;
    axe::clean(&window, "the page that stands alone").await;
    window
        .script("document.adoptedStyleSheets = []; document.body.replaceChildren(...window.kept); return null;")
        .await;
    window.see("handover-page").await;

    window.press("gr").await;
    window.click(&format!("accepted-withdraw-{check}")).await;
    window.gone(&accepted).await;
}

pub fn read_pdf(path: &str) -> String {
    let told = Command::new("pdftotext").args(["-layout", path, "-"]).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    String::from_utf8(told.stdout).unwrap()
}

#[tokio::test]
async fn everything_works_by_keys() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("keys");
    let window = Window::open(&home).await;
    window.see("door-demo").await;
    let reached = async |id: &str| window.script("return document.activeElement?.dataset?.testid ?? ''").await == id;
    for _ in 0..12 {
        if reached("door-demo").await {
            break;
        }
        window.press_key(Key::Tab).await;
    }
    assert!(reached("door-demo").await, "Tab does not reach the demo");
    window.press_key(Key::Enter).await;
    window.see("run").await;
    window.press("r").await;
    window.see("cancel").await;
    window.until("a part of it was seen", async || window.text("progress").await.contains(" of ")).await;
    window.press(".").await;
    window.run_is_over().await;
    window.until("the run is cut short", async || window.text("freshness").await.contains("cut short")).await;
    window.press("r").await;
    window.see("cancel").await;
    window.run_is_over().await;
    // Both runs are kept, and what the first one could not see is not called new.
    window.press("gt").await;
    let diff = window.text("history-diff").await;
    assert!(diff.contains("could not be told then"), "{diff}");
    assert_eq!(window.attribute("history-page", "data-runs").await, "2");
    axe::clean(&window, "history").await;
    let accept = "return document.querySelector('[data-testid^=\"history-accept-\"]').dataset.testid";
    window.click(window.script(accept).await.as_str().unwrap()).await;
    window.fill("history-by", "Dana Rivera").await;
    window.click("history-sure").await;
    window
        .until("the run is accepted", async || window.text("history-page").await.contains("Accepted by Dana Rivera"))
        .await;
    // And with it the records that it saw, since nothing else was said.
    let accepted = async || demo(&window).await["pictures"]["expected"]["accepted"]["by"] == "Dana Rivera";
    window.until("its records are accepted", accepted).await;
    window.press_key(Key::Escape).await;
    window.press("2").await;
    window.see("stage-again").await;
    window.press("j").await;
    window.press_key(Key::Enter).await;
    window.see("drawer").await;
    window.press_key(Key::Escape).await;
    window.gone("drawer").await;
    for (keys, page) in [("gr", "risks-page"), ("gd", "records-page"), ("gh", "handover-page"), ("1", "stage-page")] {
        window.press(keys).await;
        window.see(page).await;
    }
    search::reaches_everything(&window).await;
    let sheet = async || window.script("return document.querySelector('dialog[open]') !== null").await == true;
    window.press("?").await;
    window.until("the sheet of keys is open", &sheet).await;
    window.press_key(Key::Escape).await;
    window.until("the sheet of keys is closed", async || !sheet().await).await;
    window.press("gp").await;
    window.see("home").await;
}

#[tokio::test]
async fn projects_are_made_renamed_put_away_and_deleted() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("projects");
    let window = Window::open(&home).await;
    window.fill("domain-input", "https://example.com/pricing").await;
    window.click("create").await;
    assert!(window.text("error").await.contains("example.com"));
    for typed in ["https://www.Foo.com/path", "ada@foo.com", " www.foo.com/ "] {
        window.fill("domain-input", typed).await;
        window.click("create").await;
        window.click("domain-meant").await;
        assert_eq!(window.value("domain-input").await, "foo.com", "{typed}");
        window.gone("domain-meant").await;
    }
    window.fill("domain-input", "bücher.example").await;
    window.fill("client-input", "Acme").await;
    window.fill("name-input", "Bookshop").await;
    window.click("create").await;
    window.see("run").await;
    let cards = window.ask("project_list", json!({})).await;
    assert_eq!(cards[0]["domain"], "bücher.example");
    let id = cards[0]["id"].clone();
    window.ask("project_rename", json!({ "id": id, "client": "Acme Ltd", "name": "Books" })).await;
    window.ask("project_archive", json!({ "id": id, "archived": true })).await;
    window.kill().await;
    let window = Window::open(&home).await;
    window.see("project").await;
    let cards = window.ask("project_list", json!({})).await;
    assert_eq!(
        (&cards[0]["client"], &cards[0]["name"], &cards[0]["archived"]),
        (&json!("Acme Ltd"), &json!("Books"), &json!(true))
    );
    let switched = window.ask("roadmap_choose", json!({ "id": id, "roadmap": "bb" })).await;
    assert_eq!(switched["project"]["roadmap"], "bb");
    window.ask("project_delete", json!({ "id": id })).await;
    assert_eq!(window.ask("project_list", json!({})).await, json!([]));
    let gone = window.try_to_ask("project_open", json!({ "id": id })).await;
    assert_eq!(gone["failed"]["code"], "project-gone");
}
