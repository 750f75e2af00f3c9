//! The report as a whole: the printed PDF read back by independent tools, and its Markdown, JSON and terminal twins.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "../fixture/mod.rs"]
mod fixture;
mod json;
mod paper;
#[path = "../tools/mod.rs"]
mod tools;
mod twins;

use audit::Audit;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static FACTS: LazyLock<audit::Facts> = LazyLock::new(fixture::facts);
static AUDIT: LazyLock<Audit> = LazyLock::new(|| fixture::audit(&FACTS));
static PDF: LazyLock<Vec<u8>> = LazyLock::new(|| report::pdf(&AUDIT, &FACTS, &fixture::options()).unwrap());

/// Whether an address may be opened from the document: where a standard is read, or where a mail service explains its records.
fn known(url: &str) -> bool {
    let services = ["_spf.google.com", "sendgrid.net"].map(|domain| audit::read::spf::of_domain(domain).unwrap());
    url.starts_with("https://www.rfc-editor.org/rfc/rfc") || services.iter().any(|service| service.docs == url)
}

fn tool(name: &str, arguments: &[&str]) -> Option<String> {
    tools::tool(&PDF, name, arguments)
}

/// What can be seen of a text, without the spaces and lines that setting changes.
fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !tools::MARKS.contains(c)).collect()
}

fn shown(text: &str) -> String {
    dense(&text.lines().map(|line| audit::read::text::clean(line, 4_000)).collect::<String>())
}

#[test]
fn what_the_work_changed_is_told_with_its_certainty() {
    let text = report::markdown(&AUDIT, &FACTS, &fixture::options());
    for part in [
        "40 % faster, surely",
        "Before: 19 Nov 2026",
        "Did not end well: 2 × the server failed (5xx); 1 × no answer in time.",
        "Rivera agreed to it for juniperdesk.example, to 30 users, 100 requests a second and 120 s at most.",
        "it says that it is asked too often, and asks to wait 30 s",
        "400 more needed",
    ] {
        assert!(text.replace('\\', "").contains(part), "{part}");
    }
    // An address without a baseline is no before and after.
    let mut alone = FACTS.clone();
    alone.measured.retain(|one| !one.baseline);
    let text = report::markdown(&AUDIT, &alone, &fixture::options());
    assert!(text.contains("No address was measured before and after a change.") && !text.contains("surely"));
}

#[test]
fn a_run_that_saw_nothing_still_makes_a_report() {
    let facts = audit::Facts::begin(FACTS.target.clone(), "sd", audit::facts::Scope::default(), FACTS.started);
    let audit = audit::audit(&facts, audit::roadmap::by_id("sd").unwrap(), fixture::now());
    assert!(report::pdf(&audit, &facts, &report::Options::default()).unwrap().starts_with(b"%PDF-1.7"));
    assert!(report::markdown(&audit, &facts, &report::Options::default()).contains("No record could be seen."));
    let unknown = Audit { roadmap: "none".to_owned(), stages: vec![], bar: vec![], ..audit };
    assert!(report::pdf(&unknown, &facts, &report::Options::default()).is_ok());
}

#[test]
fn what_only_a_header_holds_is_nowhere() {
    let kept = serde_json::to_string(&*FACTS).unwrap();
    assert!(kept.contains(fixture::CANARY), "the fixture holds it");
    let pdf = tool("pdftotext", &["-raw"]).unwrap_or_default();
    let markdown = report::markdown(&AUDIT, &FACTS, &fixture::options());
    for text in [pdf, markdown, report::json(&AUDIT).unwrap(), report::text(&AUDIT, false)] {
        assert!(!dense(&text).contains(fixture::CANARY));
    }
}

