//! The page's own process ends while a run goes on: the page is opened again, and the run goes on.

use crate::SCREEN;
use crate::driver::{Home, Window};
use sqlx::{Connection, SqliteConnection};

/// How many runs the database says have ended.
async fn ended_runs(home: &Home) -> i64 {
    let store = format!("sqlite://{}?mode=ro", home.path().join("data/launch-ready.db").display());
    let mut store = SqliteConnection::connect(&store).await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM run WHERE finished IS NOT NULL").fetch_one(&mut store).await.unwrap()
}

#[tokio::test]
async fn a_page_whose_process_ends_is_opened_again_and_the_run_goes_on() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("revive");
    let window = Window::open(&home).await;
    window.click("door-demo").await;
    window.see("run").await;
    window.press("r").await;
    window.see("cancel").await;

    // The driver gives up together with the page; from here on, what the program says is listened to.
    window.end_page();
    let says = async |words: &str| window.until(words, async || window.said().contains(words)).await;
    says("the page's process ended").await;
    says("the page is there again").await;
    assert!(window.alive(), "the program itself goes on");
    let kept = async || ended_runs(&home).await == 1;
    window.until("the run has ended by itself", kept).await;
    window.kill().await;

    let window = Window::open(&home).await;
    window.see("freshness").await;
    assert!(!window.text("freshness").await.contains("cut short"), "{}", window.text("freshness").await);
}
