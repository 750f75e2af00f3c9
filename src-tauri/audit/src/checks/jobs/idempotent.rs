//! jobs.idempotent: a background task that runs twice does its work once.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::No;
use crate::{Case, Unseen, form};

/// jobs.idempotent.
pub static CHECK: Check = Check {
    id: "jobs.idempotent",
    title: "A background task that runs twice does its work once",
    why: "A task that fails half way is run again; without care the customer is charged or written to twice.",
    needs: &[Need::Person],
    concern: Concern::Data,
    covers: "A person's word; the code is not read for it yet.",
    ask: Some("If a background task fails half way and runs again, is nothing charged, sent or stored twice?"),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::High,
    says: "A background task that runs again may do its work twice, as a person says.",
    fix: "Give each charge, message and record a key of its own that is refused the second time; your payment and mail providers accept such a key.",
    minutes: 180,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    form::judge(case, CHECK.id, &NO, &[])
}
