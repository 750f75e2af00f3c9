//! monitor.metrics: requests, errors, failed tasks and waiting work are counted somewhere.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::{No, said};
use crate::{Case, Unseen};

/// monitor.metrics.
pub static CHECK: Check = Check {
    id: "monitor.metrics",
    title: "Requests, errors, failed tasks and waiting work are counted somewhere",
    why: "Without a count nobody can tell one unlucky customer from all of them.",
    needs: &[Need::Person],
    concern: Concern::Control,
    covers: "A person's word on where these four figures stand and that more than 1 % of errors raises an alert.",
    ask: Some(
        "Can you open one page now that shows requests, their share of errors, failed tasks and waiting work of the last hour, with an alert above 1 % of errors? Name the page.",
    ),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::Medium,
    says: "Requests, errors, failed tasks and waiting work are not counted where somebody sees them, as a person says.",
    fix: "Turn on the metrics of your hosting and of your queue, put these four figures on one page, and set an alert for more than 1 % of errors within five minutes.",
    minutes: 120,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    said(case, CHECK.id, &NO)
}
