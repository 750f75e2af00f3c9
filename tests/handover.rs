//! The documents of a handover as the terminal writes them: from facts, and from a project file as the window writes it.

use super::{file, launch_ready, text};
use audit::facts::{Answer, Choice, Facts, Observation, Scope, Waiver};
use audit::{Audit, diff};
use engine::store::{Acceptance, Attachment, Draft, Project, Store};
use jiff::{Timestamp, ToSpan};
use std::path::Path;

/// The documents of a handover are written from the facts of the demo, and none with a key in an answer.
pub(crate) fn of_facts(folder: &Path) {
    let at = |name: &str| folder.join(name).display().to_string();
    let idle = launch_ready(&["handover", &at("facts.json")]);
    assert!(text(&idle.stdout).contains("Nothing was written; name a file"), "{}", text(&idle.stdout));
    let (pdf, html, lists) = (at("h.pdf"), at("h.html"), at("lists"));
    let named = ["--pdf", &pdf, "--html", &html, "--csv", &lists, "--guide", &at("g.pdf"), "--client", "Rivera & Co"];
    let ended = launch_ready(&[&["handover", &at("facts.json")], &named[..]].concat());
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    assert!(text(&ended.stdout).contains("Nobody is named who signs for the audit."), "{}", text(&ended.stdout));
    assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF-1.7"));
    assert!(std::fs::read_to_string(&html).unwrap().contains("Rivera &amp; Co"));
    assert!(std::fs::read_to_string(folder.join("lists/rows.csv")).unwrap().contains("SD1.1"));
    let parts = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|end| end == "part"));
    assert_eq!(parts.count(), 0, "no half of a document is left");

    let body = "51KxqZ7wK3xV9tB5nM2rQ8pL4";
    let key = ["sk", "live", body].join("_");
    let mut facts: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("facts.json")).unwrap()).unwrap();
    facts["answers"]["SD7.1"] = serde_json::json!({ "choice": "yes", "note": key, "at": "2026-11-21T12:00:00Z" });
    std::fs::write(folder.join("keyed.json"), facts.to_string()).unwrap();
    std::fs::remove_file(&pdf).unwrap();
    let ended = launch_ready(&["handover", &at("keyed.json"), "--pdf", &pdf]);
    assert_eq!(ended.status.code(), Some(2));
    let said = text(&ended.stderr);
    assert!(said.contains("nothing was written") && said.contains("Stripe") && !said.contains(body), "{said}");
    assert!(!Path::new(&pdf).exists());
    std::fs::remove_dir_all(folder).unwrap();
}

const AT: &str = "2026-11-21T12:00:00Z";

fn at() -> Timestamp {
    AT.parse().unwrap()
}

fn judged(facts: &Facts, at: Timestamp) -> Audit {
    audit::audit(facts, audit::roadmap::by_id("bb").unwrap(), at)
}

/// What a run sees: an address, and so many seconds of it.
async fn ran(store: &Store, project: &Project, address: &str, begins: Timestamp) {
    let facts = Facts::begin(project.target.clone(), "sd", Scope::default(), begins);
    let run = store.begin_run(project.id, &facts).await.unwrap();
    let seen = format!(
        r#"{{"dns":{{"key":"acme.example A","fact":{{"seen":{{"value":{{"rcode":"noerror","records":[{{"name":"acme.example","ttl":300,"data":{{"A":"{address}"}}}}]}},"at":"{begins}","from":"x"}}}}}}}}"#
    );
    let seen: Observation = serde_json::from_str(&seen).unwrap();
    store.append(run, &[seen]).await.unwrap();
    store.end_run(run, Some(begins + 1.minute()), false).await.unwrap();
}

/// Everything that people tell of a project.
async fn told(store: &Store, project: &Project) {
    let rows = [("Hosting".to_owned(), "Ida Ortega".to_owned())].into();
    let text = String::new;
    let owners = Answer { choice: Choice::Yes, note: text(), evidence: text(), owner: text(), rows, at: at() };
    store.save_answer(project.id, "handover.owners", &owners).await.unwrap();
    store.set_charge(project.id, "BB1.1", "Ben Adu", Some("2026-11-24".parse().unwrap())).await.unwrap();
    store.add_comment(project.id, "BB1.1", "Ada Alder", "ask the registrar", at()).await.unwrap();
    let drill = Attachment { name: "drill.txt".into(), content: Some("back in 4 minutes".into()), by: "Ada".into() };
    store.attach(project.id, "BB1.1", drill, at()).await.unwrap();
    let waiver = Waiver {
        of: "dns.caa".to_owned(),
        subject: None,
        severity: None,
        reason: "the registrar moves it in January".to_owned(),
        approver: "Dana Duarte".to_owned(),
        until: "2026-12-20".parse().unwrap(),
        at: at(),
    };
    store.keep_waiver(project.id, &waiver).await.unwrap();
    store.begin_sprint(project.id, Some(at() - 3.hours())).await.unwrap();
}

