//! tls.protocols: only current versions of TLS and current suites are taken, and HTTP/2 is spoken.

use crate::check::{Check, Concern, Finding, Need, Verdict};
use crate::facts::{Offer, TlsVersion, VersionAnswer};
use crate::read::suite;
use crate::{Case, Unseen};
use std::collections::BTreeMap;
use std::net::IpAddr;
use words::{Kind, finding};

#[path = "protocols_findings.rs"]
mod words;

/// tls.protocols.
pub static CHECK: Check = Check {
    id: "tls.protocols",
    title: "Only current kinds of encryption are accepted",
    why: "Old kinds of encryption can be broken by others on the way, and auditors of your customers look for them first.",
    needs: &[Need::Public],
    concern: Concern::Trust,
    covers: "SSL 3.0 to TLS 1.3, every weak suite and the group for agreeing on keys, really asked for at each server; HTTP/2 on the bare domain and www. Not looked at, as nobody who launches a product can act on it: the order of suites, session tickets, and differences between the certificates of one host's addresses, each of which is judged by itself.",
    ask: None,
    refs: &[
        "RFC 8996 §2",
        "RFC 9325 §3.1",
        "RFC 9325 §4.1",
        "RFC 7465 §2",
        "RFC 5746 §3.4",
        "RFC 7507 §4",
        "RFC 9113 §3.2",
    ],
    judge,
};

/// Bits that a group must have at least (RFC 9325 §4.1), and below which anybody with some patience breaks it.
const GROUP: u32 = 2048;
const BROKEN: u32 = 1024;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    case.addresses(case.apex())?;
    let (mut proof, mut unseen) = (vec![], vec![]);
    // One problem of one host is told once, with every address that shows it.
    let mut findings: BTreeMap<(String, Kind), Finding> = BTreeMap::new();
    for host in case.hosts() {
        for address in case.addresses(&host)? {
            // A closed port is the business of the dns checks.
            if case.reach(&host, address).is_ok_and(|reach| !reach.open) {
                continue;
            }
            let mut problems = vec![];
            match case.offer(&host, address) {
                Ok(offer) => {
                    problems = of(offer);
                    unseen.extend(holes(offer));
                    if problems.is_empty() {
                        proof.push(line(&host, address, offer));
                    }
                }
                Err(why) => unseen.push(why),
            }
            problems.extend(http(case, &host, address));
            for (kind, evidence) in problems {
                let told = findings.entry((host.clone(), kind)).or_insert_with(|| finding(case, &host, address, kind));
                told.evidence.push(format!("{host} at {address}: {evidence}"));
            }
        }
    }
    proof.extend(newest_http(case));
    Ok(Verdict::judged(proof, findings.into_values().collect(), unseen))
}

fn line(host: &str, address: IpAddr, offer: &Offer) -> String {
    let taken: Vec<&str> = offer.taken().map(TlsVersion::says).collect();
    let how = match &offer.seen_at {
        Some(key) if offer.connections == 0 => {
            format!("as seen at {}, which serves the same", key.replace('|', " at "))
        }
        Some(key) => {
            format!("{} connections, the rest as seen at {}", offer.connections, key.replace('|', " at "))
        }
        None => format!("{} connections", offer.connections),
    };
    format!("{host} at {address}: {}; older versions and weak suites refused ({how})", taken.join(", "))
}

/// What got no answer.
fn holes(offer: &Offer) -> Vec<Unseen> {
    let versions = offer.versions.iter().filter_map(|seen| match &seen.answer {
        VersionAnswer::Unseen(unseen) => Some(unseen.clone()),
        _ => None,
    });
    versions.chain(offer.unseen.iter().cloned()).collect()
}

fn of(offer: &Offer) -> Vec<(Kind, String)> {
    let mut found = vec![];
    let old: Vec<&str> = offer.taken().filter(|version| *version < TlsVersion::Tls12).map(TlsVersion::says).collect();
    if !old.is_empty() {
        let newest = offer.taken().next_back();
        let kind = match newest {
            Some(newest) if newest < TlsVersion::Tls12 => Kind::NothingNewer,
            _ if offer.taken().next() == Some(TlsVersion::Ssl3) => Kind::Ssl3,
            _ => Kind::Old,
        };
        let fallback = match offer.refuses_fallback {
            Some(false) => "; a fall-back is not noticed (RFC 7507)",
            _ => "",
        };
        found.push((kind, format!("agrees to {}{fallback}", old.join(" and "))));
    }
    let mut kinds: BTreeMap<suite::Weakness, Vec<String>> = BTreeMap::new();
    for seen in &offer.weak {
        if let Some(weakness) = suite::weakness(seen.suite) {
            kinds.entry(weakness).or_default().push(format!("{} in {}", suite::name(seen.suite), seen.version.says()));
        }
    }
    let more = if offer.more_weak { ", and there may be more" } else { "" };
    found.extend(
        kinds
            .into_iter()
            .map(|(weakness, names)| (Kind::Weak(weakness), format!("agrees to {}{more}", names.join(", ")))),
    );
    if offer.modern == Some(false) && !offer.taken().any(|version| version == TlsVersion::Tls13) {
        found.push((
            Kind::OlderSuites,
            "no suite of TLS 1.2 with forward secrecy and authenticated encryption".to_owned(),
        ));
    }
    if let Some(bits) = offer.group.filter(|bits| *bits < GROUP) {
        let kind = if bits < BROKEN { Kind::BrokenGroup } else { Kind::ShortGroup };
        found.push((kind, format!("agrees on keys over a group of {bits} bits")));
    }
    if offer.compression == Some(true) {
        found.push((Kind::Compression, "agrees to compress what it encrypts".to_owned()));
    }
    if offer.secure_renegotiation == Some(false) {
        found.push((Kind::Renegotiation, "its answer lacks the sign of RFC 5746".to_owned()));
    }
    found
}

/// HTTP/2 on the hosts that people type; other hosts may well speak HTTP/1.1 to machines.
fn http(case: &Case<'_>, host: &str, address: IpAddr) -> Option<(Kind, String)> {
    if host != case.apex() && host != case.www() {
        return None;
    }
    let shown = case.tls(host, address).ok()?;
    let agreed = shown.alpn.as_deref().unwrap_or("nothing");
    (agreed != "h2").then(|| (Kind::NoHttp2, format!("offered h2 and http/1.1, the server chose {agreed}")))
}

/// HTTP/3, where it is announced (RFC 7838, RFC 9460).
fn newest_http(case: &Case<'_>) -> Option<String> {
    let apex = case.apex();
    let announced = case.chain(&format!("https://{apex}/")).ok().and_then(|chain| {
        let first = chain.hops.first()?;
        first.header("alt-svc").find(|value| value.contains("h3=")).map(|_| "an Alt-Svc header")
    });
    let record = case.dns(apex, "HTTPS").ok().and_then(|answer| {
        let texts = answer.records.iter().map(|record| crate::picture::present(&record.data).1);
        texts.into_iter().find(|text| text.contains("alpn") && text.contains("h3")).map(|_| "an HTTPS record")
    });
    let by: Vec<&str> = announced.into_iter().chain(record).collect();
    (!by.is_empty()).then(|| format!("{apex} announces HTTP/3 by {}", by.join(" and ")))
}

#[cfg(test)]
#[path = "protocols_tests.rs"]
mod tests;
