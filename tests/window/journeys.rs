//! The pages Journeys and Database: steps are recorded by hand, gone through live, stopped, agreed to and taken back; what came of them is
//! in the audit and in the handover.

use crate::driver::{Home, Window};
use crate::{SCREEN, axe};
use fantoccini::key::Key;
use serde_json::{Value, json};

const HOST: &str = "desk.juniperdesk.example";

async fn open(window: &Window) -> Value {
    window.click("door-demo").await;
    window.see("run").await;
    window.press("gj").await;
    window.see("journey-0").await;
    window.ask("project_list", json!({})).await[0]["id"].clone()
}

async fn journeys(window: &Window, id: &Value) -> Value {
    window.ask("journeys", json!({ "id": id })).await
}

/// What came of the journey of this name.
async fn end(window: &Window, id: &Value, name: &str) -> Value {
    let told = journeys(window, id).await;
    let row = told["rows"].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone();
    row["seen"].clone()
}

async fn over(window: &Window) {
    window.see("journey-run-all").await;
}

/// Goes through the journey of this number and name, and tells what came of it: one that is over at once shows no way to stop it.
async fn gone_through(window: &Window, id: &Value, number: usize, name: &str) -> Value {
    let before = end(window, id, name).await;
    window.script(&format!("document.querySelector('[data-testid=\"journey-run-{number}\"]').focus()")).await;
    window.press_key(Key::Enter).await;
    window.until("it was gone through", async || end(window, id, name).await != before).await;
    over(window).await;
    end(window, id, name).await
}

#[tokio::test]
async fn journeys_are_recorded_gone_through_live_and_told() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("journeys");
    let window = Window::open(&home).await;
    let id = open(&window).await;
    axe::clean(&window, "journeys before any was gone through").await;
    // Before any audit: one of them, by keyboard alone.
    let seen = gone_through(&window, &id, 1, "Sign in and out").await;
    assert_eq!((seen["end"].as_str(), seen["steps"].as_array().unwrap().len()), (Some("well"), 4), "{seen}");
    assert_eq!(seen["by"], "The demo itself");
    window.click("journey-1").await;
    axe::clean(&window, "a journey that was gone through").await;

    // One is filled in by hand; what is wrong with it is said, and a fixed password is refused.
    window.click("journey-form-open").await;
    window.fill("journey-field-name", "Look at the front page").await;
    window.fill("journey-step-0-contains", "nothing that stands there").await;
    axe::clean(&window, "the form of a journey").await;
    window.click("journey-record").await;
    window.see("journey-6").await;
    let seen = gone_through(&window, &id, 6, "Look at the front page").await;
    assert_eq!(seen["end"], "failed", "{seen}");
    window.click("journey-6").await;
    axe::clean(&window, "a journey that failed").await;
    let file = "version = 1\n[[journey]]\nname = \"Sly\"\nkind = \"login\"\nbase = \"https://juniperdesk.example\"\n[[journey.step]]\npath = \"/\"\nform = { password = \"hunter2-canary\" }\n";
    let refused = window.try_to_ask("journey_keep", json!({ "id": id, "text": file, "insteadOf": null })).await;
    assert!(refused.to_string().contains("secret.password") && !refused.to_string().contains("canary"), "{refused}");
    // Taken away again, with a second thought.
    window.click("journey-6").await;
    window.click("journey-6").await;
    window
        .script("document.querySelector('[data-testid=\"journey-forget-ask-6\"]').closest('details').open = true")
        .await;
    window.click("journey-forget-ask-6").await;
    window.click("journey-forget-6").await;
    window.gone("journey-6").await;

    // Without a consent nothing is written, whatever the page shows.
    window.click(&format!("journey-withdraw-{HOST}")).await;
    window.see("journey-by").await;
    let seen = gone_through(&window, &id, 0, "Open an account").await;
    assert!(seen["end"] == "lost" && seen["says"].as_str().unwrap().contains("nobody agreed"), "{seen}");
    window.fill("journey-by", "Dana Rivera").await;
    window.press_key(Key::Enter).await;
    window.see("journey-consents").await;

    // The audit goes through them too, and the handover tells it.
    window.run("run").await;
    let view = window.ask("project_open", json!({ "id": id })).await;
    let outcomes = view["audit"]["outcomes"].as_array().unwrap();
    for check in ["journey.signup", "journey.login", "journey.reset", "journey.checkout", "journey.core"] {
        let outcome = outcomes.iter().find(|outcome| outcome["check"] == check).unwrap();
        assert_eq!(outcome["status"], "pass", "{outcome}");
    }
    let written = window.ask("export", json!({ "id": id, "form": "markdown" })).await;
    let text = std::fs::read_to_string(written["path"].as_str().unwrap()).unwrap();
    for part in ["Journeys", "Ask for a new password (reset)", "Follow the link that came", "Dana Rivera agreed"] {
        assert!(text.contains(part), "{part}");
    }
    for theme in ["dark", "light"] {
        window.click("settings").await;
        window.click(&format!("theme-{theme}")).await;
        window.press_key(Key::Escape).await;
        window.gone(&format!("theme-{theme}")).await;
        axe::clean(&window, &format!("journeys, {theme}")).await;
    }

    // The database of the demo was asked with the audit, and is asked again.
    window.press("gb").await;
    window.see("database-ask").await;
    axe::clean(&window, "the database").await;
    window.run("database-ask").await;
    let view = window.ask("project_open", json!({ "id": id })).await;
    let told = |check: &str| {
        let outcomes = view["audit"]["outcomes"].as_array().unwrap();
        outcomes.iter().find(|outcome| outcome["check"] == check).unwrap()["status"].clone()
    };
    assert_ne!(told("db.missing_indexes"), "could-not-tell", "{view}");
    let refused =
        window.try_to_ask("session_set", json!({ "id": id, "kind": "database", "value": "redis://canary" })).await;
    assert!(refused.to_string().contains("connection string") && !refused.to_string().contains("canary"), "{refused}");
}

#[tokio::test]
async fn a_journey_that_is_stopped_and_a_watch_that_goes_on_are_told() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("journeys-watch");
    let window = Window::open(&home).await;
    let id = open(&window).await;
    window.click("journey-run-all").await;
    window.see("journey-cancel").await;
    window.press(".").await;
    over(&window).await;
    assert!(window.words().await.contains("Stopped; what was seen so far is kept"));

    window.click("watch-start").await;
    window
        .until("it looked once", async || {
            window.ask("watch", json!({ "id": id })).await["standings"].as_array().is_some_and(|all| all.len() > 1)
        })
        .await;
    window.see("watch-standings").await;
    axe::clean(&window, "a watch").await;
    let told = window.ask("watch", json!({ "id": id })).await;
    assert!(told["standings"].as_array().unwrap().iter().all(|one| one["standing"] == "well"), "{told}");
    let subjects: Vec<_> = told["standings"].as_array().unwrap().iter().map(|one| one["subject"].clone()).collect();
    assert!(
        subjects.iter().any(|one| one == "Sign in and out") && !subjects.iter().any(|one| one == "Open an account"),
        "{subjects:?}"
    );
    // It goes on after a restart until somebody ends it.
    window.end_by_ctrl('q').await;
    let window = Window::open(&home).await;
    window.until("it looked again", async || !window.ask("watch", json!({ "id": id })).await["looked"].is_null()).await;
    window.press("gj").await;
    window.click("watch-stop").await;
    window.see("watch-start").await;
    assert!(window.ask("watch", json!({ "id": id })).await["every_s"].is_null());
}
