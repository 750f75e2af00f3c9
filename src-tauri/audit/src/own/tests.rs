//! Own rows: read with the line of what is wrong, judged from facts alone, and never guessed.

use super::{PROBE, read, sign};
use crate::check::Severity;
use crate::facts::{Answer, Choice, DnsAnswer, Exchange, Fact, Facts, Header, Rcode, Record, RecordData, Target};
use crate::testing::{blank, now};
use crate::{State, Status, Why};

/// The file that the command's help shows.
const FILE: &str = include_str!("../../../../assets/recipes/own.toml");

fn target() -> Target {
    Target { name: "acme.com".to_owned(), domain: "acme.com".to_owned() }
}

fn facts(text: &str) -> Facts {
    let mut facts = blank();
    facts.target = target();
    facts.own = Some(read(text, &target()).unwrap());
    facts
}

fn answers(facts: &mut Facts, url: &str, status: u16, headers: &[(&str, &str)], signs: &[String]) {
    let headers = headers.iter().map(|(name, value)| Header { name: (*name).to_owned(), value: (*value).to_owned() });
    let mut value = Exchange {
        method: "GET".to_owned(),
        url: url.to_owned(),
        sent: vec![],
        signed_in: false,
        address: "192.0.2.7:443".to_owned(),
        version: "HTTP/2".to_owned(),
        status,
        headers: headers.collect(),
        location: None,
        took_ms: 20,
        body: crate::facts::BodySeen::default(),
    };
    value.body.signs = signs.to_vec();
    let fact = Fact::Seen { value, at: now(), from: String::new() };
    facts.exchanges.insert(format!("{PROBE} {url}"), fact);
}

fn cut(facts: &mut Facts, url: &str) {
    let Some(Fact::Seen { value, .. }) = facts.exchanges.get_mut(&format!("{PROBE} {url}")) else { panic!() };
    value.body.truncated = true;
}

fn record(facts: &mut Facts, name: &str, data: RecordData) {
    let key = format!("{name} {}", data.rtype());
    let records = vec![Record { name: name.to_owned(), ttl: 300, data }];
    let value = DnsAnswer { rcode: Rcode::NoError, records };
    facts.dns.insert(key, Fact::Seen { value, at: now(), from: String::new() });
}

fn audit(facts: &Facts) -> crate::Audit {
    crate::audit(facts, crate::roadmap::by_id("sd").unwrap(), now())
}

fn state(audit: &crate::Audit, id: &str) -> State {
    let mut items = audit.stages.iter().flat_map(|stage| &stage.items);
    items.find(|item| item.id == id).unwrap_or_else(|| panic!("no row {id}")).state
}

#[test]
fn the_example_is_read_and_stands_in_its_stages() {
    let own = read(FILE, &target()).unwrap();
    assert_eq!(own.rows.len(), 3);
    assert_eq!(own.rows[0].http[0].url, "https://acme.com/pricing");
    assert_eq!(own.rows[1].dns[0].name, "status.acme.com");
    let told = audit(&facts(FILE));
    let of = |number: u8| {
        let stage = told.stages.iter().find(|stage| stage.number == number).unwrap();
        stage.items.last().unwrap().id.clone()
    };
    assert_eq!((of(4), of(2)), ("OWN.pricing".to_owned(), "OWN.status-page".to_owned()));
    // Nothing was looked at yet, and nothing is guessed.
    assert_eq!(state(&told, "OWN.pricing"), State::Unsure);
    let outcome = told.outcome("own.pricing").unwrap();
    assert_eq!((outcome.status, outcome.unseen[0].why), (Status::CouldNotTell, Why::NotLooked));
    assert_eq!(state(&told, "OWN.support"), State::NeedsYou);
}

