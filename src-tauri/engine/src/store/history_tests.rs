//! Runs of a project over time: each comes back as it was when it ended, and an accepted one is never thrown away.

use super::Acceptance;
use crate::store::tests::{begun, draft, folder, observation};
use crate::store::{ProjectId, RunId, Store};
use audit::facts::{Answer, Choice, Facts};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

async fn run(store: &Store, project: ProjectId, hour: i64) -> RunId {
    let started = begun().started + SignedDuration::from_hours(hour);
    let run = store.begin_run(project, &Facts { started, ..begun() }).await.unwrap();
    store.append(run, &[observation(&format!("h{hour}.juniperdesk.example A"))]).await.unwrap();
    store.end_run(run, Some(started + SignedDuration::from_mins(1)), false).await.unwrap();
    run
}

fn answer(note: &str, at: Timestamp) -> Answer {
    let text = String::new;
    Answer { choice: Choice::Yes, note: note.to_owned(), evidence: text(), owner: text(), rows: BTreeMap::new(), at }
}

fn acceptance() -> Acceptance {
    Acceptance { by: "Dana Rivera".to_owned(), at: begun().started }
}

#[tokio::test]
async fn each_run_comes_back_with_what_was_told_by_then() {
    let dir = folder("history");
    let store = Store::open(dir.path()).await.unwrap();
    let start = begun().started;
    let project = store.create_project(draft("juniperdesk.example"), start).await.unwrap().id;
    let at = |minutes: i64| start + SignedDuration::from_mins(minutes);
    let first = run(&store, project, 0).await;
    store.save_answer(project, "SD1.1", &answer("between", at(30))).await.unwrap();
    let second = run(&store, project, 1).await;
    store.clear_answer(project, "SD1.1", at(90)).await.unwrap();
    let third = run(&store, project, 2).await;
    store.save_answer(project, "SD1.1", &answer("after", at(300))).await.unwrap();

    let ids: Vec<RunId> = store.runs(project, None, 2).await.unwrap().iter().map(|run| run.id).collect();
    assert_eq!(ids, [third, second]);
    let older: Vec<RunId> = store.runs(project, Some(second), 9).await.unwrap().iter().map(|run| run.id).collect();
    assert_eq!(older, [first]);

    let told = async |run| {
        let facts = store.facts_of(project, run).await.unwrap();
        assert_eq!(facts.dns.len(), 1, "what one run saw does not leak into another");
        facts.answers.get("SD1.1").map(|answer| answer.note.clone())
    };
    assert_eq!(told(first).await, None);
    assert_eq!(told(second).await.as_deref(), Some("between"));
    assert_eq!(told(third).await.as_deref(), Some("after"), "the newest run counts what was told since");
    let other = store.create_project(draft("other.example"), start).await.unwrap().id;
    assert_eq!(store.facts_of(other, first).await.unwrap_err().code, "run-gone");
}

#[tokio::test]
async fn the_oldest_runs_make_way_and_an_accepted_one_stays() {
    let dir = folder("thin");
    let store = Store::open(dir.path()).await.unwrap();
    let project = store.create_project(draft("juniperdesk.example"), begun().started).await.unwrap().id;
    let first = run(&store, project, 0).await;
    assert_eq!(store.accepted_run(project).await.unwrap(), None);
    let nobody = Acceptance { by: " ".to_owned(), ..acceptance() };
    assert_eq!(store.accept_run(project, first, Some(&nobody)).await.unwrap_err().code, "who");
    store.accept_run(project, first, Some(&acceptance())).await.unwrap();
    for hour in 1..5 {
        run(&store, project, hour).await;
    }
    store.thin_runs(project, 2).await.unwrap();
    let left = store.runs(project, None, 9).await.unwrap();
    assert_eq!(left.len(), 3);
    assert_eq!(left.last().map(|run| (run.id, run.accepted.clone())), Some((first, Some(acceptance()))));
    store.close().await;
    let store = Store::open(dir.path()).await.unwrap();
    assert_eq!(store.accepted_run(project).await.unwrap().map(|run| run.id), Some(first));
    store.accept_run(project, first, None).await.unwrap();
    assert_eq!(store.accepted_run(project).await.unwrap(), None);
    let going = store.begin_run(project, &begun()).await.unwrap();
    assert_eq!(store.accept_run(project, going, Some(&acceptance())).await.unwrap_err().code, "run-gone");
}
