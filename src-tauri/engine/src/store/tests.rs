//! The store on a real file: what goes in comes out after reopening, and no file is ever made worse.

use super::{Draft, FILE, ProjectId, Store, open};
use audit::facts::{Answer, Choice, DnsAnswer, Fact, Facts, Observation, Rcode, Sampled, Scope, Target};
use audit::{Unseen, Why};
use jiff::Timestamp;
use sqlx::migrate::Migrator;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder that goes away with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn folder(name: &str) -> Folder {
    let folder = std::env::temp_dir().join(format!("launch-ready-{name}-{}", uuid::Uuid::new_v4()));
    fs::create_dir_all(&folder).unwrap();
    Folder(folder)
}

fn target(domain: &str) -> Target {
    Target { name: domain.to_owned(), domain: domain.to_owned() }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn begun() -> Facts {
    let scope = Scope { random_name: "x1.juniperdesk.example".into(), ..Scope::default() };
    Facts::begin(target("juniperdesk.example"), "sd", scope, at("2026-11-20T10:00:00Z"))
}

pub(crate) fn draft(domain: &str) -> Draft {
    Draft { client: "Acme".into(), name: String::new(), target: target(domain), roadmap: "sd".into(), demo: false }
}

pub(crate) fn observation(key: &str) -> Observation {
    let value = DnsAnswer { rcode: Rcode::NoError, records: vec![] };
    Observation::Dns {
        key: key.to_owned(),
        fact: Fact::Seen { value, at: at("2026-11-20T10:00:01Z"), from: "192.0.2.1:53".into() },
    }
}

fn answer(note: &str) -> Answer {
    Answer {
        choice: Choice::Yes,
        note: note.to_owned(),
        evidence: "https://example.com/owners".into(),
        owner: "Dana".into(),
        rows: [("DNS".to_owned(), "Dana".to_owned())].into(),
        at: at("2026-11-20T11:00:00Z"),
    }
}

async fn project(store: &Store) -> ProjectId {
    store.create_project(draft("juniperdesk.example"), at("2026-11-20T09:00:00Z")).await.unwrap().id
}

#[tokio::test]
async fn everything_survives_reopening() {
    let dir = folder("reopen");
    let store = Store::open(dir.path()).await.unwrap();
    let id = project(&store).await;
    store.rename_project(id, "Acme\u{202e} Ltd", " Juniper ").await.unwrap();
    store.archive_project(id, true).await.unwrap();
    store.choose_roadmap(id, "bb").await.unwrap();
    store.set_routes(id, &["https://juniperdesk.example/dashboard".into()]).await.unwrap();
    store.save_answer(id, "handover.owners", &answer("first")).await.unwrap();
    store.save_answer(id, "handover.owners", &answer("second")).await.unwrap();
    store.save_answer(id, "SD1.1", &answer("to be taken back")).await.unwrap();
    store.clear_answer(id, "SD1.1", at("2026-11-20T12:00:00Z")).await.unwrap();
    store.prefer("theme", "dark").await.unwrap();
    store.prefer("theme", "light").await.unwrap();
    let run = store.begin_run(id, &begun()).await.unwrap();
    store.append(run, &[observation("a.example A"), observation("b.example A")]).await.unwrap();
    let scope = Scope { selectors: vec!["s1".into()], ..begun().scope };
    store.set_scope(run, &scope).await.unwrap();
    store.end_run(run, Some(at("2026-11-20T10:00:09Z")), true).await.unwrap();
    let before = (store.projects().await.unwrap(), store.facts(id).await.unwrap());
    store.close().await;

    let store = Store::open(dir.path()).await.unwrap();
    let (projects, facts) = (store.projects().await.unwrap(), store.facts(id).await.unwrap());
    assert_eq!((&projects, &facts), (&before.0, &before.1));
    assert_eq!((projects[0].client.as_str(), projects[0].name.as_str()), ("Acme\\u{202e} Ltd", "Juniper"));
    assert!(projects[0].archived);
    assert_eq!(projects[0].routes, ["https://juniperdesk.example/dashboard"]);
    let facts = facts.unwrap();
    assert_eq!(facts.dns.keys().collect::<Vec<_>>(), ["a.example A", "b.example A"]);
    assert_eq!(facts.scope, scope);
    assert!(facts.cut_short);
    assert_eq!(facts.answers.keys().collect::<Vec<_>>(), ["handover.owners"]);
    assert_eq!(facts.answers["handover.owners"].note, "second");
    assert_eq!(store.preference("theme").await.unwrap().as_deref(), Some("light"));
    assert_eq!(store.preference("density").await.unwrap(), None);
}

#[tokio::test]
async fn a_small_file_is_kept_and_forgotten() {
    let dir = folder("file");
    let store = Store::open(dir.path()).await.unwrap();
    assert_eq!(store.kept_file("logo").await.unwrap(), None);
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    store.keep_file("logo", &bytes).await.unwrap();
    assert_eq!(store.kept_file("logo").await.unwrap(), Some(bytes.clone()));
    store.forget("logo").await.unwrap();
    assert_eq!(store.kept_file("logo").await.unwrap(), None);
    assert_eq!(store.keep_file("logo", &vec![0; 512 * 1024 + 1]).await.unwrap_err().code, "too-long");
}

#[tokio::test]
async fn observations_of_every_kind_come_back_as_they_went_in() {
    let dir = folder("kinds");
    let store = Store::open(dir.path()).await.unwrap();
    let id = project(&store).await;
    let run = store.begin_run(id, &begun()).await.unwrap();
    let unseen =
        |what: &str| Unseen { what: what.into(), why: Why::Timeout, says: "silent".into(), way: "wait".into() };
    // Number keys are text in JSON: a detour on the way back would lose them.
    let sampled = Sampled {
        wanted: 30,
        sent: 30,
        statuses: [(200, 27), (503, 3)].into(),
        failures: [("timeout".to_owned(), 1)].into(),
        signed_in: true,
        phases: vec![],
        bins: vec![],
    };
    let seen = Fact::Seen { value: sampled, at: at("2026-11-20T10:00:01Z"), from: "192.0.2.1:443".into() };
    let kinds = [
        observation("a A"),
        Observation::Delegation { fact: Fact::Unseen(unseen("name servers")) },
        Observation::Reach { key: "a|192.0.2.1".into(), fact: Fact::Unseen(unseen("port")) },
        Observation::Tls { key: "a|192.0.2.1".into(), fact: Fact::Unseen(unseen("certificate")) },
        Observation::Http { key: "https://a/".into(), fact: Fact::Unseen(unseen("page")) },
        Observation::Bundle { fact: Fact::Unseen(unseen("scripts")) },
        Observation::Latency { key: "https://a/".into(), fact: seen },
    ];
    store.append(run, &kinds).await.unwrap();
    let mut expected = begun();
    kinds.into_iter().for_each(|seen| expected.add(seen));
    assert_eq!(store.facts(id).await.unwrap().unwrap(), expected);
}

#[tokio::test]
async fn a_run_that_saw_nothing_hides_no_earlier_one() {
    let dir = folder("newest");
    let store = Store::open(dir.path()).await.unwrap();
    let id = project(&store).await;
    assert_eq!(store.facts(id).await.unwrap(), None);
    let first = store.begin_run(id, &begun()).await.unwrap();
    store.append(first, &[observation("first A")]).await.unwrap();
    store.begin_run(id, &begun()).await.unwrap();
    assert_eq!(store.last_run(id).await.unwrap().unwrap().id, first);
    // Looking again at one check adds to the newest run.
    store.append(first, &[observation("again A")]).await.unwrap();
    assert_eq!(store.facts(id).await.unwrap().unwrap().dns.len(), 2);
}

#[tokio::test]
async fn deleting_a_project_deletes_all_of_it() {
    let dir = folder("delete");
    let store = Store::open(dir.path()).await.unwrap();
    let id = project(&store).await;
    let run = store.begin_run(id, &begun()).await.unwrap();
    store.append(run, &[observation("a A")]).await.unwrap();
    store.save_answer(id, "k", &answer("n")).await.unwrap();
    store.delete_project(id).await.unwrap();
    assert_eq!(store.project(id).await.unwrap_err().code, "project-gone");
    assert_eq!(store.rename_project(id, "a", "b").await.unwrap_err().code, "project-gone");
    let left: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM run) + (SELECT count(*) FROM observation) + (SELECT count(*) FROM answer)",
    )
    .fetch_one(&store.pool)
    .await
    .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn there_is_one_demo_at_most() {
    let dir = folder("demo");
    let store = Store::open(dir.path()).await.unwrap();
    assert_eq!(store.demo_project().await.unwrap(), None);
    let demo = || Draft { demo: true, ..draft("juniperdesk.example") };
    let made = store.create_project(demo(), begun().started).await.unwrap();
    assert!(store.create_project(demo(), begun().started).await.is_err());
    assert_eq!(store.demo_project().await.unwrap(), Some(made));
}