#[test]
fn what_was_seen_is_held_against_what_is_expected() {
    let mut seen = facts(FILE);
    let url = "https://acme.com/pricing";
    let there = [sign("Start your free trial", true)];
    answers(&mut seen, url, 200, &[("cache-control", "no-store")], &there);
    record(&mut seen, "status.acme.com", RecordData::Cname("Acme.Statuspage.example.".to_owned()));
    let told = audit(&seen);
    assert_eq!(told.outcome("own.pricing").unwrap().status, Status::Pass);
    assert_eq!(state(&told, "OWN.pricing"), State::Done);
    assert_eq!(told.outcome("own.status_page").unwrap().status, Status::Pass);

    answers(&mut seen, url, 404, &[("cache-control", "max-age=60")], &[sign("Start your free trial", false)]);
    record(&mut seen, "status.acme.com", RecordData::Cname("elsewhere.example.".to_owned()));
    let told = audit(&seen);
    let outcome = told.outcome("own.pricing").unwrap();
    assert_eq!(
        outcome.findings[0].says,
        "https://acme.com/pricing answers with status 404 instead of 200, and sends cache-control: max-age=60 instead of no-store, and has a body without \"Start your free trial\"."
    );
    assert_eq!(outcome.findings[0].severity, Severity::High);
    assert_eq!((state(&told, "OWN.pricing"), state(&told, "OWN.status-page")), (State::Failing, State::Failing));
    // It stands in the fix order, and against the launch like any other finding of its weight.
    let step = told.order.iter().find(|step| step.check == "own.pricing").unwrap();
    assert_eq!(step.items, ["OWN.pricing"]);
    assert_eq!(told.verdict, crate::Launch::NoGo);

    // Where the page was cut before the words came, nobody knows; what is wrong besides is still told.
    answers(&mut seen, url, 200, &[("cache-control", "no-store")], &[sign("Start your free trial", false)]);
    cut(&mut seen, url);
    assert_eq!(audit(&seen).outcome("own.pricing").unwrap().status, Status::CouldNotTell);
    answers(&mut seen, url, 500, &[("cache-control", "no-store")], &[sign("Start your free trial", false)]);
    cut(&mut seen, url);
    assert_eq!(audit(&seen).outcome("own.pricing").unwrap().status, Status::Fail);

    // Words that were added after the run were not looked for.
    answers(&mut seen, url, 200, &[("cache-control", "no-store")], &[sign("other words", false)]);
    assert_eq!(audit(&seen).outcome("own.pricing").unwrap().status, Status::CouldNotTell);
}

#[test]
fn saved_facts_are_judged_by_the_same_rows_and_a_row_is_answered_and_accepted_like_any_other() {
    let mut seen = facts(FILE);
    let told = audit(&seen);
    let mut items = told.stages.iter().flat_map(|stage| &stage.items);
    assert_eq!(items.clone().filter(|item| item.own).count(), 3);
    assert_eq!(items.find(|item| item.id == "OWN.support").unwrap().answers_to.as_deref(), Some("OWN.support"));
    let again: Facts = serde_json::from_str(&serde_json::to_string(&seen).unwrap()).unwrap();
    assert_eq!(audit(&again), told);

    let text = String::new;
    let (note, evidence, owner) = (text(), text(), text());
    let answer = Answer { choice: Choice::Yes, note, evidence, owner, rows: [].into(), at: now() };
    seen.answers.insert("OWN.support".to_owned(), answer);
    assert_eq!(state(&audit(&seen), "OWN.support"), State::Done);
    seen.answers.clear();
    let file =
        "[[waiver]]\nof = \"OWN.support\"\nreason = \"nobody is awake\"\napprover = \"Dana\"\nuntil = \"2026-12-01\"\n";
    seen.waivers = crate::read::waivers::parse(file, now()).unwrap();
    assert_eq!(state(&audit(&seen), "OWN.support"), State::Waived);
    // Without the rows nothing of them is left, and the acceptance is told to cover nothing.
    seen.own = None;
    let told = audit(&seen);
    assert!(told.stages.iter().flat_map(|stage| &stage.items).all(|item| !item.own));
    assert_eq!(told.waivers[0].standing, crate::waive::Standing::Needless);
}

#[test]
fn two_expectations_of_one_address_are_two_findings() {
    let text = "version = 1\n[[row]]\nid = \"a\"\nstage = 2\ntitle = \"t\"\nwhy = \"w\"\nhttp = [{ url = \"/\", status = 200 }, { url = \"https://acme.com\", header = \"x-a\" }]\n";
    let mut seen = facts(text);
    answers(&mut seen, "https://acme.com/", 404, &[], &[]);
    let told = audit(&seen);
    let subjects: Vec<&str> = told.outcome("own.a").unwrap().findings.iter().map(|one| one.subject.as_str()).collect();
    assert_eq!(subjects, ["https://acme.com/", "https://acme.com/ #2"]);
    assert_eq!(told.outcome("own.a").unwrap().findings[1].evidence[0], "expected: a header x-a");
}

