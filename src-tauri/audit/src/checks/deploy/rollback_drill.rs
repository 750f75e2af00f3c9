//! deploy.rollback_drill: going back to the last good version was tried and timed.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::No;
use crate::{Case, Unseen, form};

/// deploy.rollback_drill.
pub static CHECK: Check = Check {
    id: "deploy.rollback_drill",
    title: "Going back to the last good version was tried and timed",
    why: "A way back that nobody has tried takes an evening when it is needed, and customers watch.",
    needs: &[Need::Person],
    concern: Concern::Control,
    covers: "A person's word for one drill: how long it took by the stopwatch, on which day, and who did it.",
    ask: Some(
        "Take back a harmless change and time it: was the last good version live again in less than five minutes?",
    ),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::High,
    says: "Going back to the last good version was not tried, or did not work, as a person says.",
    fix: "Release a harmless change, take it back with the stopwatch running, and write down what held you up; try again until it takes less than five minutes.",
    minutes: 60,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    form::judge(case, CHECK.id, &NO, &[])
}
