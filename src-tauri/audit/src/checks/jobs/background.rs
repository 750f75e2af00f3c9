//! jobs.background: heavy work runs behind the scenes, not while a page waits.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::No;
use crate::{Case, Unseen, form};

/// jobs.background.
pub static CHECK: Check = Check {
    id: "jobs.background",
    title: "Heavy work runs behind the scenes, not while a page waits",
    why: "A page that waits for an export holds up everybody who comes after.",
    needs: &[Need::Person],
    concern: Concern::Speed,
    covers: "A person's word; the code is not read for it yet.",
    ask: Some("Do exports, imports and large reports run behind the scenes while the page answers at once?"),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::Medium,
    says: "Heavy work is done while a page waits, as a person says.",
    fix: "Move the slowest of them into a background task first, answer the page at once, and tell the user when it is done.",
    minutes: 240,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    form::judge(case, CHECK.id, &NO, &[])
}
