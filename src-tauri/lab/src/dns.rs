//! What each name server answers to a question, taken from the world's names.

use crate::names::{Data, How, Kind, Names, Server, Want, within};
use crate::records::{PROVIDERS, TOPS};
use crate::resolvers::Cached;
use crate::world::DOMAIN;

/// What a server says to one question.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Reply {
    pub code: Code,
    pub authoritative: bool,
    pub answers: Vec<(String, Data)>,
    pub authority: Vec<(String, Data)>,
    pub additional: Vec<(String, Data)>,
    /// Seconds that the answer may still be kept, where it is not fresh.
    pub ttl: Option<u32>,
}

/// The response codes the lab uses.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Code {
    #[default]
    NoError,
    FormErr,
    NxDomain,
    Refused,
    ServFail,
}

impl Reply {
    pub fn bare(code: Code) -> Reply {
        Reply { code, ..Reply::default() }
    }
}

/// What `server` answers; `None`: it stays silent. `unchecked`: the asker wants the answer even when validation fails.
pub(crate) fn answer(names: &Names, server: Server, name: &str, want: Want, unchecked: bool) -> Option<Reply> {
    match names.trouble(server, name, want) {
        Some(How::Dropped) => return None,
        Some(How::Denied) => return Some(Reply { authoritative: !server.recursive(), ..Reply::bare(Code::NxDomain) }),
        Some(How::Refused) => return Some(Reply::bare(Code::Refused)),
        Some(How::ServFail) => return Some(Reply::bare(Code::ServFail)),
        Some(_) | None => {}
    }
    if let Some(portal) = names.portal {
        let ours = [(name.to_owned(), Data::A(portal))];
        let answers = if want == Want::Kind(Kind::A) { ours.to_vec() } else { Vec::new() };
        return Some(Reply { answers, ..Reply::default() });
    }
    if let Some(cached) =
        names.cached.iter().find(|one| one.server == server && one.name == name && want == Want::Kind(one.kind))
    {
        return Some(remembered(names, cached));
    }
    if want == Want::Transfer {
        return Some(transfer(names, server, name));
    }
    Some(match server {
        _ if server.recursive() && names.bogus && !unchecked && within(name, DOMAIN) => Reply::bare(Code::ServFail),
        _ if server.recursive() => look(names, name, want, ""),
        Server::Ada | Server::Bob | Server::Carl if names.open.contains(&server) && !within(name, DOMAIN) => {
            look(names, name, want, "")
        }
        Server::Ada | Server::Bob | Server::Carl => {
            let mut reply = authoritative(names, name, want, DOMAIN);
            reserial(&mut reply, names.serials.get(&server).copied());
            differ(&mut reply, names, server, name, want);
            reply
        }
        Server::Root => delegating(names, &[""], name, want),
        Server::Tops => delegating(names, &TOPS, name, want),
        Server::Others => delegating(names, &PROVIDERS, name, want),
        _ => delegating(names, &["example"], name, want),
    })
}

/// The whole zone between two SOA records (RFC 5936 §2.2), for those that hand it out.
fn transfer(names: &Names, server: Server, zone: &str) -> Reply {
    let soa: Vec<(String, Data)> = names.at(zone, Kind::Soa).map(|soa| (zone.to_owned(), soa.clone())).collect();
    if !names.transfers.contains(&server) || zone != DOMAIN {
        return Reply::bare(Code::Refused);
    }
    let rest: Vec<(String, Data)> = names.whole(zone).filter(|(_, data)| data.kind() != Kind::Soa).collect();
    Reply { authoritative: true, answers: [soa.clone(), rest, soa].concat(), ..Reply::default() }
}

/// What a resolver remembers, with the seconds that are left of it.
fn remembered(names: &Names, cached: &Cached) -> Reply {
    let answers: Vec<_> = cached.data.iter().map(|data| (cached.name.clone(), data.clone())).collect();
    let mut reply = Reply { answers, ttl: Some(cached.ttl), ..Reply::default() };
    if cached.data.is_empty() {
        reply.code = Code::NxDomain;
        let zone = names.zone(&cached.name).to_owned();
        let soa = names.at(&zone, Kind::Soa).filter(|_| cached.by_zone);
        reply.authority = soa.map(|data| (zone.clone(), data.clone())).collect();
    }
    reply
}

