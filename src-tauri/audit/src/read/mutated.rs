//! What reads mail from strangers, on seeded changes of good samples: a small part of what `fuzz/` does, in every run of the tests.

use super::message::{Examination, Mail};
use super::spf::{SpfProgress, SpfQuery, check_host};
use super::{bimi, dkim, dmarc, logotype, report, spf};
use crate::facts::{DnsAnswer, Fact, Rcode, Record, RecordData};
use crate::testing::{now, seen, unseen};
use crate::{Unseen, Why};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Changed samples for each reader.
const ROUNDS: usize = 1_500;
/// Pieces that mean something to one of the readers.
const WORDS: [&str; 24] = [
    "v=spf1 ",
    "include:",
    "redirect=",
    "exists:",
    "%{ir}",
    "%{d2r-}",
    " ptr",
    " mx/33//129",
    " -all",
    "v=DMARC1;",
    "p=reject;",
    "rua=mailto:a@b",
    "psd=y;",
    "v=DKIM1;",
    "k=rsa;",
    "p=MII",
    "\r\n",
    "\r\n\t",
    "DKIM-Signature:",
    "ARC-Seal: i=1;",
    "b=;",
    "<row>",
    "</feedback>",
    "<svg>",
];

/// Samples with bytes flipped, cut out, doubled and mixed in.
fn changed(samples: &[&[u8]], seed: u64, mut each: impl FnMut(&[u8])) {
    let mut random = fastrand::Rng::with_seed(seed);
    for _ in 0..ROUNDS {
        let mut bytes = samples[random.usize(..samples.len())].to_vec();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(..=bytes.len());
            let end = random.usize(at..=bytes.len().min(at + 40));
            match random.u8(..5) {
                0 if at < bytes.len() => bytes[at] ^= 1 << random.u8(..8),
                1 => drop(bytes.drain(at..end)),
                2 => {
                    let again = bytes[at..end].to_vec();
                    drop(bytes.splice(at..at, again));
                }
                3 => drop(bytes.splice(at..end, WORDS[random.usize(..WORDS.len())].bytes())),
                _ => {
                    let other = samples[random.usize(..samples.len())];
                    let from = random.usize(..=other.len());
                    drop(bytes.splice(at..end, other[from..other.len().min(from + 60)].iter().copied()));
                }
            }
        }
        each(&bytes);
    }
}

fn text(text: &str) -> Fact<DnsAnswer> {
    let record = Record { name: "x".to_owned(), ttl: 0, data: RecordData::Txt(vec![text.to_owned()]) };
    seen(DnsAnswer { rcode: Rcode::NoError, records: vec![record] })
}

#[test]
fn records_of_senders_are_read_and_rewritten() {
    let samples: [&[u8]; 3] = [
        b"v=spf1 a mx ip4:192.0.2.0/24 ip6:2001:db8::/32 include:_spf.example.com exists:%{ir}.sp.%{d} -all",
        b"v=spf1 include:a.example include:b.example a:c.example/24//64 redirect=d.example exp=e.%{d2}",
        b"v=spf1 ip4=192.0.2.1 ptr ?all",
    ];
    let none = Unseen { what: String::new(), why: Why::Timeout, says: String::new(), way: String::new() };
    let ask = |_: &str, _: &str| -> Result<&'static DnsAnswer, Unseen> { Err(none.clone()) };
    changed(&samples, 1, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Some(mended) = spf::mended(&text) {
            assert!(spf::parse(&mended).is_ok(), "{text:?} became {mended:?}");
        }
        let Ok(record) = spf::parse(&text) else { return };
        let cost = spf::evaluate("example.com", &record, &ask);
        assert!(spf::lines(&spf::tree(&record, &cost)).len() <= 61);
        drop((spf::split(&record, &cost, &[]), spf::nested(&cost), record.asks("example.com")));
        let repeated = spf::without_repeats(&record.text);
        for written in [spf::with_all(&record, spf::Qualifier::Fail), spf::without_ptr(&record), repeated] {
            assert!(spf::parse(&written).is_ok(), "{text:?} became {written:?}");
        }
    });
}

