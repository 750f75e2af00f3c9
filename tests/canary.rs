//! Nothing of a key comes out: a sample of every kind goes in by every way, and is looked for in everything that is written or printed.

mod world;

use aho_corasick::AhoCorasick;
use audit::facts::{Bundle, Fact, Observation};
use audit::read::secret::{File, rules};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use engine::repo::{Progress, Reading};
use engine::store::{Draft, Store};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The longest that all of this may take, on a machine that does other things as well.
const LONGEST: Duration = Duration::from_secs(90);
/// Bytes at the end of a sample that no fixed word of its kind covers.
const TAIL: usize = 10;

/// A folder of this test, removed when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("launch-ready-canary-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn git(folder: &Path, args: &[&str]) {
    let who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    let ended = Command::new("git").current_dir(folder).args(who).args(args).output().unwrap();
    assert!(ended.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

/// All that a command says, and what it was asked.
fn said(args: &[&str]) -> Vec<u8> {
    let ended = Command::new(env!("CARGO_BIN_EXE_launch-ready")).args(args).output().unwrap();
    assert!(!ended.stdout.is_empty(), "{args:?}: {}", String::from_utf8_lossy(&ended.stderr));
    [ended.stdout, ended.stderr].concat()
}

/// The forms in which a value could stand in a text or a file.
fn forms(value: &[u8]) -> Vec<Vec<u8>> {
    let (mut hex, mut percent) = (String::new(), String::new());
    for byte in value {
        write!(hex, "{byte:02x}").unwrap();
        write!(percent, "%{byte:02x}").unwrap();
    }
    let wide = |order: fn(u16) -> [u8; 2]| value.iter().flat_map(|byte| order(u16::from(*byte))).collect::<Vec<u8>>();
    // Whole groups of three stand the same wherever the value begins; what is cut off depends on its neighbours.
    let groups = (0..3).map(|skip| &value[skip..skip + (value.len() - skip) / 3 * 3]);
    let base64 = groups.flat_map(|part| [STANDARD_NO_PAD.encode(part), URL_SAFE_NO_PAD.encode(part)]);
    let mut forms: Vec<Vec<u8>> = base64.map(String::into_bytes).collect();
    forms.extend([value.to_vec(), wide(u16::to_le_bytes), wide(u16::to_be_bytes)]);
    forms.extend([hex.to_uppercase(), hex, percent.to_uppercase(), percent].map(String::into_bytes));
    forms
}

/// Samples of every kind that is secret, with the end of each that may not come out.
fn samples() -> Vec<(String, Vec<u8>)> {
    let secret = rules().iter().filter(|rule| !rule.public);
    let texts = secret.flat_map(|rule| rule.yes.iter().map(|pieces| pieces.concat().trim_end().to_owned()));
    texts.map(|text| (text.clone(), text.as_bytes()[text.len() - TAIL..].to_vec())).collect()
}

fn fact<T>(value: T) -> Fact<T> {
    Fact::Seen { value, at: jiff::Timestamp::now(), from: "test".to_owned() }
}

/// A log of queries in which every sample is a value.
fn statements(samples: &[(String, Vec<u8>)]) -> String {
    let quoted = |text: &str| text.replace('\'', "''").replace(['\n', '\r'], " ");
    let line = |(at, (text, _)): (usize, &(String, Vec<u8>))| {
        let (value, name) = (quoted(text), quoted(&text.replace('"', "\"\"")));
        format!(
            "2026-11-21 08:00:0{}.001 UTC [7] LOG:  duration: 812.5 ms  statement: SELECT * FROM keys WHERE id = {at} AND value = '{value}' OR name IN ('{value}', $${value}$$, \"{name}\")\n",
            at % 10
        )
    };
    samples.iter().enumerate().map(line).collect()
}

/// What is said of journeys in whose files, and of recordings in whose requests and answers, every sample stands.
fn journeys(samples: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut told = String::new();
    for (text, _) in samples {
        let value = toml::Value::String(text.clone());
        let file = format!(
            "version = 1\n[[journey]]\nname = \"A\"\nkind = \"login\"\nbase = \"https://juniperdesk.example\"\n[[journey.step]]\npath = \"/\"\nform = {{ password = {value} }}\nheaders = {{ authorization = {value} }}\n"
        );
        told += &audit::read::journey::read(&file).unwrap_err().to_string();
    }
    for part in samples.chunks(20) {
        let entry = |(at, (text, _)): (usize, &(String, Vec<u8>))| {
            let pair = |name: &str| serde_json::json!({ "name": name, "value": text });
            serde_json::json!({
                "request": { "method": "POST", "url": format!("https://juniperdesk.example/step{at}"), "headers": [pair("Authorization"), pair("Cookie"), pair("X-Api-Key")],
                    "postData": { "mimeType": "application/x-www-form-urlencoded", "params": [pair("password"), pair("note")] } },
                "response": { "status": 200, "headers": [pair("Set-Cookie"), pair("X-Session")],
                    "content": { "mimeType": "text/html", "text": format!("<title>Boards</title><input type=\"hidden\" name=\"csrf\" value=\"{}\">", text.replace('"', "&quot;")) } },
            })
        };
        let har = serde_json::json!({ "log": { "entries": part.iter().enumerate().map(entry).collect::<Vec<_>>() } });
        match audit::read::journey::har::import(har.to_string().as_bytes(), None) {
            Ok(made) => told += &format!("{}{:?}", made.text, made.notes),
            Err(says) => told += &says,
        }
    }
    told.into_bytes()
}

fn read(folder: &Path, out: &mut Vec<u8>) {
    for path in fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
        if path.is_dir() { read(&path, out) } else { out.extend(fs::read(path).unwrap()) }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_key_comes_out_by_any_way() {
    let begun = Instant::now();
    let samples = samples();
    let (repo, own) = (Folder::new("repo"), Folder::new("own"));
    let whole: String = samples.iter().fold(String::new(), |all, (text, _)| all + text + "\n");
    for (number, (text, _)) in samples.iter().enumerate() {
        let past = repo.0.join(format!("past/file{number}.txt"));
        fs::create_dir_all(past.parent().unwrap()).unwrap();
        fs::write(past, text).unwrap();
    }
    git(&repo.0, &["init", "-q", "-b", "main"]);
    git(&repo.0, &["add", "-A"]);
    git(&repo.0, &["commit", "-q", "-m", "one"]);
    fs::rename(repo.0.join("past"), repo.0.join("src")).unwrap();
    git(&repo.0, &["add", "-A"]);
    git(&repo.0, &["commit", "-q", "-m", "two"]);
    fs::write(repo.0.join("staged.txt"), &whole).unwrap();
    git(&repo.0, &["add", "-A"]);
    let assigned = |(number, (text, _)): (usize, &(String, Vec<u8>))| format!("NAME_{number}='{text}'\n");
    let settings: String = samples.iter().enumerate().map(assigned).collect();
    let (list, log) = (own.0.join("production.env"), own.0.join("app.log"));
    fs::write(repo.0.join(".env"), &settings).unwrap();
    fs::write(&list, &settings).unwrap();
    let line = |(text, _): &(String, Vec<u8>)| format!("2026-11-21T08:00:00Z level=info request_id=a1 {text}\n");
    fs::write(&log, samples.iter().map(line).collect::<String>()).unwrap();

    let (path, log_path) = (repo.0.to_str().unwrap(), log.to_str().unwrap());
    let environment = format!("production={}", list.display());
    let cache = own.0.join("out/cache");
    let baseline = own.0.join("out/baseline.json");
    fs::create_dir_all(&cache).unwrap();
    let mut out = Vec::new();
    for format in ["text", "json", "sarif"] {
        out.extend(said(&["secrets", path, "--format", format]));
    }
    out.extend(said(&["secrets", path, "--staged", "--format", "json"]));
    out.extend(said(&["secrets", path, "--since", "HEAD~1", "--format", "json"]));
    let (cached, accepted) = (cache.to_str().unwrap(), baseline.to_str().unwrap());
    out.extend(said(&["secrets", path, "--cache", cached, "--baseline", accepted, "--accept", "known"]));
    out.extend(said(&["logs", log_path]));
    out.extend(said(&["env", path, "--environment", &environment, "--format", "json"]));
    let queries = own.0.join("queries.log");
    fs::write(&queries, statements(&samples)).unwrap();
    out.extend(said(&["db", "--log", queries.to_str().unwrap(), "--format", "json", "--fail-on", "critical"]));
    out.extend(said(&["db", "--log", queries.to_str().unwrap(), "--fail-on", "critical"]));
    out.extend(journeys(&samples));

    // A log of queries, and what a browser recorded of somebody who logs in.
    let (queries, recording) = (own.0.join("queries.log"), own.0.join("recording.har"));
    let query = |(text, _): &(String, Vec<u8>)| {
        let value = text.replace('\'', "''").replace('\n', " ");
        format!(
            "2026-11-21 08:00:00 UTC [1] LOG:  duration: 1.2 ms  statement: SELECT id FROM keys WHERE secret = '{value}'\n"
        )
    };
    fs::write(&queries, samples.iter().map(query).collect::<String>()).unwrap();
    let entry = |(text, _): &(String, Vec<u8>)| {
        serde_json::json!({
            "request": {
                "method": "POST",
                "url": "https://example.com/login",
                "headers": [{ "name": "Authorization", "value": text }, { "name": "Cookie", "value": format!("session={text}") }],
                "postData": {
                    "mimeType": "application/x-www-form-urlencoded",
                    "params": [{ "name": "password", "value": text }, { "name": "note", "value": text }],
                },
            },
            "response": { "status": 200, "content": { "mimeType": "text/html" } },
        })
    };
    let entries: Vec<serde_json::Value> = samples.iter().map(entry).collect();
    fs::write(&recording, serde_json::json!({ "log": { "entries": entries } }).to_string()).unwrap();
    out.extend(said(&["db", "--log", queries.to_str().unwrap(), "--format", "json"]));
    let import = Command::new(env!("CARGO_BIN_EXE_launch-ready")).arg("journey").arg("import").arg(&recording).output();
    let import = import.unwrap();
    assert!(!import.stdout.is_empty() || !import.stderr.is_empty());
    out.extend([import.stdout, import.stderr].concat());

    // The same as facts of a whole audit, in what the store writes and in every document.
    let lab = lab::Lab::start(std::time::SystemTime::now(), 1, &[]).await.unwrap();
    let mut facts = world::look(&lab).await;
    let mut script = File::new("https://juniperdesk.example/app.js", &[3; 32], false);
    script.feed(whole.as_bytes());
    let matches = script.finish();
    assert!(matches.len() > 200, "{}", matches.len());
    let reading = Reading { cache: Some(cache.clone()), ..Reading::new([3; 32]) };
    let has = audit::read::env::given("production", settings.as_bytes()).unwrap();
    let never = || false;
    let seen = [
        Observation::Bundle {
            fact: fact(Bundle { page: "https://juniperdesk.example/".to_owned(), scripts: vec![], matches }),
        },
        Observation::Tree { fact: fact(engine::repo::tree(&repo.0, &reading, &Progress::default()).unwrap()) },
        Observation::History { fact: fact(engine::repo::history(&repo.0, &reading, &Progress::default()).unwrap()) },
        Observation::Inventory {
            fact: fact(engine::inventory(&repo.0, [("production".to_owned(), has)], &never).unwrap()),
        },
        Observation::Log { fact: fact(engine::log(&log, &[3; 32], &never).unwrap()) },
        Observation::Queries { fact: fact(engine::queries(&queries, &never).unwrap()) },
    ];
    seen.iter().for_each(|one| facts.add(one.clone()));
    let store = Store::open(&own.0.join("out/store")).await.unwrap();
    let draft = Draft {
        client: String::new(),
        name: String::new(),
        target: facts.target.clone(),
        roadmap: "sd".to_owned(),
        demo: false,
    };
    let project = store.create_project(draft, jiff::Timestamp::now()).await.unwrap();
    let run = store.begin_run(project.id, &facts).await.unwrap();
    store.append(run, &seen).await.unwrap();
    let audit = audit::audit(&facts, audit::roadmap::by_id("sd").unwrap(), facts.finished.unwrap());
    let pictures = audit::picture::of(&facts, audit::roadmap::by_id("sd").unwrap(), &audit);
    let options = report::Options::default();
    out.extend(serde_json::to_vec(&facts).unwrap());
    out.extend(serde_json::to_vec(&audit).unwrap());
    out.extend(serde_json::to_vec(&pictures).unwrap());
    out.extend(report::json(&audit).unwrap().into_bytes());
    out.extend(report::text(&audit, false).into_bytes());
    out.extend(report::markdown(&audit, &facts, &options).into_bytes());
    out.extend(format!("{:?}", report::blocks(&audit, &facts, &options)).into_bytes());
    out.extend(report::pdf(&audit, &facts, &options).unwrap());
    out.extend(report::html(&audit, &facts, &options).unwrap().into_bytes());
    out.extend(format!("{:?}", report::csv(&audit, &facts).unwrap()).into_bytes());
    out.extend(format!("{:?}", report::preflight(&audit, &facts, &options)).into_bytes());
    store.close().await;
    read(&own.0.join("out"), &mut out);

    let mut words = Vec::new();
    let mut meant = Vec::new();
    for (text, tail) in &samples {
        for form in forms(tail) {
            words.push(form);
            meant.push(text);
        }
    }
    let search = AhoCorasick::new(&words).unwrap();
    let told: BTreeSet<String> = search
        .find_overlapping_iter(&out)
        .map(|hit| {
            let around = &out[hit.start().saturating_sub(60)..(hit.end() + 20).min(out.len())];
            let kind = rules().iter().find(|rule| {
                rule.yes.iter().any(|pieces| pieces.concat().trim_end() == meant[hit.pattern().as_usize()])
            });
            format!("{}: {}", kind.map_or("", |rule| rule.id.as_str()), String::from_utf8_lossy(around))
        })
        .take(20)
        .collect();
    assert!(told.is_empty(), "{told:#?}");
    // The search itself finds what is there, and every kind was met.
    let control = AhoCorasick::new(forms(b"stripe-secret-key")).unwrap();
    assert!(control.find(&out).is_some());
    let leaks = &facts.tree.as_ref().unwrap().seen().unwrap().leaks;
    let files: BTreeSet<&str> = leaks.iter().map(|leak| leak.path.as_str()).collect();
    // What has no name around it is taken for a key in what a browser loads only.
    let loaded = |text: &str| {
        let mut script = File::new("https://juniperdesk.example/one.js", &[3; 32], false);
        script.feed(text.as_bytes());
        !script.finish().is_empty()
    };
    let missed: Vec<String> = samples
        .iter()
        .enumerate()
        .filter(|(number, (text, _))| !files.contains(format!("src/file{number}.txt").as_str()) && !loaded(text))
        .map(|(_, (text, _))| text.chars().take(12).collect())
        .collect();
    assert!(missed.is_empty(), "samples that were not met at all: {missed:?}");
    println!(
        "{} samples, {} forms, {} kB searched, {:.1?}",
        samples.len(),
        words.len(),
        out.len() / 1000,
        begun.elapsed()
    );
    assert!(begun.elapsed() < LONGEST, "{:?}", begun.elapsed());
}
