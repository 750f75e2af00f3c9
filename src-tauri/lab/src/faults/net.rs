//! Faults of the registration.

use super::Fault;
use crate::registry::{LIST, SERVER};
use crate::site::{At, Greeting, Quirk};

const REGISTRATION: &[&str] = &["domain.registration"];

pub(super) const ROWS: [Fault; 10] = [
    Fault::found("registration-ends-soon", "the registration runs out in 30 days", REGISTRATION, |world| {
        world.registry.days_left = 30
    }),
    Fault::found("registration-ends-now", "the registration runs out in 6 days", REGISTRATION, |world| {
        world.registry.days_left = 6
    }),
    Fault::found("registration-on-hold", "the registrar has put the domain on hold", REGISTRATION, |world| {
        world.registry.statuses.push("client hold")
    }),
    Fault::found("registration-unlocked", "the domain is not locked against transfers", REGISTRATION, |world| {
        world.registry.statuses = vec!["active"]
    }),
    Fault::found(
        "registration-other-servers",
        "the registry's record names other name servers than the parent zone hands out",
        REGISTRATION,
        |world| {
            let others = ["ns1.larkhosting.example", "ns2.larkhosting.example"];
            world.registry.others = Some(others.map(str::to_owned).to_vec());
        },
    ),
    Fault::found(
        "registration-unsigned",
        "DNS hands out a DS record that the registry does not know of",
        REGISTRATION,
        |world| world.registry.signed = Some(false),
    ),
    Fault::passing("registry-429", "the registry limits how often it may be asked (429)", REGISTRATION, |world| {
        world.site(SERVER).quirks.push((At::Everything, Quirk::Status(429)))
    }),
    Fault::passing("registry-hang", "the registry never answers a request", REGISTRATION, |world| {
        world.site(SERVER).quirks.push((At::Everything, Quirk::Hang))
    }),
    Fault::passing("registry-unknown", "the registry does not know the domain that DNS knows", REGISTRATION, |world| {
        world.registry.held = false
    }),
    Fault::passing("registry-list-reset", "the list of registries cannot be fetched", REGISTRATION, |world| {
        world.site(LIST).greeting = Greeting::Resets
    }),
];
