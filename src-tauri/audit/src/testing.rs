//! Hand-made facts for the tests of checks: a small healthy site that each test then breaks.

use crate::check::{Finding, Status};
use crate::facts::{
    Chain, DnsAnswer, End, Exchange, Fact, Facts, Handshake, Header, Hop, LoadAgreed, LoadCap, LoadEnd, Loaded, Model,
    Offer, PageSeen, Percentile, Phase, Rcode, Reach, Record, RecordData, Scope, SlowNetwork, Target, TlsVersion,
    Trust, VersionAnswer, VersionSeen,
};
use crate::roadmap;
use crate::{Case, Check, Unseen, Verdict, Why};
use jiff::Timestamp;

/// The time that tests judge by.
pub(crate) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub(crate) fn seen<T>(value: T) -> Fact<T> {
    Fact::Seen { value, at: now(), from: "test".to_owned() }
}

pub(crate) fn unseen<T>(why: Why) -> Fact<T> {
    Fact::Unseen(Unseen {
        what: "x".to_owned(),
        why,
        says: "no answer came within 4 s".to_owned(),
        way: "run it again".to_owned(),
    })
}

/// Facts of example.com with nothing seen yet.
pub(crate) fn blank() -> Facts {
    let target = Target { name: "example.com".to_owned(), domain: "example.com".to_owned() };
    let scope = Scope { random_name: "q7x.example.com".to_owned(), ..Scope::default() };
    Facts::begin(target, "sd", scope, now())
}

/// Puts an answer with these records (owner = the name asked).
pub(crate) fn answer(facts: &mut Facts, name: &str, rtype: &str, data: Vec<RecordData>) {
    let records = data.into_iter().map(|data| Record { name: name.to_owned(), ttl: 300, data }).collect();
    facts.dns.insert(format!("{name} {rtype}"), seen(DnsAnswer { rcode: Rcode::NoError, records }));
}

/// Puts "this name does not exist" for both address types.
pub(crate) fn absent(facts: &mut Facts, name: &str) {
    for rtype in ["A", "AAAA"] {
        facts.dns.insert(format!("{name} {rtype}"), seen(DnsAnswer { rcode: Rcode::NxDomain, records: vec![] }));
    }
}

/// Puts a host with one IPv4 address that answers on 443 with a trusted certificate.
pub(crate) fn host(facts: &mut Facts, name: &str, address: &str) {
    answer(facts, name, "A", vec![RecordData::A(address.parse().unwrap())]);
    answer(facts, name, "AAAA", vec![]);
    facts.reach.insert(format!("{name}|{address}"), seen(Reach { open: true, took_ms: 12 }));
    facts.tls.insert(format!("{name}|{address}"), seen(handshake(name)));
    facts.offers.insert(format!("{name}|{address}"), seen(offer()));
}

/// A server that takes TLS 1.2 and 1.3 only.
pub(crate) fn offer() -> Offer {
    let versions = TlsVersion::ALL.map(|version| VersionSeen {
        version,
        answer: match version {
            TlsVersion::Tls12 => VersionAnswer::Taken { suite: 0xC02F },
            TlsVersion::Tls13 => VersionAnswer::Taken { suite: 0x1301 },
            _ => VersionAnswer::Refused { how: "protocol version".to_owned() },
        },
    });
    Offer {
        connections: 6,
        seen_at: None,
        versions: versions.into(),
        modern: Some(true),
        weak: vec![],
        more_weak: false,
        compression: Some(false),
        secure_renegotiation: Some(true),
        group: None,
        refuses_fallback: None,
        timestamps: false,
        entries: vec![],
        unseen: vec![],
    }
}

/// A trusted handshake of TLS 1.3 with a fresh self-made chain that is good for `name`.
pub(crate) fn handshake(name: &str) -> Handshake {
    Handshake {
        protocol: Some("TLSv1.3".to_owned()),
        cipher: None,
        alpn: Some("h2".to_owned()),
        chain: vec![certificate(&[name], -20, 70)],
        sent: 1,
        stapled: false,
        staple: None,
        logs: None,
        trust: Trust::Trusted,
    }
}

