//! The lab's name space as plain data: which names hold which records, where zones are cut, and which questions meet trouble.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::resolvers::Cached;

/// The longest chain of CNAME records that is followed; real resolvers stop at about this length too.
const CHAIN: usize = 12;

/// A record type that the lab holds data of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    A,
    Aaaa,
    Caa,
    Cdnskey,
    Cds,
    Cname,
    Dnskey,
    Ds,
    Https,
    Mx,
    Naptr,
    Ns,
    Soa,
    Srv,
    Tlsa,
    Txt,
}

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    Every,
    Kind(Kind),
    /// The whole zone (RFC 5936).
    Transfer,
    /// A record type the lab has no data of: answered with no data, never with an error.
    Other,
}

/// The data of one record; names are lower case without the final dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    A(Ipv4Addr),
    Aaaa(Ipv6Addr),
    Caa {
        critical: bool,
        tag: String,
        value: String,
    },
    /// What the zone asks its parent to hold, as a key: its own, or one that it no longer has (RFC 7344).
    Cdnskey(Digest),
    Cname(String),
    /// The key that the lab signs the zone with.
    Dnskey,
    /// What the zone asks its parent to hold; none: nothing any more (RFC 8078 §4).
    Cds(Option<Digest>),
    /// The parent's digest of the zone's key.
    Ds(Digest),
    /// A service binding (RFC 9460 §9.1).
    Https(Binding),
    Mx(u16, String),
    /// Flags, service, rule and next name (RFC 3403).
    Naptr(&'static str, &'static str, &'static str, String),
    Ns(String),
    Soa {
        primary: String,
        contact: String,
        serial: u32,
    },
    /// Port and host of a service (RFC 2782).
    Srv(u16, String),
    /// Usage, selector, matching and what is compared (RFC 6698 §2.1).
    Tlsa([u8; 3], Vec<u8>),
    Txt(String),
}

/// A service binding; the root (empty) as target is the name itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Binding {
    pub priority: u16,
    pub target: String,
    /// Numbers of the parameters that clients must know.
    pub mandatory: Vec<u16>,
    pub alpn: Vec<&'static str>,
    pub port: Option<u16>,
    pub hints: Vec<Ipv4Addr>,
}

impl Binding {
    /// An alias of another host's bindings.
    pub fn alias(target: &str) -> Binding {
        Binding { target: target.to_owned(), ..Binding::default() }
    }

    /// A service at the name itself.
    pub fn speaking(alpn: &[&'static str]) -> Binding {
        Binding { priority: 1, alpn: alpn.to_vec(), ..Binding::default() }
    }
}

/// What the parent holds of a zone's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digest {
    /// SHA-1, which validators are told to leave (RFC 8624 §3.3).
    Sha1,
    Sha256,
    /// The digest of a key that the zone no longer has.
    Stale,
}

/// How a signed zone proves what it does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Denying {
    /// By names in their order.
    #[default]
    Nsec,
    /// By hashes of names in their order (RFC 5155).
    Nsec3 { rounds: u16, salt: &'static [u8], opt_out: bool },
    /// Not at all.
    Never,
    /// By records of quite another gap.
    Elsewhere,
}

/// How a zone is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signing {
    /// Days from the signature's begin to its end.
    pub life: u32,
    /// Days until its end; negative: days since.
    pub left: i32,
}

impl Data {
    pub fn kind(&self) -> Kind {
        match self {
            Data::A(_) => Kind::A,
            Data::Aaaa(_) => Kind::Aaaa,
            Data::Caa { .. } => Kind::Caa,
            Data::Cdnskey(_) => Kind::Cdnskey,
            Data::Cds(_) => Kind::Cds,
            Data::Cname(_) => Kind::Cname,
            Data::Dnskey => Kind::Dnskey,
            Data::Ds(_) => Kind::Ds,
            Data::Https(_) => Kind::Https,
            Data::Mx(..) => Kind::Mx,
            Data::Naptr(..) => Kind::Naptr,
            Data::Ns(_) => Kind::Ns,
            Data::Soa { .. } => Kind::Soa,
            Data::Srv(..) => Kind::Srv,
            Data::Tlsa(..) => Kind::Tlsa,
            Data::Txt(_) => Kind::Txt,
        }
    }

