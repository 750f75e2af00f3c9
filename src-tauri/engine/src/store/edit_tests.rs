//! Every kind of edit is undone and done again, on a file that was closed in between.

use super::{Edits, MOST, PLACES};
use crate::Account;
use crate::store::tests::{Folder, begun, draft, folder};
use crate::store::{Attachment, ProjectId, SourceKind, Store};
use audit::facts::{Answer, Choice, Environment, Waiver};
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeSet;

fn now() -> Timestamp {
    begun().started
}

fn answer(note: &str) -> Answer {
    let (evidence, owner) = (String::new(), String::new());
    Answer { choice: Choice::Yes, note: note.to_owned(), evidence, owner, rows: [].into(), at: now() }
}

fn waiver(reason: &str) -> Waiver {
    Waiver {
        of: "http.headers".to_owned(),
        subject: None,
        severity: None,
        reason: reason.to_owned(),
        approver: "Dana Rivera".to_owned(),
        until: now().to_zoned(jiff::tz::TimeZone::UTC).date() + 30.days(),
        at: now(),
    }
}

async fn opened(dir: &Folder) -> (Store, ProjectId) {
    let store = Store::open(dir.path()).await.unwrap();
    let id = store.create_project(draft("juniperdesk.example"), now()).await.unwrap().id;
    (store, id)
}

/// Lets time pass, so that what follows is an edit of its own.
async fn later(store: &Store) {
    sqlx::query("UPDATE edit SET at = at - 1000").execute(&store.pool).await.unwrap();
}

/// Everything that a person could have edited, as one text.
async fn all(store: &Store, id: ProjectId) -> String {
    let project = store.project(id).await.unwrap();
    let (answers, waivers) = (store.answers(id).await.unwrap(), store.waivers(id).await.unwrap());
    let (sources, account) = (store.sources(id).await.unwrap(), store.account(id).await.unwrap());
    let journeys: Vec<String> = store.journeys(id).await.unwrap().into_iter().map(|kept| kept.text).collect();
    let theme = store.preference("theme").await.unwrap();
    let (dossiers, sprint) = (store.dossiers(id).await.unwrap(), store.sprint(id).await.unwrap());
    let note = (store.private_note(id).await.unwrap(), store.own_file(id).await.unwrap());
    // What a piece holds is there with it.
    for piece in dossiers.values().flat_map(|dossier| &dossier.evidence) {
        store.evidence(id, &piece.hash).await.unwrap();
    }
    format!(
        "{project:?} {answers:?} {waivers:?} {sources:?} {account:?} {journeys:?} {theme:?} {dossiers:?} {sprint:?} {note:?}"
    )
}

const OWN: &str = include_str!("../../../../assets/recipes/own.toml");

fn piece() -> Attachment {
    Attachment { name: "drill.txt".into(), content: Some(b"went back in 4 minutes".to_vec()), by: "Ada".into() }
}

