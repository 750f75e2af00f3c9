//! Messages on which a second implementation (dkimpy, authheaders) gave its verdict: ours is the same, but for what is named here.

use super::arc::ArcResult;
use super::signature::DkimResult;
use super::tests::examine;
use crate::facts::DmarcResult;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::collections::BTreeMap;

const FILE: &str = include_str!("../../../../../tests/cases/mail/verdicts.json");

#[derive(Deserialize)]
struct File {
    versions: BTreeMap<String, String>,
    records: BTreeMap<String, String>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    message: String,
    dkim: Vec<bool>,
    arc: String,
    dmarc: String,
}

/// Where the second implementation judges otherwise, and why ours stays.
const APART: [(&str, &str); 2] = [
    (
        "a second author on top",
        "dkimpy refuses the message; RFC 6376 §5.4.2 takes the lowest field, and DMARC fails here as there",
    ),
    ("a length beyond the end", "dkimpy takes what there is; RFC 6376 §3.5 forbids an l= beyond the body"),
];

#[test]
fn a_second_implementation_says_the_same() {
    let file: File = serde_json::from_str(FILE).unwrap();
    assert!(file.versions.contains_key("dkimpy") && file.cases.len() >= 114);
    let mut apart = vec![];
    for case in &file.cases {
        let message = STANDARD.decode(&case.message).unwrap();
        let ours = examine(&file.records, &message);
        let passes: Vec<bool> = ours.dkim.iter().map(|one| one.result == DkimResult::Pass).collect();
        let arc = match ours.arc.result {
            ArcResult::None => "none",
            ArcResult::Pass => "pass",
            ArcResult::Fail | ArcResult::TempError => "fail",
        };
        let dmarc = if ours.dmarc.result == DmarcResult::Pass { "pass" } else { "fail" };
        if (&passes, arc, dmarc) != (&case.dkim, case.arc.as_str(), case.dmarc.as_str())
            && !APART.iter().any(|(name, _)| *name == case.name)
        {
            apart.push(format!(
                "{}: {passes:?} {arc} {dmarc}, theirs {:?} {} {}: {:?}",
                case.name,
                case.dkim,
                case.arc,
                case.dmarc,
                ours.dkim.iter().map(|one| &one.says).collect::<Vec<_>>()
            ));
        }
    }
    assert!(apart.is_empty(), "{}", apart.join("\n"));
}
