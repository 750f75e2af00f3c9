//! journey.demo_data: demo data stays apart from real data.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::{self, No};
use crate::{Case, Unseen};

/// journey.demo_data.
pub static CHECK: Check = Check {
    id: "journey.demo_data",
    title: "Demo data is kept apart from real data",
    why: "A made-up customer in real figures, or a real one on the screen of a demo, costs trust that is not given back.",
    needs: &[Need::Person],
    concern: Concern::Data,
    covers: "A person's word on where demo data lives.",
    ask: Some(
        "Does demo data live in an account or a database of its own, so that no real customer is ever shown in a demo and no made-up one is counted?",
    ),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::High,
    says: "Demo data is not kept apart from real data, as a person says.",
    fix: "Give demos an account or a database of their own with made-up names only, leave it out of figures and mail, and write down how it is set back.",
    minutes: 180,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    journeys::said(case, CHECK.id, &NO)
}
