//! deploy.rollback_path: the steps back to the last good version are known.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::No;
use crate::{Case, Unseen, form};

/// deploy.rollback_path.
pub static CHECK: Check = Check {
    id: "deploy.rollback_path",
    title: "The steps back to the last good version are known",
    why: "When sign-up or payment breaks, minutes count, and nobody should have to search for the steps.",
    needs: &[Need::Person],
    concern: Concern::Control,
    covers: "A person's word on the steps and on who can do them; whether they work is tried in the drill.",
    ask: Some("With a release broken, could you bring back the version before within minutes?"),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::High,
    says: "Nobody could bring back the version before within minutes, as a person says.",
    fix: "Write down the steps of your platform that bring back the version before, and have a second person try them.",
    minutes: 45,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    form::judge(case, CHECK.id, &NO, &[])
}
