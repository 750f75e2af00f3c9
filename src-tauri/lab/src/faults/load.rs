//! Faults that only show when many come at once, or over a poor connection.

use std::time::Duration;

use super::Fault;
use crate::site::{At, Greeting, Leaf, Quirk};
use crate::world::{DOMAIN, World};

/// The page that load is put on.
const PAGE: &str = "/dashboard";
const BURST: &[&[&str]] = &[&["load.burst"]];

pub(super) const ROWS: [Fault; 8] = [
    Fault::found("load-gives-way", "a page says 503 when more than eight ask at once", &["load.burst"], |world| {
        crowd(world, 503);
    })
    .telling("cannot take more (503)"),
    Fault::found("load-errors", "a page fails when more than eight ask at once", &["load.burst"], |world| {
        crowd(world, 500);
    })
    .telling("500"),
    Fault::found("load-one-at-a-time", "a page serves one visitor after the other", &["load.burst"], |world| {
        world.site(DOMAIN).quirks.push((At::Path(PAGE), Quirk::Queue(Duration::from_millis(45))));
    })
    .telling("waiting for something shared"),
    Fault::passing(
        "load-limited",
        "a page says 429 to an address with more than eight requests at once",
        BURST,
        |world| {
            crowd(world, 429);
        },
    ),
    Fault::found(
        "slow-network-impatient",
        "the server ends connections that take half a second to greet",
        &["load.slow_network"],
        |world| world.site(DOMAIN).greeting = Greeting::Impatient(Duration::from_millis(500)),
    )
    .telling("end in an error"),
    Fault::found("slow-network-heavy", "a page weighs 400 kilobytes unpacked", &["load.slow_network"], |world| {
        heavy(world, 400_000);
    })
    .telling("the network itself explains"),
    Fault::found(
        "slow-network-errors",
        "every eighth request of a page ends in an error",
        &["latency.routes", "load.slow_network"],
        |world| world.site(DOMAIN).quirks.push((At::Path(PAGE), Quirk::Errors { after: 0, each: 8 })),
    )
    .telling("end in an error"),
    Fault::trap("slow-network-light", "a page of ten kilobytes over a poor connection", |world| heavy(world, 10_000)),
];

fn crowd(world: &mut World, status: u16) {
    world.site(DOMAIN).quirks.push((At::Path(PAGE), Quirk::Crowd { most: 8, status }));
}

fn heavy(world: &mut World, bytes: usize) {
    let page = format!("<!doctype html><title>Boards</title><p>{}</p>", "board ".repeat(bytes / 6));
    world.site(DOMAIN).leaves.insert(PAGE, Leaf::new(200, "text/html; charset=utf-8", &page));
}
