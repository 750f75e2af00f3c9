//! handover.access: each login has an owner, a second person and a second factor.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::No;
use crate::{Case, Unseen, form};

/// handover.access.
pub static CHECK: Check = Check {
    id: "handover.access",
    title: "Each login has an owner, a second person and a second factor",
    why: "A login that one person holds, without a second factor, is lost or stolen in one afternoon.",
    needs: &[Need::Person],
    concern: Concern::Control,
    covers: "A person's word for each system: second person, where the login is kept, second factor, and that nobody has more rights than needed.",
    ask: Some("Who else can get into each system, where is the login kept, and is a second factor on?"),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::High,
    says: "It is not settled who can get in where, as a person says.",
    fix: "Add a second administrator, turn on the second factor, and take away every right that is not needed.",
    minutes: 30,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    form::judge(case, CHECK.id, &NO, &["second", "kept", "mfa", "least"])
}
