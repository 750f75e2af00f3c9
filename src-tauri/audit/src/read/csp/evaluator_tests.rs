//! Policies of real shapes against Google's evaluator: whatever it finds of high or medium weight, we find too, or say why not.

use super::{Hole, HoleKind, Slip, holes, policies, slips};
use serde::Deserialize;

/// Made by running its default checks once over these policies; its source, version and day stand at the head.
const CASES: &str = include_str!("../../../../../tests/cases/csp/evaluator.json");

#[derive(Deserialize)]
struct File {
    source: String,
    date: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    policy: String,
    /// Severity, type, directive, value.
    findings: Vec<(String, String, String, Option<String>)>,
}

/// Where we knowingly say nothing: type, directive, value, and why.
const APART: [(&str, &str, &str, &str); 1] = [(
    "OBJECT_ALLOWLIST_BYPASS",
    "object-src",
    "https://vk.com",
    "it serves Flash files, and no browser runs Flash any more (removed in 2021); plug-in content from anywhere is still told",
)];

/// Whether one of our findings is the evaluator's.
fn told(kind: &str, directive: &str, value: Option<&str>, holes: &[Hole], slips: &[Slip]) -> bool {
    let hole = |wanted: HoleKind| holes.iter().any(|hole| hole.kind == wanted);
    // A directive that does nothing at all is told as a whole.
    let slip = || {
        slips.iter().any(|slip| slip.directive == directive && (slip.value.is_none() || slip.value.as_deref() == value))
    };
    match kind {
        "SCRIPT_UNSAFE_INLINE" => hole(HoleKind::Inline),
        "PLAIN_URL_SCHEMES" | "PLAIN_WILDCARD" => match directive {
            "object-src" => hole(HoleKind::Objects),
            "base-uri" => hole(HoleKind::Base),
            _ => hole(HoleKind::Anywhere),
        },
        "MISSING_DIRECTIVES" => match directive {
            "object-src" => hole(HoleKind::Objects),
            "base-uri" => hole(HoleKind::Base),
            _ => holes.iter().any(|hole| hole.kind == HoleKind::Inline && hole.value.is_none()),
        },
        "SCRIPT_ALLOWLIST_BYPASS" => hole(HoleKind::Bypass),
        _ => slip(),
    }
}

#[test]
fn whatever_the_evaluator_finds_we_find() {
    let file: File = serde_json::from_str(CASES).unwrap();
    assert!(file.source.contains("csp_evaluator 1.1.8") && file.date.len() == 10 && file.cases.len() >= 60);
    let (mut missed, mut apart) = (Vec::new(), Vec::new());
    for case in &file.cases {
        let read = policies([case.policy.as_str()], []);
        let (holes, slips): (Vec<Hole>, Vec<Slip>) = (holes(&read), read.iter().flat_map(slips).collect());
        for (severity, kind, directive, value) in &case.findings {
            assert!(["HIGH", "MEDIUM", "SYNTAX"].contains(&severity.as_str()), "{severity}");
            if told(kind, directive, value.as_deref(), &holes, &slips) {
                continue;
            }
            let known = |one: &&(&str, &str, &str, &str)| {
                (one.0, one.1, Some(one.2)) == (kind.as_str(), directive.as_str(), value.as_deref())
            };
            match APART.iter().find(known) {
                Some(one) => apart.push(one.3),
                None => missed.push(format!("{kind} {directive} {value:?} of {}", case.policy)),
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    assert_eq!(apart, APART.map(|one| one.3), "a difference that is none any more");
}

/// What the evaluator passes over and we tell: 1.1.8 says nothing of weight of these.
#[test]
fn some_that_it_passes_over_are_told() {
    let file: File = serde_json::from_str(CASES).unwrap();
    for (text, kind) in
        [("script-src 'self' blob:;", HoleKind::Anywhere), ("script-src 'self' filesystem:;", HoleKind::Anywhere)]
    {
        let case = file.cases.iter().find(|case| case.policy.starts_with(text)).unwrap();
        assert!(case.findings.is_empty());
        assert!(holes(&policies([case.policy.as_str()], [])).iter().any(|hole| hole.kind == kind), "{text}");
    }
    for (text, says) in
        [("script-src 'none' 'self'", "'none' beside"), ("img-src b.example", "twice"), ("203.0.113.7", "bare address")]
    {
        let case = file.cases.iter().find(|case| case.policy.contains(text)).unwrap();
        let found: Vec<Slip> = policies([case.policy.as_str()], []).iter().flat_map(slips).collect();
        assert!(case.findings.is_empty() && found.iter().any(|slip| slip.says.contains(says)), "{text}: {found:?}");
    }
}
