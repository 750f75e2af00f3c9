//! Runs that held, runs that did not, and runs that say nothing.

use super::CHECK;
use crate::check::Status;
use crate::facts::{Facts, LoadEnd, Loaded, Model};
use crate::testing::{blank, findings, run_of, seen, status};

fn with(change: impl FnOnce(&mut Loaded)) -> Facts {
    let mut run = run_of(20, 300, 90);
    change(&mut run);
    let mut facts = blank();
    facts.load.insert(run.key(), seen(run));
    facts
}

#[test]
fn a_run_that_held_passes_and_names_who_agreed() {
    let facts = with(|_| {});
    assert_eq!(status(&CHECK, &facts), Status::Pass);
    let audit = crate::audit(&facts, crate::roadmap::by_id("sd").unwrap(), crate::testing::now());
    let outcome = audit.outcome("load.burst").unwrap();
    assert!(outcome.proof[0].contains("Ada Alder agreed"), "{:?}", outcome.proof);
}

#[test]
fn giving_way_fails() {
    let ends = [LoadEnd::Limited { status: 503, retry_after: None }, LoadEnd::Errors { percent: 60 }];
    for end in ends {
        assert_eq!(status(&CHECK, &with(|run| run.end = end)), Status::Fail);
    }
    let few = with(|run| {
        run.errors.insert("5xx".to_owned(), 3);
    });
    assert_eq!(status(&CHECK, &few), Status::Fail);
    let fewer = with(|run| {
        run.errors.insert("timeout".to_owned(), 2);
    });
    assert_eq!(status(&CHECK, &fewer), Status::Pass);
}

#[test]
fn what_is_slow_fails_when_it_surely_is() {
    let at = |ms: u32, low: u32| {
        with(|run| {
            *run = run_of(20, 300, ms);
            run.response.percentiles[1].low = Some(low * 1_000);
        })
    };
    assert_eq!(status(&CHECK, &at(900, 700)), Status::Fail);
    assert_eq!(status(&CHECK, &at(520, 470)), Status::Warn);
    assert!(findings(&CHECK, &at(900, 700))[0].says.contains("wait 900 ms"));
    // What users waited counts, not what the server took once it was asked.
    let queued = with(|run| {
        run.response = run_of(20, 300, 4_000).response;
        run.response.percentiles[1].low = Some(3_000_000);
        run.model = Model::Rate { per_second: 40.0, users: 5 };
    });
    assert_eq!(status(&CHECK, &queued), Status::Fail);
}

#[test]
fn what_says_nothing_is_not_judged() {
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    for end in [LoadEnd::Cancelled, LoadEnd::Challenged, LoadEnd::Limited { status: 429, retry_after: None }] {
        assert_eq!(status(&CHECK, &with(|run| run.end = end)), Status::CouldNotTell);
    }
    // Too few people, too few requests, no good answer, nobody who agreed, a slow network.
    for (people, requests) in [(10, 300), (20, 40)] {
        assert_eq!(status(&CHECK, &with(|run| *run = run_of(people, requests, 90))), Status::CouldNotTell);
    }
    assert_eq!(status(&CHECK, &with(|run| run.response.percentiles.clear())), Status::CouldNotTell);
    assert_eq!(status(&CHECK, &with(|run| run.agreed = None)), Status::CouldNotTell);
    assert_eq!(status(&CHECK, &with(|run| run.slow = crate::testing::poor())), Status::CouldNotTell);
}