/// A certificate for these names, valid from `from` to `until` days from [`now`], DER in base64.
pub(crate) fn certificate(names: &[&str], from: i64, until: i64) -> String {
    use base64::Engine as _;
    let mut params = rcgen::CertificateParams::new(names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>()).unwrap();
    let day = |days: i64| time::OffsetDateTime::from_unix_timestamp(now().as_second() + days * 86_400).unwrap();
    params.not_before = day(from);
    params.not_after = day(until);
    params.distinguished_name.push(rcgen::DnType::CommonName, names[0]);
    let key = rcgen::KeyPair::generate().unwrap();
    base64::engine::general_purpose::STANDARD.encode(params.self_signed(&key).unwrap().der())
}

/// A leaf for these names and the authority of this organisation above it, both DER in base64.
pub(crate) fn issued(organisation: &str, names: &[&str], from: i64, until: i64) -> Vec<String> {
    use base64::Engine as _;
    let day = |days: i64| time::OffsetDateTime::from_unix_timestamp(now().as_second() + days * 86_400).unwrap();
    let mut above = rcgen::CertificateParams::default();
    above.distinguished_name.push(rcgen::DnType::OrganizationName, organisation);
    above.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let issuer = rcgen::CertifiedIssuer::self_signed(above, rcgen::KeyPair::generate().unwrap()).unwrap();
    let mut params = rcgen::CertificateParams::new(names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>()).unwrap();
    (params.not_before, params.not_after) = (day(from), day(until));
    params.distinguished_name.push(rcgen::DnType::CommonName, names[0]);
    let leaf = params.signed_by(&rcgen::KeyPair::generate().unwrap(), &issuer).unwrap();
    [leaf.der(), issuer.der()].map(|der| base64::engine::general_purpose::STANDARD.encode(der)).into()
}

/// One hop.
pub(crate) fn hop(url: &str, status: u16, location: Option<&str>) -> Hop {
    Hop {
        url: url.to_owned(),
        address: "104.18.20.10:443".to_owned(),
        version: "HTTP/2".to_owned(),
        status,
        headers: vec![],
        location: location.map(str::to_owned),
        took_ms: 30,
        page: location.is_none().then(|| PageSeen {
            title: Some("Example".to_owned()),
            sha256: "aa".to_owned(),
            ..PageSeen::default()
        }),
    }
}

/// Puts a chain: 301 from each URL to the next, 200 at the last.
pub(crate) fn chain(facts: &mut Facts, urls: &[&str]) {
    let hops = urls.iter().enumerate().map(|(i, url)| match urls.get(i + 1) {
        Some(next) => hop(url, 301, Some(next)),
        None => hop(url, 200, None),
    });
    facts.http.insert(urls[0].to_owned(), seen(Chain { hops: hops.collect(), end: End::Answered }));
}

/// A header line.
pub(crate) fn header(name: &str, value: &str) -> Header {
    Header { name: name.to_owned(), value: value.to_owned() }
}

/// A small healthy site: apex and www behind Cloudflare, every form ends at the apex.
pub(crate) fn healthy() -> Facts {
    let mut facts = blank();
    host(&mut facts, "example.com", "104.18.20.10");
    host(&mut facts, "www.example.com", "104.18.20.10");
    absent(&mut facts, "q7x.example.com");
    let home = "https://example.com/";
    chain(&mut facts, &[home]);
    chain(&mut facts, &["http://example.com/", home]);
    chain(&mut facts, &["https://www.example.com/", home]);
    chain(&mut facts, &["http://www.example.com/", "https://www.example.com/", home]);
    facts
}

/// The chain that starts at a URL, to be broken.
pub(crate) fn chain_at<'a>(facts: &'a mut Facts, url: &str) -> &'a mut Chain {
    match facts.http.get_mut(url) {
        Some(Fact::Seen { value, .. }) => value,
        _ => panic!("no chain at {url}"),
    }
}

/// Judges with one check.
pub(crate) fn judge(check: &Check, facts: &Facts) -> Result<Verdict, Unseen> {
    (check.judge)(&Case { facts, roadmap: roadmap::by_id("sd").unwrap(), now: now() })
}

/// Judges with one check; the status only.
pub(crate) fn status(check: &Check, facts: &Facts) -> Status {
    Status::of(&judge(check, facts))
}

