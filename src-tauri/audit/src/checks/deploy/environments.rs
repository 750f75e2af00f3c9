//! deploy.environments: the trial copy and the live product are kept apart.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::No;
use crate::{Case, Unseen, form};

/// deploy.environments.
pub static CHECK: Check = Check {
    id: "deploy.environments",
    title: "The trial copy and the live product are kept apart",
    why: "A trial that shares the database or the keys of the live product is a trial on your customers.",
    needs: &[Need::Person],
    concern: Concern::Data,
    covers: "A person's word on the address, database and keys of each copy.",
    ask: Some("Does the trial copy have an address, a database and keys of its own?"),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::High,
    says: "The trial copy and the live product are not kept apart, as a person says.",
    fix: "Give the trial copy a database and keys of its own, and make it unreachable for strangers.",
    minutes: 120,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    form::judge(case, CHECK.id, &NO, &[])
}
