//! Protection policy and caching rules: what guards the product and what is kept where, each rule with how it was seen to work.

use super::follow;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::audit::Outcome;

pub(super) const POLICY: &str = "Protection policy";
pub(super) const CACHING: &str = "Caching rules";

/// What guards the product, in the order in which a request meets it, and the check that saw it.
const GUARDS: [(&str, &str); 12] = [
    ("Names cannot be forged on the way (DNSSEC)", "dns.dnssec"),
    ("Only chosen issuers may vouch for the name (CAA)", "dns.caa"),
    ("A network stands in front of the servers", "edge.proxy"),
    ("Its rules against attacks are on", "edge.cloudflare"),
    ("Everything is encrypted", "http.https_only"),
    ("Only sound encryption is spoken", "tls.protocols"),
    ("Pages tell browsers what they may do, and to hold to encryption", "http.security_headers"),
    ("Cookies of sessions cannot be read or sent by others", "http.cookies"),
    ("Other sites may read only what is meant for them", "http.cors"),
    ("Forms stop who tries too often", "http.rate_limit"),
    ("Nothing private is open to strangers", "auth.anonymous"),
    ("Error pages tell nothing of the inside", "http.error_pages"),
];

/// What is kept where, and the check that saw it.
const KEPT: [(&str, &str); 3] = [
    ("In browsers", "http.caching"),
    ("In the delivery network", "edge.cache"),
    ("Never: what belongs to one customer", "http.private_cache"),
];

/// Lines of what was seen that one rule shows.
const SEEN: usize = 3;
/// Files of the front page that are listed.
const FILES: usize = 30;

pub(super) fn policy(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("protection-policy", POLICY);
    blocks.push(Block::lead("What guards the product and its customers. Each line is to stay as it is; a change to it is a decision, not a detail."));
    blocks.push(rules(brief, &GUARDS));
    blocks
}

pub(super) fn caching(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("caching-rules", CACHING);
    blocks.push(Block::lead("Keep for long what never changes under its name, ask again for pages, and keep nowhere what belongs to one customer."));
    blocks.push(rules(brief, &KEPT));
    let files: Vec<_> = brief
        .facts
        .exchanges
        .iter()
        .filter_map(|(key, fact)| {
            let (probe, url) = key.split_once(' ')?;
            let seen = fact.seen().ok().filter(|_| matches!(probe, "asset" | "home"))?;
            let says = seen.header("cache-control").next().unwrap_or("no Cache-Control").to_owned();
            Some(vec![vec![Span::code(url)], vec![Span::code(says)]])
        })
        .take(FILES)
        .collect();
    if !files.is_empty() {
        blocks.push(Block::heading(2, "As the files say it now", "caching-files"));
        let columns = vec![Column::share("File", 1.3), Column::share("Cache-Control", 1.0)];
        blocks.push(Block::Table(Table { columns, rows: files }));
    }
    blocks
}

fn rules(brief: &Brief<'_>, rules: &[(&str, &str)]) -> Block {
    let row = |(rule, check): &(&str, &str)| {
        Some(vec![
            vec![Span::text(*rule), Span::Break, Span::Quiet((*check).to_owned())],
            status(brief.audit.outcome(check)?),
            seen(brief.audit.outcome(check)?),
        ])
    };
    let columns = vec![Column::share("Rule", 1.0), Column::fit("Now", 0.2), Column::share("As it was seen", 1.4)];
    Block::Table(Table { columns, rows: rules.iter().filter_map(row).collect() })
}

fn status(outcome: &Outcome) -> Vec<Span> {
    vec![Span::Status(words::status(outcome.status))]
}

/// What is wrong with it, else what proves it, else why it could not be told.
fn seen(outcome: &Outcome) -> Vec<Span> {
    let wrong = outcome.findings.iter().map(|finding| finding.says.as_str());
    let accepted = outcome.waived.iter().map(|_| "accepted as it is for a time");
    let proof = outcome.proof.iter().map(String::as_str);
    let unseen = outcome.unseen.iter().map(|unseen| unseen.says.as_str());
    let told = wrong.chain(accepted).chain(proof).chain(outcome.reason.as_deref()).chain(unseen);
    let mut spans = vec![];
    for line in told.take(SEEN) {
        if !spans.is_empty() {
            spans.push(Span::Break);
        }
        spans.push(Span::text(words::capital(line)));
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::{GUARDS, KEPT};

    #[test]
    fn every_rule_rests_on_a_check_that_exists() {
        for (rule, check) in GUARDS.iter().chain(&KEPT) {
            assert!(audit::checks::by_id(check).is_some(), "{rule}: {check}");
        }
    }
}
