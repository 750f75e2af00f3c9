//! The redirect map: http and https of the bare domain, www and every sub-domain, hop by hop, with what is wrong and where.

use super::{findings, state};
use crate::facts::{Chain, End, Fact};
use crate::{Audit, Case, Finding, State, Why};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;
use url::Url;

/// The checks whose findings are drawn into the map.
const CHECKS: [&str; 3] = ["http.canonical", "http.https_only", "http.redirects"];
/// Things said of one form or hop.
const SAID: usize = 5;

/// One form of the address, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct ChainRow {
    /// The URL it starts from.
    pub start: String,
    /// Exchanges in order; none when the first could not be seen.
    pub hops: Vec<HopRow>,
    /// Where it ends, when it ends in an answer.
    pub to: Option<String>,
    /// How it ended, in words.
    pub end: String,
    /// Its shape and colour.
    pub state: State,
    /// How it ended, in a word or two.
    pub word: String,
    /// What is wrong with it as a whole.
    pub wrong: Vec<Wrong>,
}

/// One hop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct HopRow {
    /// URL asked.
    pub url: String,
    /// Status code.
    pub status: u16,
    /// Where it leads, when it leads on.
    pub target: Option<String>,
    /// Time to the end of the headers, milliseconds.
    pub took_ms: u32,
    /// What is wrong here.
    pub wrong: Vec<Wrong>,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Wrong {
    /// Shape and colour.
    pub state: State,
    /// What is, as one plain sentence.
    pub says: String,
    /// The check that found it.
    pub check: String,
}

pub(super) fn of(case: &Case<'_>, audit: &Audit) -> Vec<ChainRow> {
    let mut starts: Vec<String> =
        case.hosts().iter().flat_map(|host| [format!("http://{host}/"), format!("https://{host}/")]).collect();
    let others = case.facts.http.keys().filter(|start| !starts.contains(start)).cloned().collect::<Vec<_>>();
    starts.extend(others);
    starts.into_iter().map(|start| row(case, audit, start)).collect()
}

fn row(case: &Case<'_>, audit: &Audit, start: String) -> ChainRow {
    let fact = case.facts.http.get(&start);
    let chain = match fact {
        Some(Fact::Seen { value, .. }) => value,
        _ => {
            let (state, word, end) = match case.chain(&start) {
                Err(why) if why.why == Why::Refused && start.starts_with("http:") => {
                    (State::NotApplicable, "closed", "port 80 is closed".to_owned())
                }
                Err(why) => (State::Unsure, "could not tell", why.says),
                Ok(_) => (State::Unsure, "could not tell", String::new()),
            };
            let (hops, wrong, word) = (vec![], about_start(audit, &start, &BTreeSet::new()), word.to_owned());
            return ChainRow { start, hops, to: None, end, state, word, wrong };
        }
    };
    let mut told = BTreeSet::new();
    let hops: Vec<HopRow> = chain
        .hops
        .iter()
        .map(|hop| {
            let wrong = said(audit, |_, finding| finding.subject == hop.url, &BTreeSet::new());
            told.extend(wrong.iter().map(|wrong| wrong.says.clone()));
            HopRow {
                url: hop.url.clone(),
                status: hop.status,
                target: hop.location.clone(),
                took_ms: hop.took_ms,
                wrong,
            }
        })
        .collect();
    let wrong = about_start(audit, &start, &told);
    let (state, word, end) = end(chain);
    let to = chain.hops.last().filter(|_| chain.end == End::Answered).map(|hop| hop.url.clone());
    ChainRow { start, hops, to, end, state, word, wrong }
}

/// An end that answers is an answer, whatever it says; one that could not be seen is no failure.
fn end(chain: &Chain) -> (State, String, String) {
    let no_end = |says: String| (State::Failing, "no end".to_owned(), says);
    match &chain.end {
        End::Answered => match chain.last().map_or(0, |hop| hop.status) {
            200..400 => (State::Done, "answers".to_owned(), "ends here".to_owned()),
            code => (State::Attention, format!("answers {code}"), "ends here".to_owned()),
        },
        End::Loop { back_to } => no_end(format!("goes round in a circle, back to {back_to}")),
        End::TooMany => no_end("still going after ten hops".to_owned()),
        End::Nowhere { location } => no_end(format!("leads to something that cannot be followed: {location}")),
        End::Lost { url, unseen } => {
            (State::Unsure, "could not tell".to_owned(), format!("{url} could not be seen: {}", unseen.says))
        }
    }
}

/// What was found about the form as a whole, or its host, and was not said at a hop.
fn about_start(audit: &Audit, start: &str, told: &BTreeSet<String>) -> Vec<Wrong> {
    let url = Url::parse(start).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let origin = start.trim_end_matches('/');
    // What is found about a host is told at the form that is meant: unencrypted addresses, or the site itself.
    let meant = |check: &str| start.starts_with("http:") == (check == "http.https_only");
    let about = |check: &str, finding: &Finding| {
        let named = finding.subject == start || finding.subject == origin;
        named || finding.subject == host && meant(check)
    };
    said(audit, about, told)
}

fn said(audit: &Audit, about: impl Fn(&str, &Finding) -> bool, told: &BTreeSet<String>) -> Vec<Wrong> {
    findings(audit, |check| CHECKS.contains(&check))
        .filter(|(check, finding)| about(check, finding) && !told.contains(&finding.says))
        .map(|(check, finding)| Wrong {
            state: state(finding.grade),
            says: finding.says.clone(),
            check: check.to_owned(),
        })
        .take(SAID)
        .collect()
}
