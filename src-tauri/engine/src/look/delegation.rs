//! Delegation: what the parent zone hands out, and what each name server of the zone says itself.

use crate::net::question::Reply;
use crate::net::record;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::facts::{Delegation, DnsAnswer, Fact, Observation, RecordData, ServerAnswer, ServerSeen};
use audit::{Unseen, Why};
use futures::future::{join, join_all};
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{self, RData, RecordType};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// Name servers asked; a delegation with more is rare and 13 is the root's own number.
const SERVERS: usize = 13;
/// Addresses asked of each.
const ADDRESSES: usize = 4;
/// Servers of the parent that are tried until one answers.
const PARENTS: usize = 4;
/// Labels walked up for the zone or its parent.
const CLIMB: usize = 6;

/// Looks at the name servers of the zone that holds the domain.
pub(crate) async fn look(desk: &Desk<'_>) {
    let what = format!("name servers of {}", desk.apex());
    let fact = desk.job(&what, Box::pin(see(desk, &what))).await;
    desk.saw(Observation::Delegation { fact: fact.clone() });
    if let Ok(delegation) = fact.seen() {
        super::conduct::look(desk, delegation).await;
    }
}

async fn see(desk: &Desk<'_>, what: &str) -> Fact<Delegation> {
    let (zone, child, from) = match zone(desk, what).await {
        Ok(found) => found,
        Err(unseen) => return Fact::Unseen(unseen),
    };
    let ask = async |names: Vec<String>| -> BTreeMap<String, Vec<ServerSeen>> {
        let asked = names.iter().map(|name| server(desk, &zone, name));
        let seen = join_all(asked).await;
        names.into_iter().zip(seen).collect()
    };
    let (parent, mut servers) =
        join(parent(desk, &zone), ask(child.iter().take(SERVERS).cloned().collect::<Vec<_>>())).await;
    let handed_out = parent.seen().cloned().unwrap_or_default();
    let all: BTreeSet<String> = child.iter().chain(&handed_out).cloned().collect();
    let all: BTreeSet<String> = all.into_iter().take(SERVERS).collect();
    servers.extend(ask(all.iter().filter(|name| !servers.contains_key(*name)).cloned().collect()).await);
    servers.retain(|name, _| all.contains(name));
    let servers = servers.into_values().flatten().collect();
    let value = Delegation { zone: zone.clone(), parent, child, servers };
    desk.seen(value, from)
}

/// The zone that holds the domain: the closest name upwards with NS records.
pub(crate) async fn zone(desk: &Desk<'_>, what: &str) -> Result<(String, Vec<String>, String), Unseen> {
    let mut name = desk.apex().to_owned();
    for _ in 0..CLIMB {
        let fact = if name == desk.apex() {
            desk.ask(&name, RecordType::NS).await
        } else {
            desk.net.dns.ask(&name, RecordType::NS).await
        };
        let servers = ns(&fact, &name);
        match &fact {
            Fact::Unseen(unseen) => return Err(unseen.clone()),
            Fact::Seen { from, .. } if !servers.is_empty() => return Ok((name, servers, from.clone())),
            Fact::Seen { .. } => {}
        }
        match name.split_once('.') {
            Some((_, up)) if up.contains('.') => name = up.to_owned(),
            _ => break,
        }
    }
    let trouble = Trouble::new(Why::Depends, format!("{} has no name servers in DNS", desk.apex()))
        .with_way("set up the domain at its registrar and its DNS provider first");
    Err(trouble.of(what))
}

/// NS names that belong to `zone` itself, not to the end of an alias.
fn ns(fact: &Fact<DnsAnswer>, zone: &str) -> Vec<String> {
    let Fact::Seen { value, .. } = fact else { return Vec::new() };
    let own = value.records.iter().filter(|record| record.name == zone);
    let names: BTreeSet<String> = own
        .filter_map(|record| match &record.data {
            RecordData::Ns(name) => Some(name.clone()),
            _ => None,
        })
        .collect();
    names.into_iter().collect()
}

/// What a server of the parent zone says when asked for the zone: a referral, or an answer where one server holds both.
async fn parent(desk: &Desk<'_>, zone: &str) -> Fact<Vec<String>> {
    let what = format!("name servers of {zone} at its parent zone");
    let mut last = Trouble::new(Why::Depends, format!("the parent zone of {zone} could not be found")).of(&what);
    for (server, address) in parents(desk, zone).await {
        match desk.net.dns.ask_server(SocketAddr::new(address, 53), zone, RecordType::NS).await {
            Ok(reply) => {
                let told = referral(&reply.message, zone);
                if !told.is_empty() {
                    return desk.seen(told, format!("{server} at {}", reply.from));
                }
                let says = format!("{server}, a name server of the parent zone, names no name servers for {zone}");
                last = Trouble::new(Why::Garbled, says).of(&what);
            }
            Err(trouble) => last = trouble.of(&what),
        }
    }
    Fact::Unseen(last)
}

