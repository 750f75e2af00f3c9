//! A project as one file: all of it comes back, no secret leaves, and what a stranger sends is bounded or refused whole.

use super::CARRIED;
use super::table::LEFT;
use crate::consent::Consent;
use crate::store::tests::{begun, draft, folder, observation};
use crate::store::{Acceptance, Attachment, Project, ProjectId, SourceKind, Store};
use crate::vault::Kind;
use crate::{Account, EngineError};
use audit::facts::{Answer, Choice, Environment, Waiver};
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// What must never be in the file: a place of this computer, a name of somebody who agreed is told and nothing else of it.
const CANARY: &str = "canary-in-the-keychain";

fn at() -> Timestamp {
    begun().started
}

fn answer(note: &str) -> Answer {
    let rows = [("who".to_owned(), "Ada".to_owned()), ("on".to_owned(), "2026-11-20".to_owned())].into();
    let text = String::new;
    Answer { choice: Choice::Yes, note: note.to_owned(), evidence: text(), owner: text(), rows, at: at() }
}

/// A project with a row in every table.
async fn full(store: &Store, home: &Path) -> Project {
    let project = store.create_project(draft("juniperdesk.example"), at()).await.unwrap();
    let id = project.id;
    store.choose_roadmap(id, "bb").await.unwrap();
    store.set_routes(id, &["https://juniperdesk.example/dashboard".into()]).await.unwrap();
    store.save_answer(id, "CC7.S", &answer("first")).await.unwrap();
    store.save_answer(id, "CC7.S", &answer("second, with \u{201c}quotes\u{201d} and\nlines")).await.unwrap();
    store.clear_answer(id, "SD1.1", at()).await.unwrap();
    store.keep_draft(id, "SD2.1", Some("half a sen")).await.unwrap();
    store.set_charge(id, "SD1.1", "Ben", Some("2026-11-24".parse().unwrap())).await.unwrap();
    store.add_comment(id, "SD1.1", "Ada", "ask the registrar", at()).await.unwrap();
    for (name, content) in [("drill.txt", "went back in 4 minutes"), ("again.txt", "went back in 4 minutes")] {
        let piece = Attachment { name: name.into(), content: Some(content.into()), by: "Ada".into() };
        store.attach(id, name, piece, at()).await.unwrap();
    }
    let link = Attachment { name: "https://status.example/".into(), content: None, by: String::new() };
    store.attach(id, "SD3.5", link, at()).await.unwrap();
    let until = at().to_zoned(jiff::tz::TimeZone::UTC).date() + 30.days();
    for reason in ["first", "second"] {
        let (of, subject) = ("http.headers".to_owned(), Some("csp".to_owned()));
        let (reason, approver) = (reason.to_owned(), "Dana".to_owned());
        store
            .keep_waiver(id, &Waiver { of, subject, severity: None, reason, approver, until, at: at() })
            .await
            .unwrap();
    }
    store.begin_sprint(id, Some(at())).await.unwrap();
    store.pause_sprint(id, true, at()).await.unwrap();
    let journey = "version = 1\n[[journey]]\nname = \"Sign in\"\nkind = \"login\"\nbase = \"https://juniperdesk.example\"\n[[journey.step]]\npath = \"/\"\n";
    store.keep_journeys(id, journey, None).await.unwrap();
    let change = audit::watch::Change {
        subject: "https://juniperdesk.example/".to_owned(),
        cause: None,
        standing: audit::watch::Standing::Down,
        says: "status 503".to_owned(),
        since: at(),
        before: None,
    };
    store.note_change(id, &change).await.unwrap();
    sqlx::query(
        "INSERT INTO watch_hour VALUES (?1, 'https://juniperdesk.example/', 498000, 3, 2, 60, ?2, '[[180,2]]')",
    )
    .bind(id.to_string())
    .bind(at().to_string())
    .execute(&store.pool)
    .await
    .unwrap();
    let has = Environment { from: "names".to_owned(), names: [("DATABASE_URL".to_owned(), None)].into() };
    store.set_environment(id, "production", Some(&has)).await.unwrap();
    let (host, user) = ("smtp.example.com".to_owned(), "ada".to_owned());
    let (from, to) = ("hello@example.com".to_owned(), "ada@inbox.example".to_owned());
    store.keep_account(id, &Account { host, port: 587, user, from, to, inbox: None }).await.unwrap();
    let first = store.begin_run(id, &begun()).await.unwrap();
    store.append(first, &[observation("a.example A"), observation("b.example A")]).await.unwrap();
    store.end_run(first, Some(at()), false).await.unwrap();
    let accepted = Acceptance { by: "Dana".to_owned(), at: at() };
    store.accept_run(id, first, Some(&accepted)).await.unwrap();
    let second = store.begin_run(id, &begun()).await.unwrap();
    store.append(second, &[observation("c.example A")]).await.unwrap();
    // What stays: a folder of this computer, a key of its keychain, a consent, a watch.
    store.keep_private_note(id, "the budget is small").await.unwrap();
    store.keep_own(id, include_str!("../../../../../assets/recipes/own.toml")).await.unwrap();
    let code = home.join(CANARY);
    fs::create_dir_all(&code).unwrap();
    store.set_source(id, SourceKind::Folder, code.to_str().unwrap()).await.unwrap();
    for kind in [Kind::Cookie, Kind::Smtp] {
        store.note_secret(id, kind, at()).await.unwrap();
    }
    store.note_journey_secret(id, "SHOP_PASSWORD", at()).await.unwrap();
    let consent = Consent::to_write("juniperdesk.example", "Ada Okafor", at()).unwrap();
    store.keep_consent(id, &consent).await.unwrap();
    store.set_watch(id, Some(300)).await.unwrap();
    store.project(id).await.unwrap()
}

