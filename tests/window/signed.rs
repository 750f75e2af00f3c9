//! What only somebody who answers for the product can give: consent to tries, addresses behind the login, a second session. Each is
//! typed, has its effect in a run, and is taken back.

use crate::driver::{Home, Window};
use crate::{SCREEN, axe};
use fantoccini::key::Key;
use serde_json::{Value, json};

const HOST: &str = "desk.juniperdesk.example";

/// The demo after a run, with its id.
async fn audited(home: &Home) -> (Window, String) {
    let window = Window::open(home).await;
    window.click("door-demo").await;
    window.run("run").await;
    let id = window.ask("project_list", json!({})).await[0]["id"].as_str().unwrap().to_owned();
    (window, id)
}

/// What a check of the newest audit says.
async fn outcome(window: &Window, id: &str, check: &str) -> Value {
    let view = window.ask("project_open", json!({ "id": id })).await;
    let outcomes = view["audit"]["outcomes"].as_array().unwrap();
    outcomes.iter().find(|outcome| outcome["check"] == check).unwrap().clone()
}

/// Goes to a check's own drawer.
async fn open(window: &Window, id: &str, stage: u8, check: &str) {
    window.script(&format!("location.hash = '#/p/{id}/stage/{stage}/item/{check}'")).await;
    window.until("the drawer shows it", async || window.attribute("drawer", "data-item").await == check).await;
}

/// Presses a button by keyboard alone.
async fn press(window: &Window, button: &str) {
    window.see(button).await;
    window.script(&format!("document.querySelector('[data-testid=\"{button}\"]').focus()")).await;
    window.press_key(Key::Enter).await;
}

/// Runs the opened check again.
async fn again(window: &Window) {
    window.run_by(async || press(window, "check-again").await).await;
}

async fn shut(window: &Window, field: &str) {
    window.press_key(Key::Escape).await;
    window.gone(field).await;
}

#[tokio::test]
async fn consent_is_recorded_has_its_effect_and_is_withdrawn() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("consent");
    let (window, id) = audited(&home).await;
    let rate = async || outcome(&window, &id, "http.rate_limit").await;
    assert_eq!(rate().await["status"], "pass", "the demo agreed to tries at its own forms");
    open(&window, &id, 2, "http.rate_limit").await;

    press(&window, "consent-open").await;
    let withdraw = format!("consent-withdraw-{HOST}");
    press(&window, &withdraw).await;
    window.gone(&withdraw).await;
    shut(&window, "consent-host").await;
    again(&window).await;
    let told = rate().await;
    assert_eq!(told["status"], "could-not-tell", "{told}");
    assert!(told["unseen"].as_array().unwrap().iter().any(|unseen| unseen["why"] == "no-consent"), "{told}");

    // The host stands there already, and the name is asked for.
    press(&window, "consent-open").await;
    assert_eq!(window.value("consent-host").await, HOST);
    let focused = "return document.activeElement?.dataset?.testid";
    window.until("the name has the focus", async || window.script(focused).await == "consent-by").await;
    window.press("Dana Rivera").await;
    window.press_key(Key::Enter).await;
    window.see(&withdraw).await;
    assert!(window.text("consents").await.contains("Dana Rivera"));
    axe::clean(&window, "the consent dialog").await;
    shut(&window, "consent-host").await;
    again(&window).await;
    assert_eq!(rate().await["status"], "pass");

    // A host of somebody else is refused in words.
    press(&window, "consent-open").await;
    window.fill("consent-host", "login.example.org").await;
    window.fill("consent-by", "Dana Rivera").await;
    window.click("consent-give").await;
    let refused = window.text("error").await;
    assert!(refused.contains("login.example.org"), "{refused}");
}

#[tokio::test]
async fn addresses_are_named_have_their_effect_and_are_forgotten() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("places");
    let (window, id) = audited(&home).await;
    let anonymous = async || outcome(&window, &id, "auth.anonymous").await;
    assert_eq!(anonymous().await["status"], "pass");
    open(&window, &id, 4, "auth.anonymous").await;

    press(&window, "places-open").await;
    let named = async || {
        let answer = window.ask("place_list", json!({ "id": id })).await;
        answer["rows"].as_object().map_or(0, serde_json::Map::len)
    };
    let rows = named().await;
    assert!(rows > 5, "{rows} addresses of the demo");
    window.see(&format!("place-address-{rows}")).await;
    axe::clean(&window, "the addresses").await;
    for row in 0..rows {
        window.fill(&format!("place-address-{row}"), " ").await;
    }
    press(&window, "places-save").await;
    window.until("the addresses are forgotten", async || named().await == 0).await;
    shut(&window, "places-save").await;
    again(&window).await;
    let told = anonymous().await;
    assert_eq!(told["status"], "could-not-tell", "{told}");

    press(&window, "places-open").await;
    let focused = "return document.activeElement?.dataset?.testid";
    window.until("the address has the focus", async || window.script(focused).await == "place-address-0").await;
    window.press(&format!("https://{HOST}/boards")).await;
    window.press_key(Key::Enter).await;
    window.until("the address is kept", async || named().await == 1).await;
    shut(&window, "places-save").await;
    again(&window).await;
    let told = anonymous().await;
    assert_eq!(told["status"], "pass", "{told}");
    assert!(told["proof"].to_string().contains("/boards"), "{told}");
}

#[tokio::test]
async fn a_second_session_is_used_and_removed() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("lesser");
    let (window, id) = audited(&home).await;
    let roles = async || outcome(&window, &id, "auth.roles").await;
    assert_eq!(roles().await["status"], "pass", "the demo signs in as two people");
    open(&window, &id, 4, "auth.roles").await;

    press(&window, "session-open").await;
    window
        .script(
            "const kind = document.querySelector('[data-testid=\"session-kind\"]');
            kind.value = 'lesser-token'; kind.dispatchEvent(new Event('change', { bubbles: true }));",
        )
        .await;
    // A token that the product does not know: nothing can be told with it, and nothing is claimed.
    window.fill("session-value", "nobody-knows-this-token").await;
    window.press_key(Key::Enter).await;
    window.see("session-clear-lesser-token").await;
    axe::clean(&window, "a stored second session").await;
    shut(&window, "session-value").await;
    again(&window).await;
    let told = roles().await;
    assert_eq!(told["status"], "could-not-tell", "{told}");

    press(&window, "session-open").await;
    press(&window, "session-clear-lesser-token").await;
    window.gone("session-clear-lesser-token").await;
    shut(&window, "session-value").await;
    again(&window).await;
    assert_eq!(roles().await["status"], "pass");
    window.ask("project_delete", json!({ "id": id })).await;
}
