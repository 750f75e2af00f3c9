//! Settings healthy, broken and unseen.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::Facts;
use crate::read::env::{Gathering, given};
use crate::testing::{blank, findings, seen, status, unseen};

/// Facts of a project with these files and environments.
pub(in crate::checks) fn project(files: &[(&str, &str)], environments: &[(&str, &str)]) -> Facts {
    let mut gathering = Gathering::default();
    files.iter().for_each(|(path, text)| gathering.add(path, text));
    for (name, list) in environments {
        gathering.environment(name, given(name, list.as_bytes()).unwrap());
    }
    let mut facts = blank();
    facts.inventory = Some(seen(gathering.finish()));
    facts
}

const CODE: (&str, &str) = ("src/a.ts", "use(process.env.DATABASE_URL)");

#[test]
fn a_project_whose_settings_are_listed_passes() {
    let facts = project(&[CODE, (".env.example", "DATABASE_URL=\n")], &[]);
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}

#[test]
fn secrets_for_visitors_unlisted_and_idle_names_are_told() {
    let code = ("src/b.ts", "use(process.env.NEXT_PUBLIC_MAIL_PASSWORD)");
    let found = findings(&CHECK, &project(&[CODE, code, (".env.example", "NEXT_PUBLIC_MAIL_PASSWORD=\nOLD=\n")], &[]));
    let told: Vec<_> = found.iter().map(|finding| (finding.subject.as_str(), finding.severity)).collect();
    assert_eq!(
        told,
        [
            ("NEXT_PUBLIC_MAIL_PASSWORD", Severity::High),
            (".env.example", Severity::Low),
            (".env.example", Severity::Low)
        ]
    );
    assert_eq!(found[1].fix.paste.as_deref(), Some("DATABASE_URL=\n"));
    assert_eq!(findings(&CHECK, &project(&[CODE], &[])).len(), 1);
}

#[test]
fn what_was_not_read_is_not_judged() {
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    let mut facts = blank();
    facts.inventory = Some(unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
