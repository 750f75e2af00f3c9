//! Proves that every question to a person has a form that fits, and what is filled in is read as it is meant.

use super::{FILE, Kind, List, Reading, all, cell, kept, of, refuse};
use crate::check::{Need, Status};
use crate::facts::{Answer, Choice, Facts};
use crate::testing::{blank, findings, now, status};
use crate::{Grade, State, checks, roadmap, waive};
use std::collections::BTreeSet;

/// Questions that have a table of their own elsewhere in the window.
const ELSEWHERE: [&str; 6] =
    ["dns.expected", "dns.subdomains", "env.inventory", "logs.coverage", "mail.spf", "secrets.rotation"];

fn answer(choice: Choice, cells: &[(&str, &str)]) -> Answer {
    let rows = cells.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Answer { choice, note: String::new(), evidence: String::new(), owner: String::new(), rows, at: now() }
}

fn told(key: &str, choice: Choice, cells: &[(&str, &str)]) -> Facts {
    let mut facts = blank();
    facts.answers.insert(kept(key).to_owned(), answer(choice, cells));
    facts
}

#[test]
fn every_form_parses_and_belongs_to_a_question() {
    let parsed = toml::from_str::<List>(FILE);
    assert!(parsed.is_ok(), "{}", parsed.err().unwrap());
    let mut seen = BTreeSet::new();
    let planned = roadmap::planned().iter().map(|check| check.id.as_str());
    let known: BTreeSet<&str> = checks::all().iter().map(|check| check.id).chain(planned).collect();
    for form in all() {
        assert!(form.fields.is_empty() != form.table.is_none(), "{:?} has fields or a table", form.of);
        for of in &form.of {
            assert!(seen.insert(of), "{of} has two forms");
            let row = roadmap::all().iter().flat_map(|roadmap| &roadmap.stages).any(|stage| {
                stage.items.iter().any(|item| item.id == *of && item.question.is_some())
                    || stage.deliverables.iter().any(|one| one.id == *of && one.question.is_some())
            });
            assert!(row || known.contains(of.as_str()) || form.question.is_some(), "{of} asks nothing");
        }
        let columns = form.table.iter().flat_map(|table| &table.columns);
        for field in form.fields.iter().chain(columns) {
            assert_eq!(field.options.is_empty(), field.kind != Kind::Choice, "{:?} {}", form.of, field.label);
            assert!(field.good.as_ref().is_none_or(|good| field.options.contains(good)), "{}", field.label);
        }
        if let Some(table) = &form.table {
            assert_eq!(table.columns[0].key, "", "{:?}", form.of);
        }
    }
}

#[test]
fn every_question_of_an_item_has_a_form_that_fits() {
    let has = |id: &str| of(id).is_some() || ELSEWHERE.contains(&id);
    for (_, item) in roadmap::all().iter().flat_map(roadmap::Roadmap::items) {
        if item.question.is_some() {
            let fits = has(&item.id) || item.checks.iter().any(|id| has(id));
            assert!(fits, "{} asks {:?} and offers a note only", item.id, item.question);
        }
    }
    for check in checks::all() {
        let person = check.needs == [Need::Person] && check.id != "handover.owners";
        assert!(!person || has(check.id), "{} has no form", check.id);
    }
}

#[test]
fn a_drill_is_judged_by_its_stopwatch() {
    let drill = checks::by_id("deploy.rollback_drill").unwrap();
    let cells = |took| [("took", took), ("on", "2026-01-01"), ("who", "Ada")];
    assert_eq!(status(drill, &told(drill.id, Choice::Yes, &cells("299"))), Status::Pass);
    let slow = told(drill.id, Choice::Yes, &cells("300"));
    assert_eq!(findings(drill, &slow)[0].says, "Time to be back: 5 min, where less than 5 min is asked for.");
    assert_eq!(status(drill, &slow), Status::Warn);
    assert_eq!(status(drill, &told(drill.id, Choice::Yes, &cells("299")[..1])), Status::CouldNotTell);
    assert_eq!(status(drill, &told(drill.id, Choice::No, &[])), Status::Fail);
    assert_eq!(status(drill, &blank()), Status::CouldNotTell);
}

#[test]
fn one_table_answers_for_owners_and_for_access() {
    let [owners, access] = ["handover.owners", "handover.access"].map(|id| checks::by_id(id).unwrap());
    let form = of(access.id).unwrap();
    let systems = &form.table.as_ref().unwrap().rows;
    let fill = |mfa: &'static str| {
        let cells = systems.iter().flat_map(|system| {
            let row = [("", "Ada"), ("second", "Bo"), ("kept", "password manager"), ("mfa", mfa), ("least", "yes")];
            row.map(|(column, text)| (cell(system, column), text.to_owned()))
        });
        let mut facts = told(access.id, Choice::Yes, &[]);
        facts.answers.get_mut(owners.id).unwrap().rows = cells.collect();
        facts
    };
    assert_eq!((status(owners, &fill("on")), status(access, &fill("on"))), (Status::Pass, Status::Pass));
    let off = findings(access, &fill("off"));
    assert_eq!(off.len(), systems.len());
    assert_eq!(off[0].subject, "Domain registrar: second factor");
    assert_eq!(status(owners, &fill("off")), Status::Pass);
    // An answer from before there was a table of access still names the owners.
    let old: Vec<_> = systems.iter().map(|system| (system.as_str(), "Ada")).collect();
    let old = told(owners.id, Choice::Yes, &old);
    assert_eq!((status(owners, &old), status(access, &old)), (Status::Pass, Status::CouldNotTell));
}