/// Servers of the closest zone above, each with an address.
pub(crate) async fn parents(desk: &Desk<'_>, zone: &str) -> Vec<(String, IpAddr)> {
    let mut name = zone.to_owned();
    for _ in 0..CLIMB {
        name = name.split_once('.').map_or_else(|| ".".to_owned(), |(_, up)| up.to_owned());
        let fact = desk.net.dns.ask(&name, RecordType::NS).await;
        let servers = ns(&fact, &name);
        if !servers.is_empty() {
            let found = join_all(servers.iter().take(PARENTS).map(|server| async move {
                let addresses = desk.addresses_elsewhere(server).await.unwrap_or_default();
                addresses.first().map(|address| (server.clone(), *address))
            }));
            return found.await.into_iter().flatten().collect();
        }
        if name == "." {
            break;
        }
    }
    Vec::new()
}

fn referral(message: &Message, zone: &str) -> Vec<String> {
    let answered = ns_names(&message.answers, zone);
    if answered.is_empty() { ns_names(&message.authorities, zone) } else { answered }
}

fn ns_names(records: &[rr::Record], zone: &str) -> Vec<String> {
    let own = records.iter().take(256).filter(|held| record::name(&held.name) == zone);
    let names: BTreeSet<String> = own
        .filter_map(|held| match &held.data {
            RData::NS(target) => Some(record::name(&target.0)),
            _ => None,
        })
        .collect();
    names.into_iter().collect()
}

/// One name server, at each of its addresses.
async fn server(desk: &Desk<'_>, zone: &str, name: &str) -> Vec<ServerSeen> {
    let what = format!("SOA of {zone} at {name}");
    match desk.addresses(name).await {
        Ok(addresses) if addresses.is_empty() => {
            let trouble = Trouble::new(Why::Depends, format!("the name server {name} has no address"));
            vec![ServerSeen { name: name.to_owned(), address: None, soa: Fact::Unseen(trouble.of(what)) }]
        }
        Ok(addresses) => {
            join_all(addresses.into_iter().take(ADDRESSES).map(|address| at(desk, zone, name, address))).await
        }
        Err(unseen) => vec![ServerSeen { name: name.to_owned(), address: None, soa: Fact::Unseen(unseen) }],
    }
}

async fn at(desk: &Desk<'_>, zone: &str, name: &str, address: IpAddr) -> ServerSeen {
    let target = SocketAddr::new(address, 53);
    let dns = &desk.net.dns;
    let (soa, listed) =
        join(dns.ask_server(target, zone, RecordType::SOA), dns.ask_server(target, zone, RecordType::NS)).await;
    let soa = match soa {
        Ok(reply) => {
            let value = answer(&reply, listed.as_ref().ok(), zone);
            desk.seen(value, format!("{name} at {}", reply.from))
        }
        Err(trouble) => Fact::Unseen(trouble.of(format!("SOA of {zone} at {name} ({address})"))),
    };
    ServerSeen { name: name.to_owned(), address: Some(address), soa }
}

fn answer(soa: &Reply, listed: Option<&Reply>, zone: &str) -> ServerAnswer {
    let message = &soa.message;
    let serial = message.answers.iter().find_map(|held| match &held.data {
        RData::SOA(soa) if record::name(&held.name) == zone => Some(soa.serial),
        _ => None,
    });
    // Only the answer section counts: what stands beside it may be the referral of a server that does not hold the zone.
    let own = listed.map(|reply| ns_names(&reply.message.answers, zone));
    ServerAnswer {
        rcode: mnemonic(message.metadata.response_code),
        authoritative: message.metadata.authoritative,
        serial,
        nameservers: own.unwrap_or_default(),
    }
}

/// The mnemonics of RFC 6895 §2.3.
fn mnemonic(code: ResponseCode) -> String {
    match code {
        ResponseCode::NoError => "NOERROR".to_owned(),
        ResponseCode::FormErr => "FORMERR".to_owned(),
        ResponseCode::ServFail => "SERVFAIL".to_owned(),
        ResponseCode::NXDomain => "NXDOMAIN".to_owned(),
        ResponseCode::NotImp => "NOTIMP".to_owned(),
        ResponseCode::Refused => "REFUSED".to_owned(),
        ResponseCode::NotAuth => "NOTAUTH".to_owned(),
        other => format!("RCODE{}", u16::from(other)),
    }
}