type Parts = BTreeMap<String, Vec<u8>>;

/// The parts of an archive by their names.
fn parts_of(path: &Path) -> Parts {
    let mut archive = ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut parts = BTreeMap::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut content = vec![];
        part.read_to_end(&mut content).unwrap();
        parts.insert(part.name().unwrap().into_owned(), content);
    }
    parts
}

/// The pieces of evidence in a file: hash and content.
pub(super) fn hashes(path: &Path) -> Vec<(String, Vec<u8>)> {
    let parts = parts_of(path).into_iter();
    parts.filter_map(|(name, content)| Some((name.strip_prefix("evidence/")?.to_owned(), content))).collect()
}

fn packed(path: &Path, parts: &Parts) {
    let mut archive = ZipWriter::new(fs::File::create(path).unwrap());
    for (name, content) in parts {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap();
}

pub(super) struct Bench {
    store: Store,
    project: ProjectId,
    pub(super) dir: PathBuf,
    pub(super) file: PathBuf,
    _folder: crate::store::tests::Folder,
}

pub(super) async fn bench(name: &str) -> Bench {
    let folder = folder(name);
    let dir = folder.path().to_owned();
    let store = Store::open(&dir.join("one")).await.unwrap();
    let project = full(&store, &dir).await.id;
    let file = dir.join("juniper.launchready");
    store.export_project(project, &file, true).await.unwrap();
    Bench { store, project, dir, file, _folder: folder }
}

impl Bench {
    /// What becomes of the file after a change of its description.
    async fn changed(&self, change: impl FnOnce(&mut Value)) -> Result<super::Parcel, EngineError> {
        let mut parts = parts_of(&self.file);
        let mut description: Value = serde_json::from_slice(&parts["project.json"]).unwrap();
        change(&mut description);
        parts.insert("project.json".to_owned(), serde_json::to_vec(&description).unwrap());
        self.of(&parts).await
    }

    async fn of(&self, parts: &Parts) -> Result<super::Parcel, EngineError> {
        let path = self.dir.join("changed.launchready");
        packed(&path, parts);
        self.store.import_project(&path).await
    }
}

#[tokio::test]
async fn a_project_comes_back_whole_from_its_file() {
    let bench = bench("parcel").await;
    let fresh = Store::open(&bench.dir.join("two")).await.unwrap();
    let taken = fresh.import_project(&bench.file).await.unwrap();
    assert_eq!((taken.runs, taken.pieces), (2, 3));
    let again = bench.dir.join("again.launchready");
    fresh.export_project(taken.project, &again, true).await.unwrap();
    // What stays on the first computer is not on the second, so it is not told of there.
    let bare = |path: &Path| {
        let mut parts = parts_of(path);
        let mut description: Value = serde_json::from_slice(&parts["project.json"]).unwrap();
        description["left"] = Value::Null;
        parts.insert("project.json".to_owned(), serde_json::to_vec(&description).unwrap());
        parts
    };
    assert_eq!(bare(&bench.file), bare(&again));
    let third = bench.dir.join("third.launchready");
    let whole = Store::open(&bench.dir.join("three")).await.unwrap();
    let once_more = whole.import_project(&again).await.unwrap();
    whole.export_project(once_more.project, &third, true).await.unwrap();
    assert_eq!(fs::read(&again).unwrap(), fs::read(&third).unwrap(), "not a byte differs");

    let (was, is) = (bench.store.facts(bench.project).await.unwrap(), fresh.facts(taken.project).await.unwrap());
    let unnumbered = |facts: Option<audit::Facts>| {
        let mut facts = facts.unwrap();
        facts.dossiers.values_mut().flat_map(|dossier| &mut dossier.comments).for_each(|comment| comment.id = 0);
        facts
    };
    assert_eq!(unnumbered(was), unnumbered(is));
    let hash = &fresh.dossiers(taken.project).await.unwrap()["SD3.5"].evidence[0].hash.clone();
    assert_eq!(fresh.evidence(taken.project, hash).await.unwrap(), b"https://status.example/");
    assert_eq!(fresh.private_note(taken.project).await.unwrap(), "the budget is small");
    assert!(fresh.accepted_run(taken.project).await.unwrap().is_some());
    // Nothing of it can be undone: nobody typed it here.
    assert!(fresh.edits(Some(taken.project)).await.unwrap().undo.is_none());
}

#[tokio::test]
async fn what_belongs_to_a_computer_stays_there_and_is_told() {
    let bench = bench("parcel-left").await;
    let parts = parts_of(&bench.file);
    for (name, content) in &parts {
        assert!(!String::from_utf8_lossy(content).contains(CANARY), "{name} tells where things lie");
    }
    let bare = bench.dir.join("bare.launchready");
    bench.store.export_project(bench.project, &bare, false).await.unwrap();
    assert!(!String::from_utf8_lossy(&parts_of(&bare)["project.json"]).contains("budget"));
    let taken = bench.store.import_project(&bare).await.unwrap();
    let told = taken.left.join("\n");
    for says in [
        "3 keys stay in the keychain",
        "session cookie, SHOP_PASSWORD of journeys, password of the mail account",
        "juniperdesk.example by Ada Okafor",
        "the folder of the code",
        "Start the watch",
        "Private notes are not in the file",
    ] {
        assert!(told.contains(says), "{says:?} is not in {told}");
    }
    let project = bench.store.project(taken.project).await.unwrap();
    assert!(bench.store.consents(&project, at()).await.unwrap().is_empty(), "a consent came along");
    assert!(bench.store.secret_notes(taken.project).await.unwrap().is_empty());
    assert!(bench.store.sources(taken.project).await.unwrap().folder.is_none());
    assert!(bench.store.watches().await.unwrap().iter().all(|(watched, _)| *watched != taken.project));

    // A second import is a second project; neither touches the first, and each can be deleted.
    let third = bench.store.import_project(&bench.file).await.unwrap().project;
    let names: Vec<_> = bench.store.projects().await.unwrap().into_iter().map(|project| project.name).collect();
    assert_eq!(names, ["juniperdesk.example", "juniperdesk.example 2", "juniperdesk.example 3"]);
    bench.store.delete_project(taken.project).await.unwrap();
    bench.store.delete_project(third).await.unwrap();
    assert_eq!(bench.store.told(bench.project).await.unwrap().dossiers.len(), 4);
    assert_eq!(bench.store.export_project(bench.project, &bench.file, true).await.unwrap_err().code, "parcel-there");
}

#[tokio::test]
async fn a_key_in_a_strangers_file_is_left_out_and_told() {
    let bench = bench("parcel-key").await;
    let key = format!("{}_{}", "sk_live", "4eC39HqLyjWDarjtT1zdp7dc");
    let taken = bench.changed(|file| {
        file["rows"]["comment"][0]["says"] = json!(format!("use {key}"));
        let mut given = answer(&key);
        given.at = at();
        file["rows"]["answer"][0]["answer"] = json!(serde_json::to_string(&given).unwrap());
        let own = file["rows"]["own_rows"][0]["text"].as_str().unwrap();
        file["rows"]["own_rows"][0]["text"] = json!(format!("{own}\n# {key}"));
    });
    let taken = taken.await.unwrap();
    let told = taken.lost.join("\n");
    assert!(
        told.contains("A comment on SD1.1 was left out") && told.contains("The answer to CC7.S was left out"),
        "{told}"
    );
    assert!(told.contains("Rows and checks of its own were left out"), "{told}");
    assert_eq!(bench.store.own_file(taken.project).await.unwrap(), "");
    assert!(!told.contains(&key));
    let file = fs::read_dir(bench.dir.join("one")).unwrap().filter_map(Result::ok).filter(|file| file.path().is_file());
    for file in file {
        assert!(!String::from_utf8_lossy(&fs::read(file.path()).unwrap()).contains(&key), "{:?}", file.path());
    }
}

#[tokio::test]
async fn own_rows_of_a_strangers_file_ask_no_other_domain() {
    let bench = bench("parcel-own").await;
    let taken = bench.changed(|file| {
        let own = file["rows"]["own_rows"][0]["text"].as_str().unwrap();
        file["rows"]["own_rows"][0]["text"] = json!(own.replace("\"/pricing\"", "\"https://elsewhere.example/\""));
    });
    let taken = taken.await.unwrap();
    let told = taken.lost.join("\n");
    assert!(told.contains("were left out: line ") && told.contains("https://elsewhere.example/"), "{told}");
    assert_eq!(bench.store.own(taken.project).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_no_whole_file_of_ours_changes_nothing() {
    let bench = bench("parcel-hostile").await;
    let before = (bench.store.projects().await.unwrap(), fs::read_dir(bench.dir.join("one/evidence")).unwrap().count());
    let code = |taken: Result<super::Parcel, EngineError>| taken.unwrap_err().code;
    assert_eq!(code(bench.changed(|file| file["version"] = json!(2)).await), "parcel-newer");
    let wrongs: [fn(&mut Value); 12] = [
        |file| file["format"] = json!("another"),
        |file| file["more"] = json!(1),
        |file| file["rows"]["consent"] = json!([{ "host": "a.example" }]),
        |file| file["rows"]["project"] = json!([]),
        |file| file["rows"]["project"][0]["domain"] = json!("../../etc"),
        |file| file["rows"]["project"][0]["routes"] = json!("[\"file:///etc/passwd\"]"),
        |file| file["rows"]["project"][0]["demo"] = json!(1),
        |file| file["rows"]["source"][0]["kind"] = json!("folder"),
        |file| file["rows"]["evidence"][0]["hash"] = json!("../../../x"),
        |file| file["rows"]["waiver"][0]["waiver"] = json!("{}"),
        |file| file["rows"]["run"][0]["scope"] = json!("[".repeat(100_000)),
        |file| {
            let row = file["rows"]["charge"][0].clone();
            file["rows"]["charge"] = json!(vec![row; 6_000]);
        },
    ];
    for (number, wrong) in wrongs.into_iter().enumerate() {
        assert_eq!(code(bench.changed(wrong).await), "parcel", "change {number}");
    }
    let whole = parts_of(&bench.file);
    let evidence = whole.keys().find(|name| name.starts_with("evidence/")).unwrap().clone();
    let wrongs: [&dyn Fn(&mut Parts); 6] = [
        &|parts| drop(parts.insert("../../../home/x".to_owned(), b"x".to_vec())),
        &|parts| drop(parts.insert(evidence.clone(), b"something else".to_vec())),
        &|parts| drop(parts.remove(&evidence)),
        &|parts| drop(parts.remove("project.json")),
        &|parts| drop(parts.insert("runs/0001.jsonl".to_owned(), b"{\"weather\":{}}\n".to_vec())),
        &|parts| drop(parts.insert("runs/0001.jsonl".to_owned(), vec![b' '; 65 << 20])),
    ];
    for (number, wrong) in wrongs.into_iter().enumerate() {
        let mut parts = whole.clone();
        wrong(&mut parts);
        assert_eq!(code(bench.of(&parts).await), "parcel", "part {number}");
    }
    // Cut off, not a zip, a list of parts that is too long, something behind the end.
    let bytes = fs::read(&bench.file).unwrap();
    let many: BTreeMap<_, _> = (0..4_000).map(|number| (format!("runs/{number}"), vec![])).collect();
    assert_eq!(code(bench.of(&many).await), "parcel");
    for bytes in [&bytes[..bytes.len() / 2], b"hello", b"", &[&bytes[..], b"more"].concat()] {
        let path = bench.dir.join("cut.launchready");
        fs::write(&path, bytes).unwrap();
        assert_eq!(code(bench.store.import_project(&path).await), "parcel");
    }
    assert!(bench.store.import_project(&bench.dir).await.is_err());
    let after = (bench.store.projects().await.unwrap(), fs::read_dir(bench.dir.join("one/evidence")).unwrap().count());
    assert_eq!(before, after);
    assert_eq!(bench.store.told(bench.project).await.unwrap().dossiers.len(), 4);
}

#[tokio::test]
async fn no_table_of_a_project_is_forgotten() {
    let dir = folder("parcel-tables");
    let store = Store::open(dir.path()).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'project' ORDER BY m.name",
    )
    .fetch_all(&store.pool)
    .await
    .unwrap();
    for table in &tables {
        let carried = CARRIED.iter().any(|one| one.name == table);
        assert!(carried || LEFT.iter().any(|(name, _)| name == table), "{table} is neither carried nor left behind");
    }
    for table in &CARRIED {
        let mut wanted: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?1)")
            .bind(table.name)
            .fetch_all(&store.pool)
            .await
            .unwrap();
        wanted.retain(|column| !["id", "project", "demo", "archived"].contains(&column.as_str()));
        wanted.sort();
        let mut carried = table.columns.to_vec();
        carried.sort_unstable();
        assert_eq!(carried, wanted, "{}", table.name);
    }
}
