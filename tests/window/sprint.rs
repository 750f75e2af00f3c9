//! Two days in a few minutes: a founder goes from first start to a signed handover on the demo, and a consultant goes on with it.

use crate::driver::{Home, Window};
use crate::story::{demo, read_pdf};
use crate::{SCREEN, axe};
use fantoccini::key::Key;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Most rounds of answering: an answer may ask the next question.
const ROUNDS: usize = 6;

/// Days from now as people type them.
fn day(ahead: i64) -> String {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    today.checked_add(jiff::Span::new().days(ahead)).unwrap().to_string()
}

/// What somebody who did everything well writes into a field.
fn well(field: &Value, at: usize) -> String {
    let text = |key: &str| field[key].as_str().map(str::to_owned);
    match field["kind"].as_str().unwrap() {
        "choice" => text("good").unwrap_or_else(|| field["options"][0].as_str().unwrap().to_owned()),
        "count" => "0".to_owned(),
        "coming" => day(30),
        "date" => day(0),
        "link" => "https://juniperdesk.example/runbook".to_owned(),
        "person" => ["Dana Rivera", "Lee Okafor"][at % 2].to_owned(),
        "stopwatch" => "45".to_owned(),
        _ => "as agreed on day one".to_owned(),
    }
}

/// The whole answer to what a form asks.
fn filled(form: Option<&Value>) -> Map<String, Value> {
    let mut rows = Map::new();
    let Some(form) = form else { return rows };
    for (at, field) in form["fields"].as_array().unwrap().iter().enumerate() {
        rows.insert(field["key"].as_str().unwrap().to_owned(), json!(well(field, at)));
    }
    for row in form["table"]["rows"].as_array().into_iter().flatten() {
        for (at, column) in form["table"]["columns"].as_array().unwrap().iter().enumerate() {
            let (row, key) = (row.as_str().unwrap(), column["key"].as_str().unwrap());
            let cell = if key.is_empty() { row.to_owned() } else { format!("{row}\t{key}") };
            rows.insert(cell, json!(well(column, at)));
        }
    }
    rows
}

/// Everything of the audit that is still open: what it is, where its answer goes, and whether somebody can accept it.
fn open(view: &Value) -> Vec<Value> {
    let stages = view["audit"]["stages"].as_array().unwrap().iter();
    let parts = stages.flat_map(|stage| ["items", "deliverables", "signals"].map(|part| &stage[part]));
    let all = parts.flat_map(|part| part.as_array().unwrap());
    all.filter(|one| !["done", "waived", "not-applicable"].contains(&one["state"].as_str().unwrap())).cloned().collect()
}

/// Answers what asks, and accepts what is as it is, as somebody at the window would one after another.
async fn settle(window: &Window, id: &Value, mut view: Value) -> Value {
    let started = window.ask("startup", json!({})).await;
    let forms = started["forms"].as_array().unwrap();
    let mut refused = BTreeMap::new();
    for _ in 0..ROUNDS {
        let before = open(&view).len();
        for one in open(&view) {
            let name = one["id"].as_str().unwrap();
            let key = one["answers_to"].as_str().unwrap_or(name).to_owned();
            let unasked = one["question"].is_null() || !one["answer"].is_null();
            let of = |form: &&Value| form["of"].as_array().unwrap().iter().any(|of| *of == key || *of == name);
            let form = forms.iter().find(of);
            if !unasked {
                let choice = if name.contains(".S") { "no" } else { "yes" };
                let kept = form.and_then(|form| form["kept_as"].as_str()).unwrap_or(&key);
                let answer = json!({ "choice": choice, "note": "looked at together", "evidence": "", "owner": "Dana Rivera", "rows": filled(form) });
                let told = window.try_to_ask("answer_save", json!({ "id": id, "key": kept, "answer": answer })).await;
                if let Some(why) = told.get("failed") {
                    refused.insert(name.to_owned(), why.clone());
                }
            } else if one["acceptable"] == true {
                let waiver = json!({ "of": name, "subject": null, "reason": "known, and in the plan for next week", "approver": "Dana Rivera", "until": day(14) });
                let told = window.try_to_ask("waiver_give", json!({ "id": id, "waiver": waiver })).await;
                if let Some(why) = told.get("failed") {
                    refused.insert(name.to_owned(), why.clone());
                }
            }
        }
        view = window.ask("project_open", json!({ "id": id })).await;
        for step in view["audit"]["order"].as_array().unwrap() {
            let (of, subject) = (&step["check"], &step["subject"]);
            let waiver = json!({ "of": of, "subject": subject, "reason": "known, and in the plan for next week", "approver": "Dana Rivera", "until": day(14) });
            let told = window.try_to_ask("waiver_give", json!({ "id": id, "waiver": waiver })).await;
            if let Some(why) = told.get("failed") {
                refused.insert(format!("{of} {subject}"), why.clone());
            }
        }
        view = window.ask("project_open", json!({ "id": id })).await;
        if open(&view).len() == before {
            break;
        }
    }
    assert!(refused.is_empty(), "{refused:?}");
    view
}