#[tokio::test]
async fn two_connections_write_at_once() {
    let dir = folder("two");
    let (one, two) = (Store::open(dir.path()).await.unwrap(), Store::open(dir.path()).await.unwrap());
    let id = project(&one).await;
    let (first, second) = (one.begin_run(id, &begun()).await.unwrap(), two.begin_run(id, &begun()).await.unwrap());
    let write = async |store: &Store, run| {
        for number in 0..100 {
            store.append(run, &[observation(&format!("{number} A"))]).await.unwrap();
        }
    };
    tokio::join!(write(&one, first), write(&two, second));
    for run in [first, second] {
        let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM observation WHERE run = ?1")
            .bind(run.0)
            .fetch_one(&one.pool)
            .await
            .unwrap();
        assert_eq!(kept, 100);
    }
}

#[tokio::test]
async fn settings_of_the_connection_are_safe() {
    let dir = folder("pragmas");
    let store = Store::open(dir.path()).await.unwrap();
    for (pragma, wanted) in [
        ("PRAGMA synchronous", 2),
        ("PRAGMA foreign_keys", 1),
        ("PRAGMA trusted_schema", 0),
        ("PRAGMA cell_size_check", 1),
        ("PRAGMA busy_timeout", 5_000),
    ] {
        let set: i64 = sqlx::query_scalar(pragma).fetch_one(&store.pool).await.unwrap();
        assert_eq!(set, wanted, "{pragma}");
    }
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&store.pool).await.unwrap();
    assert_eq!(mode, "wal");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(dir.path()).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[tokio::test]
