//! check_host() of RFC 7208 with any zone: it ends within the limits of §4.6.4 and never asks the same question twice.
#![no_main]

use audit::facts::{DnsAnswer, Fact, Rcode, Record, RecordData};
use audit::read::spf::{SpfProgress, SpfQuery, check_host};
use audit::{Unseen, Why};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

fuzz_target!(|data: &[u8]| {
    let mut lines = data.split(|byte| *byte == b'\n');
    let mut next = || String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let (mail_from, helo) = (next(), next());
    let ip = if data.len() % 2 == 0 { Ipv4Addr::new(192, 0, 2, 1).into() } else { Ipv6Addr::LOCALHOST.into() };
    let query = SpfQuery { ip, helo, mail_from, receiver: "mx.example".to_owned(), time: 1_700_000_000 };
    let mut known: BTreeMap<(String, &'static str), Fact<DnsAnswer>> = BTreeMap::new();
    loop {
        let progress = check_host(&query, &|name, rtype| known.get(&(name.to_owned(), rtype)));
        let asks = match progress {
            SpfProgress::Ended(ended) => {
                assert!(ended.lookups <= 11 && ended.void <= 3 && ended.trace.len() <= 400);
                return;
            }
            SpfProgress::Asks(asks) => asks,
        };
        assert!(!asks.is_empty());
        for (name, rtype) in asks {
            let answer = answer(rtype, &next());
            assert!(known.insert((name, rtype), answer).is_none(), "asked twice");
            assert!(known.len() <= 140, "too many questions");
        }
    }
});

fn answer(rtype: &str, line: &str) -> Fact<DnsAnswer> {
    if line.starts_with('!') {
        let text = String::new;
        return Fact::Unseen(Unseen { what: text(), why: Why::Timeout, says: text(), way: text() });
    }
    let data = line.split('|').filter(|part| !part.is_empty()).take(14).map(|part| match rtype {
        "TXT" => RecordData::Txt(vec![part.to_owned()]),
        "MX" => RecordData::Mx { preference: 0, exchange: part.to_ascii_lowercase() },
        "PTR" => RecordData::Other { rtype: "PTR".to_owned(), text: part.to_owned() },
        "AAAA" => RecordData::Aaaa(Ipv6Addr::LOCALHOST),
        _ => RecordData::A(Ipv4Addr::new(192, 0, 2, part.len() as u8)),
    });
    let records = data.map(|data| Record { name: "x".to_owned(), ttl: 0, data }).collect();
    let value = DnsAnswer { rcode: Rcode::NoError, records };
    Fact::Seen { value, at: "2026-11-21T12:00:00Z".parse().unwrap_or_default(), from: String::new() }
}