#[test]
fn days_counts_and_choices_are_read_as_they_are_meant() {
    let today = "2026-11-21".parse().unwrap();
    let read = |key: &str, roadmap: &str, cells: &[(&str, &str)]| {
        Reading::of(of(key).unwrap(), &answer(Choice::Yes, cells), roadmap, today)
    };
    let base = [("registrar", "INWX"), ("who", "Ada"), ("until", "2026-11-20")];
    let past = read("domain.registration", "sd", &base);
    assert_eq!(
        (past.slips[0].grade, past.slips[0].says.as_str()),
        (Grade::Fail, "Paid until: 20 Nov 2026 has passed.")
    );
    assert_eq!(past.proof[0], "Registrar: INWX");
    assert!(read("domain.registration", "sd", &[("until", "2026-11-21")]).slips.is_empty());
    assert_eq!(read("domain.registration", "sd", &[]).wanting, ["Registrar", "Who can sign in there"]);
    assert_eq!(read("domain.registration", "sd", &[("renews", "no")]).slips.len(), 1);
    let path = [("steps", "wiki"), ("by_hand", "3")];
    assert_eq!(read("deploy.release_path", "io", &path).slips.len(), 1);
    assert!(read("deploy.release_path", "sd", &path).slips.is_empty());
    assert_eq!(
        read("handover.sign_off", "cp", &[("on", "2026-12-24")]).slips[0].says,
        "Day: 24 Dec 2026 is still to come."
    );
    let table = read("CC4.2", "cc", &[("Prices", "10 minutes"), ("Offers\tpersonal", "yes")]);
    assert_eq!(table.wanting, ["Offers: kept for", "Prices: personal"]);
    assert_eq!(table.slips[0].says, "Offers: personal: yes, where it should be no.");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let says = |key: &str, choice, cells: &[(&str, &str)]| refuse(key, &answer(choice, cells)).err();
    let links = |uptime| [("uptime", uptime), ("errors", "https://a.example"), ("releases", "https://b.example/x")];
    assert_eq!(says("handover.links", Choice::Yes, &links("https://up.example")), None);
    for odd in ["up.example", "javascript:alert(1)", "https://me:word@up.example", "file:///etc/passwd"] {
        assert_eq!(
            says("handover.links", Choice::Yes, &links(odd)).unwrap(),
            "Uptime: write an address that begins with https://"
        );
    }
    assert_eq!(says("handover.sign_off", Choice::Yes, &[("who", "Ada")]).unwrap(), "still wanting: day");
    assert_eq!(says("handover.sign_off", Choice::No, &[("who", "Ada")]), None);
    let day = [("who", "Ada"), ("on", "yesterday")];
    assert_eq!(says("handover.sign_off", Choice::Yes, &day).unwrap(), "Day: write a day, such as 2026-12-31");
    let cells = [("DNS\tmfa", "maybe")];
    assert_eq!(says("handover.owners", Choice::Yes, &cells).unwrap(), "DNS: Second factor: write on or off");
    assert_eq!(says("handover.owners", Choice::NotApplicable, &cells), None);
    assert_eq!(says("SD3.F.1", Choice::Yes, &[]), None);
}

#[test]
fn a_row_without_a_check_takes_its_state_from_its_form() {
    let item = |facts: &Facts, id: &str| {
        let audit = crate::audit(facts, roadmap::by_id("cc").unwrap(), now());
        let items = audit.stages.into_iter().flat_map(|stage| stage.items);
        let found = items.into_iter().find(|item| item.id == id).unwrap();
        (found.state, found.says)
    };
    let today = waive::day(now());
    let signed = |on: String| told("CC7.S", Choice::Yes, &[("who", "Ada"), ("on", &on)]);
    assert_eq!(item(&signed(today.to_string()), "CC7.S").0, State::Done);
    let ahead = item(&signed((today + jiff::ToSpan::days(9)).to_string()), "CC7.S");
    assert_eq!(ahead.0, State::Attention);
    assert!(ahead.1.ends_with("is still to come."), "{}", ahead.1);
    let half = item(&told("CC7.S", Choice::Yes, &[("who", "Ada")]), "CC7.S");
    assert_eq!(half, (State::NeedsYou, "Still wanting: Day.".to_owned()));
    // Words alone, as answers were given before there were forms.
    assert_eq!(item(&told("CC7.S", Choice::Yes, &[]), "CC7.S").0, State::Done);
    assert_eq!(item(&told("deploy.rollback_path", Choice::No, &[]), "CC7.4").0, State::Failing);
}