#[test]
fn evaluation_ends_within_its_limits_whatever_dns_says() {
    let samples: [&[u8]; 2] = [
        b"a@example.com\nmail.example.com\nv=spf1 include:b.example exists:%{l}.%{d} -all\nv=spf1 a mx ptr ?all\nb.example|c.example",
        b"\nmail.example.com\nv=spf1 redirect=b.example\nv=spf1 include:example.com include:b.example\n!\n",
    ];
    changed(&samples, 2, |bytes| {
        let whole = String::from_utf8_lossy(bytes);
        let mut lines = whole.split('\n');
        let mut next = || lines.next().unwrap_or_default().to_owned();
        let ip = Ipv4Addr::new(192, 0, 2, 1).into();
        let (mail_from, helo) = (next(), next());
        let query = SpfQuery { ip, helo, mail_from, receiver: "mx.example".to_owned(), time: now().as_second() };
        let mut known: BTreeMap<(String, &'static str), Fact<DnsAnswer>> = BTreeMap::new();
        loop {
            match check_host(&query, &|name, rtype| known.get(&(name.to_owned(), rtype))) {
                SpfProgress::Ended(ended) => {
                    assert!(ended.lookups <= 11 && ended.void <= 3 && ended.trace.len() <= 400, "{whole:?}");
                    return;
                }
                SpfProgress::Asks(asks) => {
                    assert!(!asks.is_empty());
                    for ask in asks {
                        let line = next();
                        let answer = if line.starts_with('!') { unseen(Why::Timeout) } else { text(&line) };
                        assert!(known.insert(ask, answer).is_none() && known.len() <= 140, "{whole:?}");
                    }
                }
            }
        }
    });
}

#[test]
fn keys_and_policies_of_any_bytes_are_read() {
    let samples: [&[u8]; 3] = [
        b"v=DKIM1; k=ed25519; t=s:y; h=sha256; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        b"v=DMARC1; p=quarantine; sp=none; np=reject; rua=mailto:a@example.com!10m,mailto:b@example.org; adkim=s; fo=1; psd=n; t=y",
        b"v=BIMI1; l=https://example.com/l.svg; a=https://example.com/a.pem",
    ];
    changed(&samples, 3, |bytes| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        if dkim::parse(&text).is_ok() {
            assert!(dkim::is_key(&text), "{text:?}");
        }
        drop((dkim::tags(&text), dkim::public_key(&text), bimi::record(&text)));
        if let Ok(record) = dmarc::parse(&text) {
            assert!(dmarc::is_dmarc(&text) && record.aggregate.len() <= 20 && record.failure.len() <= 20, "{text:?}");
        }
        assert!(dmarc::report_domains(&text).len() <= 20 && dmarc::walk(&text).len() <= 8, "{text:?}");
        for step in dmarc::steps("example.com", std::slice::from_ref(&text)).unwrap_or_default() {
            assert!(step.published || dmarc::parse(&step.record).is_ok(), "{text:?} became {:?}", step.record);
        }
    });
}

#[test]
fn messages_of_any_bytes_are_examined_to_their_end() {
    const CASES: [&str; 3] = [
        include_str!("../../../../tests/cases/mail/rfc6376.txt"),
        include_str!("../../../../tests/cases/mail/rfc8463.txt"),
        include_str!("../../../../tests/cases/mail/arc.txt"),
    ];
    // The keys of a case stand before its message.
    let messages = CASES.map(|case| case.split_once("\n\n").unwrap().1.as_bytes());
    let mut opened = 0;
    changed(&messages, 4, |bytes| {
        let Ok(mail) = Mail::open(bytes) else { return };
        opened += 1;
        let mut known: BTreeMap<(String, &'static str), Fact<DnsAnswer>> = BTreeMap::new();
        loop {
            match mail.examine(now().as_second(), &|name, rtype| known.get(&(name.to_owned(), rtype))) {
                Examination::Ended(seen) => return assert!(seen.dkim.len() <= 10 && seen.spam.len() <= 12),
                Examination::Asks(asks) => {
                    assert!(!asks.is_empty() && known.len() <= 1_000);
                    for (name, rtype) in asks {
                        let key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
                        let says = if name.contains("_domainkey") { key } else { "v=spf1 a mx -all" };
                        assert!(known.insert((name, rtype), text(says)).is_none(), "asked twice");
                    }
                }
            }
        }
    });
    assert!(opened > ROUNDS / 2, "most are still messages: {opened}");
}

#[test]
fn reports_and_logos_of_any_bytes_are_read() {
    const CASES: [&str; 3] = [
        include_str!("../../../../tests/cases/reports/rfc7489.xml"),
        include_str!("../../../../tests/cases/reports/rfc9990.xml"),
        "<svg version=\"1.2\" baseProfile=\"tiny-ps\" viewBox=\"0 0 64 64\"><title>x</title><g id=\"a\"/></svg>",
    ];
    let extension = logotype::tests::holding(CASES[2]);
    let mut samples = CASES.map(str::as_bytes).to_vec();
    samples.push(&extension);
    changed(&samples, 5, |bytes| {
        if let Ok(read) = report::read(bytes) {
            let domain = read.domain.clone();
            let mut all = report::Gathering::default();
            all.add(read);
            let told = report::senders(&all.finish(), &domain, &|_| None);
            assert!(told.iter().all(|sender| sender.proven <= sender.messages));
        }
        if let Some(logo) = bimi::logo(bytes) {
            assert!(logo.banned.len() <= 10);
        }
        assert!(logotype::Logotype::read(bytes).digests.len() <= 400);
        let chain = bimi::chain(bytes);
        drop(bimi::signed(&chain, now()));
    });
}
