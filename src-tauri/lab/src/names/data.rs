//! The kinds of records that the lab holds, and their data.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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
