//! bundle.secrets: the scripts that every visitor downloads hold no secret key.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Bundle, ScriptSeen, SecretMatch};
use crate::read::secret::{Known, Rule, by_id, rules};
use crate::read::text::clean;
use crate::{Case, Unseen, Why};
use std::collections::BTreeMap;

/// bundle.secrets.
pub static CHECK: Check = Check {
    id: "bundle.secrets",
    title: "No script of the site holds a secret key",
    why: "Whatever stands in a script is public: a key there lets anybody spend your money or read your customers' data.",
    needs: &[Need::Public],
    concern: Concern::Data,
    covers: "The scripts that the front page links or holds and their source maps, searched for the keys of widely used services; scripts that load later are not read.",
    ask: None,
    refs: &["assets/data/secrets.toml", "CWE-540", "CWE-798"],
    judge,
};

/// Places shown of one key.
const PLACES: usize = 10;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let bundle = case.bundle()?;
    let mut keys: BTreeMap<(&str, &str), Vec<&SecretMatch>> = BTreeMap::new();
    for found in bundle.matches.iter().filter(|found| !found.public) {
        keys.entry((&found.rule, &found.fingerprint)).or_default().push(found);
    }
    let findings = keys.values().filter_map(|places| leaked(places)).collect();
    let mut unseen: Vec<Unseen> = bundle.scripts.iter().filter_map(unread).collect();
    let mut proof = proof(bundle);
    let mut maps = 0;
    for (url, map) in case.exchanges("map") {
        match map {
            Ok(map) if map.status == 200 => {
                unseen.extend(map.body.truncated.then(|| cut(url, map.body.bytes)));
                maps += usize::from(map.body.signs.iter().any(|sign| sign == "source-map"));
            }
            Ok(_) => {}
            Err(why) => unseen.push(why),
        }
    }
    if maps > 0 {
        proof.push(format!("source maps read: {maps}, with the original files in them"));
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn proof(bundle: &Bundle) -> Vec<String> {
    let read: Vec<&ScriptSeen> = bundle.scripts.iter().filter(|script| script.unseen.is_none()).collect();
    let bytes: u64 = read.iter().map(|script| u64::from(script.bytes)).sum();
    let kinds = rules().iter().filter(|rule| !rule.public).count();
    let mut proof = vec![format!(
        "{} of {} scripts of {} read ({} kB), searched for {kinds} kinds of secret keys",
        read.len(),
        bundle.scripts.len(),
        clean(&bundle.page, 300),
        bytes.div_ceil(1000),
    )];
    for found in bundle.matches.iter().filter(|found| found.public) {
        let (title, advice) = by_id(&found.rule).map_or((found.rule.as_str(), ""), |rule| (&rule.title, &rule.revoke));
        proof.push(format!("{title}, meant to be public: {}. {advice}", place(found)));
    }
    proof
}

fn leaked(places: &[&SecretMatch]) -> Option<Finding> {
    let first = places.first()?;
    let rule: Option<&Rule> = by_id(&first.rule);
    let title = rule.map_or(first.rule.as_str(), |rule| &rule.title);
    let shown = Some(clean(&first.redacted, 60)).filter(|text| !text.starts_with(title));
    let shown = shown.map_or_else(String::new, |text| format!(" ({text})"));
    let severity = rule.map_or(Severity::Critical, |rule| rule.severity);
    // A form that nobody confirmed is shown to a person; it does not fail the site.
    let sure = rule.is_none_or(|rule| rule.known != Known::Unverified);
    let severity = if sure { severity } else { severity.min(Severity::Medium) };
    let (revoke, link) = rule.map_or(("Revoke the key.", ""), |rule| (&rule.revoke, &rule.link));
    let mut evidence: Vec<String> = places.iter().take(PLACES).map(|found| place(found)).collect();
    if places.len() > PLACES {
        evidence.push(format!("and {} more places", places.len() - PLACES));
    }
    let how = "Then give the new key to the server only and let the page ask the server; deploy, purge the cache of the delivery network, and remove the key from the source.";
    Some(Finding {
        subject: clean(&first.url, 300),
        grade: if severity >= Severity::High { Grade::Fail } else { Grade::Warn },
        severity,
        says: if sure {
            format!("A script hands this key to every visitor: {title}{shown}.")
        } else {
            format!("A script holds what looks like a key that every visitor can read: {title}{shown}.")
        },
        evidence,
        fix: Fix {
            says: format!("{revoke} {how}"),
            paste: (!link.is_empty()).then(|| format!("Revoke at: {link}")),
            minutes: 60,
            after: vec![],
        },
    })
}

fn place(found: &SecretMatch) -> String {
    let (shown, url) = (clean(&found.redacted, 60), clean(&found.url, 300));
    match &found.source {
        Some(file) => {
            format!("{shown} in {}, line {}, which the source map in {url} holds", clean(file, 300), found.line)
        }
        None => format!("{shown} in {url}, line {}", found.line),
    }
}

fn unread(script: &ScriptSeen) -> Option<Unseen> {
    script.unseen.clone().or_else(|| script.truncated.then(|| cut(&script.url, script.bytes)))
}

fn cut(url: &str, bytes: u32) -> Unseen {
    Unseen {
        what: clean(url, 300),
        why: Why::Garbled,
        says: format!("only its first {} kB were read", bytes / 1000),
        way: "split the script into smaller ones, or search its source for keys".to_owned(),
    }
}

#[cfg(test)]
#[path = "secrets_tests.rs"]
mod tests;