async fn do_one(store: &Store, id: ProjectId, dir: &Folder, step: usize) {
    let path = dir.path().to_str().unwrap();
    let names = [("DATABASE_URL".to_owned(), None)].into();
    let has = Environment { from: "names".to_owned(), names };
    let account = Account {
        host: "smtp.example.com".to_owned(),
        port: 587,
        user: "ada".to_owned(),
        from: "hello@example.com".to_owned(),
        to: "ada@inbox.example".to_owned(),
        inbox: None,
    };
    let journey = "version = 1\n[[journey]]\nname = \"Opens an account\"\nkind = \"signup\"\nbase = \"https://juniperdesk.example\"\n[[journey.step]]\nname = \"page\"\npath = \"/\"\nexpect = { status = 200 }\n";
    match step {
        0 => store.save_answer(id, "SD1.1", &answer("first")).await,
        1 => store.save_answer(id, "SD1.1", &answer("second")).await,
        2 => store.clear_answer(id, "SD1.1", now()).await,
        3 => store.keep_waiver(id, &waiver("for a week")).await,
        4 => store.keep_waiver(id, &waiver("for another one")).await,
        5 => store.withdraw_waiver(id, "http.headers", None, now()).await,
        6 => store.rename_project(id, "Acme Ltd", "Books").await,
        7 => store.archive_project(id, true).await,
        8 => store.choose_roadmap(id, "bb").await,
        9 => store.set_routes(id, &["https://juniperdesk.example/a".to_owned()]).await,
        10 => store.set_source(id, SourceKind::Folder, path).await,
        11 => store.set_source(id, SourceKind::Folder, "").await,
        12 => store.set_environment(id, "production", Some(&has)).await,
        13 => store.keep_account(id, &account).await,
        14 => store.forget_account(id).await,
        15 => store.keep_journeys(id, journey, None).await.map(drop),
        16 => store.keep_journeys(id, &journey.replace("page", "start"), None).await.map(drop),
        17 => store.set_charge(id, "SD1.1", "Ben", Some("2026-11-24".parse().unwrap())).await,
        18 => store.set_charge(id, "SD1.1", "Ada", None).await,
        19 => store.set_charge(id, "SD1.1", "", None).await,
        20 => store.add_comment(id, "SD1.1", "Ada", "ask the registrar", now()).await,
        21 => {
            let comment = store.dossiers(id).await.unwrap()["SD1.1"].comments[0].id;
            store.remove_comment(id, comment).await
        }
        22 => store.attach(id, "SD3.5", piece(), now()).await,
        23 => {
            let hash = store.dossiers(id).await.unwrap()["SD3.5"].evidence[0].hash.clone();
            store.detach(id, "SD3.5", &hash).await
        }
        24 => store.begin_sprint(id, Some(now())).await,
        25 => store.pause_sprint(id, true, now()).await,
        26 => store.pause_sprint(id, false, now()).await,
        27 => store.begin_sprint(id, None).await,
        28 => store.keep_private_note(id, "ask for the budget").await,
        29 => store.keep_private_note(id, "").await,
        30 => store.keep_own(id, OWN).await,
        31 => store.keep_own(id, "").await,
        32 => store.prefer("theme", "dark").await,
        _ => store.prefer("theme", "light").await,
    }
    .unwrap();
}