#[tokio::test]
async fn a_project_file_gives_the_document_that_its_own_store_gives() {
    let [home, parcel, empty] = ["handed", "handed.launchready", "empty.launchready"].map(file);
    let store = Store::open(&home).await.unwrap();
    let target = audit::read::domain::parse("acme.example").unwrap();
    let draft = |name: &str| Draft {
        client: "Acme GmbH".into(),
        name: name.into(),
        target: target.clone(),
        roadmap: "bb".into(),
        demo: false,
    };
    let project = store.create_project(draft("Books"), at()).await.unwrap();
    let id = project.id;
    store.export_project(id, &empty, true).await.unwrap();
    for (hours, address) in [(72, "5.9.1.1"), (48, "5.9.1.2"), (1, "5.9.1.3")] {
        ran(&store, &project, address, at() - hours.hours()).await;
    }
    told(&store, &project).await;
    store.keep_own(id, include_str!("../assets/recipes/own.toml")).await.unwrap();
    let second = store.runs(id, None, 3).await.unwrap()[1].clone();
    store.accept_run(id, second.id, Some(&Acceptance { by: "Dana".into(), at: at() })).await.unwrap();
    store.export_project(id, &parcel, false).await.unwrap();

    // As the window does it.
    let facts = store.facts(id).await.unwrap().unwrap();
    let earlier = store.earlier_run(id).await.unwrap().unwrap();
    assert_eq!(earlier.id, second.id, "changes are told since the accepted run");
    let was = store.facts_of(id, earlier.id).await.unwrap();
    let audit = judged(&facts, at());
    let options = report::Options {
        client: "Acme GmbH".to_owned(),
        product: "Books".to_owned(),
        author: Some("Mara Quint".to_owned()),
        since: Some(diff::diff(&judged(&was, earlier.at()), &audit)),
        ..report::Options::default()
    };
    let [pdf, words, lists] = ["handed.pdf", "handed.md", "handed"].map(|name| home.join(name));
    let [from, to, md, csv] = [&parcel, &pdf, &words, &lists].map(|path| path.to_str().unwrap());
    let named = ["--pdf", to, "--markdown", md, "--csv", csv, "--author", "Mara Quint", "--at", AT];
    let ended = launch_ready(&[&["handover", from], &named[..]].concat());
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    assert_eq!(std::fs::read_to_string(&words).unwrap(), report::markdown(&audit, &facts, &options));
    assert!(std::fs::read(&pdf).unwrap() == report::pdf(&audit, &facts, &options).unwrap(), "the PDF is another one");
    let written = std::fs::read_to_string(&words).unwrap();
    for part in [
        "Acme GmbH",
        "Books",
        "Ida Ortega",
        "Ben Adu",
        "24 Nov 2026",
        "drill.txt",
        "Dana Duarte",
        "the registrar moves it",
        "19 Nov 2026 12:01 UTC",
        "5.9.1.3",
    ] {
        assert!(written.contains(part), "{part} is not in the document");
    }
    assert!(std::fs::read_to_string(lists.join("rows.csv")).unwrap().contains("BB1.1"));

    // Without a clock of its own it is judged now, and its names can be others.
    let now = launch_ready(&["handover", from, "--markdown", md, "--client", "Somebody", "--product", "Ledger"]);
    assert_eq!(now.status.code(), Some(0), "{}", text(&now.stderr));
    let written = std::fs::read_to_string(&words).unwrap();
    assert!(written.contains("Somebody") && written.contains("Ledger") && !written.contains("Acme GmbH"));
    refused(&home, &parcel, &empty);
    store.close().await;
    std::fs::remove_dir_all(home).unwrap();
    for file in [parcel, empty] {
        std::fs::remove_file(file).unwrap();
    }
}

/// Each file that no document can be made of gets its own sentence, and leaves nothing behind.
fn refused(home: &Path, parcel: &Path, empty: &Path) {
    let meanwhile = home.join("meanwhile");
    std::fs::create_dir(&meanwhile).unwrap();
    let [broken, folder, gone, pdf] =
        ["broken.launchready", "meanwhile", "gone", "none.pdf"].map(|name| home.join(name));
    let whole = std::fs::read(parcel).unwrap();
    std::fs::write(&broken, &whole[..whole.len() - 9]).unwrap();
    for (path, says) in [
        (empty, "there is no run in this project yet"),
        (&broken, "no whole project file"),
        (Path::new("Cargo.toml"), "neither facts nor a project file"),
        (&folder, "failed to read"),
        (&gone, "failed to read"),
    ] {
        let ended = std::process::Command::new(env!("CARGO_BIN_EXE_launch-ready"))
            .args(["handover", path.to_str().unwrap(), "--pdf", pdf.to_str().unwrap()])
            .env("TMPDIR", &meanwhile)
            .output()
            .unwrap();
        assert_eq!(ended.status.code(), Some(2), "{}", path.display());
        let said = text(&ended.stderr);
        assert!(said.contains(says) && said.contains(path.to_str().unwrap()), "{said}");
        assert_eq!(std::fs::read_dir(&meanwhile).unwrap().count(), 0, "{} left something behind", path.display());
    }
    assert!(!pdf.exists());
}
