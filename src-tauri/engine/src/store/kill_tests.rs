//! What was acknowledged survives `kill -9` at any moment.

use super::tests::{begun, draft, folder, observation};
use super::{FILE, RunId, Store};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Where the writing process finds its store; it does nothing when started as an ordinary test.
const DIR: &str = "LAUNCH_READY_KILL_TEST";
const KILLS: u32 = 25;

#[tokio::test]
async fn writer() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let store = Store::open(Path::new(&dir)).await.unwrap();
    let project = store.projects().await.unwrap().remove(0);
    let run = match store.last_run(project.id).await.unwrap() {
        Some(run) => run.id,
        None => store.begin_run(project.id, &begun()).await.unwrap(),
    };
    let written: i64 = count(&store, run).await;
    for number in written.. {
        store.append(run, &[observation(&format!("name-{number}.example A"))]).await.unwrap();
        println!("kept {number}");
    }
}

async fn count(store: &Store, run: RunId) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM observation WHERE run = ?1")
        .bind(run.0)
        .fetch_one(&store.pool)
        .await
        .unwrap()
}

fn start(dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::kill_tests::writer", "--nocapture", "--test-threads=1"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The last number that the child acknowledges before it is killed, some time after its first.
fn acknowledged(mut child: Child, after: Duration) -> i64 {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next =
        move || lines.by_ref().map_while(Result::ok).find_map(|line| line.split_once("kept ")?.1.parse().ok());
    let first: i64 = next().expect("the writer wrote nothing");
    let reader = std::thread::spawn(move || std::iter::from_fn(next).last());
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap().unwrap_or(first)
}

#[tokio::test]
async fn a_kill_loses_nothing_that_was_acknowledged() {
    let dir = folder("kill");
    let store = Store::open(dir.path()).await.unwrap();
    let project = store.create_project(draft("kill.example"), begun().started).await.unwrap();
    store.close().await;
    let mut most = -1;
    for kill in 0..KILLS {
        let (child, after) = (start(dir.path()), Duration::from_millis(u64::from(kill * 37 % 83)));
        most = tokio::task::spawn_blocking(move || acknowledged(child, after)).await.unwrap();
        let file = SqliteConnectOptions::new().filename(dir.path().join(FILE));
        let mut look = file.connect().await.unwrap();
        let whole: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut look).await.unwrap();
        assert_eq!(whole, "ok");
        let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM observation").fetch_one(&mut look).await.unwrap();
        assert!(kept > most, "number {most} was acknowledged, but only {kept} are kept");
    }
    let store = Store::open(dir.path()).await.unwrap();
    let facts = store.facts(project.id).await.unwrap().unwrap();
    for number in 0..=most {
        assert!(facts.dns.contains_key(&format!("name-{number}.example A")));
    }
}
