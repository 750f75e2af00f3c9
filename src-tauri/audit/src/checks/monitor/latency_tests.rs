//! monitor.latency: a whole record, a young one, one with gaps, one that creeps up; and a person's word.

use super::CHECK;
use crate::check::Status;
use crate::facts::{Choice, Facts};
use crate::testing::{answered, blank, findings, now, status, watched};
use jiff::ToSpan;

const ROUTE: &str = "https://example.com/";

fn facts(hours: i64, looks: u32) -> Facts {
    let mut facts = blank();
    facts.watched = Some(watched(ROUTE, 60, hours, looks, 180));
    facts
}

#[test]
fn a_record_of_days_passes_and_a_young_one_waits() {
    assert_eq!(status(&CHECK, &facts(72, 60)), Status::Pass);
    assert_eq!(status(&CHECK, &facts(12, 60)), Status::CouldNotTell);
}

#[test]
fn gaps_and_an_end_are_told() {
    let mut gaps = facts(72, 60);
    let day = gaps.watched.as_ref().unwrap().day();
    for hours in gaps.watched.as_mut().unwrap().subjects.values_mut() {
        let mut place = 0;
        hours.retain(|hour| {
            place += 1;
            hour.at < day || place % 3 == 0
        });
    }
    assert!(
        findings(&CHECK, &gaps)[0].says.contains("in only 8 of the last 24 hours"),
        "{:?}",
        findings(&CHECK, &gaps)
    );
    let mut ended = facts(72, 60);
    ended.watched.as_mut().unwrap().last = now().checked_sub(9.hours()).unwrap();
    assert!(findings(&CHECK, &ended)[0].says.contains("no longer recorded"));
}

#[test]
fn a_page_that_takes_twice_as_long_as_before_is_told() {
    let mut slow = facts(72, 60);
    let day = slow.watched.as_ref().unwrap().day();
    for hour in slow.watched.as_mut().unwrap().subjects.values_mut().flatten().filter(|hour| hour.at >= day) {
        hour.times = vec![(360, 60)];
    }
    let found = findings(&CHECK, &slow);
    assert!(found.len() == 1 && found[0].says.contains("360 ms or more, where it was 180 ms"), "{found:?}");
    for hour in slow.watched.as_mut().unwrap().subjects.values_mut().flatten().filter(|hour| hour.at >= day) {
        hour.times = vec![(210, 60)];
    }
    assert_eq!(status(&CHECK, &slow), Status::Pass);
}

#[test]
fn a_person_may_name_another_record() {
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    assert_eq!(status(&CHECK, &answered(&CHECK, Choice::Yes)), Status::Pass);
    assert_eq!(status(&CHECK, &answered(&CHECK, Choice::No)), Status::Warn);
}
