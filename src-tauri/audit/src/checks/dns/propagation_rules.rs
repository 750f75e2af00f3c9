//! The rules of dns.propagation: when two answers are the same, what kind of difference the others are, and the words for it.

use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::{SetSeen, Told};
use crate::picture::present;
use crate::read::address::class;
use crate::read::record_set::addresses;
use crate::read::resolver;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Seconds that resolvers may keep an answer and still be waited for; longer than this nobody waits before a launch.
const PATIENCE: u32 = 86_400;

/// A resolver's answer that is not the domain's own.
pub(super) struct Odd<'a> {
    pub(super) question: &'a str,
    pub(super) told: &'a Told,
    pub(super) set: &'a SetSeen,
    pub(super) own: &'a SetSeen,
    pub(super) kind: Kind,
}

/// What kind of difference it is; the worst comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// An older answer that will be forgotten within a day.
    Old,
    /// An answer that will be kept for longer than a day.
    Stuck,
    /// Not an answer of the zone at all: denied without the zone's word, or sent to nowhere.
    Blocked,
}

pub(super) fn kind(own: &[&SetSeen], set: &SetSeen) -> Kind {
    let any = own.iter().any(|own| !own.records.is_empty());
    let nowhere = |address: IpAddr| !class(address).is_public();
    let public = own.iter().flat_map(|own| addresses(own)).any(|address| !nowhere(address));
    if any && set.records.is_empty() && !set.denied_by_zone {
        return Kind::Blocked;
    }
    if public && !set.records.is_empty() && addresses(set).count() == set.records.len() && addresses(set).all(nowhere) {
        return Kind::Blocked;
    }
    let allowed = own.iter().map(|own| own.ttl).max().unwrap_or(0).max(PATIENCE);
    if set.ttl > allowed { Kind::Stuck } else { Kind::Old }
}

/// An answer in a few words.
pub(super) fn text(set: &SetSeen) -> String {
    let records = set.records.iter().map(|record| format!("{} {}", record.rtype(), present(record).1));
    match records.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => "nothing".to_owned(),
        some => some,
    }
}

/// One finding a resolver and kind.
pub(super) fn findings(resolver: &str, odd: &[Odd<'_>], domain: &str) -> Vec<Finding> {
    let kinds: BTreeSet<Kind> = odd.iter().map(|one| one.kind).collect();
    let of = |kind: Kind| {
        let own: Vec<&Odd<'_>> = odd.iter().filter(|one| one.kind == kind).collect();
        finding(resolver, kind, &own, domain)
    };
    kinds.into_iter().rev().map(of).collect()
}

fn finding(resolver: &str, kind: Kind, odd: &[&Odd<'_>], domain: &str) -> Finding {
    let evidence = odd.iter().take(12).map(|one| {
        format!(
            "{} at {resolver} over {}: {} ({} s left); own name servers: {}",
            one.question,
            one.told.way.says(),
            text(one.set),
            one.set.ttl,
            text(one.own)
        )
    });
    let left = odd.iter().map(|one| one.set.ttl).max().unwrap_or(0);
    let data = resolver::by_name(resolver);
    let link = |pick: fn(&resolver::Resolver) -> &Option<String>| data.and_then(|data| pick(data).clone());
    let (grade, severity, says, fix, paste) = match kind {
        Kind::Old => (
            Grade::Warn,
            Severity::Low,
            format!("{resolver} still gives an older answer for {domain}; its users see the old state for up to {}.", span(left)),
            format!("Wait {}, then run this check again; leave the old server running until then.", span(left)),
            None,
        ),
        Kind::Stuck => (
            Grade::Fail,
            Severity::Medium,
            format!("{resolver} holds another answer for {domain} and will keep it for {}, so its users go elsewhere.", span(left)),
            match link(|data| &data.flush) {
                Some(_) => "Ask the resolver to forget the answer on its page for that, then run this check again.".to_owned(),
                None => "Keep the old server running until then, or ask the operator of the resolver to forget the answer.".to_owned(),
            },
            link(|data| &data.flush),
        ),
        Kind::Blocked => (
            Grade::Fail,
            Severity::High,
            format!("{resolver} hides {domain} from its users: its answer does not come from your name servers."),
            match link(|data| &data.report) {
                Some(_) => "Look up why it is blocked (malware or phishing lists are the usual reason), mend that, and report the wrong block.".to_owned(),
                None => "Ask the operator of the resolver why it answers so; block lists are the usual reason.".to_owned(),
            },
            link(|data| &data.report),
        ),
    };
    let fix = Fix { says: fix, paste, minutes: 15, after: vec![] };
    Finding { subject: resolver.to_owned(), grade, severity, says, evidence: evidence.collect(), fix }
}

/// Seconds as a person says them.
fn span(seconds: u32) -> String {
    match seconds {
        0..=90 => format!("{seconds} seconds"),
        91..=7_200 => format!("{} minutes", seconds.div_ceil(60)),
        7_201..=172_800 => format!("{} hours", seconds.div_ceil(3_600)),
        _ => format!("{} days", seconds.div_ceil(86_400)),
    }
}
