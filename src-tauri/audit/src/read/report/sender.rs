//! Who sent: the machines of reports joined under the service that they belong to.

use crate::facts::{Facts, ReportsSeen, Source};
use crate::read::spf::{SpfProgress, SpfQuery, allowed_by, check_host};
use crate::read::{dkim, provider, spf};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Addresses shown of one sender.
const SHOWN: usize = 4;

/// What a sender sent in the domain's name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ReportSender {
    /// The service, the envelope domain that SPF proved, or that nobody is known behind it.
    pub name: String,
    /// Whether the name is that of a known mail service.
    pub service: bool,
    /// Where that service explains its records.
    pub docs: Option<String>,
    /// Whether it is a sender of the domain's own: something proved the domain, or its SPF record allows the machine.
    pub own: bool,
    /// Messages.
    pub messages: u64,
    /// Those that were proven to come from the domain.
    pub proven: u64,
    /// Those that aligned SPF proved.
    pub by_spf: u64,
    /// Those that an aligned signature proved.
    pub by_dkim: u64,
    /// Unproven ones that receivers let through for a reason of their own: forwarded, a mailing list.
    pub excused: u64,
    /// Those that went to spam.
    pub quarantined: u64,
    /// Those that were refused.
    pub rejected: u64,
    /// Some of its machines, the busiest first.
    pub machines: Vec<IpAddr>,
}

impl ReportSender {
    /// Messages that nothing proved and nobody excused.
    #[must_use]
    pub fn unproven(&self) -> u64 {
        self.messages.saturating_sub(self.proven).saturating_sub(self.excused)
    }
}

/// The senders under one domain's policy, the busiest first. `allowed` tells the name that the domain's SPF record allows a machine
/// by, as far as that is known.
#[must_use]
pub fn senders(seen: &ReportsSeen, domain: &str, allowed: &dyn Fn(IpAddr) -> Option<String>) -> Vec<ReportSender> {
    let mut joined: BTreeMap<String, ReportSender> = BTreeMap::new();
    for source in seen.sources.iter().filter(|source| source.domain == domain) {
        let by = allowed(source.ip);
        let (name, docs, service) = who(source, domain, by.as_deref());
        let sender = joined.entry(name.clone()).or_insert_with(|| ReportSender {
            name,
            service,
            docs,
            own: false,
            messages: 0,
            proven: 0,
            by_spf: 0,
            by_dkim: 0,
            excused: 0,
            quarantined: 0,
            rejected: 0,
            machines: Vec::new(),
        });
        sender.own |= by.is_some() || source.proven > 0;
        for (sum, part) in [
            (&mut sender.messages, source.messages),
            (&mut sender.proven, source.proven),
            (&mut sender.by_spf, source.by_spf),
            (&mut sender.by_dkim, source.by_dkim),
            (&mut sender.excused, source.excused),
            (&mut sender.quarantined, source.quarantined),
            (&mut sender.rejected, source.rejected),
        ] {
            *sum = sum.saturating_add(part);
        }
        if sender.machines.len() < SHOWN {
            sender.machines.push(source.ip);
        }
    }
    let mut senders: Vec<ReportSender> = joined.into_values().collect();
    senders.sort_by(|one, other| other.messages.cmp(&one.messages).then(one.name.cmp(&other.name)));
    senders
}

/// The name by which the domain's own SPF record allows a machine, as far as its answers are known.
#[must_use]
pub fn allowed(facts: &Facts, ip: IpAddr, now: Timestamp) -> Option<String> {
    let domain = &facts.target.domain;
    let query = SpfQuery {
        ip,
        helo: domain.clone(),
        mail_from: format!("postmaster@{domain}"),
        receiver: "unknown".to_owned(),
        time: now.as_second(),
    };
    match check_host(&query, &|name, rtype| facts.dns.get(&format!("{name} {rtype}"))) {
        SpfProgress::Ended(checked) => allowed_by(&checked),
        SpfProgress::Asks(_) => None,
    }
}

/// The name of a machine's owner, where that explains itself, and whether it is a known service.
fn who(source: &Source, domain: &str, by: Option<&str>) -> (String, Option<String>, bool) {
    let below = |name: &str| name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let foreign = || source.envelopes.iter().filter(|name| !below(name));
    let signed = || source.signers.iter().filter(|(name, _)| !below(name)).map(|(name, _)| name);
    // What SPF proves names the machine's owner; a signature may be that of who wrote the mail before it was forwarded.
    let known = by.into_iter().chain(foreign().map(String::as_str)).find_map(spf::of_domain);
    if let Some(service) = known.or_else(|| signed().find_map(|name| spf::of_domain(name))) {
        return (service.name.clone(), Some(service.docs.clone()), true);
    }
    let selector = || source.signers.iter().filter(|(name, _)| below(name)).find_map(|(_, s)| dkim::service(s));
    if let Some(service) = selector() {
        return (service.to_owned(), None, true);
    }
    if let Some(holder) = provider::all().iter().find(|p| p.ranges.iter().any(|range| range.contains(&source.ip))) {
        return (format!("a machine at {}", holder.name), None, false);
    }
    match by.map(str::to_owned).or_else(|| foreign().next().cloned()) {
        Some(name) if name == domain => ("your own servers".to_owned(), None, false),
        Some(name) => (name, None, false),
        None if source.proven > 0 => ("your own servers".to_owned(), None, false),
        None => ("senders that nothing names".to_owned(), None, false),
    }
}
