//! The lab's name space as plain data: which names hold which records, where zones are cut, and which questions meet trouble.

mod data;
mod trouble;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use crate::resolvers::Cached;

pub(crate) use data::{Binding, Data, Denying, Digest, Kind, Signing, Want};
pub(crate) use trouble::{How, Server, Trouble, Under};

/// The longest chain of CNAME records that is followed; real resolvers stop at about this length too.
const CHAIN: usize = 12;

/// What a look-up came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Owner name and data, CNAME records first, in the order a resolver meets them.
    pub answers: Vec<(String, Data)>,
    /// Whether the last name of the chain exists (RFC 8020: also when only names below it do).
    pub exists: bool,
    /// The last name of the chain: its zone's SOA belongs into an answer without data.
    pub last: String,
}

/// All names of the world.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Names {
    records: BTreeMap<String, Vec<Data>>,
    zones: BTreeSet<String>,
    /// The name servers that the parent zone lists for the product's domain.
    pub delegation: Vec<String>,
    /// Serial numbers that a single server shows in place of the zone's own.
    pub serials: BTreeMap<Server, u32>,
    pub troubles: Vec<Trouble>,
    /// What resolvers remember of an earlier time.
    pub cached: Vec<Cached>,
    /// The address that a network in the way gives for every name.
    pub portal: Option<Ipv4Addr>,
    /// The zones that are signed.
    pub signing: BTreeMap<String, Signing>,
    /// How they prove absence, where it is not by the order of names.
    pub denying: BTreeMap<String, Denying>,
    /// Name servers that leave signatures out.
    pub bare: BTreeSet<Server>,
    /// Whether the resolver leaves proofs of absence out.
    pub unproven: bool,
    /// Whether validation of the product's zone fails: a validating resolver says SERVFAIL to everything in it.
    pub bogus: bool,
    /// Whether the resolver leaves signatures out of its answers, as many home routers do.
    pub stripped: bool,
    /// Name servers that refuse TCP.
    pub no_streams: BTreeSet<Server>,
    /// Name servers that call every question with EDNS malformed.
    pub no_edns: BTreeSet<Server>,
    /// Name servers that answer questions about everybody's names, for everybody.
    pub open: BTreeSet<Server>,
    /// Name servers that hand the whole zone to everybody.
    pub transfers: BTreeSet<Server>,
    /// Records that a single server shows in place of the zone's own, by server, name and type.
    pub differing: Vec<(Server, String, Kind, Vec<Data>)>,
    /// Addresses that the parent hands out for a name server, in place of the server's own (RFC 9471).
    pub glue: BTreeMap<String, Vec<IpAddr>>,
}

impl Names {
    pub fn add(&mut self, name: &str, data: Data) {
        self.records.entry(name.to_owned()).or_default().push(data);
    }

    /// Replaces all records of `name` by `data`.
    pub fn put(&mut self, name: &str, data: impl IntoIterator<Item = Data>) {
        self.records.insert(name.to_owned(), data.into_iter().collect());
    }

    /// Replaces the records of one type at `name` by `data`.
    pub fn set(&mut self, name: &str, kind: Kind, data: impl IntoIterator<Item = Data>) {
        let held = self.records.entry(name.to_owned()).or_default();
        held.retain(|record| record.kind() != kind);
        held.extend(data);
    }

    /// Removes the name with all its records.
    pub fn forget(&mut self, name: &str) {
        self.records.remove(name);
    }

    /// Changes every text record of `name` in place; a text that becomes `None` is removed.
    pub fn retext(&mut self, name: &str, change: impl Fn(&str) -> Option<String>) {
        let held = self.records.entry(name.to_owned()).or_default();
        let old = std::mem::take(held);
        held.extend(old.into_iter().filter_map(|record| match record {
            Data::Txt(text) => change(&text).map(Data::Txt),
            other => Some(other),
        }));
    }

    /// Cuts a zone at `name`, with its SOA and NS records.
    pub fn cut(&mut self, name: &str, servers: &[&str], serial: u32) {
        let primary = servers.first().copied().unwrap_or_default().to_owned();
        let contact = match name {
            "" => "hostmaster.root-servers.net".to_owned(),
            zone => format!("hostmaster.{zone}"),
        };
        self.zones.insert(name.to_owned());
        self.add(name, Data::Soa { primary, contact, serial });
        for server in servers {
            self.add(name, Data::ns(server));
        }
    }

    /// The records of one type at exactly this name.
    pub fn at(&self, name: &str, kind: Kind) -> impl Iterator<Item = &Data> {
        let held = self.records.get(name).map(Vec::as_slice);
        held.unwrap_or_default().iter().filter(move |record| record.kind() == kind)
    }

