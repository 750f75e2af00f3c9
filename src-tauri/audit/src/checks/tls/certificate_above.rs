//! The authorities above a certificate in tls.certificate: why none of them may vouch for the host, where the verifier refused the chain.

use super::problems::{Problem, day};
use crate::check::{Grade, Severity};
use crate::facts::{Handshake, Trust};
use crate::read::certificate::Certificate;
use jiff::Timestamp;

/// The first rule that an authority between the certificate and its root breaks; what a verifier says of it is seldom a sentence.
pub(super) fn problem(host: &str, shown: &Handshake, leaf: &Certificate, now: Timestamp) -> Option<Problem> {
    if shown.trust == Trust::Trusted {
        return None;
    }
    let others: Vec<Certificate> = shown.chain.iter().skip(1).filter_map(|der| Certificate::read(der).ok()).collect();
    let (mut below, mut depth) = (leaf, 0);
    // Each authority that was sent stands above at most one of the others.
    for _ in 0..others.len() {
        let above = others.iter().find(|one| one.subject == below.issuer && !one.self_issued)?;
        if let Some(why) = wrong(above, leaf, depth, now) {
            let name = &above.subject;
            return Some(Problem {
                kind: "above",
                grade: Grade::Fail,
                severity: Severity::Critical,
                says: format!("The authority above the certificate of {host} ({name}) {why}, so browsers warn."),
                fix: "Install a certificate of a public authority with the chain that this authority gives for web servers; your host, your CDN or Let's Encrypt gives one for free.",
            });
        }
        (below, depth) = (above, depth + 1);
    }
    None
}

/// RFC 5280 §4.2.1.3, §4.2.1.9, §4.2.1.10, §4.2.1.12; `depth` is how many authorities stand below it.
fn wrong(above: &Certificate, leaf: &Certificate, depth: u32, now: Timestamp) -> Option<String> {
    if !above.authority || !above.signs {
        return Some("may not make certificates at all".to_owned());
    }
    if now > above.until {
        return Some(format!("expired itself on {}", day(above.until)));
    }
    if !above.server {
        return Some("was not made for web servers".to_owned());
    }
    if above.depth.is_some_and(|most| depth > most) {
        return Some("has more authorities below it than it allows".to_owned());
    }
    let outside = leaf.names.iter().find(|name| !above.limits.allow(name))?;
    Some(format!("may not vouch for {outside}"))
}
