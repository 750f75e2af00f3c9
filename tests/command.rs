//! The command as a newcomer and as CI use it: words, exit codes, files.

mod databases;
mod handover;
mod own;
mod recipes;

use std::path::PathBuf;
use std::process::{Command, Output};

fn launch_ready(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_launch-ready"))
        .args(args)
        .env_remove("LAUNCH_READY_COOKIE")
        .env_remove("LAUNCH_READY_TOKEN")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A path for a file that this test writes.
fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()))
}

#[test]
fn bad_input_gets_one_sentence_and_exit_2() {
    let long = "a".repeat(300);
    for typed in
        ["", "com", "localhost", "192.0.2.1", "https://example.com/pricing", "exa\u{7}mple.com", &long, "not a domain"]
    {
        let ended = launch_ready(&["audit", typed]);
        assert_eq!(ended.status.code(), Some(2), "{typed:?}");
        let says = text(&ended.stderr);
        assert_eq!(says.trim_end().lines().count(), 1, "{typed:?}: {says}");
        assert!(says.starts_with("launch-ready: ") && !says.contains('\u{7}'), "{says}");
    }
    for args in [
        &["audit", "example.com", "--roadmap", "xx"][..],
        &["audit", "example.com", "--resolver", "nowhere"],
        &["audit", "example.com", "--ca", "/does/not/exist"],
        &["audit", "example.com", "--route", "ftp://example.com/"],
        &["judge", "/does/not/exist"],
        &["demo", "--fault", "no-such-fault"],
        &["frobnicate"],
    ] {
        let ended = launch_ready(args);
        assert_eq!(ended.status.code(), Some(2), "{args:?}: {}", text(&ended.stderr));
        assert!(!ended.stderr.is_empty() && ended.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn journeys_are_read_and_agreed_to_before_anything_is_asked() {
    let (path, har) = (file("journeys.toml"), file("recording.har"));
    let begin = "version = 1\n[[journey]]\nname = \"Join\"\nkind = \"signup\"\nbase = \"https://example.com\"\n";
    let run = |steps: &str, more: &[&str]| {
        std::fs::write(&path, format!("{begin}{steps}")).unwrap();
        let ended = launch_ready(&[&["journey", path.to_str().unwrap()], more].concat());
        (ended.status.code(), text(&ended.stderr))
    };
    for (steps, more, says) in [
        ("[[journey.step]]\npath = \"join\"", &[][..], "line 7: path begins with /"),
        ("[[journey.step]]\npath = \"/a\"\nform = { password = \"hunter22\" }", &[], "line 8: password holds a value"),
        ("[[journey.step]]\npath = \"/a\"\nform = { a = \"b\" }", &[], "--agreed-by"),
        ("[[journey.step]]\npath = \"/a\"", &["--only", "Leave"], "there is no journey \"Leave\""),
        (
            "[[journey.step]]\npath = \"/{{secret.none-of-this-name}}\"",
            &[],
            "set LAUNCH_READY_SECRET_NONE_OF_THIS_NAME",
        ),
    ] {
        let (code, told) = run(steps, more);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(says) && !told.contains("hunter22"), "{told}");
    }
    std::fs::write(&har, r#"{"log": {"entries": [{"request": {"method": "GET", "url": "https://example.com/join"}, "response": {"status": 200, "content": {"mimeType": "text/html"}}}]}}"#).unwrap();
    let made = launch_ready(&["journey", "import", har.to_str().unwrap()]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    assert!(text(&made.stdout).contains("path = \"/join\"") && text(&made.stdout).contains("kind = \"signup\""));
    let wrong = launch_ready(&["journey", "import", path.to_str().unwrap()]);
    assert!(wrong.status.code() == Some(2) && text(&wrong.stderr).contains("no recording of a browser"));
}

#[test]
fn lists_hold_built_and_planned_checks_and_all_roadmaps() {
    let checks: serde_json::Value =
        serde_json::from_slice(&launch_ready(&["checks", "--format", "json"]).stdout).unwrap();
    let built = |wanted: bool| checks.as_array().unwrap().iter().filter(|row| row["built"] == wanted).count();
    assert_eq!(built(true), audit::checks::all().len());
    assert_eq!(built(false), audit::roadmap::planned().len());
    let roadmaps: serde_json::Value =
        serde_json::from_slice(&launch_ready(&["roadmaps", "--format", "json"]).stdout).unwrap();
    assert_eq!(roadmaps.as_array().unwrap().len(), 5);
    for roadmap in roadmaps.as_array().unwrap() {
        assert_eq!(roadmap["stages"].as_array().unwrap().len(), 7);
        for stage in roadmap["stages"].as_array().unwrap() {
            for rows in ["items", "deliverables", "signals"] {
                assert!(stage[rows].as_array().unwrap().iter().all(|row| row["id"].is_string()), "{rows}");
            }
        }
    }
}

#[test]
fn a_resolver_that_cannot_be_reached_ends_with_3_and_could_not_tell() {
    // A port that was just given back: nobody listens there.
    let port = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let resolver = format!("127.0.0.1:{port}");
    let facts = file("unseen.json");
    let ended = launch_ready(&[
        "audit",
        "example.com",
        "--resolver",
        &resolver,
        "--allow-private",
        "--format",
        "json",
        "--facts",
        facts.to_str().unwrap(),
    ]);
    assert_eq!(ended.status.code(), Some(3), "{}", text(&ended.stderr));
    let audit: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    let outcomes = audit["outcomes"].as_array().unwrap();
    assert!(
        outcomes
            .iter()
            .all(|outcome| ["could-not-tell", "not-applicable"].contains(&outcome["status"].as_str().unwrap()))
    );
    let again = launch_ready(&["judge", facts.to_str().unwrap(), "--format", "json"]);
    assert_eq!(again.status.code(), Some(3));
    assert_eq!(again.stdout, ended.stdout);
}

#[test]
fn the_demo_runs_finds_and_writes_its_report() {
    let [pdf, well] = ["demo.pdf", "healthy.json"].map(file);
    let folder = file("handover");
    std::fs::create_dir_all(&folder).unwrap();
    let broken = folder.join("facts.json");
    let [broken, well] = [&broken, &well].map(|path| path.to_str().unwrap());
    let ended = launch_ready(&["demo", "--pdf", pdf.to_str().unwrap(), "--facts", broken]);
    assert_eq!(ended.status.code(), Some(1), "{}", text(&ended.stderr));
    assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF-1.7"));
    let first = text(&ended.stdout);
    assert!(first.contains("If you have one hour") && first.contains("Besides the blockers"), "{first}");
    let healthy = launch_ready(&["demo", "--healthy", "--format", "json", "--facts", well]);
    assert_eq!(healthy.status.code(), Some(0), "{}", text(&healthy.stderr));
    let audit: serde_json::Value = serde_json::from_slice(&healthy.stdout).unwrap();
    assert_eq!(audit["verdict"], "conditional");
    assert!(audit["order"].as_array().unwrap().is_empty());

    // What got worse ends with 1, what got better with 0, and both say the same of the findings.
    let diff = |old: &str, new: &str, more: &[&str]| launch_ready(&[&["diff", old, new], more].concat());
    let [worse, better] = [diff(well, broken, &["--format", "json"]), diff(broken, well, &["--format", "json"])];
    assert_eq!((worse.status.code(), better.status.code()), (Some(1), Some(0)), "{}", text(&better.stderr));
    let [worse, better] =
        [worse, better].map(|ended| serde_json::from_slice::<serde_json::Value>(&ended.stdout).unwrap());
    let count = |diff: &serde_json::Value, kind: &str| {
        let counts = diff["counts"].as_array().unwrap();
        counts.iter().find(|one| one["kind"] == kind).map_or(0, |one| one["count"].as_u64().unwrap())
    };
    assert!(count(&worse, "new") > 10, "{}", worse["counts"]);
    assert_eq!((count(&worse, "fixed"), count(&better, "new")), (0, 0));
    assert_eq!(count(&better, "unchanged"), 0);
    assert_eq!(diff(well, well, &[]).status.code(), Some(0));
    assert!(text(&diff(well, well, &[]).stdout).contains("nothing is now"));
    let told = launch_ready(&["judge", broken, "--since", well, "--format", "markdown"]);
    assert!(text(&told.stdout).contains("It touches everybody who types the address"), "{}", text(&told.stderr));
    assert_eq!(diff(well, pdf.to_str().unwrap(), &[]).status.code(), Some(2));
    handover::of_facts(&folder);
}

/// The lines of the outcome of `dns.expected`: its status and its evidence.
fn drift(ended: &Output) -> (String, Vec<String>) {
    let audit: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    let outcomes = audit["outcomes"].as_array().unwrap();
    let outcome = outcomes.iter().find(|outcome| outcome["check"] == "dns.expected").unwrap();
    let findings = outcome["findings"].as_array().unwrap();
    let lines = findings.iter().flat_map(|finding| finding["evidence"].as_array().unwrap());
    let text = |line: &serde_json::Value| line.as_str().unwrap().to_owned();
    (text(&outcome["status"]), lines.map(text).collect())
}

/// A file that accepts for ten days whatever `dns.expected` found.
fn waivers(ended: &Output) -> std::path::PathBuf {
    let audit: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    let outcomes = audit["outcomes"].as_array().unwrap();
    let outcome = outcomes.iter().find(|outcome| outcome["check"] == "dns.expected").unwrap();
    let until = (jiff::Zoned::now().date() + jiff::Span::new().days(10)).to_string();
    let row = |finding: &serde_json::Value| {
        format!(
            "[[waiver]]\nof = \"dns.expected\"\nsubject = {}\nreason = \"meant\"\napprover = \"Ada\"\nuntil = \"{until}\"\n",
            finding["subject"]
        )
    };
    let path = file("waivers.toml");
    let rows: String = outcome["findings"].as_array().unwrap().iter().map(row).collect();
    std::fs::write(&path, rows).unwrap();
    path
}

#[test]
fn accepted_records_are_held_against_those_of_a_later_run() {
    let accepted = file("accepted.json");
    let path = accepted.to_str().unwrap();
    let saved = launch_ready(&["demo", "--healthy", "--save-expected", path, "--format", "json"]);
    assert_eq!((saved.status.code(), drift(&saved).0.as_str()), (Some(0), "could-not-tell"));
    let same = launch_ready(&["demo", "--healthy", "--expected", path, "--format", "json"]);
    assert_eq!((same.status.code(), drift(&same)), (Some(0), ("pass".to_owned(), vec![])));
    for (fault, sign, severity) in
        [("drift-set-added", '+', "low"), ("drift-set-removed", '-', "medium"), ("drift-text-changed", '±', "medium")]
    {
        let later = |format: &str, fail_on: &str, more: &[&str]| {
            let run = ["demo", "--fault", fault, "--expected", path, "--format", format, "--fail-on", fail_on];
            launch_ready(&[&run[..], more].concat())
        };
        let ended = later("json", severity, &[]);
        let (_, lines) = drift(&ended);
        assert_eq!(ended.status.code(), Some(1), "{fault}: {lines:?}");
        let has = |sign: char| lines.iter().any(|line| line.starts_with(&format!("{sign} ")));
        assert_eq!((has('-'), has('+')), (sign != '+', sign != '-'), "{fault}: {lines:?}");
        if fault == "drift-text-changed" {
            let ended = later("json", severity, &["--waivers", waivers(&ended).to_str().unwrap()]);
            assert_eq!((ended.status.code(), drift(&ended).0.as_str()), (Some(0), "waived"));
        }
        // The PDF and the Markdown print the same blocks.
        let pdf = file(&format!("{fault}.pdf"));
        let ended = later("markdown", "critical", &["--pdf", pdf.to_str().unwrap()]);
        assert_eq!(ended.status.code(), Some(0), "{fault}");
        assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF"), "{fault}");
        let printed = text(&ended.stdout);
        let section = printed.split("DNS drift").nth(2).or_else(|| printed.split("DNS drift").nth(1)).unwrap();
        assert!(section.contains("record sets were accepted, 1 record set changed"), "{fault}: {section}");
        let values = lines.iter().map(|line| line.splitn(4, ' ').nth(3).unwrap());
        assert!(values.clone().all(|value| section.contains(value)), "{fault}: {values:?}: {section}");
    }
    let broken = file("broken.json");
    std::fs::write(&broken, "{}").unwrap();
    assert_eq!(launch_ready(&["demo", "--expected", broken.to_str().unwrap()]).status.code(), Some(2));
}

#[test]
fn deliverables_rest_on_report_sections_that_exist() {
    assert_eq!(report::built(), audit::REPORTS);
}

/// The lab's record: `v=spf1 include:_spf.google.com include:spf.mtasv.net -all`.
#[tokio::test(flavor = "multi_thread")]
async fn spf_prints_the_result_word_of_the_rfc_first() {
    let lab = lab::Lab::start(std::time::SystemTime::now(), 1, &["spf-two"]).await.unwrap();
    let resolver = lab.wire().route(lab.resolver()).to_string();
    let from = format!("billing@{}", lab.domain());
    let ask = |ip: &'static str, from: &str, more: &'static [&'static str]| {
        let (resolver, from) = (resolver.clone(), from.to_owned());
        tokio::task::spawn_blocking(move || {
            let told = ["spf", "--ip", ip, "--from", &from, "--helo", "mail.example.net", "--resolver", &resolver];
            launch_ready(&[&told[..], more].concat())
        })
    };
    let two = ask("50.31.156.100", &from, &[]).await.unwrap();
    assert_eq!((text(&two.stdout).lines().next(), two.status.code()), (Some("permerror"), Some(1)));
    lab.switch("spf-two", false).unwrap();
    let passed = ask("50.31.156.100", &from, &[]).await.unwrap();
    let says = text(&passed.stdout);
    assert_eq!((says.lines().next(), passed.status.code()), (Some("pass"), Some(0)), "{says}");
    assert!(says.contains("ip4:50.31.156.96/27 → matches"), "{says}");
    let failed = ask("203.0.113.9", &format!("<{from}>"), &["--format", "json"]).await.unwrap();
    let told: serde_json::Value = serde_json::from_slice(&failed.stdout).unwrap();
    assert_eq!((told["result"].as_str(), failed.status.code()), (Some("fail"), Some(1)));
    assert_eq!(told["lookups"], 5);
    let none = ask("203.0.113.9", "a@nothing.juniperdesk.example", &[]).await.unwrap();
    assert_eq!((text(&none.stdout).lines().next(), none.status.code()), (Some("none"), Some(1)));
    // Of a domain alone: who may send, and what is to be published where somebody may who was not approved.
    let approved = file("senders.txt");
    let tree = |more: &[&str]| {
        let told = [&["spf", lab.domain(), "--resolver", &resolver], more].concat();
        let told: Vec<String> = told.into_iter().map(str::to_owned).collect();
        tokio::task::spawn_blocking(move || launch_ready(&told.iter().map(String::as_str).collect::<Vec<_>>()))
    };
    let open = tree(&[]).await.unwrap();
    let says = text(&open.stdout);
    assert_eq!((says.lines().next(), open.status.code()), (Some("pass"), Some(0)), "{says}");
    for wanted in ["include:_spf.google.com: Google Workspace", "\n· ", "5 of 10 look-ups", "nobody said yet"] {
        assert!(says.contains(wanted), "{wanted}: {says}");
    }
    let list = approved.to_str().unwrap();
    std::fs::write(&approved, "# the office\ninclude:_spf.google.com\ninclude:gone.example\n").unwrap();
    let one = tree(&["--senders", list]).await.unwrap();
    let (says, beside) = (text(&one.stdout), text(&one.stderr));
    assert_eq!((says.lines().next(), one.status.code()), (Some("fail"), Some(1)), "{says}");
    assert!(says.contains("\"v=spf1 include:_spf.google.com -all\""), "{says}");
    assert!(beside.contains("include:gone.example is approved, and the SPF record of juniperdesk.example"), "{beside}");
    std::fs::write(&approved, "v=spf1 include:_spf.google.com include:spf.mtasv.net -all").unwrap();
    assert_eq!(tree(&["--senders", list]).await.unwrap().status.code(), Some(0));
    std::fs::write(&approved, "# nobody\n").unwrap();
    assert_eq!(tree(&["--senders", list]).await.unwrap().status.code(), Some(2));
    for typed in
        [&["spf", "--ip", "here", "--from", "a@b.example", "--helo", "x"][..], &["spf"], &["spf", "--ip", "192.0.2.1"]]
    {
        assert_eq!(launch_ready(typed).status.code(), Some(2), "{typed:?}");
    }
}

#[test]
fn spf_without_a_resolver_that_answers_is_a_temporary_error() {
    let port = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let resolver = format!("127.0.0.1:{port}");
    let ended =
        launch_ready(&["spf", "--ip", "192.0.2.1", "--from", "a@example.com", "--helo", "x", "--resolver", &resolver]);
    assert_eq!((text(&ended.stdout).lines().next(), ended.status.code()), (Some("temperror"), Some(3)));
}

#[test]
fn reports_of_receivers_are_summed_by_sender() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cases/reports");
    let told = launch_ready(&["reports", folder]);
    let says = text(&told.stdout);
    assert_eq!(told.status.code(), Some(0), "{says}");
    assert!(says.starts_with("example.com: 2 reports of 2 days"), "{says}");
    assert!(says.contains("Postmark\n  123 messages, 123 proven (DKIM 123, SPF 0)\n  from 192.0.2.123"), "{says}");
    assert!(says.contains("senders that nothing names, proves nothing\n  31 messages"), "{says}");
    let json = launch_ready(&["reports", folder, "--domain", "example.com", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&json["reports"], &json["senders"][0]["proven"]), (&2.into(), &123.into()));
    for args in [&["reports", "/does/not/exist"][..], &["reports", env!("CARGO_MANIFEST_PATH")]] {
        let ended = launch_ready(args);
        assert_eq!((ended.status.code(), text(&ended.stderr).lines().count()), (Some(2), 1), "{args:?}");
    }
}

/// A project whose code requires two settings, in a folder of its own.
fn project(name: &str) -> PathBuf {
    let folder = file(name);
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let code = "const db = process.env.DATABASE_URL;\nconst mail = process.env.SMTP_PASSWORD;\nconst port = process.env.PORT ?? 3000;\n";
    std::fs::write(folder.join("src/server.ts"), code).unwrap();
    folder
}

#[test]
fn settings_that_production_lacks_end_with_1_and_no_value_is_told() {
    let folder = project("env");
    let (path, list) = (folder.to_str().unwrap(), folder.join("production.txt"));
    let given = format!("production={}", list.display());
    let canary = "tq8Wm3Zr5Yk1Xv7Bn9Hc2Jd4";
    std::fs::write(&list, format!("DATABASE_URL={canary}\nOLD_NAME={canary}\n")).unwrap();
    let ended = launch_ready(&["env", path, "--environment", &given]);
    let says = text(&ended.stdout);
    assert_eq!(ended.status.code(), Some(1), "{says}{}", text(&ended.stderr));
    assert!(says.contains("SMTP_PASSWORD  is missing, required by src/server.ts:2"), "{says}");
    assert!(says.contains("read by nothing: OLD_NAME") && !says.contains(&canary[..6]), "{says}");

    let ended = launch_ready(&["env", path, "--environment", &given, "--format", "json"]);
    let told: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(told["environments"]["production"]["missing"][0]["name"], "SMTP_PASSWORD");
    assert!(!text(&ended.stdout).contains(&canary[..6]));

    std::fs::write(&list, "DATABASE_URL\nSMTP_PASSWORD\n").unwrap();
    assert_eq!(launch_ready(&["env", path, "--environment", &given]).status.code(), Some(0));
    std::fs::write(&list, "nothing of use here\n").unwrap();
    for bad in [
        &["env", "/does/not/exist"][..],
        &["env", path, "--environment", "production"],
        &["env", path, "--environment", "production=/does/not/exist"],
        &["env", path, "--environment", &given],
    ] {
        let ended = launch_ready(bad);
        assert_eq!(ended.status.code(), Some(2), "{bad:?}");
        assert_eq!(text(&ended.stderr).trim_end().lines().count(), 1, "{bad:?}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_log_with_a_password_ends_with_1_and_does_not_repeat_it() {
    use std::io::Write;
    let folder = file("logs");
    std::fs::create_dir_all(&folder).unwrap();
    let (path, canary) = (folder.join("app.log"), "tq8Wm3Zr5Yk1Xv7Bn9Hc2Jd4");
    std::fs::write(
        &path,
        format!("level=info msg=hello\nlevel=info password={canary}\nAuthorization: Bearer {canary}\n"),
    )
    .unwrap();
    for args in [&["logs", path.to_str().unwrap()][..], &["logs", folder.to_str().unwrap(), "--format", "json"]] {
        let ended = launch_ready(args);
        let says = text(&ended.stdout);
        assert_eq!(ended.status.code(), Some(1), "{says}{}", text(&ended.stderr));
        assert!(says.contains("app.log") && says.contains("password=…"), "{says}");
        assert!((0..canary.len() - 4).all(|at| !says.contains(&canary[at..at + 4])), "{says}");
    }
    let mut piped = Command::new(env!("CARGO_BIN_EXE_launch-ready"))
        .arg("logs")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    piped.stdin.take().unwrap().write_all(b"level=info msg=hello\n").unwrap();
    let ended = piped.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert!(text(&ended.stdout).contains("Nothing was found"));
    assert_eq!(launch_ready(&["logs", "/does/not/exist"]).status.code(), Some(2));
    std::fs::remove_dir_all(folder).unwrap();
}

/// The example of RFC 8463 with one signature left, whose key stands in the lab.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_examined_with_the_keys_in_dns() {
    let lab = lab::Lab::start(std::time::SystemTime::now(), 1, &[]).await.unwrap();
    let resolver = lab.wire().route(lab.resolver()).to_string();
    let path = file("message.eml");
    let message = include_str!("cases/mail/rfc8463.txt").split_once("\n\n").unwrap().1;
    std::fs::write(&path, message.replace("football.example.com", lab.domain())).unwrap();
    let eml = path.to_str().unwrap().to_owned();
    let ended =
        tokio::task::spawn_blocking(move || launch_ready(&["mail", &eml, "--resolver", &resolver])).await.unwrap();
    let says = text(&ended.stdout);
    // The lab has a policy for the domain, and no such keys: nothing is proven, and nothing is guessed.
    assert_eq!((says.lines().next(), ended.status.code()), (Some("fail"), Some(1)), "{says}");
    assert!(says.contains("From: joe@juniperdesk.example\npolicy: quarantine at juniperdesk.example\n"), "{says}");
    assert!(
        says.contains("DKIM permerror juniperdesk.example (selector brisbane, ed25519-sha256): there is no key in DNS"),
        "{says}"
    );
    let nothing = file("nothing.eml");
    std::fs::write(&nothing, "\u{0}\u{1}").unwrap();
    assert_eq!(launch_ready(&["mail", nothing.to_str().unwrap()]).status.code(), Some(2));
}

/// A folder with a repository in which one key was committed and removed again, and another lies in a file.
fn leaky(name: &str) -> (PathBuf, [String; 2]) {
    let folder = file(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let git = |args: &[&str]| {
        let who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
        let ended = Command::new("git").current_dir(&folder).args(who).args(args).output().unwrap();
        assert!(ended.status.success(), "git {args:?}: {}", text(&ended.stderr));
    };
    let keys = [1, 2].map(|number| format!("sk_{}_{number}qZ7wK3xV9tB5nM2rL8dF4", "live"));
    git(&["init", "-q", "-b", "main"]);
    std::fs::write(folder.join("pay.js"), format!("\nconst k = '{}';\n", keys[0])).unwrap();
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "one"]);
    std::fs::write(folder.join("pay.js"), "const k = process.env.KEY;\n").unwrap();
    git(&["commit", "-q", "-am", "two"]);
    std::fs::write(folder.join("new file.js"), format!("k('{}')", keys[1])).unwrap();
    (folder, keys)
}

#[test]
fn secrets_are_found_told_in_three_forms_and_never_printed() {
    let (folder, keys) = leaky("leaky");
    let path = folder.to_str().unwrap();
    let plain = launch_ready(&["secrets", path]);
    assert_eq!(plain.status.code(), Some(1), "{}", text(&plain.stderr));
    let json = launch_ready(&["secrets", path, "--format", "json"]);
    assert_eq!(json.status.code(), Some(1));
    let told: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let finds = told["finds"].as_array().unwrap();
    assert_eq!(finds.len(), 2, "{finds:#?}");
    let old = finds.iter().find(|find| find["path"] == "pay.js").unwrap();
    assert_eq!(
        (&old["rule"], &old["line"], &old["place"]),
        (&"stripe-secret-key".into(), &2.into(), &"history".into())
    );
    assert!(old["commit"].as_str().unwrap().len() == 40 && old["fingerprint"].as_str().unwrap().len() == 16);
    let sarif = launch_ready(&["secrets", path, "--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_slice(&sarif.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    assert!(
        results
            .iter()
            .any(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "new%20file.js")
    );
    for ended in [&plain, &json, &sarif] {
        for key in &keys {
            assert!(!text(&ended.stdout).contains(&key[8..]) && !text(&ended.stderr).contains(&key[8..]));
        }
    }
    assert_eq!(launch_ready(&["secrets", path, "--staged"]).status.code(), Some(0));
    assert_eq!(launch_ready(&["secrets", path, "--since", "HEAD"]).status.code(), Some(0));
    assert_eq!(launch_ready(&["secrets", path, "--since", "nowhere"]).status.code(), Some(2));
    assert_eq!(launch_ready(&["secrets", "/does/not/exist"]).status.code(), Some(2));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_baseline_waives_what_is_known_and_stays_visible() {
    let (folder, _) = leaky("known");
    let path = folder.to_str().unwrap();
    let baseline = folder.join("known.json");
    let with =
        |more: &[&str]| launch_ready(&[&["secrets", path, "--baseline", baseline.to_str().unwrap()], more].concat());
    assert_eq!(with(&[]).status.code(), Some(2), "a baseline that is not there is no empty one");
    assert_eq!(with(&["--accept", "test account"]).status.code(), Some(0));
    let told: serde_json::Value = serde_json::from_slice(&with(&["--format", "json"]).stdout).unwrap();
    let finds = told["finds"].as_array().unwrap();
    assert_eq!(finds.iter().filter(|find| find["waived"]["reason"] == "test account").count(), 2);
    // A waiver that has run out counts again and is told; so is one that matches nothing.
    let mut held: serde_json::Value = serde_json::from_slice(&std::fs::read(&baseline).unwrap()).unwrap();
    held["finds"][0]["until"] = "2020-01-01T00:00:00Z".into();
    held["finds"][1]["path"] = "elsewhere.js".into();
    std::fs::write(&baseline, held.to_string()).unwrap();
    let ended = with(&[]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        text(&ended.stdout).contains("ran out on 2020-01-01") && text(&ended.stdout).contains("matches nothing"),
        "{}",
        text(&ended.stdout)
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_history_that_could_not_be_read_whole_is_not_called_clean() {
    let (folder, _) = leaky("damaged");
    let path = folder.to_str().unwrap();
    let git = |args: &[&str]| {
        let ended = Command::new("git").current_dir(&folder).args(args).output().unwrap();
        assert!(ended.status.success(), "git {args:?}: {}", text(&ended.stderr));
        text(&ended.stdout).trim().to_owned()
    };
    std::fs::remove_file(folder.join("new file.js")).unwrap();
    // Only the last commit is copied, and the key that was removed before it is out of sight.
    let copy = file("shallow");
    let _ = std::fs::remove_dir_all(&copy);
    git(&["clone", "-q", "--depth", "1", &format!("file://{path}"), copy.to_str().unwrap()]);
    let shallow = launch_ready(&["secrets", copy.to_str().unwrap()]);
    assert_eq!(shallow.status.code(), Some(3), "{}", text(&shallow.stdout));
    assert!(text(&shallow.stdout).contains("shallow"), "{}", text(&shallow.stdout));
    // The version that held the key is damaged.
    let id = git(&["rev-parse", "HEAD~1:pay.js"]);
    let object = folder.join(".git/objects").join(&id[..2]).join(&id[2..]);
    std::fs::remove_file(&object).unwrap();
    std::fs::write(&object, "damaged").unwrap();
    let damaged = launch_ready(&["secrets", path]);
    assert_eq!(damaged.status.code(), Some(3), "{}", text(&damaged.stdout));
    assert!(text(&damaged.stdout).contains("no key that must not be there in what was read"));
    for folder in [folder, copy] {
        std::fs::remove_dir_all(folder).unwrap();
    }
}

/// A server that answers each request after so many milliseconds.
fn answering(millis: u64) -> String {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let mut bytes = [0; 4096];
                while let Ok(1..) = stream.read(&mut bytes) {
                    std::thread::sleep(std::time::Duration::from_millis(millis));
                    if stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood").is_err() {
                        return;
                    }
                }
            });
        }
    });
    format!("http://{at}/")
}

#[test]
fn latency_is_held_against_a_target_and_an_earlier_run() {
    let (quick, slow) = (answering(1), answering(60));
    let saved = file("latency.json");
    let run = |url: &str, more: &[&str]| {
        let usual = ["latency", url, "--allow-private", "--requests", "25"];
        launch_ready(&[&usual[..], more].concat())
    };
    let first = run(&quick, &["--save", saved.to_str().unwrap()]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    assert!(text(&first.stdout).contains("p95 "), "{}", text(&first.stdout));
    assert!(text(&first.stdout).contains("p99 needs 75 samples more"), "{}", text(&first.stdout));
    let above = run(&slow, &["--target", "50"]);
    assert_eq!(above.status.code(), Some(1), "{}", text(&above.stdout));
    // A baseline of another address, and too few samples, are no reason to say that nothing changed.
    let other = run(&slow, &["--baseline", saved.to_str().unwrap(), "--fail-if-slower", "10%"]);
    assert_eq!(other.status.code(), Some(3), "{}", text(&other.stdout));
    assert!(text(&other.stdout).contains("not in the baseline"), "{}", text(&other.stdout));
    let nonsense = run(&quick, &["--baseline", "Cargo.toml"]);
    assert_eq!(nonsense.status.code(), Some(2));
    assert!(text(&nonsense.stderr).contains("no baseline"), "{}", text(&nonsense.stderr));
}

#[test]
fn load_names_who_agreed_and_stays_below_its_caps() {
    let url = answering(1);
    let nobody = launch_ready(&["load", &url, "--allow-private", "--consent", " "]);
    assert_eq!(nobody.status.code(), Some(2), "{}", text(&nobody.stdout));
    let much = launch_ready(&["load", &url, "--allow-private", "--consent", "Ada Alder", "--rate", "201"]);
    assert_eq!(much.status.code(), Some(2));
    assert!(text(&much.stderr).contains("201 requests a second"), "{}", text(&much.stderr));
    let usual = ["load", &url, "--allow-private", "--consent", "Ada Alder", "--rate", "50", "--duration", "1"];
    let held = launch_ready(&[&usual[..], &["--ramp", "0", "--format", "json"]].concat());
    assert_eq!(held.status.code(), Some(0), "{}", text(&held.stderr));
    let told: serde_json::Value = serde_json::from_slice(&held.stdout).unwrap();
    assert_eq!(told["agreed"]["by"], "Ada Alder");
    assert_eq!(told["measured"]["answered"], 50);
}

#[tokio::test]
async fn a_project_goes_from_one_folder_to_another_as_one_file() {
    use engine::store::{Draft, Store};
    let (one, two, parcel) = (file("one"), file("two"), file("acme.launchready"));
    let store = Store::open(&one).await.unwrap();
    let target = audit::read::domain::parse("acme.example").unwrap();
    let draft = Draft { client: "Acme".into(), name: "Books".into(), target, roadmap: "sd".into(), demo: false };
    let project = store.create_project(draft, jiff::Timestamp::now()).await.unwrap();
    store.keep_private_note(project.id, "the budget is small").await.unwrap();
    store.close().await;
    let run = |args: &[&str]| launch_ready(&[&["project"], args].concat());
    let [from, to, path] = [&one, &two, &parcel].map(|path| path.to_str().unwrap());
    let wrong = run(&["export", "other.example", "--state", from, "--out", path]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("it holds acme.example"), "{}", text(&wrong.stderr));
    let written = run(&["export", "acme.example", "--state", from, "--out", path]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    assert!(text(&written.stdout).contains("Private notes are not in the file"), "{}", text(&written.stdout));
    let again = run(&["export", "acme.example", "--state", from, "--out", path]);
    assert_eq!(again.status.code(), Some(2), "it wrote over a file");
    let taken = run(&["import", path, "--state", to]);
    assert_eq!(taken.status.code(), Some(0), "{}", text(&taken.stderr));
    assert!(text(&taken.stdout).starts_with("Books of Acme, project "), "{}", text(&taken.stdout));
    let nonsense = run(&["import", "Cargo.toml", "--state", to]);
    assert_eq!(nonsense.status.code(), Some(2));
    let says = text(&nonsense.stderr);
    assert!(says.contains("nothing was taken from this file"), "{says}");
    let store = Store::open(&two).await.unwrap();
    let names: Vec<String> = store.projects().await.unwrap().into_iter().map(|project| project.name).collect();
    assert_eq!(names, ["Books"]);
    store.close().await;
    for folder in [one, two] {
        std::fs::remove_dir_all(folder).unwrap();
    }
    std::fs::remove_file(parcel).unwrap();
}