    /// Every record with its owner.
    #[cfg(test)]
    pub fn all(&self) -> impl Iterator<Item = (&str, &Data)> {
        self.records.iter().flat_map(|(owner, held)| held.iter().map(move |data| (owner.as_str(), data)))
    }

    /// The zone that `name` lies in.
    pub fn zone(&self, name: &str) -> &str {
        ancestors(name).find_map(|zone| self.zones.get(zone)).map_or("", String::as_str)
    }

    /// The zone that begins first on the way from `zone` down to `name`.
    pub fn below(&self, zone: &str, name: &str) -> Option<&str> {
        let inner = ancestors(name).filter(|one| one.len() > zone.len() && within(one, zone));
        inner.filter_map(|one| self.zones.get(one)).last().map(String::as_str)
    }

    /// How the question ends badly at `server`, where it does.
    pub fn trouble(&self, server: Server, name: &str, want: Want) -> Option<How> {
        self.troubles.iter().find(|trouble| trouble.meets(server, name, want)).map(|trouble| trouble.how)
    }

    /// Looks `name` up and follows CNAME records as long as their targets lie within `bounds`.
    pub fn look(&self, name: &str, want: Want, bounds: &str) -> Found {
        let mut answers = Vec::new();
        let mut last = name.to_owned();
        for _ in 0..CHAIN {
            let Some(held) = self.held(&last) else {
                return Found { answers, exists: false, last };
            };
            let before = answers.len();
            let fits = |data: &&Data| want == Want::Every || want == Want::Kind(data.kind());
            answers.extend(held.iter().filter(fits).map(|data| (last.clone(), data.clone())));
            if answers.len() > before {
                break;
            }
            let Some(target) = held.iter().find_map(|data| match data {
                Data::Cname(target) => Some(target.clone()),
                _ => None,
            }) else {
                break;
            };
            answers.push((last, Data::Cname(target.clone())));
            last = target;
            if !within(&last, bounds) {
                break;
            }
        }
        Found { answers, exists: true, last }
    }

    /// The records at `name`, from a wildcard where there is one (RFC 4592); `None`: the name does not exist.
    fn held(&self, name: &str) -> Option<&[Data]> {
        if let Some(held) = self.records.get(name) {
            return Some(held);
        }
        if self.holds(name) {
            return Some(&[]);
        }
        let encloser = ancestors(name).find(|ancestor| self.holds(ancestor))?;
        self.records.get(&format!("*.{encloser}")).map(Vec::as_slice)
    }

    /// Names that a zone holds something at, each with the types; of the zones below it only where they begin.
    pub fn inventory(&self, zone: &str) -> impl Iterator<Item = (&str, BTreeSet<Kind>)> {
        let own = self.records.iter().filter(move |(name, held)| within(name, zone) && !held.is_empty());
        own.filter_map(move |(name, held)| {
            let begins = name != zone && self.zones.contains(name);
            let above = name.split_once('.').map_or("", |(_, rest)| rest);
            if self.zone(if begins { above } else { name }) != zone {
                return None;
            }
            let kinds = held.iter().map(Data::kind).filter(|kind| !begins || matches!(kind, Kind::Ns | Kind::Ds));
            // The digest of a zone stands in its parent.
            let kinds = kinds.filter(|kind| begins || *kind != Kind::Ds || name.is_empty());
            Some((name.as_str(), kinds.collect()))
        })
    }

    /// Every record of a zone with its owner.
    pub fn whole(&self, zone: &str) -> impl Iterator<Item = (String, Data)> {
        let own = self.records.iter().filter(move |(name, _)| within(name, zone) && self.zone(name) == zone);
        own.flat_map(|(name, held)| held.iter().map(move |data| (name.clone(), data.clone())))
    }

    /// The closest name at or above this one that exists, and whether a wildcard stands below it.
    pub fn encloser<'a>(&self, name: &'a str) -> &'a str {
        ancestors(name).find(|ancestor| self.holds(ancestor)).unwrap_or("")
    }

    /// Whether the name exists by itself rather than by a wildcard.
    pub fn stands(&self, name: &str) -> bool {
        self.holds(name)
    }

    fn holds(&self, name: &str) -> bool {
        self.records.contains_key(name) || self.records.keys().any(|held| within(held, name))
    }
}

/// Whether `name` is `zone` or lies below it; the root (empty) holds all.
pub(crate) fn within(name: &str, zone: &str) -> bool {
    zone.is_empty() || name.strip_suffix(zone).is_some_and(|head| head.is_empty() || head.ends_with('.'))
}

/// `a.b.c`, `b.c`, `c` and the root.
fn ancestors(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| match name.split_once('.') {
        Some((_, rest)) => Some(rest),
        None if name.is_empty() => None,
        None => Some(""),
    })
}
