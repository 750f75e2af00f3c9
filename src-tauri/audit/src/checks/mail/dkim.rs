//! mail.dkim: the keys under the selectors that are known are whole, long enough and in use.

use crate::check::{Check, Concern, Need, Verdict};
use crate::facts::{DnsAnswer, Rcode};
use crate::read::dkim::{self, Key, Kind};
use crate::{Case, Unseen};
pub(super) use absence::honest;
use absence::{doubtful, none, parent, sends_nothing};
use findings::{findings, no_key, two_keys};

#[path = "dkim_absence.rs"]
mod absence;
#[path = "dkim_findings.rs"]
mod findings;

/// mail.dkim.
pub static CHECK: Check = Check {
    id: "mail.dkim",
    title: "Mail is signed with a DKIM key that receivers accept",
    why: "Large mailboxes send unsigned mail, or mail with a weak signature, to spam.",
    needs: &[Need::Public],
    concern: Concern::Mail,
    covers: "Keys under common selectors, those of the domain's own mail services, those in DMARC reports and those that a person named, and whether any can exist; other selectors show only in a received message.",
    ask: None,
    refs: &["RFC 6376 §3.6.1", "RFC 8020", "RFC 8301 §3", "RFC 8463"],
    judge,
};

/// One selector with what stands under it.
struct Found<'a> {
    name: String,
    text: String,
    key: Result<Key, dkim::KeyError>,
    answer: &'a DnsAnswer,
}

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (mut found, mut silent) = (vec![], vec![]);
    let selectors = &case.facts.scope.selectors;
    for selector in selectors {
        let name = format!("{selector}._domainkey.{}", case.apex());
        match case.dns(&name, "TXT") {
            Ok(answer) => found.extend(answer.texts().filter(|text| dkim::is_key(text)).map(|text| Found {
                name: name.clone(),
                key: dkim::parse(&text),
                text,
                answer,
            })),
            Err(unseen) => silent.push(unseen),
        }
    }
    if found.is_empty() && sends_nothing(case) {
        return Ok(Verdict::NotApplicable("the SPF record says that the domain sends no mail".to_owned()));
    }
    if found.is_empty() && case.dns(&parent(case), "TXT").is_ok_and(|answer| answer.rcode == Rcode::NxDomain) {
        return match honest(case) {
            Some(witness) => Ok(Verdict::judged(vec![witness.clone()], vec![no_key(case, witness)], vec![])),
            None => Err(doubtful(case)),
        };
    }
    if found.is_empty() {
        return Err(none(case, selectors.len(), silent.into_iter().next()));
    }
    let good = |key: &Found<'_>| matches!(&key.key, Ok(key) if key.kind != Kind::Revoked && key.mail);
    let other = found.iter().any(good);
    let mut findings: Vec<_> = found.iter().flat_map(|key| findings(key, other)).collect();
    findings.extend(found.windows(2).filter(|pair| pair[0].name == pair[1].name).map(|pair| two_keys(&pair[0])));
    Ok(Verdict::judged(found.iter().map(proof).collect(), findings, vec![]))
}

fn proof(found: &Found<'_>) -> String {
    let selector = found.name.split('.').next().unwrap_or_default();
    let service = dkim::service(selector).map_or_else(String::new, |service| format!(" ({service})"));
    let what = match &found.key {
        Err(error) => error.to_string(),
        Ok(Key { kind: Kind::Ed25519, .. }) => "Ed25519 key".to_owned(),
        Ok(Key { kind: Kind::Revoked, .. }) => "revoked".to_owned(),
        Ok(Key { kind: Kind::Rsa(bits), .. }) => format!("RSA key of {bits} bits"),
    };
    let exact = matches!(&found.key, Ok(key) if key.exact);
    let exact = if exact { "; signatures for sub-domains do not count (t=s)" } else { "" };
    format!("{}{service}: {what}{exact}", found.name)
}

#[cfg(test)]
#[path = "dkim_tests.rs"]
mod tests;