#[tokio::test]
async fn every_edit_is_undone_and_done_again_after_a_restart() {
    let dir = folder("edits");
    let (store, id) = opened(&dir).await;
    assert_eq!(store.edits(Some(id)).await.unwrap(), Edits { undo: None, redo: None });
    let mut states = vec![all(&store, id).await];
    let mut words = BTreeSet::new();
    for step in 0..34 {
        do_one(&store, id, &dir, step).await;
        later(&store).await;
        let state = all(&store, id).await;
        assert_ne!(&state, states.last().unwrap(), "step {step} changed nothing");
        states.push(state);
        words.insert(store.edits(Some(id)).await.unwrap().undo.unwrap().says);
    }
    assert_eq!(
        words.len(),
        PLACES.len() + 1,
        "two kinds of sources, and every other place; a place that nothing was edited in: {words:?}"
    );
    assert!(words.contains("the answer to SD1.1") && words.contains("the place of the folder"), "{words:?}");
    store.close().await;

    let store = Store::open(dir.path()).await.unwrap();
    for (step, state) in states.iter().enumerate().rev().skip(1) {
        assert!(store.undo(Some(id), false, now()).await.unwrap().is_some(), "step {step}");
        assert_eq!(&all(&store, id).await, state, "undoing step {step}");
    }
    assert_eq!(store.undo(Some(id), false, now()).await.unwrap(), None);
    store.close().await;
    let store = Store::open(dir.path()).await.unwrap();
    for (step, state) in states.iter().enumerate().skip(1) {
        assert!(store.undo(Some(id), true, now()).await.unwrap().is_some(), "step {step}");
        assert_eq!(&all(&store, id).await, state, "doing step {step} again");
    }
    assert_eq!(store.undo(Some(id), true, now()).await.unwrap(), None);

    // A new edit ends what could be done again.
    store.undo(Some(id), false, now()).await.unwrap().unwrap();
    store.undo(Some(id), false, now()).await.unwrap().unwrap();
    store.save_answer(id, "SD1.2", &answer("new")).await.unwrap();
    let edits = store.edits(Some(id)).await.unwrap();
    assert_eq!(edits.undo.unwrap().says, "the answer to SD1.2");
    assert_eq!(
        edits.redo.map(|edit| edit.says),
        Some("the setting theme".to_owned()),
        "a setting is not the project's"
    );

    // An acceptance that was undone stays on record.
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM waiver").fetch_one(&store.pool).await.unwrap();
    assert_eq!(kept, 2);
    store.delete_project(id).await.unwrap();
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM edit WHERE project IS NOT NULL").fetch_one(&store.pool).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn what_is_saved_together_is_undone_together_and_what_changed_since_stays() {
    let dir = folder("together");
    let (store, id) = opened(&dir).await;
    store.save_answer(id, "SD1.1", &answer("old")).await.unwrap();
    later(&store).await;
    store.save_answer(id, "SD1.1", &answer("new")).await.unwrap();
    store.rename_project(id, "Acme Ltd", "Books").await.unwrap();
    store.undo(Some(id), false, now()).await.unwrap().unwrap();
    assert_eq!(store.project(id).await.unwrap().client, "Acme");
    assert_eq!(store.answers(id).await.unwrap()["SD1.1"].note, "old");

    // Something else wrote over it behind the journal's back.
    later(&store).await;
    store.prefer("theme", "dark").await.unwrap();
    for sql in ["INSERT INTO edit_pause VALUES (1)", "UPDATE preference SET value = 'light'", "DELETE FROM edit_pause"]
    {
        sqlx::query(sql).execute(&store.pool).await.unwrap();
    }
    let refused = store.undo(Some(id), false, now()).await.unwrap_err();
    assert_eq!(refused.code, "undo");
    assert_eq!(store.preference("theme").await.unwrap().as_deref(), Some("light"));
    let pauses: i64 = sqlx::query_scalar("SELECT count(*) FROM edit_pause").fetch_one(&store.pool).await.unwrap();
    assert_eq!(pauses, 0, "edits after it would be lost");
    assert_eq!(store.edits(Some(id)).await.unwrap().undo.unwrap().says, "the answer to SD1.1");

    // What a run wrote is no edit of a person.
    store.save_answer(id, "SD1.1", &answer("by a run")).await.unwrap();
    store.forget_edits(id, Some("SD1.1")).await.unwrap();
    assert_eq!(store.edits(Some(id)).await.unwrap().undo, None);
}

#[tokio::test]
async fn outside_of_projects_their_names_and_settings_are_undone_and_the_journal_has_an_end() {
    let dir = folder("outside");
    let (store, id) = opened(&dir).await;
    store.archive_project(id, true).await.unwrap();
    later(&store).await;
    for at in 0..MOST + 20 {
        store.save_answer(id, "SD1.1", &answer(&at.to_string())).await.unwrap();
    }
    let kept: u32 = sqlx::query_scalar("SELECT count(*) FROM edit").fetch_one(&store.pool).await.unwrap();
    assert_eq!(kept, MOST);
    assert_eq!(store.undo(None, false, now()).await.unwrap(), None, "it was too long ago");
    store.forget_edits(id, None).await.unwrap();
    store.archive_project(id, false).await.unwrap();
    later(&store).await;
    store.save_answer(id, "SD1.1", &answer("hidden from outside")).await.unwrap();
    store.prefer("last_place", "#/").await.unwrap();
    assert_eq!(store.undo(None, false, now()).await.unwrap().unwrap().says, "where the project is put");
    assert!(store.project(id).await.unwrap().archived);
}

#[tokio::test]
async fn rows_that_come_back_come_back_whole() {
    let dir = folder("whole");
    let (store, _) = opened(&dir).await;
    for place in PLACES.iter().filter(|place| place.table != "project") {
        let sql = format!("SELECT name, type FROM pragma_table_info('{}')", place.table);
        let columns: Vec<(String, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&store.pool).await.unwrap();
        let there: BTreeSet<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(place.image().collect::<BTreeSet<_>>(), there, "columns of {}", place.table);
        // A row is kept as JSON, which has no bytes.
        assert!(columns.iter().all(|(_, kind)| kind == "TEXT" || kind == "INTEGER"), "{}: {columns:?}", place.table);
    }
}
