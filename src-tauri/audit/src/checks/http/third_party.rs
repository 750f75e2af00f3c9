//! http.third_party: scripts of other companies neither hold up the pages nor change unseen.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Hop, Resource, ResourceKind as Kind};
use crate::read::party::{self, Party};
use crate::{Case, Unseen};
use std::collections::BTreeMap;

/// http.third_party.
pub static CHECK: Check = Check {
    id: "http.third_party",
    title: "Scripts of other companies do not hold up your pages",
    why: "When such a server is slow your page stays white, and when it is broken into, its script runs on your site.",
    needs: &[Need::Public],
    concern: Concern::Speed,
    covers: "Elements of the first page of every host: foreign origins, scripts in the head that block, scripts and styles without a digest. What scripts load later is not seen.",
    ask: None,
    refs: &["W3C Subresource Integrity §3", "WHATWG HTML §4.12.1"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    case.addresses(case.apex())?;
    let (pages, mut unseen) = case.pages();
    let (mut proof, mut findings) = (vec![], vec![]);
    // The same script on many pages is one thing to mend.
    let mut told: BTreeMap<(bool, String), ()> = BTreeMap::new();
    for hop in pages {
        let Some(page) = &hop.page else { continue };
        unseen.extend(Case::cut(hop));
        let active = |found: &&Resource| matches!(found.kind, Kind::Frame | Kind::Script | Kind::Style);
        let foreign = page
            .resources
            .iter()
            .filter(|found| party::origin(&found.url).is_some() && !party::same(case.apex(), &found.url));
        let mut origins: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for found in foreign.clone() {
            let kinds = origins.entry(party::origin(&found.url).unwrap_or_default()).or_default();
            let kind = format!("{:?}", found.kind).to_lowercase();
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        match origins.is_empty() {
            true => proof.push(format!("{} loads nothing from other companies", hop.url)),
            false => proof.extend(
                origins.iter().map(|(origin, kinds)| format!("{} loads {} from {origin}", hop.url, kinds.join(", "))),
            ),
        }
        for found in foreign.filter(active) {
            let blocks = found.kind == Kind::Script && found.blocking;
            if blocks && told.insert((true, found.url.clone()), ()).is_none() {
                findings.push(blocking(hop, found));
            }
            let open =
                !found.integrity && found.kind != Kind::Frame && told.insert((false, found.url.clone()), ()).is_none();
            findings.extend(open.then(|| unsigned(hop, found)).flatten());
        }
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn blocking(hop: &Hop, found: &Resource) -> Finding {
    let origin = party::origin(&found.url).unwrap_or_default();
    Finding {
        subject: found.url.clone(),
        grade: Grade::Warn,
        severity: Severity::Medium,
        says: format!(
            "{} shows nothing until the script of {origin} has come; when that server is slow, so is your page.",
            hop.url
        ),
        evidence: vec![format!("{} <script src=\"{}\"> in the head, without async or defer", hop.url, found.url)],
        fix: Fix {
            says: "Let the page go on while the script loads: add async (or defer where it must keep its order)."
                .to_owned(),
            paste: Some(format!("<script async src=\"{}\"></script>", found.url)),
            minutes: 5,
            after: vec![],
        },
    }
}

fn unsigned(hop: &Hop, found: &Resource) -> Option<Finding> {
    let (severity, says) = match party::of(&found.url) {
        // Its owner changes it at will, or it is the site's own storage: a digest would break the page or prove nothing.
        Party::Moving | Party::Storage => return None,
        Party::Fixed => (Severity::Medium, "a fixed version that a digest could hold to"),
        Party::Unknown => (Severity::Low, "and runs whatever it sends"),
    };
    let (what, tag) = match found.kind {
        Kind::Style => (
            "style sheet",
            format!(
                "<link rel=\"stylesheet\" href=\"{}\" integrity=\"sha384-…\" crossorigin=\"anonymous\">",
                found.url
            ),
        ),
        _ => (
            "script",
            format!("<script src=\"{}\" integrity=\"sha384-…\" crossorigin=\"anonymous\"></script>", found.url),
        ),
    };
    let origin = party::origin(&found.url).unwrap_or_default();
    Some(Finding {
        subject: found.url.clone(),
        grade: Grade::Warn,
        severity,
        says: format!("{} takes a {what} of {origin} without a digest, {says}; who breaks in there runs code on your site.", hop.url),
        evidence: vec![
            format!("{} loads {} without integrity", hop.url, found.url),
            format!("kinds of servers as of {}", party::as_of()),
        ],
        fix: Fix {
            says: "Serve the file from your own domain, or add its digest (openssl dgst -sha384 -binary FILE | openssl base64 -A).".to_owned(),
            paste: Some(tag),
            minutes: 10,
            after: vec![],
        },
    })
}

#[cfg(test)]
#[path = "third_party_tests.rs"]
mod tests;