/// Shows this server's own records where they differ from the zone's.
fn differ(reply: &mut Reply, names: &Names, server: Server, name: &str, want: Want) {
    let own =
        names.differing.iter().find(|(at, owner, kind, _)| *at == server && owner == name && want == Want::Kind(*kind));
    if let Some((_, _, _, data)) = own {
        reply.answers = data.iter().map(|data| (name.to_owned(), data.clone())).collect();
        reply.code = Code::NoError;
    }
}

fn look(names: &Names, name: &str, want: Want, bounds: &str) -> Reply {
    let found = names.look(name, want, bounds);
    let answered = match found.answers.last() {
        None => false,
        Some((_, data)) => want == Want::Every || want == Want::Kind(data.kind()),
    };
    let mut reply = Reply { answers: found.answers, ..Reply::default() };
    if !found.exists {
        reply.code = Code::NxDomain;
    }
    if (!answered || !found.exists) && within(&found.last, bounds) {
        // The digest of a zone's key is its parent's to deny (RFC 4035 §3.1.4.1).
        let denier = match want {
            Want::Kind(Kind::Ds) if bounds != found.last => found.last.split_once('.').map_or("", |(_, rest)| rest),
            _ => found.last.as_str(),
        };
        let zone = names.zone(denier).to_owned();
        let soa = names.at(&zone, Kind::Soa).cloned();
        reply.authority.extend(soa.map(|data| (zone.clone(), data)));
    }
    reply
}

fn authoritative(names: &Names, name: &str, want: Want, zone: &str) -> Reply {
    if !within(name, zone) {
        return Reply::bare(Code::Refused);
    }
    Reply { authoritative: true, ..look(names, name, want, zone) }
}

/// A server answers for its own zones and refers to the zones below them (RFC 1034 §4.3.2): no AA, NS in the authority section, and the
/// addresses of servers that it knows beside them. The digest of a child's key is its own (RFC 4035 §3.1.4.1).
fn delegating(names: &Names, zones: &[&str], name: &str, want: Want) -> Reply {
    let Some(own) = zones.iter().filter(|zone| within(name, zone)).max_by_key(|zone| zone.len()) else {
        return Reply::bare(Code::Refused);
    };
    let Some(cut) = names.below(own, name) else { return authoritative(names, name, want, own) };
    if want == Want::Kind(Kind::Ds) && name == cut {
        return authoritative(names, name, want, own);
    }
    let authority: Vec<Data> = if cut == DOMAIN {
        names.delegation.iter().map(|host| Data::ns(host)).collect()
    } else {
        names.at(cut, Kind::Ns).cloned().collect()
    };
    let mut additional = Vec::new();
    for data in &authority {
        let Data::Ns(host) = data else { continue };
        let glued = names.glue.get(host).into_iter().flatten();
        additional.extend(glued.map(|address| (host.clone(), Data::address(*address))));
        if cut != DOMAIN && within(host, own) {
            let known = [Kind::A, Kind::Aaaa].into_iter().flat_map(|kind| names.at(host, kind));
            additional.extend(known.map(|address| (host.clone(), address.clone())));
        }
    }
    let authority = authority.into_iter().map(|data| (cut.to_owned(), data)).collect();
    Reply { authority, additional, ..Reply::default() }
}

fn reserial(reply: &mut Reply, other: Option<u32>) {
    let Some(other) = other else { return };
    for (_, data) in reply.answers.iter_mut().chain(&mut reply.authority) {
        if let Data::Soa { serial, .. } = data {
            *serial = other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_of_aliases_end() {
        let mut names = Names::default();
        names.cut("", &["ns.example"], 1);
        names.put("a.example", [Data::cname("b.example")]);
        names.put("b.example", [Data::cname("a.example")]);
        let reply = answer(&names, Server::Resolver, "a.example", Want::Kind(Kind::A), false);
        assert!(reply.is_some_and(|reply| reply.answers.len() <= 12));
    }
}
