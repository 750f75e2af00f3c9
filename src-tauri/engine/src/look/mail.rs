//! Mail: the SPF, DKIM and DMARC records, and every name that evaluating them leads to.

use super::message;
use crate::run::{Desk, names};
use audit::facts::{DnsAnswer, Fact, Observation, Rcode, RecordData};
use audit::read::{dkim, dmarc, spf};
use audit::{Unseen, Why};
use futures::future::join_all;
use hickory_proto::rr::RecordType;
use std::collections::BTreeSet;

/// Questions that following SPF may ask; RFC 7208 §4.6.4 allows ten terms, broken records ask for more.
const QUESTIONS: usize = 60;
/// Includes inside includes that are followed.
const DEPTH: usize = 12;
/// DKIM selectors asked for.
const SELECTORS: usize = 64;
/// Selectors taken from reports.
const REPORTED: usize = 20;
/// Selectors asked for before all others; when these stay silent, the rest are not asked.
const BATCH: usize = 8;
/// Report destinations besides the domain itself whose organisation and consent are looked up.
const REPORTS: usize = 10;

/// Looks at everything that the mail checks read.
pub(crate) async fn look(desk: &Desk<'_>) {
    let apex = desk.apex();
    tokio::join!(
        async {
            // What keys are looked for under needs no sender: a domain that stays silent is waited for once, not once for each.
            let (above, mx) = (key_names(apex), RecordType::MX);
            let (includes, ..) =
                tokio::join!(follow_spf(desk, apex), desk.ask(apex, mx), desk.ask(&above, RecordType::TXT));
            look_up_keys(desk, apex, &includes).await;
        },
        look_up_policy(desk, apex),
    );
}

/// The name that all keys stand below (RFC 6376 §3.6.2.1).
fn key_names(apex: &str) -> String {
    format!("_domainkey.{apex}")
}

fn texts(fact: &Fact<DnsAnswer>) -> Vec<String> {
    fact.seen().map(|answer| answer.texts().collect()).unwrap_or_default()
}

