//! Names: the record map of the domain and of every host that exists.

use crate::run::Desk;
use audit::Why;
use audit::facts::{Fact, RecordData};
use futures::future::{join, join_all};
use hickory_proto::rr::RecordType;
use std::collections::BTreeSet;

/// Mail and name servers whose own addresses are looked up.
const TARGETS: usize = 16;
/// Aliases walked one by one.
const CHAIN: usize = 26;
/// Names walked up for CAA records.
const CLIMB: usize = 6;
/// Types that are asked of the bare domain besides its addresses.
const APEX: [RecordType; 9] = [
    RecordType::NS,
    RecordType::MX,
    RecordType::TXT,
    RecordType::SOA,
    RecordType::CNAME,
    RecordType::CAA,
    RecordType::HTTPS,
    RecordType::DS,
    RecordType::DNSKEY,
];
/// Types that are asked of every other host besides its addresses.
const HOST: [RecordType; 4] = [RecordType::CNAME, RecordType::MX, RecordType::TXT, RecordType::HTTPS];

/// The records of the bare domain, and the addresses of the servers that they name.
pub(crate) async fn records(desk: &Desk<'_>) {
    let apex = desk.apex();
    let answers = join_all(APEX.iter().map(|rtype| desk.ask(apex, *rtype))).await;
    let targets: Vec<String> = answers.iter().flat_map(targets).take(TARGETS).collect();
    join_all(targets.iter().map(|name| desk.addresses(name))).await;
}

fn targets(fact: &Fact<audit::facts::DnsAnswer>) -> Vec<String> {
    crate::run::names(fact, |data| match data {
        RecordData::Ns(name) | RecordData::Mx { exchange: name, .. } if name != "." => Some(name),
        _ => None,
    })
}

/// The further records of a host that exists.
pub(crate) async fn further(desk: &Desk<'_>, host: &str) {
    join_all(HOST.iter().map(|rtype| desk.ask(host, *rtype))).await;
}

/// Who may issue certificates for a host: its CAA records and those of the names above it (RFC 8659 §3).
pub(crate) async fn authorities(desk: &Desk<'_>, host: &str) {
    let above = std::iter::successors(Some(host), |name| name.split_once('.').map(|(_, rest)| rest));
    let climb = above.take_while(|name| name.contains('.')).take(CLIMB);
    join_all(climb.map(|name| desk.ask(name, RecordType::CAA))).await;
}

/// The aliases of a name one by one, where following them came to no end: a circle or a chain without end shows itself so.
pub(crate) async fn chain(desk: &Desk<'_>, name: &str) {
    let answer = desk.ask(name, RecordType::A).await;
    if !answer.seen().is_err_and(|why| why.why == Why::Garbled) {
        return;
    }
    let (mut here, mut passed) = (name.to_owned(), BTreeSet::new());
    while passed.len() < CHAIN && passed.insert(here.clone()) {
        let answer = desk.ask(&here, RecordType::CNAME).await;
        let next = answer.seen().ok().and_then(|answer| {
            answer.records.iter().find_map(|record| match &record.data {
                RecordData::Cname(target) if record.name == here => Some(target.clone()),
                _ => None,
            })
        });
        let Some(next) = next else { return };
        here = next;
    }
}

/// Whether a name holds anything: an address, or an alias even when it leads nowhere.
pub(crate) async fn exists(desk: &Desk<'_>, name: &str) -> bool {
    let (v4, v6) = join(desk.ask(name, RecordType::A), desk.ask(name, RecordType::AAAA)).await;
    [v4, v6].iter().any(|fact| fact.seen().is_ok_and(|answer| !answer.records.is_empty()))
}
