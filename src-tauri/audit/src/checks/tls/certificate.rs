//! tls.certificate: every host shows a certificate that browsers accept, with time left.

use crate::check::{Check, Concern, Finding, Need, Verdict};
use crate::facts::Handshake;
use crate::read::certificate::Certificate;
use crate::{Case, Unseen, Why};
use problems::problems;
use std::collections::BTreeMap;

#[path = "certificate_above.rs"]
mod above;
#[path = "certificate_chain.rs"]
mod chain;
#[path = "certificate_logs.rs"]
mod logs;
#[path = "certificate_problems.rs"]
mod problems;

pub(super) use problems::day;

/// tls.certificate.
pub static CHECK: Check = Check {
    id: "tls.certificate",
    title: "Every host shows a certificate that browsers accept",
    why: "A bad certificate puts a red warning page between your customers and the product.",
    needs: &[Need::Public],
    concern: Concern::Trust,
    covers: "The chain as sent by every address of every host: names, dates, keys, signatures, purposes, order, what the authorities above may vouch for, the stapled revocation answer and the entries of public logs with their signatures, and the trust of this computer's own verifier.",
    ask: None,
    refs: &[
        "RFC 9525 §6.3",
        "RFC 5280 §6",
        "RFC 8446 §4.4.2",
        "RFC 6960 §4.2",
        "RFC 7633 §4",
        "RFC 6962 §3.2 and §3.3",
        "Certificate transparency policies of Chrome and Apple",
        "CA/Browser Forum Baseline Requirements §6.1.5 and §6.3.2",
    ],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    case.addresses(case.apex())?;
    let (mut proof, mut unseen) = (vec![], vec![]);
    // One problem of one host is told once, with every address that shows it.
    let mut findings: BTreeMap<(String, &str), Finding> = BTreeMap::new();
    for host in case.hosts() {
        for address in case.addresses(&host)? {
            // A closed port is the business of the dns checks.
            if case.reach(&host, address).is_ok_and(|reach| !reach.open) {
                continue;
            }
            let seen = case.tls(&host, address).and_then(|shown| Ok((shown, leaf(shown, &host)?)));
            match seen {
                Ok((shown, leaf)) => {
                    let mut problems = problems(&host, shown, &leaf, case.now);
                    problems.extend(chain::problems(&host, shown, &leaf, case.now));
                    let (logged, untold) = logs::judge(case, &host, address, shown, &leaf);
                    problems.extend(logged);
                    if let Some(above) = above::problem(&host, shown, &leaf, case.now) {
                        // What the verifier of this machine said is told in words.
                        problems.retain(|problem| problem.kind != "trust");
                        problems.push(above);
                    }
                    unseen.extend(untold);
                    if problems.is_empty() {
                        proof.push(format!(
                            "{host} at {address}: from {}, valid until {}{}{}",
                            leaf.issuer_name,
                            day(leaf.until),
                            logs::proof(case, shown),
                            chain::proof(shown, &leaf, case.now)
                        ));
                    }
                    for problem in problems {
                        let at = format!(
                            "{host} at {address}: subject {}, issuer {}, {} to {}",
                            leaf.subject,
                            leaf.issuer,
                            day(leaf.from),
                            day(leaf.until)
                        );
                        findings
                            .entry((host.clone(), problem.kind))
                            .or_insert_with(|| problem.finding(&host))
                            .evidence
                            .push(at);
                    }
                }
                Err(why) => unseen.push(why),
            }
        }
    }
    Ok(Verdict::judged(proof, findings.into_values().collect(), unseen))
}

fn leaf(shown: &Handshake, host: &str) -> Result<Certificate, Unseen> {
    let garbled = |says: String| Unseen {
        what: format!("certificate of {host}"),
        why: Why::Garbled,
        says,
        way: "look at the server's certificate file".to_owned(),
    };
    let first = shown.chain.first().ok_or_else(|| garbled("the server sent no certificate".to_owned()))?;
    Certificate::read(first).map_err(garbled)
}

#[cfg(test)]
#[path = "certificate_tests.rs"]
mod tests;