async fn a_newer_file_is_left_as_it_is() {
    let dir = folder("newer");
    let store = Store::open(dir.path()).await.unwrap();
    project(&store).await;
    sqlx::query("INSERT INTO _sqlx_migrations VALUES (9999, 'from the future', '2030-01-01', 1, x'00', 0)")
        .execute(&store.pool)
        .await
        .unwrap();
    store.close().await;
    let before = fs::read(dir.path().join(FILE)).unwrap();
    assert_eq!(Store::open(dir.path()).await.unwrap_err().code, "store-newer");
    assert!(fs::read(dir.path().join(FILE)).unwrap() == before);
}

#[tokio::test]
async fn a_damaged_file_is_told_and_left_as_it_is() {
    let dir = folder("damaged");
    for content in [&b"this was never a database, whatever its name says"[..], &[0xff; 8192]] {
        fs::write(dir.path().join(FILE), content).unwrap();
        assert_eq!(Store::open(dir.path()).await.unwrap_err().code, "store-damaged");
        assert_eq!(fs::read(dir.path().join(FILE)).unwrap(), content);
    }
}

#[tokio::test]
async fn after_a_crash_every_page_is_looked_at() {
    let dir = folder("crash");
    let store = Store::open(dir.path()).await.unwrap();
    let id = project(&store).await;
    let run = store.begin_run(id, &begun()).await.unwrap();
    let many: Vec<_> = (0..2_000).map(|number| observation(&format!("{number} A"))).collect();
    store.append(run, &many).await.unwrap();
    store.close().await;
    let file = dir.path().join(FILE);
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xa5);
    fs::write(&file, bytes).unwrap();
    // A log that is left behind says that the last user of the file crashed.
    fs::write(dir.path().join(format!("{FILE}-wal")), [0; 64]).unwrap();
    let told = Store::open(dir.path()).await.unwrap_err();
    assert_eq!(told.code, "store-damaged");
}

