//! mail.dkim: the keys under the selectors that are known are whole, long enough and in use.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::DnsAnswer;
use crate::read::dkim::{self, Key, Kind};
use crate::read::spf::line;
use crate::read::text::clean;
use crate::{Case, Unseen, Why};

/// mail.dkim.
pub static CHECK: Check = Check {
    id: "mail.dkim",
    title: "Mail is signed with a DKIM key that receivers accept",
    why: "Large mailboxes send unsigned mail, or mail with a weak signature, to spam.",
    needs: &[Need::Public],
    concern: Concern::Mail,
    covers: "Keys under common selectors and those of the domain's own mail services; other selectors show only in a received message.",
    ask: None,
    refs: &["RFC 6376 §3.6.1", "RFC 8301 §3", "RFC 8463"],
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
    if found.is_empty() {
        return Err(none(case, selectors.len(), silent.into_iter().next()));
    }
    let good = |key: &Found<'_>| matches!(&key.key, Ok(key) if key.kind != Kind::Revoked && key.mail);
    let other = found.iter().any(good);
    let findings = found.iter().flat_map(|key| findings(key, other)).collect();
    Ok(Verdict::judged(found.iter().map(proof).collect(), findings, vec![]))
}

fn none(case: &Case<'_>, asked: usize, silent: Option<Unseen>) -> Unseen {
    let what = format!("DKIM keys of {}", case.apex());
    let way = "look up the selector in the settings of your mail service, or read s= in the DKIM-Signature header of a message that you received from this domain".to_owned();
    match silent {
        Some(unseen) => Unseen {
            what,
            says: format!("no key was found, and some selectors gave no answer: {}", unseen.says),
            ..unseen
        },
        None if asked == 0 => Unseen {
            what,
            why: Why::NotLooked,
            says: "no selector was asked for in this run".to_owned(),
            way: "run the audit".to_owned(),
        },
        None => Unseen {
            what,
            why: Why::Beyond,
            says: format!("there is no key under the {asked} selector names we know; that does not mean there is none"),
            way,
        },
    }
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
    format!("{}{service}: {what}", found.name)
}

fn findings(found: &Found<'_>, other: bool) -> Vec<Finding> {
    use {
        Grade::{Fail, Warn},
        Severity::{High, Medium},
    };
    let name = &found.name;
    let renew = "Create a new key of 2048 bits in the settings of the mail service that uses this selector, publish it, and remove the old one after a week.";
    let mut list: Vec<(Grade, Severity, String, &str)> = vec![];
    match &found.key {
        Err(error) => list.push((
            Fail,
            Medium,
            format!("The DKIM key at {name} is not valid: {error}."),
            "Copy the record again from the settings of your mail service; it must be one TXT record without changes.",
        )),
        Ok(Key { kind: Kind::Rsa(bits @ ..1024), .. }) => list.push((
            Fail,
            High,
            format!("The DKIM key at {name} has {bits} bits: it can be broken, and receivers ignore it."),
            renew,
        )),
        Ok(Key { kind: Kind::Rsa(bits @ ..2048), .. }) => {
            list.push((Warn, Medium, format!("The DKIM key at {name} has {bits} bits; 2048 are advised."), renew))
        }
        Ok(Key { kind: Kind::Revoked, .. }) if other => list.push((
            Warn,
            Medium,
            format!("The DKIM key at {name} is revoked; mail that is still signed with it fails."),
            "If a service still signs with this selector, publish its present key there; else remove the record.",
        )),
        Ok(Key { kind: Kind::Revoked, .. }) => list.push((
            Fail,
            High,
            format!("The DKIM key at {name} is revoked and no other was found, so signatures fail."),
            "Publish the present key from the settings of your mail service.",
        )),
        Ok(_) => {}
    }
    if let Ok(key) = &found.key {
        if key.testing {
            list.push((
                Warn,
                Medium,
                format!(
                    "The DKIM key at {name} is marked as a test (t=y), so receivers may treat signed mail as unsigned."
                ),
                "Take t=y out of the record once signing works.",
            ));
        }
        if !key.sha256 {
            list.push((
                Fail,
                Medium,
                format!("The DKIM key at {name} allows only SHA-1, which receivers no longer accept."),
                "Take the h= part out of the record.",
            ));
        }
    }
    // A record at the end of an alias is the service's own and cannot be edited here.
    let own = found.answer.aliases().next().is_none();
    list.into_iter()
        .map(|(grade, severity, says, how)| Finding {
            subject: name.clone(),
            grade,
            severity,
            says,
            evidence: vec![format!("{name} TXT {}", clean(&found.text, 500))],
            fix: Fix {
                says: how.to_owned(),
                paste: cleaned(found).filter(|_| own && how.starts_with("Take")),
                minutes: 20,
                after: vec![],
            },
        })
        .collect()
}

/// The record without test mark and without limits to its hashes.
fn cleaned(found: &Found<'_>) -> Option<String> {
    let tags = dkim::tags(&found.text)?;
    let kept: Vec<String> =
        tags.iter().filter(|(tag, _)| tag != "t" && tag != "h").map(|(tag, value)| format!("{tag}={value}")).collect();
    Some(line(&found.name, 3600, &clean(&kept.join("; "), 4000)))
}

#[cfg(test)]
#[path = "dkim_tests.rs"]
mod tests;
