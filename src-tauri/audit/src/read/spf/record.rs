//! Records to paste: an SPF record put right, as far as that can be computed from what is published.

use super::parse::{Mechanism, Qualifier, SpfRecord};
use super::sender::{by_mx, of_domain};
use super::walk::{Evaluation, LOOKUP_LIMIT};
use std::net::{Ipv4Addr, Ipv6Addr};

/// A TXT record as a line of a zone file: name, TTL in seconds, type, and the value in strings of at most 255 bytes (RFC 1035 §3.3).
#[must_use]
pub fn line(name: &str, ttl: u32, value: &str) -> String {
    let mut strings = Vec::new();
    let mut current = String::new();
    for character in value.chars() {
        if current.len() + character.len_utf8() > 255 {
            strings.push(std::mem::take(&mut current));
        }
        current.push(character);
    }
    strings.push(current);
    let quoted: Vec<String> =
        strings.iter().map(|text| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))).collect();
    format!("{name}. {ttl} IN TXT {}", quoted.join(" "))
}

/// One record that allows what any of several allow; it ends in `~all`, the mildest that still protects.
#[must_use]
pub fn merged(records: &[SpfRecord]) -> String {
    let mut terms: Vec<String> = Vec::new();
    for record in records {
        let listed = record.reached().filter(|d| d.mechanism != Mechanism::All).map(|d| d.text.clone());
        let followed = record.followed().map(|spec| format!("include:{}", spec.text));
        terms.extend(listed.chain(followed));
    }
    ended(terms, Qualifier::SoftFail)
}

/// The record with another `all` at its end.
#[must_use]
pub fn with_all(record: &SpfRecord, qualifier: Qualifier) -> String {
    ended(record.reached().filter(|d| d.mechanism != Mechanism::All).map(|d| d.text.clone()).collect(), qualifier)
}

/// The record without `ptr`.
#[must_use]
pub fn without_ptr(record: &SpfRecord) -> String {
    let is_ptr =
        |word: &&str| record.directives.iter().any(|d| d.text == *word && matches!(d.mechanism, Mechanism::Ptr(_)));
    record.text.split(' ').filter(|word| !word.is_empty() && !is_ptr(word)).collect::<Vec<_>>().join(" ")
}

/// A first record for a domain that has none: its mail exchanges' service, or nobody where it takes no mail.
#[must_use]
pub fn suggested(exchanges: &[String]) -> String {
    let mut terms = Vec::new();
    for exchange in exchanges.iter().filter(|exchange| !matches!(exchange.as_str(), "" | ".")) {
        terms.push(match by_mx(exchange).and_then(|sender| sender.include.as_deref()) {
            Some(include) => format!("include:{include}"),
            None => "mx".to_owned(),
        });
    }
    let qualifier = if terms.is_empty() { Qualifier::Fail } else { Qualifier::SoftFail };
    ended(terms, qualifier)
}

/// A record that is within the limit, and what to move to a sub-domain of its own for that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// What stays.
    pub stays: String,
    /// The record of the sub-domain.
    pub moves: String,
    /// The services that move, by name or by the domain they include.
    pub services: Vec<String>,
}

/// Takes a record that costs too much apart: the dearest services move, those that take the domain's own mail stay.
#[must_use]
pub fn split(record: &SpfRecord, cost: &Evaluation, exchanges: &[String]) -> Option<Split> {
    let stays_put = |name: &str| {
        of_domain(name).is_some_and(|service| exchanges.iter().any(|exchange| by_mx(exchange) == Some(service)))
    };
    let included =
        |term: &str| record.directives.iter().any(|d| d.text == term && matches!(d.mechanism, Mechanism::Include(_)));
    let mut movable: Vec<_> = cost.costs.iter().filter(|c| c.depth == 0 && included(&c.term)).collect();
    movable.retain(|c| c.name.as_deref().is_some_and(|name| !stays_put(name)));
    movable.sort_by_key(|c| std::cmp::Reverse(c.lookups));
    let (mut left, mut moved) = (cost.lookups, Vec::new());
    for cost in movable {
        if left > LOOKUP_LIMIT {
            left -= cost.lookups;
            moved.push(cost);
        }
    }
    if left > LOOKUP_LIMIT || moved.iter().map(|c| c.lookups).sum::<u32>() > LOOKUP_LIMIT {
        return None;
    }
    let goes = |word: &str| moved.iter().any(|cost| cost.term == word);
    let stays = record.text.split(' ').filter(|word| !word.is_empty() && !goes(word)).collect::<Vec<_>>().join(" ");
    let moves = ended(moved.iter().map(|cost| cost.term.clone()).collect(), Qualifier::SoftFail);
    let called = |name: &String| of_domain(name).map_or_else(|| name.clone(), |service| service.name.clone());
    Some(Split { stays, moves, services: moved.iter().filter_map(|c| c.name.as_ref()).map(called).collect() })
}

/// The text with its wrong words put right, where each has exactly one plain reading; none when one has not.
#[must_use]
pub fn mended(text: &str) -> Option<String> {
    let words: Option<Vec<String>> = text.split(' ').skip(1).filter(|word| !word.is_empty()).map(word).collect();
    let text = format!("v=spf1 {}", words?.join(" "));
    super::parse(&text).is_ok().then_some(text)
}

fn word(word: &str) -> Option<String> {
    if super::parse(&format!("v=spf1 {word}")).is_ok_and(|record| record.ignored.is_empty()) {
        return Some(word.to_owned());
    }
    let sign = if word.starts_with(['+', '-', '~', '?']) { &word[..1] } else { "" };
    let bare = &word[sign.len()..];
    let end = bare.find([':', '=', '/']).unwrap_or(bare.len());
    let (name, rest) = (bare[..end].to_ascii_lowercase(), bare[end..].trim_start_matches([':', '=']));
    let family = rest.split('/').next().unwrap_or_default();
    let name = match name.as_str() {
        "ip4" | "ip6" | "ip" | "ipv4" | "ipv6" if family.parse::<Ipv4Addr>().is_ok() => "ip4",
        "ip4" | "ip6" | "ip" | "ipv4" | "ipv6" if family.parse::<Ipv6Addr>().is_ok() => "ip6",
        "include" | "inlcude" | "includ" | "inclue" | "includes" => "include",
        "redirect" | "redirct" | "rediret" => return Some(format!("redirect={rest}")),
        _ => return None,
    };
    let mended = format!("{sign}{name}:{rest}");
    super::parse(&format!("v=spf1 {mended}")).is_ok().then_some(mended)
}

/// Terms, each once, between version and `all`.
fn ended(terms: Vec<String>, qualifier: Qualifier) -> String {
    let mut words = vec!["v=spf1".to_owned()];
    for term in terms {
        if !words.iter().any(|word| word.eq_ignore_ascii_case(&term)) {
            words.push(term);
        }
    }
    words.push(format!("{qualifier}all"));
    words.join(" ")
}