    pub fn address(address: impl Into<IpAddr>) -> Data {
        match address.into() {
            IpAddr::V4(address) => Data::A(address),
            IpAddr::V6(address) => Data::Aaaa(address),
        }
    }

    pub fn caa(tag: &str, value: &str) -> Data {
        Data::Caa { critical: false, tag: tag.to_owned(), value: value.to_owned() }
    }

    pub fn cname(target: &str) -> Data {
        Data::Cname(target.to_owned())
    }

    pub fn mx(preference: u16, host: &str) -> Data {
        Data::Mx(preference, host.to_owned())
    }

    pub fn ns(host: &str) -> Data {
        Data::Ns(host.to_owned())
    }

    pub fn txt(text: &str) -> Data {
        Data::Txt(text.to_owned())
    }
}

/// A name server that the lab runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Server {
    Ada,
    Bob,
    Carl,
    ParentOne,
    ParentTwo,
    Resolver,
    Cloudflare,
    Google,
    Quad9,
    OpenDns,
    AdGuard,
    /// The root's first server.
    Root,
    /// The server of the older top-level domains.
    Tops,
    /// The name servers of everybody else.
    Others,
}

impl Server {
    pub const ALL: [Server; 14] = [
        Server::Ada,
        Server::Bob,
        Server::Carl,
        Server::ParentOne,
        Server::ParentTwo,
        Server::Resolver,
        Server::Cloudflare,
        Server::Google,
        Server::Quad9,
        Server::OpenDns,
        Server::AdGuard,
        Server::Root,
        Server::Tops,
        Server::Others,
    ];

    /// Whether it asks others on behalf of whoever asks it.
    pub fn recursive(self) -> bool {
        use Server::{AdGuard, Cloudflare, Google, OpenDns, Quad9, Resolver};
        matches!(self, Resolver | Cloudflare | Google | Quad9 | OpenDns | AdGuard)
    }
}

/// Which names a trouble meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Under {
    All,
    /// The name itself.
    At(String),
    /// The name and everything below it.
    Below(String),
}

/// How a troubled question ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Only the head of an answer, marked as cut, over UDP and over TCP as well.
    Cut,
    /// The name is said not to exist, whatever else there is at it.
    Denied,
    /// Cut short over UDP; over a stream byte by byte without end.
    Drips,
    Dropped,
    /// Cut short over UDP; over a stream one message of another id after another.
    Floods,
    /// An answer to another question.
    Forged,
    /// Bytes that are no DNS message.
    Garbled,
    /// The right answer under another id.
    Misnumbered,
    Refused,
    ServFail,
    /// The right answer with a thousand aliases of other names before it.
    Stuffed,
    /// Names that point to themselves (RFC 1035 §4.1.4).
    Twisted,
    /// The right answer, long after everybody has given up.
    Slow,
}

/// Questions that are not answered as they should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// The server it happens at; `None`: wherever one asks.
    pub server: Option<Server>,
    pub under: Under,
    /// The record types it meets; empty: all.
    pub kinds: &'static [Kind],
    pub how: How,
}

impl Trouble {
    fn meets(&self, server: Server, name: &str, want: Want) -> bool {
        let here = self.server.is_none_or(|at| at == server);
        let named = match &self.under {
            Under::All => true,
            Under::At(at) => at == name,
            Under::Below(zone) => within(name, zone),
        };
        let asked = match want {
            Want::Kind(kind) => self.kinds.is_empty() || self.kinds.contains(&kind),
            Want::Every | Want::Transfer | Want::Other => self.kinds.is_empty(),
        };
        here && named && asked
    }
}

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
