//! The finds as SARIF 2.1.0 (OASIS standard), for code scanning in the usual CI systems.

use super::{Found, Told};
use crate::exit::Trouble;
use audit::Severity;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub fn log(told: &Told<'_>) -> Result<String, Trouble> {
    let mut rules = BTreeMap::new();
    for found in &told.found {
        rules.entry(found.rule.id.as_str()).or_insert_with(|| rule(found));
    }
    let index: BTreeMap<&str, usize> = rules.keys().copied().zip(0..).collect();
    let results: Vec<Value> =
        told.found.iter().map(|found| result(found, index.get(found.rule.id.as_str()).copied())).collect();
    let notes: Vec<Value> =
        told.lost.iter().chain(&told.idle).map(|says| json!({"level": "warning", "message": {"text": says}})).collect();
    let whole = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "launch-ready", "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().collect::<Vec<_>>(),
            }},
            "invocations": [{"executionSuccessful": told.lost.is_empty(), "toolExecutionNotifications": notes}],
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&whole).map_err(|error| Trouble::new(format!("failed to print: {error}")))
}

fn rule(found: &Found<'_>) -> Value {
    let score = match found.severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.0",
        _ => "2.0",
    };
    json!({
        "id": found.rule.id,
        "shortDescription": {"text": found.rule.title},
        "help": {"text": format!("{} {}", found.rule.revoke, found.rule.link)},
        "helpUri": found.rule.link,
        "properties": {"security-severity": score, "tags": ["security", "secret"]},
    })
}

fn result(found: &Found<'_>, index: Option<usize>) -> Value {
    let leak = &found.leak;
    let level = match found.severity {
        _ if leak.found.public => "note",
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        _ => "note",
    };
    let uri: String = leak
        .path
        .bytes()
        .map(|byte| match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            other if other.is_ascii_alphanumeric() => char::from(other).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    let mut suppressions = Vec::new();
    if let Some(waiver) = found.waiver {
        suppressions.push(json!({"kind": "external", "justification": waiver.reason}));
    }
    if leak.found.allowed {
        suppressions.push(json!({"kind": "inSource"}));
    }
    let mut result = json!({
        "ruleId": found.rule.id,
        "level": level,
        "message": {"text": format!("{}: {}", found.rule.title, leak.found.redacted)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": leak.found.line.max(1)}}}],
        "partialFingerprints": {"launchReadySecret/v1": leak.found.fingerprint},
        "suppressions": suppressions,
        "properties": {"place": leak.place, "commit": leak.commit, "source": leak.found.source},
    });
    if let (Some(index), Some(object)) = (index, result.as_object_mut()) {
        object.insert("ruleIndex".to_owned(), json!(index));
    }
    result
}

#[cfg(test)]
mod tests {
    use super::super::{Found, Told};
    use super::log;
    use audit::facts::{KeyFound, Place, Repository, SecretMatch};
    use audit::read::secret::{by_id, rules};
    use engine::repo::Waiver;

    fn found<'a>(rule: &str, path: &str, place: Place, waiver: Option<&'a Waiver>) -> Found<'a> {
        let rule = by_id(rule).unwrap();
        let found = SecretMatch {
            rule: rule.id.clone(),
            url: path.to_owned(),
            line: 7,
            redacted: "…".to_owned(),
            fingerprint: "0123456789abcdef".to_owned(),
            public: rule.public,
            source: path.ends_with(".map").then(|| "src/pay.ts".to_owned()),
            allowed: path.contains("allowed"),
        };
        let commit = (place == Place::History).then(|| "0123456789abcdef0123456789abcdef01234567".to_owned());
        let at = commit.as_ref().map(|_| "2026-05-01T08:00:00Z".parse().unwrap());
        let leak = KeyFound { path: path.to_owned(), found, place, last: commit.clone(), commit, at, waived: None };
        let severity = audit::keys::severity(rule);
        Found { leak, rule, severity, waiver }
    }

    /// The sample is held against the standard's schema in `ui/tests/sarif.test.ts`.
    #[test]
    fn the_sample_is_what_is_printed() {
        let waiver = Waiver {
            rule: "stripe-secret-key".to_owned(),
            path: "old.js".to_owned(),
            fingerprint: "0123456789abcdef".to_owned(),
            reason: "test account, no \"money\"".to_owned(),
            until: "2027-02-01T00:00:00Z".parse().unwrap(),
        };
        let public = rules().iter().find(|rule| rule.public).unwrap();
        let told = Told {
            found: vec![
                found("stripe-secret-key", "src/new file+\u{e9}.js", Place::Tree, None),
                found("stripe-secret-key", "old.js", Place::History, Some(&waiver)),
                found("private-key", "dist/app.js.map", Place::Head, None),
                found("generic-key", "allowed.py", Place::Ignored, None),
                found(&public.id, "web.js", Place::Tree, None),
            ],
            seen: vec![("files", Repository::default())],
            lost: vec!["the history was not read: the folder is no git repository".to_owned()],
            idle: vec!["the waiver of jwt in a.js matches nothing any more".to_owned()],
        };
        // The version of the program is not what is held.
        let text = log(&told).unwrap().replace(env!("CARGO_PKG_VERSION"), "0.0.0") + "\n";
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cases/sarif/finds.sarif");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(sample, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(sample).unwrap(), text, "UPDATE=1 writes the sample anew");
    }
}
