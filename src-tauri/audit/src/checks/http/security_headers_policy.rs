//! The rules of Content-Security-Policy and of framing, with a policy made for this very page.

use super::rules::{Rule, Set, joined, rule};
use crate::check::{Grade, Severity};
use crate::facts::{Exchange, Hop, ResourceKind as Kind};
use crate::read::csp::{Hole, HoleKind, Policy, bypasses_as_of, holes, policies, slips};
use crate::{Unseen, Why};
use std::collections::BTreeSet;
use url::Url;

const HEADER: &str = "Content-Security-Policy";
/// Slips told of one page; the rest is more of the same.
const MOST_SLIPS: usize = 5;

pub(super) fn broken(hop: &Hop) -> Vec<Rule> {
    let metas: Vec<&str> = hop.page.iter().flat_map(|page| page.csp_meta.iter().map(String::as_str)).collect();
    let all = policies(hop.header("content-security-policy"), metas);
    let saw = joined(hop, "content-security-policy")
        .or_else(|| all.iter().any(|policy| policy.meta).then(|| "(in the page)".to_owned()));
    let mut found: Vec<Rule> = Vec::new();
    if all.is_empty() {
        found.push(absent(hop));
    }
    found.extend(holes(&all).into_iter().map(|hole| open(hop, &all, &hole, saw.as_deref())));
    let slipped = all.iter().flat_map(slips).take(MOST_SLIPS);
    found.extend(slipped.map(|slip| {
        let says =
            format!("The Content-Security-Policy does not do what it seems to: {} {}.", slip.directive, slip.says);
        let mut rule = rule(HEADER, (Grade::Warn, Severity::Low), &says, saw.as_deref(), "");
        rule.set = Set::Otherwise("Correct this part of the policy; the rest of it can stay.", None);
        rule
    }));
    found.extend(framing(hop, &all));
    found
}

/// A nonce that two answers share is no secret: whoever has seen one page can name it (CSP §7.1).
pub(super) fn reused(hop: &Hop, again: Result<&Exchange, Unseen>) -> Result<Option<Rule>, Unseen> {
    let first = policies(hop.header("content-security-policy"), []);
    if first.iter().all(|policy| policy.nonces().is_empty()) {
        return Ok(None);
    }
    let again = match again {
        Err(why) if why.why == Why::NotLooked => return Ok(None),
        other => other?,
    };
    let second = policies(again.header("content-security-policy"), []);
    let later: BTreeSet<&str> = second.iter().flat_map(Policy::nonces).collect();
    let both = first.iter().flat_map(Policy::nonces).find(|nonce| later.contains(nonce));
    Ok(both.map(|nonce| {
        let says = "The Content-Security-Policy names the same nonce at every visit, so whoever has seen one page can make injected scripts run.";
        let saw = format!("{nonce} in two answers");
        let mut rule = rule(HEADER, (Grade::Warn, Severity::Medium), says, Some(&saw), "");
        rule.set = Set::Otherwise(
            "Make a fresh random nonce of 128 bits for every answer, and forbid caches to keep pages that hold one; for pages that never change, list hashes of their scripts instead.",
            None,
        );
        rule.minutes = 60;
        rule
    }))
}

/// What would make the policy stronger though nothing is wrong with it.
pub(super) fn advice(hop: &Hop) -> Option<String> {
    let metas: Vec<&str> = hop.page.iter().flat_map(|page| page.csp_meta.iter().map(String::as_str)).collect();
    let all = policies(hop.header("content-security-policy"), metas);
    let bare = !all.is_empty() && !all.iter().any(Policy::demands_trusted_types);
    bare.then(|| {
        "advice: require-trusted-types-for 'script' would make browsers refuse text that scripts turn into code; try it in Content-Security-Policy-Report-Only first".to_owned()
    })
}

