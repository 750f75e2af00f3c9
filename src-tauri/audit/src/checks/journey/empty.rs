//! journey.empty: pages without any data yet look right.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::{self, No};
use crate::{Case, Unseen};

/// journey.empty.
pub static CHECK: Check = Check {
    id: "journey.empty",
    title: "Pages without any data yet look right",
    why: "Every new customer meets the empty product first; a blank page or an error there is read as broken.",
    needs: &[Need::Person],
    concern: Concern::Reach,
    covers: "A person's word, after opening the main pages with an account that holds nothing yet.",
    ask: Some(
        "Open an account of its own and look at each main page while it holds nothing: does each say what belongs there and what to do first?",
    ),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::Medium,
    says: "Pages without any data yet do not look right, as a person says.",
    fix: "Open each main page with an account that holds nothing; give it a sentence on what belongs there and one button for the first step, and mend those that show an error.",
    minutes: 120,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    journeys::said(case, CHECK.id, &NO)
}
