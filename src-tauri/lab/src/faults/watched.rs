//! Faults of the watch between audits: it ended, it slept, it looks too seldom, it shows that a page creeps up.

use super::Fault;

const BOTH: &[&str] = &["monitor.coverage", "monitor.latency"];
const ENDED: &[&str] = &["monitor.coverage", "monitor.diagnosis", "monitor.latency"];
const OUTAGE: &[&str] = &["monitor.diagnosis"];

pub(super) const ROWS: [Fault; 11] = [
    Fault::found("watch-ended", "the watch ended two days ago and nobody noticed", ENDED, |world| {
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
    Fault::found("watch-down-name", "the dashboard's name is gone from DNS since this morning", OUTAGE, |world| {
        world.watched.changes = vec![(5, "down", Some("dns")), (70, "well", None)];
    })
    .telling("The cause: its name cannot be looked up (DNS)"),
    Fault::found("watch-down-elsewhere", "the service that signs users in is down since an hour", OUTAGE, |world| {
        world.watched.changes = vec![(1, "down", Some("third_party")), (70, "well", None)];
    })
    .telling("status page of that company"),
    Fault::found("watch-down-again", "the server refused connections three times within two days", OUTAGE, |world| {
        let outage = |back| [(back - 1, "well", None), (back, "down", Some("connection"))];
        world.watched.changes = [3, 20, 40].into_iter().flat_map(outage).collect();
    })
    .telling("3 times within a week by the same cause"),
    Fault::found("watch-down-unnamed", "an outage was recorded without its cause", OUTAGE, |world| {
        world.watched.changes = vec![(4, "well", None), (5, "down", None)];
    })
    .telling("its cause was not recorded"),
    Fault::trap("watch-down-over", "an outage yesterday was named, and it is over", |world| {
        world.watched.changes = vec![(20, "well", None), (21, "down", Some("status")), (70, "well", None)];
    }),
    Fault::trap("watch-swings", "the dashboard takes a little longer than on the days before", |world| {
        world.watched.took_ms = [180, 230];
    }),
];