/// Asks all that evaluating the SPF records of `apex` needs, level by level; gives the names of the includes.
async fn follow_spf(desk: &Desk<'_>, apex: &str) -> Vec<String> {
    let mut includes = Vec::new();
    let mut known: BTreeSet<(String, &'static str)> = BTreeSet::from([(apex.to_owned(), "TXT")]);
    let mut level = vec![apex.to_owned()];
    for _ in 0..DEPTH {
        let answers = join_all(level.iter().map(|name| desk.ask(name, RecordType::TXT))).await;
        let mut asks: Vec<(String, &'static str)> = Vec::new();
        for (name, answer) in level.iter().zip(&answers) {
            let records = texts(answer).into_iter().filter(|text| spf::is_spf(text));
            // A record that does not parse asks nothing more; its TXT is a fact already.
            let parsed = records.filter_map(|text| spf::parse(&text).ok());
            asks.extend(parsed.flat_map(|record| record.asks(name)));
        }
        asks.retain(|ask| known.len() < QUESTIONS && known.insert(ask.clone()));
        let (further, rest): (Vec<_>, Vec<_>) = asks.into_iter().partition(|(_, rtype)| *rtype == "TXT");
        join_all(rest.iter().map(|(name, rtype)| look_up(desk, name, rtype))).await;
        level = further.into_iter().map(|(name, _)| name).collect();
        includes.extend(level.iter().cloned());
        if level.is_empty() {
            break;
        }
    }
    includes
}

async fn look_up(desk: &Desk<'_>, name: &str, rtype: &str) {
    let rtype = match rtype {
        "A" => RecordType::A,
        "AAAA" => RecordType::AAAA,
        "MX" => RecordType::MX,
        _ => return,
    };
    let answer = desk.ask(name, rtype).await;
    if rtype == RecordType::MX {
        // RFC 7208 §5.4: evaluating "mx" looks up the addresses of at most ten exchanges.
        join_all(exchanges(&answer).iter().take(10).map(|host| desk.addresses(host))).await;
    }
}

fn exchanges(fact: &Fact<DnsAnswer>) -> Vec<String> {
    names(fact, |data| match data {
        RecordData::Mx { exchange, .. } if exchange != "." => Some(exchange),
        _ => None,
    })
}

async fn look_up_keys(desk: &Desk<'_>, apex: &str, includes: &[String]) {
    let mx = exchanges(&desk.ask(apex, RecordType::MX).await);
    let mut selectors = desk.facts().answers.get("mail.dkim").map(dkim::named).unwrap_or_default();
    let met = message::selectors(desk).into_iter().chain(reported(desk, apex));
    for selector in met.chain(dkim::selectors(&mx, includes)) {
        if !selectors.contains(&selector) {
            selectors.push(selector);
        }
    }
    selectors.truncate(SELECTORS);
    let above = desk.ask(&key_names(apex), RecordType::TXT).await;
    if above.seen().is_ok_and(|answer| answer.rcode == Rcode::NxDomain) {
        witness(desk, apex).await;
    }
    desk.rescope(|scope| scope.selectors.clone_from(&selectors));
    let asked: Vec<String> = selectors.iter().map(|selector| format!("{selector}._domainkey.{apex}")).collect();
    let (first, rest) = asked.split_at(asked.len().min(BATCH));
    let answers = join_all(first.iter().map(|name| desk.ask(name, RecordType::TXT))).await;
    match all_silent(&answers) {
        Some(why) => rest.iter().for_each(|name| leave_out(desk, name, &why)),
        None => drop(join_all(rest.iter().map(|name| desk.ask(name, RecordType::TXT))).await),
    }
}

/// Selectors whose signatures receivers found valid, as their reports tell; those of the busiest machines first.
fn reported(desk: &Desk<'_>, apex: &str) -> Vec<String> {
    let facts = desk.facts();
    let Some(Ok(seen)) = facts.reports.as_ref().map(Fact::seen) else { return Vec::new() };
    let signers = seen.sources.iter().flat_map(|source| &source.signers);
    let own = signers.filter(|(domain, selector)| domain == apex && dkim::is_selector(selector));
    let mut found: Vec<String> = Vec::new();
    for (_, selector) in own.take(REPORTED * 10) {
        if !found.contains(selector) && found.len() < REPORTED {
            found.push(selector.clone());
        }
    }
    found
}

/// Whether the name servers deny a name that is only empty: those of reports and logos stand below such names.
async fn witness(desk: &Desk<'_>, apex: &str) {
    for (child, parent) in [("_smtp", "_tls"), ("default", "_bimi")] {
        let answer = desk.ask(&format!("{child}.{parent}.{apex}"), RecordType::TXT).await;
        if answer.seen().is_ok_and(|answer| !answer.records.is_empty()) {
            desk.ask(&format!("{parent}.{apex}"), RecordType::TXT).await;
        }
    }
}

/// The reason, when none of the answers came.
fn all_silent(answers: &[Fact<DnsAnswer>]) -> Option<Unseen> {
    let unseen: Vec<Unseen> = answers.iter().filter_map(|fact| fact.seen().err()).collect();
    let silent = unseen.len() == answers.len() && unseen.iter().all(|unseen| unseen.why == Why::Timeout);
    unseen.into_iter().next().filter(|_| silent)
}

/// A name that is not asked, because all names beside it stayed silent: knocking on for minutes would tell no more.
fn leave_out(desk: &Desk<'_>, name: &str, why: &Unseen) {
    let key = format!("{name} TXT");
    let says = format!("not asked, because {BATCH} names beside it got no answer ({})", why.says);
    let unseen = Unseen { what: key.clone(), why: why.why, says, way: why.way.clone() };
    desk.saw(Observation::Dns { key, fact: Fact::Unseen(unseen) });
}

/// The DMARC record, and the consent of every other domain that it sends reports to (RFC 9990 §4).
async fn look_up_policy(desk: &Desk<'_>, apex: &str) {
    let names: Vec<String> = dmarc::walk(apex).iter().map(|domain| format!("_dmarc.{domain}")).collect();
    let answers = join_all(names.iter().map(|name| desk.ask(name, RecordType::TXT))).await;
    let Some(answer) = answers.first() else { return };
    let takers: BTreeSet<String> = texts(answer)
        .iter()
        .flat_map(|record| dmarc::report_domains(record))
        .map(|domain| domain.trim_end_matches('.').to_ascii_lowercase())
        .filter(|domain| domain != apex)
        .take(REPORTS)
        .collect();
    // Whether a taker belongs to the same organisation, and whether it agreed where it does not.
    let walks = takers.iter().flat_map(|domain| dmarc::walk(domain)).map(|domain| format!("_dmarc.{domain}"));
    let consents = takers.iter().map(|domain| format!("{apex}._report._dmarc.{domain}"));
    let asked: BTreeSet<String> = walks.chain(consents).collect();
    join_all(asked.iter().map(|name| desk.ask(name, RecordType::TXT))).await;
}
