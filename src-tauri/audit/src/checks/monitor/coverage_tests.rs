//! monitor.coverage: a whole record, one with gaps, one that ended, one that leaves a page out; and a person's word.

use super::CHECK;
use crate::check::Status;
use crate::facts::{Choice, Facts};
use crate::testing::{answered, blank, findings, now, status, watched};
use jiff::ToSpan;

const ROUTE: &str = "https://example.com/";

fn facts(every_s: u32, hours: i64, looks: u32) -> Facts {
    let mut facts = blank();
    facts.scope.routes = vec![ROUTE.to_owned()];
    facts.watched = Some(watched(ROUTE, every_s, hours, looks, 180));
    facts
}

#[test]
fn a_look_each_minute_of_the_day_passes() {
    assert_eq!(status(&CHECK, &facts(60, 72, 60)), Status::Pass);
    assert_eq!(status(&CHECK, &facts(30, 2, 118)), Status::Pass, "a young record is judged by its own time");
}

#[test]
fn gaps_intervals_and_pages_that_are_left_out_are_told() {
    let found = findings(&CHECK, &facts(60, 72, 20));
    assert_eq!((found.len(), found[0].subject.as_str()), (1, "gaps"));
    assert!(found[0].says.starts_with("Only 3"), "{}", found[0].says);
    assert_eq!(findings(&CHECK, &facts(300, 72, 12))[0].subject, "interval");
    let mut out = facts(60, 72, 60);
    out.scope.routes.push("https://example.com/login".to_owned());
    let found = findings(&CHECK, &out);
    assert_eq!((found.len(), found[0].subject.as_str()), (1, "https://example.com/login"));
}

#[test]
fn a_watch_that_ended_is_told_alone() {
    let mut ended = facts(60, 72, 20);
    if let Some(watched) = &mut ended.watched {
        watched.last = now().checked_sub(5.hours()).unwrap();
    }
    let found = findings(&CHECK, &ended);
    assert_eq!((found.len(), found[0].subject.as_str()), (1, "watch"));
    assert_eq!(status(&CHECK, &ended), Status::Fail);
}

#[test]
fn a_service_that_a_person_names_counts_more_than_our_own_record() {
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    assert_eq!(status(&CHECK, &answered(&CHECK, Choice::No)), Status::Fail);
    let mut named = answered(&CHECK, Choice::Yes);
    assert_eq!(status(&CHECK, &named), Status::Pass);
    named.watched = facts(300, 72, 1).watched;
    assert_eq!(status(&CHECK, &named), Status::Pass);
    let mut no = answered(&CHECK, Choice::No);
    (no.watched, no.scope) = (facts(60, 72, 60).watched, facts(60, 72, 60).scope);
    assert_eq!(status(&CHECK, &no), Status::Pass, "the record is newer than the answer");
}
