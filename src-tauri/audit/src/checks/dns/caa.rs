//! dns.caa: the CAA records allow the authority whose certificates are in use.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Record, RecordData};
use crate::read::caa::{Issuer, Named, issuer, named};
use crate::read::certificate::Certificate;
use crate::{Case, Unseen, Why};
use std::collections::BTreeSet;

/// dns.caa.
pub static CHECK: Check = Check {
    id: "dns.caa",
    title: "Only the certificate issuer that you use may issue for your domain",
    why: "A CAA record that forbids your own issuer lets the next renewal fail, and the site goes down with its certificate.",
    needs: &[Need::Public],
    concern: Concern::Trust,
    covers: "CAA records of every host and the names above it, compared with the issuer of the certificate that each host really shows.",
    ask: None,
    refs: &["RFC 8659", "CA/Browser Forum Baseline Requirements §3.2.2.8"],
    judge,
};

/// Properties that authorities know (RFC 8659 §4, RFC 9495, Baseline Requirements).
const KNOWN: [&str; 6] = ["contactemail", "contactphone", "iodef", "issue", "issuemail", "issuewild"];

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (mut proof, mut found, mut unseen) = (vec![], vec![], vec![]);
    let mut told = BTreeSet::new();
    for name in [case.apex().to_owned(), case.www()].iter().chain(&case.facts.scope.subdomains) {
        unseen.extend(case.addresses(name).err());
    }
    for host in case.hosts() {
        let (owner, set) = match relevant(case, &host) {
            Ok(Some(found)) => found,
            Ok(None) => {
                proof.push(format!("{host}: no CAA record, so any authority may issue; naming yours is a good habit"));
                continue;
            }
            Err(why) => {
                unseen.push(why);
                continue;
            }
        };
        if told.insert(owner.clone()) {
            proof.extend(set.iter().map(|property| format!("{owner} CAA {}", property.text())));
            found.extend(idle(&owner, &set));
        }
        let made = issuers(case, &host).unwrap_or_else(|why| {
            unseen.push(why);
            BTreeSet::new()
        });
        for (issuer, wild) in made {
            match allows(&set, &issuer, wild) {
                Some(true) => proof.push(format!("{host}: {} may issue", issuer.name)),
                Some(false) => found.push(forbidden(&host, &owner, &set, &issuer)),
                None => unseen.push(strange(&host, &owner, &issuer)),
            }
        }
    }
    Ok(Verdict::judged(proof, found, unseen))
}

struct Property<'a> {
    critical: bool,
    tag: &'a str,
    value: &'a str,
}

impl Property<'_> {
    fn text(&self) -> String {
        format!("{} {} \"{}\"", if self.critical { 128 } else { 0 }, self.tag, self.value)
    }
}

/// The records that count for a host: its own, or those of the closest name above that has any (RFC 8659 §3).
fn relevant<'a>(case: &Case<'a>, host: &str) -> Result<Option<(String, Vec<Property<'a>>)>, Unseen> {
    let mut name = host;
    loop {
        let set: Vec<Property<'a>> = case.dns(name, "CAA")?.records.iter().filter_map(property).collect();
        if !set.is_empty() {
            return Ok(Some((name.to_owned(), set)));
        }
        match name.split_once('.') {
            Some((_, above)) if above.contains('.') => name = above,
            _ => return Ok(None),
        }
    }
}

fn property(record: &Record) -> Option<Property<'_>> {
    match &record.data {
        RecordData::Caa { critical, tag, value } => Some(Property { critical: *critical, tag, value }),
        _ => None,
    }
}

/// Who made the certificates that a host shows, and whether by a wildcard name. Unseen only when no address shows one.
fn issuers(case: &Case<'_>, host: &str) -> Result<BTreeSet<(Issuer, bool)>, Unseen> {
    let (mut made, mut lost) = (BTreeSet::new(), None);
    for address in case.addresses(host)? {
        match case.tls(host, address) {
            Ok(handshake) => {
                made.extend(handshake.chain.first().and_then(|leaf| Some((issuer(leaf)?, wild(leaf, host)))))
            }
            // Where nobody listens or may be asked, there is no certificate to renew.
            Err(why) if matches!(why.why, Why::Refused | Why::Forbidden) => {}
            Err(why) => lost = Some(why),
        }
    }
    match lost {
        Some(why) if made.is_empty() => Err(why),
        _ => Ok(made),
    }
}

