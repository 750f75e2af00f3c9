//! deploy.migrations: changes to the database run once, in order, and lose nothing.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::No;
use crate::{Case, Unseen, form};

/// deploy.migrations.
pub static CHECK: Check = Check {
    id: "deploy.migrations",
    title: "Changes to the database run once, in order, and lose nothing",
    why: "A change that runs twice or in the wrong order can take data with it that no release brings back.",
    needs: &[Need::Person],
    concern: Concern::Data,
    covers: "A person's word on what starts the changes, where the backup is and when one was last restored.",
    ask: Some("Do database changes run once each and in a fixed order, with a backup taken before?"),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::High,
    says: "Changes to the database do not run once and in order with a backup before, as a person says.",
    fix: "Let the tool of your framework keep the list of changes that have run, start it from the release, and take a backup before it.",
    minutes: 120,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    form::judge(case, CHECK.id, &NO, &[])
}
