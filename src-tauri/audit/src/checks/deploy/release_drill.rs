//! deploy.release_drill: one full release was carried out from start to end.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::No;
use crate::{Case, Unseen, form};

/// deploy.release_drill.
pub static CHECK: Check = Check {
    id: "deploy.release_drill",
    title: "One full release was carried out from start to end",
    why: "The first release under pressure should not be the first one at all.",
    needs: &[Need::Person],
    concern: Concern::Control,
    covers: "A person's word for one release: how long it took by the stopwatch, on which day, and who did it.",
    ask: Some("Has one full release been carried out the written way, from the merged change to the live product?"),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::Medium,
    says: "No full release was carried out the written way yet, as a person says.",
    fix: "Release a harmless change by the written steps only, with the stopwatch running, and correct the steps where they were wrong.",
    minutes: 60,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    form::judge(case, CHECK.id, &NO, &[])
}
