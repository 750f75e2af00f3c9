//! Names: the record map of the domain and of every host that exists.

use crate::run::Desk;
use audit::facts::{DnsAnswer, Fact, RecordData};
use audit::read::service::{Binding, announced, binding, srv};
use audit::{Why, drift};
use futures::future::{join, join_all};
use hickory_proto::rr::RecordType;
use std::collections::BTreeSet;

/// Mail and name servers whose own addresses are looked up.
const TARGETS: usize = 16;
/// Aliases walked one by one.
const CHAIN: usize = 26;
/// Aliases of HTTPS records walked one by one, and targets asked for at each.
const BINDINGS: usize = 10;
/// Names walked up for CAA records.
const CLIMB: usize = 6;
/// Types that are asked of the bare domain besides its addresses.
const APEX: [RecordType; 9] = [
    RecordType::NAPTR,
    RecordType::NS,
    RecordType::MX,
    RecordType::TXT,
    RecordType::SOA,
    RecordType::CNAME,
    RecordType::CAA,
    RecordType::DS,
    RecordType::DNSKEY,
];
/// Types that are asked of every other host besides its addresses.
const HOST: [RecordType; 3] = [RecordType::CNAME, RecordType::MX, RecordType::TXT];

/// The records of the bare domain, and the addresses of the servers that they name.
pub(crate) async fn records(desk: &Desk<'_>) {
    let apex = desk.apex();
    let own = async {
        let answers = join_all(APEX.iter().map(|rtype| desk.ask(apex, *rtype))).await;
        let targets: Vec<String> = answers.iter().flat_map(targets).take(TARGETS).collect();
        join_all(targets.iter().map(|name| desk.addresses(name))).await;
    };
    tokio::join!(Box::pin(own), Box::pin(bindings(desk, apex)), Box::pin(services(desk)), Box::pin(accepted(desk)));
}

/// The records that a person accepted as right, also those that only an earlier run came upon.
async fn accepted(desk: &Desk<'_>) {
    let questions: Vec<(String, String)> = {
        let facts = desk.facts();
        let answer = facts.answers.get(drift::KEY).into_iter();
        answer
            .flat_map(|answer| drift::questions(answer, &facts.target))
            .map(|(name, rtype)| (name.to_owned(), rtype.to_owned()))
            .collect()
    };
    join_all(questions.iter().map(|(name, rtype)| async move {
        if let Ok(rtype) = rtype.parse::<RecordType>() {
            desk.ask(name, rtype).await;
        }
    }))
    .await;
}

/// The services that the domain announces by SRV records, and the addresses of their hosts.
async fn services(desk: &Desk<'_>) {
    let found = join_all(announced().iter().map(|service| async move {
        let name = format!("{}.{}", service.label, desk.apex());
        let answer = desk.ask(&name, RecordType::SRV).await;
        texts(&answer, &name, "SRV").iter().filter_map(|text| srv(text)).map(|one| one.target).collect::<Vec<_>>()
    }));
    let targets: BTreeSet<String> = found.await.into_iter().flatten().filter(|target| target != ".").collect();
    join_all(targets.iter().take(TARGETS).map(|name| desk.addresses(name))).await;
}

/// The HTTPS records of a host, the aliases among them one by one, and the addresses of their targets.
async fn bindings(desk: &Desk<'_>, host: &str) {
    let (mut here, mut passed) = (host.to_owned(), BTreeSet::new());
    while passed.len() < BINDINGS && passed.insert(here.clone()) {
        let answer = desk.ask(&here, RecordType::HTTPS).await;
        let read: Vec<Binding> =
            texts(&answer, &here, "HTTPS").iter().filter_map(|text| binding(text)).take(BINDINGS).collect();
        let targets = read.iter().map(|one| one.target.as_str()).filter(|target| *target != ".");
        join_all(targets.map(|target| desk.addresses(target))).await;
        match read.into_iter().find(|one| one.is_alias() && one.target != ".") {
            Some(alias) => here = alias.target,
            None => return,
        }
    }
}

/// The texts of the records of a type that a name itself owns.
fn texts<'a>(fact: &'a Fact<DnsAnswer>, name: &str, rtype: &str) -> Vec<&'a str> {
    let Fact::Seen { value, .. } = fact else { return Vec::new() };
    let own = value.records.iter().filter(|record| record.name == name);
    let texts = own.filter_map(|record| match &record.data {
        RecordData::Other { rtype: other, text } if other == rtype => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

fn targets(fact: &Fact<DnsAnswer>) -> Vec<String> {
    crate::run::names(fact, |data| match data {
        RecordData::Ns(name) | RecordData::Mx { exchange: name, .. } if name != "." => Some(name),
        _ => None,
    })
}

/// The further records of a host that exists.
pub(crate) async fn further(desk: &Desk<'_>, host: &str) {
    join(join_all(HOST.iter().map(|rtype| desk.ask(host, *rtype))), Box::pin(bindings(desk, host))).await;
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
