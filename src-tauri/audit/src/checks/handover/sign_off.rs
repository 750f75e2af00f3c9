//! handover.sign_off: a named person signed off the handover.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::No;
use crate::{Case, Unseen, form};

/// handover.sign_off.
pub static CHECK: Check = Check {
    id: "handover.sign_off",
    title: "A named person signed off the handover",
    why: "What nobody signed off, nobody took over.",
    needs: &[Need::Person],
    concern: Concern::Control,
    covers: "A person's name and day.",
    ask: Some("Has somebody gone through the whole checklist and taken the product over?"),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::Medium,
    says: "Nobody has signed off the handover yet, as a person says.",
    fix: "Go through the handover document together with whoever takes over, and write down the name and the day.",
    minutes: 60,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    form::judge(case, CHECK.id, &NO, &[])
}
