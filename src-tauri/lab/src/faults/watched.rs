//! Faults of the watch between audits: it ended, it slept, it looks too seldom, it shows that a page creeps up.

use super::Fault;

const BOTH: &[&str] = &["monitor.coverage", "monitor.latency"];

pub(super) const ROWS: [Fault; 6] = [
    Fault::found("watch-ended", "the watch ended two days ago and nobody noticed", BOTH, |world| {
        world.watched.ended = 48;
    })
    .telling("Nobody watches any more"),
    Fault::found("watch-asleep", "the machine that watches is asleep two hours of three", BOTH, |world| {
        world.watched.awake = 3;
    })
    .telling("% of the last day was watched"),
    Fault::found("watch-seldom", "the watch looks every five minutes", &["monitor.coverage"], |world| {
        world.watched.every_s = 300;
    })
    .telling("each minute is wanted"),
    Fault::found(
        "watch-elsewhere",
        "the watch looks at another page than the one that matters",
        &["monitor.coverage"],
        |world| {
            world.watched.routes = vec!["https://juniperdesk.example/".to_owned()];
        },
    )
    .telling("nobody looks at it in between"),
    Fault::found(
        "watch-slower",
        "the dashboard takes twice as long as on the days before",
        &["monitor.latency"],
        |world| {
            world.watched.took_ms = [180, 400];
        },
    )
    .telling("has become slow"),
    Fault::trap("watch-swings", "the dashboard takes a little longer than on the days before", |world| {
        world.watched.took_ms = [180, 230];
    }),
];
