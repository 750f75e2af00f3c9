//! page.lighthouse, healthy, broken and unseen.

use super::CHECK;
use crate::check::{Severity, Status};
use crate::facts::{Category, Cost, Facts, LighthouseSeen, Mark};
use crate::testing::{blank, findings, seen, status};

fn with(points: [Option<u8>; 4], change: impl FnOnce(&mut LighthouseSeen)) -> Facts {
    let cost = Cost {
        id: "lcp".to_owned(),
        title: "Largest Contentful Paint".to_owned(),
        shown: "5.1 s".to_owned(),
        points: 25,
    };
    let marks = Category::ALL.iter().zip(points);
    let mark = |((category, _), points): (&(Category, &str), Option<u8>)| Mark {
        category: *category,
        points,
        costs: vec![cost.clone()],
    };
    let mut facts = blank();
    let mut report = LighthouseSeen {
        url: format!("https://www.{}/", facts.target.domain),
        version: "13.0.1".to_owned(),
        device: "mobile".to_owned(),
        ran: None,
        trouble: None,
        marks: marks.map(mark).collect(),
        notes: vec![],
    };
    change(&mut report);
    facts.lighthouse = Some(seen(report));
    facts
}

#[test]
fn good_marks_pass() {
    assert_eq!(status(&CHECK, &with([Some(90), Some(100), Some(96), Some(92)], |_| {})), Status::Pass);
}

#[test]
fn each_mark_below_good_is_told_with_what_cost_it() {
    let facts = with([Some(49), Some(89), Some(100), Some(100)], |_| {});
    let found = findings(&CHECK, &facts);
    assert_eq!((found.len(), found[0].severity, found[1].severity), (2, Severity::Medium, Severity::Low));
    assert_eq!(status(&CHECK, &facts), Status::Warn);
    assert!(found[0].says.contains("49 of 100 for performance"), "{}", found[0].says);
    assert_eq!(found[0].evidence[0], "Largest Contentful Paint (5.1 s): costs 25 points");
}

#[test]
fn without_a_report_of_this_product_it_cannot_tell() {
    let good = [Some(100); 4];
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    let other = with(good, |report| report.url = "https://other.example/".to_owned());
    let failed = with(good, |report| report.trouble = Some("NO_FCP: nothing was painted".to_owned()));
    let empty = with(good, |report| report.marks.clear());
    let unmarked = with([Some(100), None, Some(100), Some(100)], |_| {});
    for facts in [other, failed, empty, unmarked] {
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
    // What is known is told even where another mark is missing.
    assert_eq!(status(&CHECK, &with([Some(40), None, Some(100), Some(100)], |_| {})), Status::Warn);
}
