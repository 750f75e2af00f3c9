//! The way of a message from server to server: its Received fields (RFC 5321 §4.4).

use super::Message;
use crate::read::address::class;
use crate::read::text::clean;
use jiff::Timestamp;
use std::net::IpAddr;

/// Servers that are told.
const HOPS: usize = 50;

/// One server that took the message over.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Hop {
    /// The name by which the sending machine greeted.
    pub from: Option<String>,
    /// Its address, as the receiving server saw it.
    pub ip: Option<IpAddr>,
    /// The receiving server.
    pub by: Option<String>,
    /// When it took the message over.
    pub at: Option<Timestamp>,
    /// Seconds since the hop before; negative where clocks differ.
    pub seconds: Option<i64>,
}

/// The hops, first server first.
pub(super) fn hops(message: &Message) -> Vec<Hop> {
    let mut hops: Vec<Hop> = message.all("received").rev().take(HOPS).map(|field| hop(&field.text())).collect();
    for at in 1..hops.len() {
        let (before, here) = (hops[at - 1].at, hops[at].at);
        hops[at].seconds = before.zip(here).map(|(before, here)| here.as_second() - before.as_second());
    }
    hops
}

/// The hop at which the message came into the receiver's own house: the last with an outside address.
pub(super) fn border(hops: &[Hop]) -> Option<&Hop> {
    let outside = |hop: &&Hop| hop.ip.is_some_and(|ip| class(ip).is_public());
    let house = |name: &Option<String>| name.as_deref().and_then(psl::domain_str).map(str::to_ascii_lowercase);
    // Within a house the same company is on both sides.
    let between = |hop: &&Hop| house(&hop.from).is_none() || house(&hop.from) != house(&hop.by);
    hops.iter().rev().filter(outside).find(between).or_else(|| hops.iter().rev().find(outside))
}

fn hop(text: &str) -> Hop {
    let text: String = text.chars().take(2_000).collect();
    let (clauses, date) = text.rsplit_once(';').unwrap_or((&text, ""));
    let from = clauses.strip_prefix("from ").map(|rest| rest.split_once(" by ").map_or(rest, |(from, _)| from));
    let by = clauses.split_once("by ").filter(|(before, _)| before.is_empty() || before.ends_with(' '));
    let word = |text: &str| clean(text.split([' ', '(', ';']).next().unwrap_or_default(), 253);
    Hop {
        from: from.map(word).filter(|word| !word.is_empty()),
        ip: from.and_then(address),
        by: by.map(|(_, rest)| word(rest)).filter(|word| !word.is_empty()),
        at: time(date),
        seconds: None,
    }
}

/// The last address in brackets, else the first in round ones: what the server itself saw stands after the name given.
fn address(from: &str) -> Option<IpAddr> {
    let read = |text: &str| text.trim().trim_start_matches("IPv6:").parse::<IpAddr>().ok().map(|ip| ip.to_canonical());
    let bracketed = from.split('[').skip(1).filter_map(|part| read(part.split(']').next()?));
    let round = || from.split(['(', ')', ' ']).find_map(read);
    bracketed.last().or_else(round)
}

fn time(date: &str) -> Option<Timestamp> {
    let bare = date.split('(').next()?.split_whitespace().collect::<Vec<_>>().join(" ");
    jiff::fmt::rfc2822::parse(&bare).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::{border, hop};

    #[test]
    fn hops_are_read_as_servers_write_them() {
        let google = hop(
            "from mail-sor-f41.google.com (mail-sor-f41.google.com. [209.85.220.41]) by mx.google.com with SMTPS id x for <a@example.com>; Fri, 21 Nov 2025 03:04:05 -0800 (PST)",
        );
        assert_eq!(google.from.as_deref(), Some("mail-sor-f41.google.com"));
        assert_eq!(
            (google.ip.unwrap().to_string(), google.by.as_deref()),
            ("209.85.220.41".to_owned(), Some("mx.google.com"))
        );
        assert_eq!(google.at.unwrap().to_string(), "2025-11-21T11:04:05Z");
        let local = hop("by 2002:a05:6402:1e8a with SMTP id f10; Fri, 21 Nov 2025 03:04:06 -0800");
        assert_eq!((local.from, local.ip, local.by.as_deref()), (None, None, Some("2002:a05:6402:1e8a")));
        let six = hop("from x ([IPv6:2001:db8::1]) by y; nonsense");
        assert_eq!((six.ip.unwrap().to_string(), six.at), ("2001:db8::1".to_owned(), None));
        for odd in ["", ";", "from", "from (", "from [ by ];;", "by by by"] {
            let _ = hop(odd);
        }
    }

    #[test]
    fn the_border_is_where_another_company_hands_over() {
        let hops = [
            hop("from app ([10.0.0.5]) by out.shop.example; x"),
            hop("from out.shop.com ([5.161.44.10]) by mx1.mailhouse.net; x"),
            hop("from mx1.mailhouse.net ([5.161.8.9]) by store.mailhouse.net; x"),
        ];
        assert_eq!(border(&hops).unwrap().from.as_deref(), Some("out.shop.com"));
        assert!(border(&hops[..1]).is_none());
    }
}
