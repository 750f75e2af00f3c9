//! The entries of public logs in tls.certificate: how many of them count for browsers, and which of them no log signed.

use super::problems::Problem;
use crate::check::{Grade, Severity};
use crate::facts::{Handshake, LogEntry, LogProof, Trust};
use crate::read::certificate::Certificate;
use crate::read::issuer;
use crate::{Case, Unseen, Why};
use jiff::SignedDuration;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Certificates for longer than these days need one entry more (CT policies of Chrome and Apple).
const SHORT: f64 = 180.0;
/// A log's clock may run ahead of ours by so much.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);
const FIX: &str = "Order a new certificate; every public authority embeds valid log entries by itself.";

/// What counts of the entries: distinct logs that signed while browsers took their word.
struct Count<'a> {
    logs: BTreeSet<&'a str>,
    operators: BTreeSet<&'a str>,
    /// Whether one of them is still in use.
    current: bool,
    /// Logs whose entries could not be verified.
    untold: BTreeSet<&'a str>,
}

impl<'a> Count<'a> {
    fn of(case: &Case<'_>, entries: &[&'a LogEntry]) -> Self {
        let mut count =
            Self { logs: BTreeSet::new(), operators: BTreeSet::new(), current: false, untold: BTreeSet::new() };
        for entry in entries {
            match (&entry.proof, &entry.known) {
                (LogProof::Signed, Some(log))
                    if entry.at <= case.now + AHEAD && log.retired.is_none_or(|retired| entry.at < retired) =>
                {
                    count.logs.insert(&entry.log);
                    count.operators.insert(&log.operator);
                    count.current |= log.retired.is_none();
                }
                (LogProof::Untold { .. }, _) => drop(count.untold.insert(&entry.log)),
                _ => {}
            }
        }
        count
    }

    fn enough(&self, needed: usize) -> bool {
        self.logs.len() >= needed && self.operators.len() >= 2 && self.current
    }

    fn says(&self) -> String {
        let many = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
        format!("{} of {}", many(self.logs.len(), "public log"), many(self.operators.len(), "operator"))
    }
}

/// How many logs browsers want to see (CT policies of Chrome and Apple, as of 2026-06).
fn needed(leaf: &Certificate) -> usize {
    if leaf.life_days() > SHORT { 3 } else { 2 }
}

/// What is wrong with the entries, and what of them could not be told.
pub(super) fn judge(
    case: &Case<'_>,
    host: &str,
    address: IpAddr,
    shown: &Handshake,
    leaf: &Certificate,
) -> (Vec<Problem>, Option<Unseen>) {
    let Some(came) = &shown.logs else { return (vec![], None) };
    if shown.trust != Trust::Trusted {
        return (vec![], None);
    }
    let offer = case.offer(host, address);
    let greeted = offer.as_ref().map_or(&[][..], |offer| &offer.entries);
    let entries: Vec<&LogEntry> = came.entries.iter().chain(greeted).collect();
    let (count, needed) = (Count::of(case, &entries), needed(leaf));
    let enough = count.enough(needed);
    let problem = |kind, grade, severity, says| Problem { kind, grade, severity, says, fix: FIX };
    let mut found = vec![];
    let forged: Vec<&str> = entries
        .iter()
        .filter(|entry| entry.proof == LogProof::Forged)
        .filter_map(|entry| Some(entry.known.as_ref()?.name.as_str()))
        .collect();
    if !forged.is_empty() {
        let says = format!(
            "The certificate of {host} carries a log entry that {} did not sign for it (log list of {}).",
            forged.join(" and "),
            came.as_of
        );
        let severity = if enough { Severity::Low } else { Severity::Medium };
        found.push(problem("forged", Grade::Warn, severity, says));
    }
    // Only public authorities have to log, and only a trusted chain shows that it is one.
    if enough || issuer::by_name(&leaf.issuer_name).is_none() {
        return (found, None);
    }
    let unseen = |why, says: String, way: &str| Unseen {
        what: format!("public log entries of {host} at {address}"),
        why,
        says,
        way: way.to_owned(),
    };
    if count.logs.len() + count.untold.len() >= needed && !count.untold.is_empty() {
        let says = format!(
            "entries of {} were verified and browsers want {needed} of two operators; {} more could not be verified by the list of {}",
            count.says(),
            count.untold.len(),
            came.as_of
        );
        return (found, Some(unseen(Why::Beyond, says, "look again with a newer version of Launch Ready")));
    }
    if let Err(why) = offer {
        let says = format!(
            "the certificate holds too few, and whether the server sends others could not be seen: {}",
            why.says
        );
        return (found, Some(unseen(why.why, says, &why.way)));
    }
    let says = format!(
        "The certificate of {host} carries verified entries of {}; Chrome and Safari demand {needed} logs of at least 2 operators, so they warn (log list of {}).",
        count.says(),
        came.as_of
    );
    found.push(problem("timestamps", Grade::Fail, Severity::High, says));
    (found, None)
}

/// What is well, for the proof.
pub(super) fn proof(case: &Case<'_>, shown: &Handshake) -> String {
    let Some(came) = &shown.logs else { return String::new() };
    let count = Count::of(case, &came.entries.iter().collect::<Vec<_>>());
    if count.logs.is_empty() {
        return String::new();
    }
    format!(", signed entries of {} (log list of {})", count.says(), came.as_of)
}

#[cfg(test)]
#[path = "certificate_logs_tests.rs"]
mod tests;
