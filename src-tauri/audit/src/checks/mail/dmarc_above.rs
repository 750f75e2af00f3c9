//! What mail.dmarc says of the domains above: whose policy counts, and where old and new receivers differ.

use super::name;
use crate::Case;
use crate::read::dmarc::{Discovery, DmarcRecord, Policy};
use crate::read::text::clean;

/// The policy of a domain above, which counts because there is none here.
pub(super) fn proof(case: &Case<'_>, domain: &str, text: &str, record: &DmarcRecord) -> Vec<String> {
    let policy = record.for_subdomains();
    let what = match policy {
        Policy::None => "receivers only watch",
        Policy::Quarantine => "forged mail goes to the spam folder",
        Policy::Reject => "forged mail is refused",
    };
    vec![
        format!("{} has no policy of its own; the one of {domain} counts", case.apex()),
        format!("_dmarc.{domain} TXT {}", clean(text, 500)),
        format!("{} for its sub-domains: {what}", policy.word()),
    ]
}

/// Where the organisation begins, when receivers by RFC 9989 and by RFC 7489 take different domains.
pub(super) fn border(case: &Case<'_>, discovery: &Discovery<'_>) -> Option<String> {
    (discovery.organisation != discovery.by_suffix).then(|| {
        format!(
            "{} by the tree walk (RFC 9989) belongs to {}; receivers that still go by the public suffix list (RFC 7489) take {}",
            name(case),
            discovery.organisation,
            discovery.by_suffix
        )
    })
}
