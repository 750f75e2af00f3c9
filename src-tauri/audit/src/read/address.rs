//! What kind of address an IP address is (IANA special-purpose registries, RFC 6890), with embedded IPv4 addresses unwrapped.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The kind of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Reachable from anywhere.
    Public,
    /// Private use: RFC 1918, RFC 4193.
    Private,
    /// Shared by a provider's customers: 100.64.0.0/10 (RFC 6598).
    Shared,
    /// This machine.
    Loopback,
    /// This link only, cloud metadata included.
    LinkLocal,
    /// For examples in documents (RFC 5737, RFC 3849, RFC 9637).
    Documentation,
    /// Multicast and broadcast.
    Multicast,
    /// Unspecified, reserved, benchmarking and other addresses that no site can have.
    Reserved,
}

impl Class {
    /// Whether a site can be reached under it from anywhere.
    #[must_use]
    pub fn is_public(self) -> bool {
        self == Self::Public
    }

    /// The kind in words that fit after "is".
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Public => "a public address",
            Self::Private => "a private address that only works inside one network",
            Self::Shared => "an address shared inside a provider's network",
            Self::Loopback => "an address that means \"this machine\"",
            Self::LinkLocal => "an address that only works on one cable",
            Self::Documentation => "an address reserved for examples in documents",
            Self::Multicast => "an address for groups, not for a site",
            Self::Reserved => "a reserved address that no site can have",
        }
    }
}

/// The kind of an address; an IPv4 address inside an IPv6 one decides (RFC 4291 §2.5.5.2, RFC 6052, RFC 3056).
#[must_use]
pub fn class(address: IpAddr) -> Class {
    match address {
        IpAddr::V4(v4) => class_v4(v4),
        IpAddr::V6(v6) => embedded(v6).map_or_else(|| class_v6(v6), class_v4),
    }
}

fn embedded(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = v6.segments();
    let low = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match s {
        [0, 0, 0, 0, 0, 0xffff, a, b] | [0x64, 0xff9b, 0, 0, 0, 0, a, b] | [0x2002, a, b, ..] => Some(low(a, b)),
        _ => None,
    }
}

fn class_v4(v4: Ipv4Addr) -> Class {
    match v4.octets() {
        [127, ..] => Class::Loopback,
        [10, ..] | [192, 168, ..] => Class::Private,
        [172, b, ..] if (16..32).contains(&b) => Class::Private,
        [100, b, ..] if (64..128).contains(&b) => Class::Shared,
        [169, 254, ..] => Class::LinkLocal,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Class::Documentation,
        [224..=239, ..] | [255, 255, 255, 255] => Class::Multicast,
        [0 | 240..=255, ..] | [192, 0, 0, _] | [198, 18 | 19, ..] => Class::Reserved,
        _ => Class::Public,
    }
}

fn class_v6(v6: Ipv6Addr) -> Class {
    let first = v6.segments()[0];
    match v6.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Class::Loopback,
        [0x2001, 0x0db8, ..] => Class::Documentation,
        [0x3fff, b, ..] if b < 0x1000 => Class::Documentation,
        _ if first & 0xfe00 == 0xfc00 => Class::Private,
        _ if first & 0xffc0 == 0xfe80 => Class::LinkLocal,
        _ if first & 0xff00 == 0xff00 => Class::Multicast,
        _ if first & 0xe000 == 0x2000 => Class::Public,
        _ => Class::Reserved,
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, class};

    #[test]
    fn kinds_are_told_apart() {
        for (text, kind) in [
            ("104.18.20.10", Class::Public),
            ("2606:4700::6812:140a", Class::Public),
            ("10.0.0.12", Class::Private),
            ("172.31.255.1", Class::Private),
            ("172.32.0.1", Class::Public),
            ("100.64.0.1", Class::Shared),
            ("127.8.0.1", Class::Loopback),
            ("::1", Class::Loopback),
            ("169.254.169.254", Class::LinkLocal),
            ("fe80::1", Class::LinkLocal),
            ("fd00::1", Class::Private),
            ("203.0.113.7", Class::Documentation),
            ("2001:db8::1", Class::Documentation),
            ("::ffff:127.0.0.1", Class::Loopback),
            ("64:ff9b::a00:1", Class::Private),
            ("2002:7f00:1::", Class::Loopback),
            ("0.0.0.0", Class::Reserved),
            ("::", Class::Reserved),
            ("ff02::1", Class::Multicast),
        ] {
            assert_eq!(class(text.parse().unwrap()), kind, "{text}");
        }
    }
}