#[test]
fn nothing_hidden_reaches_a_reader() {
    let pdf = tool("pdftotext", &["-raw", "-enc", "UTF-8", "-nopgbrk"]).unwrap_or_default().replace(tools::MARKS, "");
    let markdown = report::markdown(&AUDIT, &FACTS, &fixture::options());
    for text in [pdf, markdown, report::text(&AUDIT, false)] {
        let hidden =
            text.chars().find(|c| (c.is_control() && *c != '\n') || ('\u{200b}'..='\u{202e}').contains(c) && *c != '…');
        assert_eq!(hidden.filter(|c| !('\u{2010}'..='\u{2027}').contains(c)), None);
    }
}

#[test]
fn what_people_attached_is_listed_with_its_hash() {
    let mut facts = FACTS.clone();
    let (hash, at) = ("a3f5".repeat(16), "2026-11-20T09:00:00Z");
    let piece =
        serde_json::json!({ "name": "drill.txt", "hash": hash, "bytes": 2048, "kind": "text", "by": "Bo", "at": at });
    let filed = audit::facts::Dossier { evidence: vec![serde_json::from_value(piece).unwrap()], ..Default::default() };
    facts.dossiers.insert("deploy.rollback_drill".to_owned(), filed);
    let audit = audit::audit(&facts, audit::roadmap::by_id("sd").unwrap(), fixture::now());
    let text = report::markdown(&audit, &facts, &fixture::options()).replace('\\', "");
    assert!(text.contains("How they are renewed") && text.contains("two weeks before the last day"));
    let (_, evidence) = text.split_once("Attached by people").unwrap();
    assert!(
        evidence.contains("drill.txt") && evidence.contains(&hash) && evidence.contains("2048 bytes"),
        "{evidence}"
    );
}

#[test]
fn what_roadmaps_rest_on_is_written() {
    let sections: Vec<&str> = report::sections::all().iter().map(|section| section.id).collect();
    let named: BTreeSet<&str> = audit::roadmap::all()
        .iter()
        .flat_map(|roadmap| &roadmap.stages)
        .flat_map(|stage| {
            stage
                .deliverables
                .iter()
                .flat_map(|row| &row.reports)
                .chain(stage.items.iter().flat_map(|row| &row.reports))
        })
        .map(String::as_str)
        .collect();
    for id in report::built() {
        // The summary in plain English opens the decision page.
        let section = if *id == "report.summary" { "report.go_no_go" } else { id };
        assert!(sections.contains(&section), "{id} has no section");
        assert!(named.contains(id), "no roadmap names {id}");
    }
}

#[test]
fn a_hostile_zone_cannot_make_the_report_endless() {
    use audit::facts::{DnsAnswer, Fact, Rcode, Record, RecordData};
    let mut facts = fixture::facts();
    let apex = facts.target.domain.clone();
    for name in [apex.clone(), format!("_dmarc.{apex}")] {
        let text = |at: usize| RecordData::Txt(vec![format!("v=DMARC1; {at} {}", "x".repeat(60_000))]);
        let records = (0..256).map(|at| Record { name: name.clone(), ttl: 1, data: text(at) }).collect();
        let value = DnsAnswer { rcode: Rcode::NoError, records };
        let fact = Fact::Seen { value, at: FACTS.started, from: "9.9.9.9:53".to_owned() };
        facts.dns.insert(format!("{name} TXT"), fact);
    }
    let markdown = report::markdown(&AUDIT, &facts, &fixture::options());
    assert!(markdown.len() < 1_000_000, "{} bytes", markdown.len());
    assert!(markdown.contains("256 × TXT") && markdown.contains("more records, which the facts hold"));
}

#[test]
fn a_reader_that_was_not_there_finds_each_part_of_the_handover() {
    let text = report::markdown(&AUDIT, &FACTS, &fixture::options());
    for part in [
        "Operating guide",
        "If something breaks",
        "A release broke something: go back",
        "72 hours",
        "Deploy note",
        "Release notes",
        "Demo day",
        "Regression list",
        "Protection policy",
        "Caching rules",
        "Owners and access",
        "Monitoring",
        "Who is called first",
        "Mail flows",
        "by the rules of Launch Ready",
        "one computer and its network",
        "End state, point by point",
    ] {
        assert!(text.contains(part), "{part}");
    }
}
