//! Record sets: when two answers to one question say the same, order, rotation and delivery networks allowed for.

use super::provider;
use crate::facts::{RecordData, SetSeen};
use crate::picture::present;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Whether a resolver's answer is one that the domain's own servers could have given.
#[must_use]
pub fn same(own: &[&SetSeen], set: &SetSeen) -> bool {
    let records: BTreeSet<String> = texts(set);
    if own.iter().any(|own| texts(own) == records) {
        return true;
    }
    let (mine, theirs): (BTreeSet<IpAddr>, BTreeSet<IpAddr>) =
        (own.iter().flat_map(|own| addresses(own)).collect(), addresses(set).collect());
    if theirs.is_empty() || theirs.len() != set.records.len() || mine.is_empty() {
        return false;
    }
    // A part of the set is what servers hand out that turn it round. Other addresses of the same network are what a delivery network
    // hands out in another part of the world.
    let network =
        |address: &IpAddr| mine.iter().any(|known| runner(*known).is_some_and(|one| runner(*address) == Some(one)));
    theirs.iter().all(|address| mine.contains(address) || network(address))
}

fn runner(address: IpAddr) -> Option<&'static str> {
    provider::all()
        .iter()
        .find(|one| one.ranges.iter().any(|range| range.contains(&address)))
        .map(|one| one.name.as_str())
}

/// The addresses in a set.
pub fn addresses(set: &SetSeen) -> impl Iterator<Item = IpAddr> + '_ {
    set.records.iter().filter_map(|record| match record {
        RecordData::A(address) => Some(IpAddr::V4(*address)),
        RecordData::Aaaa(address) => Some(IpAddr::V6(*address)),
        _ => None,
    })
}

fn texts(set: &SetSeen) -> BTreeSet<String> {
    set.records.iter().map(|record| present(record).1).collect()
}