fn absent(hop: &Hop) -> Rule {
    let trial = joined(hop, "content-security-policy-report-only");
    let says = match trial {
        Some(_) => {
            "The Content-Security-Policy is only on trial (report-only): it tells of injected scripts and lets them run."
        }
        None => "The page does not say which scripts may run (no Content-Security-Policy), so an injected script runs.",
    };
    let mut rule = rule(HEADER, (Grade::Warn, Severity::Medium), says, None, &whole(hop));
    rule.minutes = 120;
    if let Some(trial) = trial {
        rule.saw = format!("only Content-Security-Policy-Report-Only: {trial}");
    }
    rule
}

fn open(hop: &Hop, all: &[Policy], hole: &Hole, saw: Option<&str>) -> Rule {
    let at = match &hole.value {
        Some(value) => format!("{} {value}", hole.directive),
        None => format!("no {}", hole.directive),
    };
    let (severity, says) = match hole.kind {
        HoleKind::Inline if hole.value.is_none() => (
            Severity::Medium,
            format!("The Content-Security-Policy does not limit scripts ({at}), so an injected script runs."),
        ),
        HoleKind::Inline => (
            Severity::Medium,
            format!("The Content-Security-Policy allows any inline script ({at}), so an injected script runs."),
        ),
        HoleKind::Anywhere => {
            (Severity::Medium, format!("The Content-Security-Policy allows scripts from anywhere ({at})."))
        }
        HoleKind::Bypass => (
            Severity::Medium,
            format!(
                "The Content-Security-Policy can be got round: {at} is known to serve {} (list of {}).",
                hole.by.unwrap_or("what attackers need"),
                bypasses_as_of()
            ),
        ),
        HoleKind::Objects => (
            Severity::Low,
            format!("The Content-Security-Policy allows plug-in content from anywhere ({at}), which can run scripts."),
        ),
        HoleKind::Base => (
            Severity::Medium,
            format!(
                "The Content-Security-Policy lets an injected base element turn your own scripts to another host ({at})."
            ),
        ),
        HoleKind::Eval => (Severity::Low, format!("The Content-Security-Policy lets text become code ({at}).")),
        HoleKind::Handlers => (
            Severity::Low,
            format!("The Content-Security-Policy lets listed event handlers run wherever they are injected ({at})."),
        ),
    };
    let mut rule = rule(HEADER, (Grade::Warn, severity), &says, saw, &mended(hop, all, hole));
    rule.minutes = if hole.kind == HoleKind::Objects || hole.kind == HoleKind::Base { 15 } else { 120 };
    rule
}

/// The page's own policy without the hole, where it has one in a header; else one made for the page.
fn mended(hop: &Hop, all: &[Policy], hole: &Hole) -> String {
    let [policy] = all else { return whole(hop) };
    if policy.meta {
        return whole(hop);
    }
    let scripts = scripts(hop);
    let mut directives = policy.directives.clone();
    let place = directives.iter().position(|(name, _)| name == hole.directive);
    match (place, &hole.value, hole.kind) {
        (Some(at), Some(value), kind) => {
            let narrow = kind == HoleKind::Objects || kind == HoleKind::Base;
            // The fallback of all kinds of content stays as it is; scripts get a line of their own.
            let name = match kind {
                HoleKind::Objects => "object-src".to_owned(),
                HoleKind::Base => "base-uri".to_owned(),
                _ if hole.directive == "default-src" => "script-src".to_owned(),
                _ => hole.directive.to_owned(),
            };
            let mut values = if narrow { vec!["'none'".to_owned()] } else { directives[at].1.clone() };
            values.retain(|own| !own.eq_ignore_ascii_case(value));
            let more = if kind == HoleKind::Eval || narrow { Vec::new() } else { scripts };
            let fresh: Vec<String> = more.into_iter().filter(|own| !values.contains(own)).collect();
            values.extend(fresh);
            match directives.iter_mut().find(|(own, _)| *own == name) {
                Some(own) => own.1 = values,
                None => directives.push((name, values)),
            }
        }
        (_, _, HoleKind::Objects) => directives.push(("object-src".to_owned(), vec!["'none'".to_owned()])),
        (_, _, HoleKind::Base) => directives.push(("base-uri".to_owned(), vec!["'none'".to_owned()])),
        _ => directives.push(("script-src".to_owned(), scripts)),
    }
    written(&directives)
}

