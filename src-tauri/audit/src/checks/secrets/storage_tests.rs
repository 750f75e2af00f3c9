//! Homes of secrets: told, unsafe, without an owner, old, and not told.

use super::CHECK;
use crate::check::{Severity, Status};
use crate::checks::env::inventory::tests::project;
use crate::facts::{Answer, Choice, Facts};
use crate::kept;
use crate::testing::{blank, findings, now, status};

fn answer(rows: &[(&str, &str)], choice: Choice) -> Answer {
    let rows = rows.iter().map(|(row, value)| ((*row).to_owned(), (*value).to_owned())).collect();
    let text = String::new;
    Answer { choice, note: text(), evidence: text(), owner: text(), rows, at: now() }
}

fn kept_so(rows: &[(&str, &str)]) -> Facts {
    let code = ("src/a.ts", "use(process.env.SESSION_SECRET, process.env.PAGE_SIZE)");
    let mut facts = project(&[code, ("src/a.test.ts", "use(process.env.TEST_SECRET)")], &[]);
    facts.answers.insert(kept::KEY.to_owned(), answer(rows, Choice::Yes));
    facts
}

const GOOD: [(&str, &str); 3] =
    [("SESSION_SECRET home", "platform"), ("SESSION_SECRET owner", "Ada"), ("SESSION_SECRET rotated", "2026-10-01")];

#[test]
fn a_secret_with_home_and_owner_passes() {
    assert_eq!(status(&CHECK, &kept_so(&GOOD)), Status::Pass);
    let own = [("SESSION_SECRET home", "Doppler"), ("SESSION_SECRET", "Ada")];
    assert_eq!(status(&CHECK, &kept_so(&own)), Status::Pass);
}

#[test]
fn unsafe_homes_missing_owners_and_old_values_are_told() {
    let found = |at: usize, value| {
        let mut rows = GOOD;
        rows[at].1 = value;
        findings(&CHECK, &kept_so(&rows)).into_iter().map(|one| one.severity).collect::<Vec<_>>()
    };
    assert_eq!(found(0, "code"), [Severity::High]);
    assert_eq!(found(0, "server"), [Severity::Medium]);
    assert_eq!(found(1, ""), [Severity::Medium]);
    assert_eq!(found(2, "2024-10-01"), [Severity::Low]);
    let mut facts = kept_so(&GOOD);
    facts.answers.insert(CHECK.id.to_owned(), answer(&[], Choice::No));
    assert_eq!(findings(&CHECK, &facts)[0].severity, Severity::High);
}

#[test]
fn what_nobody_told_is_not_judged() {
    assert_eq!(status(&CHECK, &kept_so(&[])), Status::CouldNotTell);
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    let mut facts = blank();
    facts.answers.insert(CHECK.id.to_owned(), answer(&[], Choice::NotApplicable));
    assert_eq!(status(&CHECK, &facts), Status::NotApplicable);
}
