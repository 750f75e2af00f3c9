//! mail.transport: other mail servers are told to encrypt on the way to the domain, and what tells them so is whole.

use super::mx::hosts;
use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Fact, Trust};
use crate::read::spf::line;
use crate::read::text::clean;
use crate::read::transport::{self, Mode, StsPolicy};
use crate::{Case, Unseen, Why};

#[path = "transport_dane.rs"]
mod dane;

/// mail.transport.
pub static CHECK: Check = Check {
    id: "mail.transport",
    title: "Other mail servers are told to encrypt on the way to you",
    why: "Without it a network in between can read what customers write to you, and nobody notices.",
    needs: &[Need::Public],
    concern: Concern::Mail,
    covers: "The records and the policy of MTA-STS, the record for TLS reports, and whether DANE records fit the certificates of the first three mail hosts; a domain without them passes with advice.",
    ask: None,
    refs: &["RFC 8461 §3", "RFC 8460 §3", "RFC 7672 §2.2"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let hosts = hosts(case.dns(case.apex(), "MX")?);
    if hosts.iter().all(|(_, host)| *host == ".") {
        return Ok(Verdict::NotApplicable("the domain takes no mail".to_owned()));
    }
    let (mut proof, mut found, mut unseen) = (vec![], vec![], vec![]);
    let name = format!("_mta-sts.{}", case.apex());
    let texts: Vec<String> = case.dns(&name, "TXT")?.texts().filter(|text| transport::is_sts(text)).collect();
    match texts.as_slice() {
        [] => proof.push(
            "no MTA-STS: senders encrypt where they can, and nothing forces them to; advised once mail runs smoothly"
                .to_owned(),
        ),
        [text] if transport::sts_id(text).is_none() => {
            let says = "The MTA-STS record has no valid id, so senders ignore the policy.";
            found.push(warn(
                &name,
                Severity::Low,
                says,
                vec![clean(text, 300)],
                "Publish the record with an id of letters and digits, and change it with each change of the policy.",
                Some(line(&name, 3600, "v=STSv1; id=1")),
            ));
        }
        [_] => match policy(case)? {
            Ok(read) => {
                proof.push(
                    format!("the MTA-STS policy asks for {:?} for {} seconds", read.mode, read.max_age).to_lowercase(),
                );
                found.extend(uncovered(case, &read, &hosts));
                found.extend(unproven(case, &read, &hosts));
            }
            Err(wrong) => {
                let says = format!("The domain announces an MTA-STS policy, and {wrong}; senders go on without it.");
                found.push(warn(
                    &name,
                    Severity::Medium,
                    &says,
                    vec![policy_url(case)],
                    "Publish the policy at that address over https, or remove the record.",
                    Some(sample(&hosts)),
                ));
            }
        },
        several => {
            let says = "There is more than one MTA-STS record, so senders ignore all of them.";
            found.push(warn(
                &name,
                Severity::Low,
                says,
                several.iter().map(|text| clean(text, 300)).collect(),
                "Keep one of them.",
                None,
            ));
        }
    }
    let name = format!("_smtp._tls.{}", case.apex());
    match case.dns(&name, "TXT") {
        Err(why) => unseen.push(why),
        Ok(answer) => {
            let texts: Vec<String> = answer.texts().filter(|text| transport::is_tlsrpt(text)).collect();
            match texts.as_slice() {
                [] => proof.push("no TLS reports: nobody tells you when encryption on the way to you fails".to_owned()),
                [text] => match transport::tlsrpt(text) {
                    Some(to) => proof.push(format!("TLS reports go to {}", to.join(", "))),
                    None => {
                        let says = "The record for TLS reports names no place to send them to, so none are sent.";
                        let value = format!("v=TLSRPTv1; rua=mailto:tls-reports@{}", case.apex());
                        found.push(warn(
                            &name,
                            Severity::Low,
                            says,
                            vec![clean(text, 300)],
                            "Create a mailbox for the reports and name it in the record.",
                            Some(line(&name, 3600, &value)),
                        ));
                    }
                },
                _ => {
                    let says = "There is more than one record for TLS reports, so none are sent.";
                    found.push(warn(
                        &name,
                        Severity::Low,
                        says,
                        texts.iter().map(|text| clean(text, 300)).collect(),
                        "Keep one of them.",
                        None,
                    ));
                }
            }
        }
    }
    let (told, misfits, open) = dane::judge(case, &hosts);
    proof.extend(told);
    found.extend(misfits);
    unseen.extend(open);
    Ok(Verdict::judged(proof, found, unseen))
}

/// The policy, or what is wrong with it as a fragment; an error when it was not seen.
fn policy(case: &Case<'_>) -> Result<Result<StsPolicy, String>, Unseen> {
    if case.addresses(&format!("mta-sts.{}", case.apex())).is_ok_and(|found| found.is_empty()) {
        return Ok(Err(format!("mta-sts.{} has no address", case.apex())));
    }
    match case.sts() {
        // Senders that meet such a certificate go on without the policy (RFC 8461 §3.3).
        Err(why) if why.why == Why::Untrusted => Ok(Err("the certificate of its host is not trusted".to_owned())),
        Err(why) => Err(why),
        Ok(answer) if answer.status != 200 => Ok(Err(format!("its address answers with the status {}", answer.status))),
        Ok(answer) => Ok(transport::policy(&answer.text)),
    }
}

/// Mail hosts that the policy forgets: by an enforced one, mail to them is not delivered.
fn uncovered(case: &Case<'_>, policy: &StsPolicy, hosts: &[(u16, &str)]) -> Option<Finding> {
    let missing: Vec<String> =
        hosts.iter().filter(|(_, host)| !policy.covers(host)).map(|(_, host)| clean(host, 253)).collect();
    if missing.is_empty() || policy.mode == Mode::None {
        return None;
    }
    let (grade, severity, effect) = match policy.mode {
        Mode::Enforce => (Grade::Fail, Severity::High, "large senders do not deliver to it"),
        _ => (Grade::Warn, Severity::Medium, "mail would stop once the policy is enforced"),
    };
    let says = format!("The MTA-STS policy does not name {}, which takes your mail; {effect}.", missing.join(", "));
    let how = "Publish the policy with every mail host in it, then change the id in the record.";
    let finding = warn(
        &policy_url(case),
        severity,
        &says,
        policy.hosts.iter().take(10).map(|host| format!("mx: {host}")).collect(),
        how,
        Some(sample(hosts)),
    );
    Some(Finding { grade, ..finding })
}

/// A mail host that the policy names and whose certificate proves nothing: by an enforced policy it gets no mail (RFC 8461 §4.2).
fn unproven(case: &Case<'_>, policy: &StsPolicy, hosts: &[(u16, &str)]) -> Option<Finding> {
    let broken = |host: &str| {
        let talked = case.mailhosts(host).filter_map(|(_, fact)| fact.seen().ok()).filter(|seen| seen.greeting == 220);
        let mut talked = talked.map(|seen| match seen.tls.as_ref().map(Fact::seen) {
            None => true,
            Some(Ok(shaken)) => shaken.trust != Trust::Trusted,
            Some(Err(_)) => false,
        });
        talked.any(|bad| bad)
    };
    let bad: Vec<String> = hosts
        .iter()
        .filter(|(_, host)| policy.mode == Mode::Enforce && policy.covers(host) && broken(host))
        .map(|(_, host)| clean(host, 253))
        .collect();
    if bad.is_empty() {
        return None;
    }
    let says = format!(
        "The MTA-STS policy is enforced, and {} cannot prove its name; large senders do not deliver to it.",
        bad.join(", ")
    );
    let how = "Set the policy to testing and change the id in the record today; enforce it again once the certificate is valid.";
    let evidence =
        bad.iter().map(|host| format!("{host}, port 25: no certificate that is valid for its name")).collect();
    let finding = warn(&policy_url(case), Severity::High, &says, evidence, how, Some(sample(hosts)));
    Some(Finding { grade: Grade::Fail, ..finding })
}

fn policy_url(case: &Case<'_>) -> String {
    format!("https://mta-sts.{}/.well-known/mta-sts.txt", case.apex())
}

fn sample(hosts: &[(u16, &str)]) -> String {
    let hosts: String = hosts.iter().take(10).map(|(_, host)| format!("mx: {}\n", clean(host, 253))).collect();
    format!("version: STSv1\nmode: testing\n{hosts}max_age: 604800\n")
}

fn warn(
    subject: &str,
    severity: Severity,
    says: &str,
    evidence: Vec<String>,
    how: &str,
    paste: Option<String>,
) -> Finding {
    let fix = Fix { says: how.to_owned(), paste, minutes: 20, after: vec!["mail.mx".to_owned()] };
    Finding { subject: subject.to_owned(), grade: Grade::Warn, severity, says: says.to_owned(), evidence, fix }
}

#[cfg(test)]
#[path = "transport_tests.rs"]
mod tests;
