//! monitor.alerts: alerts go to a mailbox or channel that people read.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::{No, said};
use crate::{Case, Unseen};

/// monitor.alerts.
pub static CHECK: Check = Check {
    id: "monitor.alerts",
    title: "Alerts go to a mailbox or channel that people read",
    why: "An alert in a mailbox that nobody opens is worth no more than none.",
    needs: &[Need::Person],
    concern: Concern::Reach,
    covers: "A person's word on where alerts of downtime, errors and failed tasks arrive and who reads them; whether one really arrives is asked by the drill.",
    ask: Some(
        "Does an alert of downtime, of many errors and of failed tasks each arrive in a mailbox or channel that a named person reads every day? Name the channel and the person.",
    ),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::High,
    says: "Alerts do not reach a mailbox or channel that people read, as a person says.",
    fix: "Send the alerts of hosting, error tracking and uptime to one channel (a Slack channel or a mailbox of their own) and name one person who reads it; then try it out under the drill.",
    minutes: 60,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    said(case, CHECK.id, &NO)
}
