//! Facts of DMARC aggregate reports (RFC 9990): which machines sent in the domain's name, how much, and what was proven.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// What all reports tell together, each counted once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportsSeen {
    /// Reports that were read.
    pub reports: u32,
    /// Reports that were there a second time.
    pub repeated: u32,
    /// Why files, or parts of them, were left out, with how many.
    pub left_out: BTreeMap<String, u32>,
    /// Begin of the first period.
    pub from: Option<Timestamp>,
    /// End of the last period.
    pub until: Option<Timestamp>,
    /// The days (UTC) that a period of at least one report touches by half a day or more.
    pub days: BTreeSet<Date>,
    /// The domains whose policy they are about, with how many reports each.
    pub domains: BTreeMap<String, u32>,
    /// Who wrote them, with how many messages each saw.
    pub reporters: BTreeMap<String, u64>,
    /// The sending machines.
    pub sources: Vec<Source>,
    /// Messages of machines beyond those that are kept.
    pub beyond: u64,
    /// What each report is known by: who wrote it, about which domain, its id and period. A report that is given again later counts
    /// once by it.
    #[serde(default)]
    pub known: BTreeSet<String>,
}

/// What one machine sent under one domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its address.
    pub ip: IpAddr,
    /// The domain of the policy that the messages fell under.
    pub domain: String,
    /// Messages.
    pub messages: u64,
    /// Messages that passed DMARC: by SPF or by DKIM, aligned.
    pub proven: u64,
    /// Messages that an aligned SPF proved.
    pub by_spf: u64,
    /// Messages that an aligned signature proved.
    pub by_dkim: u64,
    /// Messages that went to the spam folder by the policy.
    pub quarantined: u64,
    /// Messages that were refused by the policy.
    pub rejected: u64,
    /// Messages without proof for which the receiver knew a reason: a forwarder, a mailing list, its own rule.
    pub excused: u64,
    /// Domains of envelope senders for which SPF passed.
    pub envelopes: BTreeSet<String>,
    /// Signatures that were valid: domain and selector.
    pub signers: BTreeSet<(String, String)>,
}
