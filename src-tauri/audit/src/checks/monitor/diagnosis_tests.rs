//! monitor.diagnosis: a quiet record, outages that are open, over, unnamed or come again, a watch that ended; and a person's word.

use super::CHECK;
use crate::check::{Severity, Status};
use crate::facts::{Choice, Facts};
use crate::testing::{answered, blank, findings, now, status, watched};
use crate::watch::{Cause, Change, SELF, Standing};
use jiff::ToSpan;

const ROUTE: &str = "https://example.com/";

fn change(hours_ago: i64, standing: Standing, cause: Option<Cause>) -> Change {
    let since = now().checked_sub(hours_ago.hours()).unwrap();
    let says = "what was seen".to_owned();
    Change { subject: ROUTE.to_owned(), standing, cause, says, since, before: None }
}

/// A record with these changes, the newest first.
fn facts(changes: Vec<Change>) -> Facts {
    let mut facts = blank();
    let mut watched = watched(ROUTE, 60, 72, 60, 180);
    watched.changes = changes;
    facts.watched = Some(watched);
    facts
}

fn outages(count: i64, cause: Cause) -> Vec<Change> {
    let one = |at: i64| [change(at * 2, Standing::Well, None), change(at * 2 + 1, Standing::Down, Some(cause))];
    (0..count).flat_map(one).collect()
}

#[test]
fn a_quiet_record_and_an_outage_that_was_named_and_is_over_pass() {
    assert_eq!(status(&CHECK, &facts(vec![])), Status::Pass);
    assert_eq!(status(&CHECK, &facts(outages(2, Cause::Dns))), Status::Pass);
    let mut own = change(1, Standing::Unsure, Some(Cause::OwnNetwork));
    own.subject = SELF.to_owned();
    assert_eq!(status(&CHECK, &facts(vec![own])), Status::Pass, "the product is not to blame");
}

#[test]
fn an_open_outage_is_told_with_its_cause_and_what_to_do_first() {
    for cause in [Cause::Dns, Cause::Connection, Cause::Tls, Cause::Status, Cause::Content, Cause::ThirdParty] {
        let found = findings(&CHECK, &facts(vec![change(300, Standing::Down, Some(cause))]));
        assert_eq!((found.len(), found[0].severity), (1, Severity::High), "{found:?}");
        assert!(found[0].says.contains(cause.name()) && found[0].fix.says.len() > 60, "{found:?}");
    }
}

#[test]
fn the_same_cause_again_and_again_and_one_without_a_name_are_told() {
    let found = findings(&CHECK, &facts(outages(3, Cause::Connection)));
    assert_eq!((found.len(), found[0].severity), (1, Severity::Medium), "{found:?}");
    assert!(found[0].says.contains("3 times") && found[0].evidence.len() == 3, "{found:?}");
    let mut mixed = outages(2, Cause::Connection);
    mixed.extend(outages(2, Cause::Status));
    assert_eq!(status(&CHECK, &facts(mixed)), Status::Pass, "two by each cause may be chance");
    let found = findings(&CHECK, &facts(vec![change(1, Standing::Well, None), change(2, Standing::Down, None)]));
    assert_eq!((found.len(), found[0].severity), (1, Severity::Low), "{found:?}");
    let old = facts(vec![change(200, Standing::Well, None), change(201, Standing::Down, None)]);
    assert_eq!(status(&CHECK, &old), Status::Pass, "longer than a week ago");
}

#[test]
fn a_watch_that_ended_names_nothing() {
    let mut ended = facts(outages(1, Cause::Dns));
    if let Some(watched) = &mut ended.watched {
        watched.last = now().checked_sub(5.hours()).unwrap();
    }
    assert!(findings(&CHECK, &ended)[0].says.contains("Nobody would name"), "{:?}", findings(&CHECK, &ended));
}

#[test]
fn without_a_record_a_person_is_asked() {
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    assert_eq!(status(&CHECK, &answered(&CHECK, Choice::Yes)), Status::Pass);
    assert_eq!(status(&CHECK, &answered(&CHECK, Choice::No)), Status::Warn);
    let mut no = answered(&CHECK, Choice::No);
    no.watched = facts(vec![]).watched;
    assert_eq!(status(&CHECK, &no), Status::Pass, "the record is newer than the answer");
}
