//! mail.alignment: what each sending service proves is the domain that people see in From.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{DmarcResult, MessageSeen, Rcode, RecordData};
use crate::read::dkim::{self, Kind};
use crate::read::spf::{self, Sender};
use crate::{Case, Unseen, Why};

/// mail.alignment.
pub static CHECK: Check = Check {
    id: "mail.alignment",
    title: "The services that send for you prove your domain, not only their own",
    why: "Mail that proves only the service's name is treated as unproven by large mailboxes.",
    needs: &[Need::Public],
    concern: Concern::Mail,
    covers: "A prediction for each service that the SPF record names, from its DKIM keys and from whether it holds the domain's mailboxes; a received message is the proof.",
    ask: None,
    refs: &["RFC 9989 §4.4", "RFC 6376 §3.5", "RFC 7208 §2.4"],
    judge,
};

/// What is known of a service's key below the domain.
enum Proof {
    /// A whole key under one of its selectors.
    Key(String),
    /// One that no signature can be checked with.
    Broken(String),
    /// None is there, and none can be.
    Nothing,
    /// None under the selectors that are known.
    Unknown,
}

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let services = services(case)?;
    if services.is_empty() {
        return Ok(Verdict::NotApplicable("the SPF record names no sending service that is known".to_owned()));
    }
    let mailboxes = case.dns(case.apex(), "MX")?;
    let holds = |service: &Sender| {
        mailboxes.records.iter().any(
            |record| matches!(&record.data, RecordData::Mx { exchange, .. } if spf::by_mx(exchange) == Some(service)),
        )
    };
    let (mut proof, mut found, mut unseen) = (vec![], vec![], vec![]);
    for service in services {
        let name = &service.name;
        match (key(case, service)?, holds(service)) {
            (Proof::Key(at), true) => {
                proof.push(format!("{name}: proven by its key at {at} and by SPF, as it holds your mailboxes"))
            }
            (Proof::Key(at), false) => proof.push(format!(
                "{name}: proven by its key at {at}; its SPF proves its own bounce domain unless you set up one of yours"
            )),
            // Mailboxes send with their own address as envelope sender, so SPF proves the domain; a forwarded message loses that.
            (_, true) => proof.push(format!(
                "{name}: proven by SPF alone, as it holds your mailboxes; forwarded mail loses that proof"
            )),
            (Proof::Broken(at), false) => {
                found.push(unaligned(case, service, format!("the key at {at} cannot be used"), at))
            }
            (Proof::Nothing, false) => {
                let at = format!("_domainkey.{}", case.apex());
                found.push(unaligned(case, service, format!("there is no key below {at}"), at));
            }
            (Proof::Unknown, false) => match proven(case, service) {
                Some(key) => proof.push(format!("{name}: proven by a received message ({key})")),
                None => unseen.push(unsure(case, service)),
            },
        }
    }
    Ok(Verdict::judged(proof, found, unseen))
}

/// The services that the domain's own SPF record names.
fn services(case: &Case<'_>) -> Result<Vec<&'static Sender>, Unseen> {
    let texts = case.dns(case.apex(), "TXT")?.texts().filter(|text| spf::is_spf(text)).collect::<Vec<_>>();
    let record = match texts.as_slice() {
        [text] => spf::parse(text).ok(),
        _ => None,
    };
    let record = record.ok_or_else(|| Unseen {
        what: format!("sending services of {}", case.apex()),
        why: Why::Depends,
        says: "there is no single valid SPF record that names the services that send".to_owned(),
        way: "mend the SPF record first".to_owned(),
    })?;
    let mut services: Vec<&'static Sender> = Vec::new();
    for (name, rtype) in record.asks(case.apex()) {
        if let Some(service) = spf::of_domain(&name).filter(|_| rtype == "TXT")
            && !services.contains(&service)
        {
            services.push(service);
        }
    }
    Ok(services)
}

fn key(case: &Case<'_>, service: &Sender) -> Result<Proof, Unseen> {
    let domains: Vec<String> = service.mx.iter().chain(&service.include).cloned().collect();
    let own: Vec<String> = dkim::handed_out(&domains);
    let (mut broken, mut silent) = (None, None);
    for selector in own.iter().filter(|selector| case.facts.scope.selectors.contains(selector)) {
        let name = format!("{selector}._domainkey.{}", case.apex());
        match case.dns(&name, "TXT") {
            Err(why) => silent = silent.or(Some(why)),
            Ok(answer) => match answer.texts().find(|text| dkim::is_key(text)).map(|text| dkim::parse(&text)) {
                Some(Ok(key)) if key.kind != Kind::Revoked && key.mail => return Ok(Proof::Key(name)),
                Some(_) => broken = broken.or(Some(name)),
                None => {}
            },
        }
    }
    if let Some(why) = silent {
        return Err(why);
    }
    let parent = case.dns(&format!("_domainkey.{}", case.apex()), "TXT");
    let denied = parent.is_ok_and(|answer| answer.rcode == Rcode::NxDomain);
    Ok(match broken {
        Some(at) => Proof::Broken(at),
        None if denied && super::dkim::honest(case).is_some() => Proof::Nothing,
        None => Proof::Unknown,
    })
}

/// The received message that this service sent and that proves the domain in From.
fn proven<'a>(case: &Case<'a>, service: &Sender) -> Option<&'a str> {
    let sent = |seen: &MessageSeen| {
        let signed = seen.dkim.iter().map(|one| one.domain.as_str());
        let greeted = seen.hops.iter().filter_map(|hop| hop.from.as_deref());
        let returned = seen.spf.iter().map(|spf| spf.domain.as_str());
        signed.chain(returned).chain(greeted).any(|domain| spf::of_domain(domain) == Some(service))
    };
    let good = |seen: &&MessageSeen| seen.dmarc == DmarcResult::Pass && seen.belongs(case.apex()) && sent(seen);
    case.messages().find_map(|(key, fact)| fact.seen().ok().filter(good).map(|_| key))
}

fn unsure(case: &Case<'_>, service: &Sender) -> Unseen {
    Unseen {
        what: format!("{} for {}", service.name, case.apex()),
        why: Why::Beyond,
        says: format!(
            "no key of {} was found under the selectors that it usually hands out, so it cannot be told what its mail proves",
            service.name
        ),
        way: format!(
            "send a message by {} to a mailbox of your own and look for dkim=pass with your domain in its headers ({})",
            service.name, service.docs
        ),
    }
}

fn unaligned(case: &Case<'_>, service: &Sender, because: String, at: String) -> Finding {
    Finding {
        subject: service.name.clone(),
        grade: Grade::Warn,
        severity: Severity::Medium,
        says: format!(
            "Mail that {} sends for you does not prove {}: {because}, and its bounce address is its own.",
            service.name,
            case.apex()
        ),
        evidence: vec![at, format!("SPF allows {}", service.name)],
        fix: Fix {
            says: format!(
                "Verify your domain in the settings of {} and publish the DKIM records that it shows ({}).",
                service.name, service.docs
            ),
            paste: None,
            minutes: 20,
            after: vec!["mail.dkim".to_owned()],
        },
    }
}

#[cfg(test)]
#[path = "alignment_tests.rs"]
mod tests;