#[test]
fn records_are_compared_as_they_mean() {
    let row = |value: &str, rtype: &str| {
        format!(
            "version = 1\n[[row]]\nid = \"a\"\nstage = 2\ntitle = \"t\"\nwhy = \"w\"\n[[row.dns]]\nname = \"@\"\ntype = \"{rtype}\"\nvalue = '{value}'\n"
        )
    };
    for (wanted, rtype, data, status) in [
        ("10 MX.acme.com.", "mx", RecordData::Mx { preference: 10, exchange: "mx.acme.com".to_owned() }, Status::Pass),
        ("20 mx.acme.com", "MX", RecordData::Mx { preference: 10, exchange: "mx.acme.com".to_owned() }, Status::Fail),
        ("\"token=Ab\"", "TXT", RecordData::Txt(vec!["token=".to_owned(), "Ab".to_owned()]), Status::Pass),
        ("token=ab", "TXT", RecordData::Txt(vec!["token=Ab".to_owned()]), Status::Fail),
        ("192.0.2.7", "A", RecordData::A("192.0.2.7".parse().unwrap()), Status::Pass),
    ] {
        let mut seen = facts(&row(wanted, rtype));
        record(&mut seen, "acme.com", data);
        assert_eq!(audit(&seen).outcome("own.a").unwrap().status, status, "{rtype} {wanted}");
    }
}

#[test]
fn what_cannot_be_used_is_told_with_its_line() {
    let row = |more: &str| format!("version = 1\n\n[[row]]\nid = \"a\"\nstage = 2\ntitle = \"t\"\nwhy = \"w\"\n{more}");
    let key = format!("question = \"{}_{}\"", "sk_live", "4eC39HqLyjWDarjtT1zdp7dc");
    let http = |wish: &str| row(&format!("http = [{{ {wish} }}]"));
    for (text, says) in [
        (row(""), "line 3: this row asks nothing; write a question"),
        (row("question = \"q\"\ncolour = 1"), "line 9: unknown field `colour`"),
        (row("question = 7"), "line 8: invalid type"),
        (row(&key), "line 8: question holds a key itself"),
        (row("question = \"q\"").replace("version = 1", "version = 2"), "line 1: write version = 1"),
        (row("question = \"q\"").replace("stage = 2", "stage = 8"), "line 5: write the stage"),
        (row("question = \"q\"").replace("id = \"a\"", "id = \"A b\""), "line 4: an id is 1 to 40"),
        (
            format!("{}{}", row("question = \"q\"\n"), row("question = \"q\"").replace("version = 1", "")),
            "line 12: two rows have the id a",
        ),
        (http("url = \"https://evil.example/\", status = 200"), "line 8: \"https://evil.example/\" is neither"),
        (http("url = \"https://acme.com.evil.example/\", status = 200"), "only those are asked"),
        (http("url = \"https://me:pw@acme.com/\", status = 200"), "only those are asked"),
        (http("url = \"https://acme.com:8080/\", status = 200"), "only those are asked"),
        (http("url = \"//evil.example/\", status = 200"), "only those are asked"),
        (http("url = \"/\\\\evil.example/\", status = 200"), "only those are asked"),
        (http("url = \"pricing\", status = 200"), "only those are asked"),
        (http("url = \"file:///etc/passwd\", status = 200"), "only those are asked"),
        (http("url = \"/\""), "say what / has to answer"),
        (http("url = \"/\", status = 999"), "a status is a number"),
        (http("url = \"/\", status = 503"), "mean \"not now\""),
        (http("url = \"/\", colour = 1"), "unknown field `colour`"),
        (row("question = \"q\"").replace("why = \"w\"", ""), "line 3: missing field `why`; write it there"),
        (row("question = \"q\"\nseverity = \"big\""), "line 9: unknown variant `big`"),
        (row("question = \"q").to_owned(), "line 8: "),
        (row(&format!("question = \"{}\"", "q".repeat(301))), "line 8: write question in 1 to 300 characters"),
        (http("url = \"/\", header = \"set-cookie\""), "cannot be expected"),
        (http("url = \"/\", status = 200, equals = \"x\""), "name the header too"),
        (row("dns = [{ name = \"a b\", type = \"A\", value = \"1\" }]"), "is no name below acme.com"),
        (row("dns = [{ name = \"@\", type = \"A\", value = \"192.0.2\" }]"), "is one address"),
        (row("dns = [{ name = \"a\", type = \"ANY\", value = \"1\" }]"), "the type of a record is one of"),
        ("x".repeat(70_000), "larger than 64 kB"),
    ] {
        let why = read(&text, &target()).unwrap_err();
        assert!(why.contains(says), "{why:?} does not say {says:?}");
    }
    let many: String = (0..101)
        .map(|at| format!("[[row]]\nid = \"r{at}\"\nstage = 1\ntitle = \"t\"\nwhy = \"w\"\nquestion = \"q\"\n"))
        .collect();
    assert!(read(&format!("version = 1\n{many}"), &target()).unwrap_err().contains("more than 100 rows"));
}

