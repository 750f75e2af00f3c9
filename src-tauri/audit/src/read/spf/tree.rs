//! Who may send by a record: every term with the service behind it, what it leads to, and what it costs.

use super::parse::{Mechanism, SpfRecord};
use super::sender::of_domain;
use super::walk::{Cost, Evaluation, evaluate};
use crate::facts::DnsAnswer;
use crate::read::provider;
use crate::read::text::clean;
use crate::{Unseen, Why};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Lines that are shown of a tree.
const LINES: usize = 60;

/// A term that lets somebody send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// 0: in the domain's own record; 1: in a record that this one includes; and so on.
    pub depth: usize,
    /// The term as written.
    pub term: String,
    /// Whom it lets send, as far as the data tell.
    pub who: Option<String>,
    /// Look-ups of the term with all that it includes.
    pub lookups: u32,
    /// Whether a person approved it; none while nobody said so, and of inner terms, which their service answers for.
    pub approved: Option<bool>,
}

/// The tree of a record, outer terms before inner ones, in the order in which receivers try them.
#[must_use]
pub fn tree(record: &SpfRecord, cost: &Evaluation) -> Vec<Allowed> {
    let mut costs = cost.costs.iter().peekable();
    let mut tree = Vec::new();
    for directive in record.reached() {
        match &directive.mechanism {
            Mechanism::All => {}
            Mechanism::Ip4(net) => tree.push(free(&directive.text, net.addr().into())),
            Mechanism::Ip6(net) => tree.push(free(&directive.text, net.addr().into())),
            _ => {
                tree.extend(costs.next().map(costly));
                while let Some(inner) = costs.next_if(|cost| cost.depth > 0) {
                    tree.push(costly(inner));
                }
            }
        }
    }
    tree.extend(costs.map(costly));
    tree
}

fn free(term: &str, address: IpAddr) -> Allowed {
    let holder = provider::all().iter().find(|provider| provider.ranges.iter().any(|range| range.contains(&address)));
    Allowed {
        depth: 0,
        term: term.to_owned(),
        who: holder.map(|holder| holder.name.clone()),
        lookups: 0,
        approved: None,
    }
}

fn costly(cost: &Cost) -> Allowed {
    let service = cost.name.as_deref().and_then(of_domain);
    let who = service.map(|service| format!("{} ({})", service.name, service.docs));
    Allowed { depth: cost.depth, term: cost.term.clone(), who, lookups: cost.lookups, approved: None }
}

/// The tree with what a person said of its outer terms: `approved` or `unwanted`.
#[must_use]
pub fn marked(mut tree: Vec<Allowed>, said: &BTreeMap<String, String>) -> Vec<Allowed> {
    for allowed in tree.iter_mut().filter(|allowed| allowed.depth == 0) {
        let mark = said.iter().find(|(term, _)| term.eq_ignore_ascii_case(&allowed.term));
        allowed.approved = mark.and_then(|(_, mark)| match mark.as_str() {
            "approved" => Some(true),
            "unwanted" => Some(false),
            _ => None,
        });
    }
    tree
}

/// What is said of each term of a record's own by a list of approved ones: those are `approved`, all others `unwanted`.
#[must_use]
pub fn decided(domain: &str, record: &SpfRecord, approved: &[String]) -> BTreeMap<String, String> {
    let text = String::new;
    let unasked = Unseen { what: text(), why: Why::NotLooked, says: text(), way: text() };
    // The terms alone are wanted, whatever they lead to.
    let cost = evaluate(domain, record, &|_, _| -> Result<&DnsAnswer, Unseen> { Err(unasked.clone()) });
    let own = tree(record, &cost).into_iter().filter(|allowed| allowed.depth == 0);
    own.map(|allowed| {
        let known = approved.iter().any(|term| term.eq_ignore_ascii_case(&allowed.term));
        (allowed.term, if known { "approved" } else { "unwanted" }.to_owned())
    })
    .collect()
}

/// The tree as lines, inner terms moved in.
#[must_use]
pub fn lines(tree: &[Allowed]) -> Vec<String> {
    let line = |allowed: &Allowed| {
        let who = allowed.who.as_ref().map_or_else(String::new, |who| format!(": {who}"));
        let cost = match allowed.lookups {
            0 => "no look-up".to_owned(),
            1 => "1 look-up".to_owned(),
            more => format!("{more} look-ups"),
        };
        let mark = match allowed.approved {
            Some(true) => ", approved",
            Some(false) => ", not approved",
            None => "",
        };
        format!("{}{}{who}, {cost}{mark}", "· ".repeat(allowed.depth), clean(&allowed.term, 120))
    };
    let mut lines: Vec<String> = tree.iter().take(LINES).map(line).collect();
    if tree.len() > LINES {
        lines.push(format!("and {} more", tree.len() - LINES));
    }
    lines
}

/// The record without these words.
#[must_use]
pub fn without(text: &str, terms: &[String]) -> String {
    let goes = |word: &&str| terms.iter().any(|term| term.eq_ignore_ascii_case(word));
    text.split(' ').filter(|word| !word.is_empty() && !goes(word)).collect::<Vec<_>>().join(" ")
}

/// The record with each word once; the second of two equal terms can never match.
#[must_use]
pub fn without_repeats(text: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !words.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            words.push(word);
        }
    }
    words.join(" ")
}

/// Includes of the domain's own record that a service named by another include allows already; taking them out changes no result.
#[must_use]
pub fn nested(cost: &Evaluation) -> Vec<String> {
    let target = |cost: &Cost| {
        let include =
            cost.term.trim_start_matches('+').get(..8).is_some_and(|word| word.eq_ignore_ascii_case("include:"));
        cost.name.clone().filter(|_| include && cost.certain)
    };
    // Which own term each cost stands under.
    let mut own = 0;
    let under: Vec<usize> = cost
        .costs
        .iter()
        .enumerate()
        .map(|(at, cost)| {
            own = if cost.depth == 0 { at } else { own };
            own
        })
        .collect();
    let mut gone: Vec<usize> = Vec::new();
    for (at, name) in cost
        .costs
        .iter()
        .enumerate()
        .filter(|(_, cost)| cost.depth == 0)
        .filter_map(|(at, cost)| Some((at, target(cost)?)))
    {
        let elsewhere = cost.costs.iter().zip(&under).any(|(other, owner)| {
            other.depth > 0 && *owner != at && !gone.contains(owner) && target(other).as_ref() == Some(&name)
        });
        if elsewhere {
            gone.push(at);
        }
    }
    gone.into_iter().map(|at| cost.costs[at].term.clone()).collect()
}
