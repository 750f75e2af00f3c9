//! Faults that only a close reader tells from health: packing of a newer kind, record sets that came or went.

use super::Fault;
use crate::names::{Data, Kind};
use crate::world::DOMAIN;

pub(super) const ROWS: [Fault; 3] = [
    Fault::trap("packed-zstd", "text is packed as zstd for those who take it", |world| world.site(DOMAIN).zstd = true),
    Fault::found("drift-set-added", "app has text records, and had none before", DRIFT, |world| {
        world.names.add("app.juniperdesk.example", Data::txt("stranger-site-verification=8c1f0e77"))
    }),
    Fault::found("drift-set-removed", "the service binding of the domain is gone", DRIFT, |world| {
        world.names.set(DOMAIN, Kind::Https, None)
    }),
];

const DRIFT: &[&str] = &["dns.expected"];
