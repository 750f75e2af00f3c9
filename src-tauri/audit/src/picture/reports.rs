//! DMARC reports as rows: who sent in the domain's name, how much of it was proven, and what was left out.

use crate::facts::{Fact, Facts};
use crate::read::report::{ReportSender, allowed, senders};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Senders that are shown.
const SHOWN: usize = 50;

/// What the reports that were given tell together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct ReportsPicture {
    /// When the last of them was given.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Reports that were read, each counted once.
    pub reports: u32,
    /// Reports of the last gift that were there already.
    pub repeated: u32,
    /// Days that they cover.
    pub days: u32,
    /// Begin of the first period.
    #[ts(type = "string | null")]
    pub from: Option<Timestamp>,
    /// End of the last period.
    #[ts(type = "string | null")]
    pub until: Option<Timestamp>,
    /// Receivers that wrote them, by name.
    pub reporters: Vec<String>,
    /// Why parts of the last gift were not read, with how many.
    pub left_out: BTreeMap<String, u32>,
    /// Domains that they are about besides the audited one.
    pub others: Vec<String>,
    /// Who sent in the domain's name, the busiest first.
    pub senders: Vec<ReportedRow>,
}

/// One sender.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct ReportedRow {
    /// The service, or what is known of the machines.
    pub name: String,
    /// Whether it is a sender of the domain's own.
    pub own: bool,
    /// Messages.
    #[ts(type = "number")]
    pub messages: u64,
    /// Those that were proven to come from the domain.
    #[ts(type = "number")]
    pub proven: u64,
    /// Those that a signature proved.
    #[ts(type = "number")]
    pub by_dkim: u64,
    /// Those that SPF proved.
    #[ts(type = "number")]
    pub by_spf: u64,
    /// Unproven ones that receivers let through for a reason of their own.
    #[ts(type = "number")]
    pub excused: u64,
    /// Those that went to the spam folder or were refused.
    #[ts(type = "number")]
    pub stopped: u64,
    /// Some of its machines.
    pub machines: Vec<String>,
}

/// What the reports tell; nothing where none were given.
pub(super) fn of(facts: &Facts, now: Timestamp) -> Option<ReportsPicture> {
    let Some(Fact::Seen { value, at, .. }) = &facts.reports else { return None };
    let domain = &facts.target.domain;
    let all = senders(value, domain, &|ip| allowed(facts, ip, now));
    Some(ReportsPicture {
        at: *at,
        reports: value.reports,
        repeated: value.repeated,
        days: u32::try_from(value.days.len()).unwrap_or(u32::MAX),
        from: value.from,
        until: value.until,
        reporters: value.reporters.keys().cloned().collect(),
        left_out: value.left_out.clone(),
        others: value.domains.keys().filter(|other| *other != domain).take(SHOWN).cloned().collect(),
        senders: all.into_iter().take(SHOWN).map(row).collect(),
    })
}

fn row(sender: ReportSender) -> ReportedRow {
    ReportedRow {
        own: sender.own,
        messages: sender.messages,
        proven: sender.proven,
        by_dkim: sender.by_dkim,
        by_spf: sender.by_spf,
        excused: sender.excused,
        stopped: sender.quarantined.saturating_add(sender.rejected),
        machines: sender.machines.iter().map(ToString::to_string).collect(),
        name: sender.name,
    }
}