fn written(directives: &[(String, Vec<String>)]) -> String {
    let lines = directives.iter().map(|(name, values)| format!("{name} {}", values.join(" ")).trim_end().to_owned());
    lines.collect::<Vec<_>>().join("; ")
}

/// What the page's own scripts need: its origin, theirs, and the hashes of inline ones.
fn scripts(hop: &Hop) -> Vec<String> {
    let mut sources = vec!["'self'".to_owned()];
    sources.extend(origins(hop, &[Kind::Script]));
    sources.extend(hop.page.iter().flat_map(|page| &page.inline_hashes).map(|hash| format!("'{hash}'")));
    sources
}

/// Foreign origins that the page loads these kinds from.
fn origins(hop: &Hop, kinds: &[Kind]) -> BTreeSet<String> {
    let own = Url::parse(&hop.url).ok().map(|url| url.origin());
    let urls = hop.page.iter().flat_map(|page| &page.resources).filter(|resource| kinds.contains(&resource.kind));
    let foreign = urls.filter_map(|resource| Url::parse(&resource.url).ok()).filter(|url| Some(url.origin()) != own);
    foreign.map(|url| url.origin().ascii_serialization().replacen("http://", "https://", 1)).collect()
}

/// A policy made for this page: what it loads today, and no more.
fn whole(hop: &Hop) -> String {
    let list = |kinds: &[Kind], first: &str| {
        let mut sources = vec![first.to_owned()];
        sources.extend(origins(hop, kinds));
        sources.join(" ")
    };
    format!(
        "default-src 'self'; script-src {}; style-src {}; img-src {}; font-src {}; frame-src {}; form-action {}; object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
        scripts(hop).join(" "),
        list(&[Kind::Style], "'self'"),
        list(&[Kind::Image, Kind::ImageSet], "'self' data:"),
        list(&[Kind::Font], "'self'"),
        list(&[Kind::Frame], "'self'"),
        list(&[Kind::Form], "'self'"),
    )
}

/// Who may frame the page: frame-ancestors decides where it is given, X-Frame-Options else (CSP §6.4.2.1).
fn framing(hop: &Hop, all: &[Policy]) -> Option<Rule> {
    let mut lists =
        all.iter().filter(|policy| !policy.meta).filter_map(|policy| policy.values("frame-ancestors")).peekable();
    let xfo = joined(hop, "x-frame-options");
    let says = if lists.peek().is_some() {
        let wide = |value: &String| {
            matches!(value.to_ascii_lowercase().as_str(), "*" | "https:" | "http:" | "http://*" | "https://*")
        };
        if lists.any(|values| !values.iter().any(wide)) {
            return None;
        }
        let says = "Any site may show yours inside a frame and trick people into clicking: frame-ancestors allows all, and it overrides X-Frame-Options.";
        let value = all.iter().find(|policy| !policy.meta).map(|policy| {
            let mut directives = policy.directives.clone();
            directives.retain(|(name, _)| name != "frame-ancestors");
            directives.push(("frame-ancestors".to_owned(), vec!["'none'".to_owned()]));
            written(&directives)
        });
        let saw = joined(hop, "content-security-policy");
        return Some(rule(HEADER, (Grade::Warn, Severity::Medium), says, saw.as_deref(), &value.unwrap_or_default()));
    } else {
        let words: BTreeSet<String> =
            xfo.iter().flat_map(|value| value.split(',')).map(|word| word.trim().to_ascii_lowercase()).collect();
        // Contradicting values make browsers refuse all frames (WHATWG HTML §7.7).
        if words.contains("deny") || words.contains("sameorigin") {
            return None;
        }
        if words.iter().any(|word| word.starts_with("allow-from")) {
            "X-Frame-Options uses allow-from, which browsers ignore, so any site may show yours inside a frame."
        } else {
            "Other sites may show yours inside a frame and trick people into clicking."
        }
    };
    Some(rule("X-Frame-Options", (Grade::Warn, Severity::Medium), says, xfo.as_deref(), "DENY"))
}
