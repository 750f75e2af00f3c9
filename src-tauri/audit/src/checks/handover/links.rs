//! handover.links: the links to uptime, errors and releases are in one place.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::No;
use crate::{Case, Unseen, form};

/// handover.links.
pub static CHECK: Check = Check {
    id: "handover.links",
    title: "The links to uptime, errors and releases are in one place",
    why: "Whoever is called at night should open three pages, not search for them.",
    needs: &[Need::Person],
    concern: Concern::Control,
    covers: "A person's three links; whether they open is not looked at.",
    ask: Some("Where are uptime, errors and the latest releases to be seen?"),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::Medium,
    says: "The links to uptime, errors and releases are not in one place, as a person says.",
    fix: "Open each page once, copy its address here, and make sure that a second person can open it too.",
    minutes: 15,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    form::judge(case, CHECK.id, &NO, &[])
}