/// Judges with one check; the findings only.
pub(crate) fn findings(check: &Check, facts: &Facts) -> Vec<Finding> {
    match judge(check, facts) {
        Ok(Verdict::Judged { findings, .. }) => findings,
        _ => vec![],
    }
}

/// An exchange with this answer, its body read as the looker does.
pub(crate) fn exchange(url: &str, status: u16, body: &[u8]) -> Exchange {
    let mut reader = crate::read::body::Reader::default();
    reader.feed(body);
    Exchange {
        method: "GET".to_owned(),
        url: url.to_owned(),
        sent: vec![],
        signed_in: false,
        address: "104.18.20.10:443".to_owned(),
        version: "HTTP/2".to_owned(),
        status,
        headers: vec![],
        location: None,
        took_ms: 30,
        body: reader.finish(body.len(), false),
    }
}

/// Puts an exchange of a probe.
pub(crate) fn put(facts: &mut Facts, probe: &str, exchange: Exchange) {
    facts.exchanges.insert(format!("{probe} {}", exchange.url), seen(exchange));
}

/// Names places, each with what it is.
pub(crate) fn named(facts: &mut Facts, rows: &[(&str, &str)]) {
    let text = String::new;
    let answer = crate::facts::Answer {
        choice: crate::facts::Choice::Yes,
        note: text(),
        evidence: text(),
        owner: text(),
        rows: rows.iter().map(|(address, told)| ((*address).to_owned(), (*told).to_owned())).collect(),
        at: now(),
    };
    facts.answers.insert(crate::read::place::KEY.to_owned(), answer);
}

/// A run with so many users and requests, of which 95 of 100 waited so many milliseconds at most.
pub(crate) fn run_of(users: u32, requests: u32, p95_ms: u32) -> Loaded {
    let percentile =
        |percentile, needs, ms: u32| Percentile { percentile, micros: ms * 1000, needs, low: None, high: None };
    let phase = |name: &str| Phase {
        name: name.to_owned(),
        samples: requests,
        percentiles: vec![percentile(50.0, 2, p95_ms / 2), percentile(95.0, 20, p95_ms)],
    };
    let agreed = LoadAgreed {
        host: "example.com".to_owned(),
        by: "Ada Alder".to_owned(),
        cap: LoadCap::MOST,
        at: now(),
        until: now(),
    };
    Loaded {
        what: "GET https://example.com/".to_owned(),
        model: Model::Users { users, think_ms: 1_000 },
        planned_ms: 20_000,
        took_ms: 20_000,
        sent: requests,
        answered: requests,
        statuses: [(200, requests)].into(),
        errors: std::collections::BTreeMap::new(),
        connections: users,
        protocol: "HTTP/2".to_owned(),
        at_once: users,
        response: phase("response"),
        service: phase("service"),
        phases: vec![],
        parts: vec![],
        late_us: 100,
        end: LoadEnd::Whole,
        signed_in: false,
        slow: None,
        agreed: Some(agreed),
    }
}

/// A poor connection.
pub(crate) fn poor() -> Option<SlowNetwork> {
    Some(SlowNetwork { delay_ms: 300, loss: 2.0, kilobits: None })
}

/// A watch of one subject that looked so often in each of the last hours, up to [`now`].
pub(crate) fn watched(subject: &str, every_s: u32, hours: i64, looks: u32, took_ms: u32) -> crate::facts::Watched {
    let hour = |back: i64| crate::facts::WatchedHour {
        at: now().checked_sub(jiff::SignedDuration::from_hours(back)).unwrap(),
        looks,
        well: looks,
        times: vec![(took_ms, looks)],
    };
    let hours = (1..=hours).rev().map(hour).collect();
    crate::facts::Watched { every_s, last: now(), subjects: [(subject.to_owned(), hours)].into(), changes: vec![] }
}

/// What a person answered to the question of a check.
pub(crate) fn answered(check: &Check, choice: crate::facts::Choice) -> Facts {
    let (note, text) = ("as seen on Monday".to_owned(), String::new);
    let answer =
        crate::facts::Answer { choice, note, evidence: text(), owner: text(), rows: Default::default(), at: now() };
    let mut facts = blank();
    facts.answers.insert(check.id.to_owned(), answer);
    facts
}
