//! Mending the lab as a founder would: a record set or removed at the DNS provider, a header or a redirect at the host.

use crate::names::Data;
use crate::site::Door;
use crate::world::{DOMAIN, World};

/// One change that a person makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// A record is set; those of the same name, type and version tag (`v=spf1`) make way.
    Record {
        /// Owner name, lower case, without final dot.
        name: String,
        /// Type mnemonic.
        rtype: String,
        /// Data as a zone file writes it; TXT without quotes.
        value: String,
    },
    /// A record is removed.
    NoRecord {
        /// Owner name.
        name: String,
        /// Type mnemonic.
        rtype: String,
        /// Data as a zone file writes it.
        value: String,
    },
    /// A header field is sent with every page of the product.
    Header {
        /// Field name.
        name: String,
        /// Field value.
        value: String,
    },
    /// All requests for a host are redirected, path and query kept.
    Redirect {
        /// Scheme of the requests.
        from: &'static str,
        /// Host of the requests.
        host: String,
        /// Status code.
        status: u16,
        /// Where to: scheme and host.
        to: String,
    },
}

/// Header fields that the lab's sites send.
const FIELDS: [&str; 14] = [
    "access-control-allow-credentials",
    "access-control-allow-origin",
    "cache-control",
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "strict-transport-security",
    "vary",
    "x-content-type-options",
    "x-frame-options",
    "x-request-id",
    "x-robots-tag",
];

impl Mend {
    /// Makes the change; false when the lab has nothing of this kind.
    pub(crate) fn make(&self, world: &mut World) -> bool {
        match self {
            Mend::Record { name, rtype, value } => set(world, name, rtype, value).is_some(),
            Mend::NoRecord { name, rtype, value } => remove(world, name, rtype, value).is_some(),
            Mend::Header { name, value } => header(world, name, value).is_some(),
            Mend::Redirect { from, host, status, to } => redirect(world, from, host, *status, to).is_some(),
        }
    }
}

fn set(world: &mut World, name: &str, rtype: &str, value: &str) -> Option<()> {
    let data = data(rtype, value)?;
    let tag = |text: &str| text.split([';', ' ']).next().unwrap_or_default().to_ascii_lowercase();
    let kept: Vec<Data> = world
        .names
        .at(name, data.kind())
        .filter(|held| match (held, &data) {
            (Data::Txt(held), Data::Txt(new)) => tag(held) != tag(new),
            _ => false,
        })
        .cloned()
        .collect();
    world.names.set(name, data.kind(), kept.into_iter().chain([data]));
    Some(())
}

fn remove(world: &mut World, name: &str, rtype: &str, value: &str) -> Option<()> {
    let data = data(rtype, value)?;
    let kept: Vec<Data> = world.names.at(name, data.kind()).filter(|held| **held != data).cloned().collect();
    world.names.set(name, data.kind(), kept);
    Some(())
}

fn data(rtype: &str, value: &str) -> Option<Data> {
    let host = |text: &str| text.trim_end_matches('.').to_ascii_lowercase();
    Some(match rtype {
        "A" => Data::A(value.parse().ok()?),
        "AAAA" => Data::Aaaa(value.parse().ok()?),
        "CNAME" => Data::Cname(host(value)),
        "NS" => Data::Ns(host(value)),
        "TXT" => Data::txt(value),
        "MX" => {
            let (preference, exchange) = value.split_once(' ')?;
            Data::Mx(preference.parse().ok()?, host(exchange.trim()))
        }
        "CAA" => {
            let (flags, rest) = value.split_once(' ')?;
            let (tag, value) = rest.trim().split_once(' ')?;
            let value = value.trim().trim_matches('"').to_owned();
            Data::Caa { critical: flags.parse::<u8>().ok()? & 128 != 0, tag: tag.to_owned(), value }
        }
        _ => return None,
    })
}

fn header(world: &mut World, name: &str, value: &str) -> Option<()> {
    let field = FIELDS.into_iter().find(|field| field.eq_ignore_ascii_case(name))?;
    // A list field gains a member (RFC 9110 §5.3): packed answers vary already.
    let value = if field == "vary" { format!("Accept-Encoding, {value}") } else { value.to_owned() };
    world.site(DOMAIN).headers.insert(field, value);
    Some(())
}

fn redirect(world: &mut World, from: &str, host: &str, status: u16, to: &str) -> Option<()> {
    let (scheme, target) = match to.split_once("://")? {
        ("https", target) => ("https", target),
        ("http", target) => ("http", target),
        _ => return None,
    };
    let door = Door::Sends { scheme, host: target.trim_end_matches('/').to_owned(), status };
    let site = world.site(host);
    if from == "https" {
        site.moves.remove("/");
        site.secure = door;
    } else {
        site.plain = door;
    }
    Some(())
}
