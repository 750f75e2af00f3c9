//! deploy.release_path: the way from a change to the live product is known and short.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::No;
use crate::{Case, Unseen, form};

/// deploy.release_path.
pub static CHECK: Check = Check {
    id: "deploy.release_path",
    title: "The way from a change to the live product is known and short",
    why: "A release that needs lore stops when the one who knows it is away.",
    needs: &[Need::Person],
    concern: Concern::Control,
    covers: "A person's word on where the steps are written and how many are done by hand; the files of a build service are not read for it yet.",
    ask: Some("Are all steps from the repository to the live product written down, in order?"),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::Medium,
    says: "The way from a change to the live product is written nowhere, as a person says.",
    fix: "Write the steps down while you release once, then let the platform or a script do those that are done by hand.",
    minutes: 60,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    form::judge(case, CHECK.id, &NO, &[])
}