fn wild(leaf: &str, host: &str) -> bool {
    Certificate::read(leaf).is_ok_and(|leaf| !leaf.names.iter().any(|name| name == host))
}

/// Whether these records let an authority issue; none when the names that stand for it are not known for sure.
fn allows(set: &[Property<'_>], issuer: &Issuer, wild: bool) -> Option<bool> {
    if set.iter().any(|property| property.critical && !KNOWN.contains(&property.tag.to_ascii_lowercase().as_str())) {
        return Some(false);
    }
    let of = |tag: &str| set.iter().filter(|property| property.tag.eq_ignore_ascii_case(tag)).collect::<Vec<_>>();
    let wildcards = of("issuewild");
    let rules = if wild && !wildcards.is_empty() { wildcards } else { of("issue") };
    if rules.is_empty() {
        return Some(true);
    }
    let names: Vec<Named> = rules.iter().map(|rule| named(rule.value)).collect();
    if names.iter().any(|one| matches!(one, Named::Authority(name) if issuer.names.contains(name))) {
        return Some(true);
    }
    let nobody = names.iter().all(|one| !matches!(one, Named::Authority(_)));
    (nobody || issuer.complete).then_some(false)
}

fn forbidden(host: &str, owner: &str, set: &[Property<'_>], issuer: &Issuer) -> Finding {
    let value = issuer.names.first().cloned().unwrap_or_else(|| "<the CAA name of your issuer>".to_owned());
    let critical = set.iter().find(|property| property.critical && !KNOWN.contains(&property.tag));
    let reason = match critical {
        Some(property) => format!("the CAA record of {owner} demands \"{}\", which no authority knows", property.tag),
        None => format!("the CAA records of {owner} do not allow {}", issuer.name),
    };
    let paste = match critical {
        Some(property) => format!("remove: {owner}. IN CAA {}", property.text()),
        None => format!("{owner}. 3600 IN CAA 0 issue \"{value}\""),
    };
    let mut evidence: Vec<String> = set.iter().map(|property| format!("{owner} CAA {}", property.text())).collect();
    evidence.push(format!("{host} shows a certificate by {}", issuer.name));
    Finding {
        subject: host.to_owned(),
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!(
            "{host} shows a certificate by {}, and {reason}; its renewal will fail and the site go down with it.",
            issuer.name
        ),
        evidence,
        fix: Fix {
            says: "Change the CAA records where your DNS is managed so that they name the issuer that you use."
                .to_owned(),
            paste: Some(paste),
            minutes: 10,
            after: vec![],
        },
    }
}

/// Properties that authorities do not know and pass over: they protect nothing.
fn idle(owner: &str, set: &[Property<'_>]) -> Vec<Finding> {
    let unknown = |property: &&Property<'_>| {
        let tag = property.tag.to_ascii_lowercase();
        let broken = tag.starts_with("issue") && named(property.value) == Named::Broken;
        !property.critical && (!KNOWN.contains(&tag.as_str()) || broken)
    };
    let told = |property: &Property<'_>| Finding {
        subject: owner.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Low,
        says: format!(
            "The CAA record \"{}\" of {owner} is not one that authorities understand, so it allows nobody and protects nothing.",
            property.text()
        ),
        evidence: vec![format!("{owner} CAA {}", property.text())],
        fix: Fix {
            says: "Write it as \"issue\" with the bare name that your issuer gives, or remove it.".to_owned(),
            paste: Some(format!("remove: {owner}. IN CAA {}", property.text())),
            minutes: 10,
            after: vec![],
        },
    };
    set.iter().filter(unknown).map(told).collect()
}

fn strange(host: &str, owner: &str, issuer: &Issuer) -> Unseen {
    Unseen {
        what: format!("CAA of {owner} and the certificate of {host}"),
        why: Why::Beyond,
        says: format!("which names stand for {} in CAA records is not known for sure", issuer.name),
        way: format!("look up the CAA name in the documents of {} and compare it with the records", issuer.name),
    }
}

#[cfg(test)]
#[path = "caa_tests.rs"]
mod tests;
