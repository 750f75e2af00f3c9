//! mail.dkim: the keys under the selectors that are known are whole, long enough and in use.

use crate::check::{Check, Concern, Need, Verdict};
use crate::facts::DnsAnswer;
use crate::read::dkim::{self, Key, Kind};
use crate::{Case, Unseen, Why};
use findings::findings;

#[path = "dkim_findings.rs"]
mod findings;

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

#[cfg(test)]
#[path = "dkim_tests.rs"]
mod tests;
