//! http.mixed_content: encrypted pages load and send nothing unencrypted.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Hop, Resource, ResourceKind as Kind};
use crate::read::csp::policies;
use crate::{Case, Unseen};
use url::{Host, Url};

/// http.mixed_content.
pub static CHECK: Check = Check {
    id: "http.mixed_content",
    title: "Encrypted pages load nothing unencrypted",
    why: "Browsers leave unencrypted parts out, so pages look broken, and forms that send in the clear give passwords away.",
    needs: &[Need::Public],
    concern: Concern::Trust,
    covers: "The first page of every host: elements, srcset, forms, inline styles and WebSocket addresses in inline scripts. Linked style sheets and scripts are not read for it.",
    ask: None,
    refs: &["W3C Mixed Content §3", "W3C Mixed Content §4", "W3C Upgrade Insecure Requests §3"],
    judge,
};

/// Evidence lines of one finding.
const MOST: usize = 10;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    case.addresses(case.apex())?;
    let (pages, mut unseen) = case.pages();
    let (mut proof, mut findings) = (vec![], vec![]);
    for hop in pages.into_iter().filter(|hop| hop.url.starts_with("https:")) {
        let Some(page) = &hop.page else { continue };
        unseen.extend(Case::cut(hop));
        let bare: Vec<&Resource> = page.resources.iter().filter(|resource| unencrypted(&resource.url)).collect();
        let whole = if page.truncated { " (as far as it was read)" } else { "" };
        if !bare.is_empty() && upgraded(hop) {
            let count = bare.len();
            proof.push(format!(
                "{}: {count} unencrypted addresses, which upgrade-insecure-requests turns into https",
                hop.url
            ));
            continue;
        }
        proof.push(format!("{}: {} of {} addresses are unencrypted{whole}", hop.url, bare.len(), page.resources.len()));
        findings.extend(CLASSES.iter().filter_map(|class| told(hop, &bare, class)));
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

/// Whether it travels in the clear; what never leaves the visitor's own machine does not (W3C Secure Contexts §3.1).
fn unencrypted(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => true,
    };
    matches!(url.scheme(), "http" | "ws") && !local
}

/// Whether a policy makes browsers ask for all of it encrypted.
fn upgraded(hop: &Hop) -> bool {
    let metas = hop.page.iter().flat_map(|page| page.csp_meta.iter().map(String::as_str));
    let all = policies(hop.header("content-security-policy"), metas);
    all.iter().any(|policy| policy.values("upgrade-insecure-requests").is_some())
}

/// Kinds that browsers treat alike, with what that means.
struct Class {
    kinds: &'static [Kind],
    grade: Grade,
    severity: Severity,
    says: &'static str,
}

const CLASSES: [Class; 4] = [
    Class {
        kinds: &[Kind::Form],
        grade: Grade::Fail,
        severity: Severity::High,
        says: "sends what people type into a form without encryption, where anybody on the way can read it",
    },
    Class {
        kinds: &[Kind::Script, Kind::Style, Kind::Frame, Kind::Object, Kind::Socket],
        grade: Grade::Fail,
        severity: Severity::High,
        says: "needs parts that come without encryption; browsers refuse them, so the page does not work as you built it",
    },
    Class {
        kinds: &[Kind::Font, Kind::ImageSet, Kind::Manifest],
        grade: Grade::Fail,
        severity: Severity::Medium,
        says: "names fonts or image variants without encryption; browsers refuse them, so it looks different than you built it",
    },
    Class {
        kinds: &[Kind::Image, Kind::Media],
        grade: Grade::Warn,
        severity: Severity::Low,
        says: "shows pictures or sound from unencrypted addresses; browsers try them over https and leave out what does not answer there",
    },
];

fn told(hop: &Hop, bare: &[&Resource], class: &Class) -> Option<Finding> {
    let found: Vec<&&Resource> = bare.iter().filter(|resource| class.kinds.contains(&resource.kind)).collect();
    if found.is_empty() {
        return None;
    }
    let mut evidence: Vec<String> = found
        .iter()
        .take(MOST)
        .map(|resource| format!("{} loads {:?} {}", hop.url, resource.kind, resource.url).to_string())
        .collect();
    if found.len() > MOST {
        evidence.push(format!("and {} more", found.len() - MOST));
    }
    let swap = |resource: &&&Resource| {
        let secure = resource.url.replacen("http://", "https://", 1).replacen("ws://", "wss://", 1);
        format!("{} → {secure}", resource.url)
    };
    Some(Finding {
        subject: hop.url.clone(),
        grade: class.grade,
        severity: class.severity,
        says: format!("{} {}.", hop.url, class.says),
        evidence,
        fix: Fix {
            says: "Write these addresses with https (check that each answers there). Until that is done, the header Content-Security-Policy: upgrade-insecure-requests makes browsers do it.".to_owned(),
            paste: Some(found.iter().take(MOST).map(swap).collect::<Vec<_>>().join("\n")),
            minutes: 15,
            after: vec!["http.https_only".to_owned()],
        },
    })
}

#[cfg(test)]
#[path = "mixed_content_tests.rs"]
mod tests;