#[tokio::test]
async fn a_change_of_schema_keeps_three_copies() {
    let dir = folder("copies");
    let steps = folder("steps");
    let first = include_str!("../../migrations/0001_first.sql");
    fs::write(steps.path().join("0001_first.sql"), first).unwrap();
    let open_with = async || open::open(dir.path(), &Migrator::new(steps.path()).await.unwrap()).await.unwrap();
    let store = open_with().await;
    let id = project(&store).await;
    store.close().await;
    assert!(!dir.path().join("copies").exists(), "a new file needs no copy");
    for step in 2..=6 {
        fs::write(steps.path().join(format!("000{step}_more.sql")), format!("CREATE TABLE more_{step} (a TEXT);"))
            .unwrap();
        open_with().await.close().await;
    }
    let mut copies: Vec<_> =
        fs::read_dir(dir.path().join("copies")).unwrap().map(|entry| entry.unwrap().path()).collect();
    copies.sort();
    assert_eq!(copies.len(), 3);
    // The newest copy is the file as it was before the last step.
    fs::rename(&copies[2], dir.path().join(FILE)).unwrap();
    fs::remove_file(steps.path().join("0006_more.sql")).unwrap();
    assert_eq!(open_with().await.project(id).await.unwrap().id, id);
}

#[tokio::test]
async fn too_long_is_refused_in_words() {
    let dir = folder("long");
    let store = Store::open(dir.path()).await.unwrap();
    let id = project(&store).await;
    let long = answer(&"x".repeat(8_001));
    assert_eq!(store.save_answer(id, "k", &long).await.unwrap_err().code, "too-long");
    assert_eq!(store.prefer("theme", &"x".repeat(5_000)).await.unwrap_err().code, "too-long");
    let routes = vec!["https://juniperdesk.example/".to_owned(); 21];
    assert_eq!(store.set_routes(id, &routes).await.unwrap_err().code, "too-long");
}

#[tokio::test]
async fn a_pasted_key_is_refused_in_words_and_kept_nowhere() {
    let dir = folder("pasted");
    let store = Store::open(dir.path()).await.unwrap();
    let id = project(&store).await;
    let key = ["sk", "live", "51KxqZ7wK3xV9tB5nM2rQ8pL4"].join("_");
    let mut table = answer("in the platform's settings");
    table.rows.insert("STRIPE_SECRET_KEY home".into(), format!("it is {key}"));
    for pasted in [answer(&key), table] {
        let error = store.save_answer(id, "env.inventory", &pasted).await.unwrap_err();
        assert_eq!(error.code, "secret");
        assert!(error.message.contains("Stripe") && !error.message.contains(&key[8..]), "{}", error.message);
    }
    assert!(store.answers(id).await.unwrap().is_empty());
    store.close().await;
    let left = fs::read_dir(dir.path()).unwrap().flatten().map(|file| fs::read(file.path()).unwrap());
    assert!(left.into_iter().all(|bytes| !bytes.windows(key.len()).any(|window| window == key.as_bytes())));
}