#[tokio::test]
async fn a_founder_reaches_a_signed_handover_and_a_consultant_goes_on() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("sprint");
    let window = Window::open(&home).await;
    window.see("door-demo").await;
    // From here to the first ranked result: two presses, and nothing to read before.
    window.click("door-demo").await;
    let began = Instant::now();
    window.click("run").await;
    window.until("something is ranked", async || window.attribute("verdict", "data-verdict").await != "none").await;
    writeln!(
        std::io::stderr(),
        "figure: first ranked result {} ms after Run, two presses after the first start",
        began.elapsed().as_millis()
    )
    .unwrap();
    window.run_is_over().await;
    window.press("gr").await;
    window.click("sprint-begin").await;
    let view = demo(&window).await;
    assert_eq!(view["audit"]["verdict"], "no-go");

    let id = view["project"]["id"].clone();
    let view = settle(&window, &id, view).await;
    // What could not be told stays open, however much is answered: it is a condition and no wall.
    let left: Vec<String> = open(&view).iter().map(|one| format!("{} is {}", one["id"], one["state"])).collect();
    assert!(left.iter().all(|one| one.contains("unsure")), "{left:?}");
    assert_eq!(view["audit"]["verdict"], "conditional", "{}", view["audit"]["says"]);
    // Answers and acceptances hold when everything is looked at again. What grew worse than it was accepted counts anew: a slow machine makes
    // a slow route slower, and somebody has to say so once more.
    let agreed = |view: &Value| {
        view["audit"]["waivers"].as_array().unwrap().iter().filter(|one| one["standing"] == "holds").count()
    };
    let before = agreed(&view);
    window.run("run").await;
    let again = demo(&window).await;
    assert!(agreed(&again) + 5 >= before && before > 10, "{before} were accepted, {} hold", agreed(&again));
    let view = settle(&window, &id, again).await;
    assert_eq!(view["audit"]["verdict"], "conditional", "{}", view["audit"]["says"]);
    for stage in 1..=7 {
        window.click(&format!("stage-{stage}")).await;
        window
            .until("the stage is shown", async || {
                window.attribute(&format!("stage-{stage}"), "aria-current").await == "page"
            })
            .await;
        let words = window.words().await;
        assert!(!words.to_lowercase().contains("needs you"), "stage {stage}: {words}");
    }

    window.click("handover").await;
    window.fill("author", "Mira Chen").await;
    window.press_key(Key::Tab).await;
    window.until("no question is open", async || !window.text("preflight").await.contains("without an answer")).await;
    axe::clean(&window, "the handover of a finished sprint").await;
    window.click("export-pdf").await;
    let pdf = read_pdf(&window.text("exported-path").await);
    for part in [
        "Mira Chen",
        "Dana Rivera",
        "Lee Okafor",
        "in the plan for next week",
        "45 s",
        "conditions below are settled",
        "were accepted for a time",
    ] {
        assert!(pdf.contains(part), "{part} is missing in the PDF");
    }

    consult(&window, &home, &id).await;
}

/// A consultant with two clients: nobody sees the other, notes stay here, and what was done travels as one file.
async fn consult(window: &Window, home: &Home, id: &Value) {
    let other = json!({ "client": "Ferrum GmbH", "name": "Spare parts", "domain": "teile.example", "roadmap": "sd" });
    window.ask("project_create", other).await;
    window.ask("note_keep", json!({ "id": id, "text": "their founder wants to sell next year" })).await;
    window.press("p").await;
    window.see("presenter-bar").await;
    for keys in ["gr", "gp"] {
        window.press(keys).await;
        window.see(if keys == "gp" { "home" } else { "presenter-bar" }).await;
        let words = window.words().await;
        assert!(!words.contains("Ferrum") && !words.contains("sell next year"), "{keys}: {words}");
    }
    window.press("p").await;
    window.gone("presenter-bar").await;

    window.click("card-menu-juniperdesk.example").await;
    window.click("project-export").await;
    window.click("export-write").await;
    window.see("export-written").await;
    window.press_key(Key::Escape).await;
    window.gone("export-written").await;
    let written = file(&home.path().join("documents")).expect("no project file");
    window.click("project-import").await;
    window.fill("import-path", written.to_str().unwrap()).await;
    window.click("import-take").await;
    window.see("import-taken").await;
    window.click("save").await;
    window.see("run").await;
    assert_eq!(window.attribute("verdict", "data-verdict").await, "conditional", "what was agreed did not travel");
}

/// The project file somewhere below a folder.
fn file(folder: &Path) -> Option<PathBuf> {
    let within = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let is = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "launchready");
    within.into_iter().find_map(|path| if path.is_dir() { file(&path) } else { Some(path).filter(is) })
}