#[test]
fn a_file_that_was_torn_and_mixed_is_read_or_told_in_one_bounded_line() {
    let mut random = fastrand::Rng::with_seed(19);
    let words = [
        "[[row]]",
        "[[row.http]]",
        "id = ",
        "\"",
        "'''",
        "stage = -9",
        "{",
        "url = \"//x\"",
        "\n",
        "\u{202e}",
        "=",
        "[[[",
    ];
    let mut read_well = 0;
    for _ in 0..1_500 {
        let mut text: Vec<char> = FILE.chars().collect();
        for _ in 0..random.usize(1..5) {
            let at = random.usize(..=text.len());
            let end = random.usize(at..=text.len().min(at + 60));
            let word = words[random.usize(..words.len())];
            drop(text.splice(at..end, word.chars()));
        }
        match read(&text.into_iter().collect::<String>(), &target()) {
            Ok(own) => {
                read_well += 1;
                let mut urls = own.rows.iter().flat_map(|row| &row.http).map(|wish| &wish.url);
                assert!(urls.all(|url| url.starts_with("https://acme.com/")), "{own:?}");
            }
            Err(why) => assert!(why.chars().count() < 700 && !why.contains(['\n', '\u{202e}']), "{why:?}"),
        }
    }
    assert!((100..1_400).contains(&read_well), "{read_well}");
}

#[test]
fn deep_files_are_refused_before_anything_recurses_into_them() {
    let row = "[[row]]\nid = \"a\"\nstage = 1\ntitle = \"t\"\nwhy = \"w\"\n";
    for deep in [
        format!("question = {}", "[".repeat(60_000)),
        format!("question = {}", "{a=".repeat(20_000)),
        format!("{}x = 1", "a.".repeat(30_000)),
        format!("[{}x]", "row.".repeat(15_000)),
        "[[row.http]]\n".repeat(4_000),
    ] {
        let why = read(&format!("version = 1\n{row}{deep}"), &target()).unwrap_err();
        let told = why.starts_with("line ") || why.starts_with("it is nested too deep");
        assert!(told && why.chars().count() < 700, "{why}");
    }
}

#[test]
fn a_record_that_only_an_own_row_asks_for_is_no_drift() {
    let mut seen = facts(FILE);
    record(&mut seen, "acme.com", RecordData::A("192.0.2.7".parse().unwrap()));
    let accepted = crate::drift::accept(&seen, now());
    record(&mut seen, "status.acme.com", RecordData::Cname("elsewhere.example".to_owned()));
    assert_eq!(crate::drift::diff(&accepted, &seen).0, vec![]);
    // What was accepted drifts, whoever names it besides.
    let accepted = crate::drift::accept(&seen, now());
    record(&mut seen, "status.acme.com", RecordData::Cname("nobody.example".to_owned()));
    assert_eq!(crate::drift::diff(&accepted, &seen).0.len(), 1);
    seen.own = None;
    assert_eq!(crate::drift::diff(&crate::drift::accept(&blank(), now()), &seen).0.len(), 2);
}
