//! handover.complete: the handover document covers everything.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::No;
use crate::{Case, Unseen, form};

/// handover.complete.
pub static CHECK: Check = Check {
    id: "handover.complete",
    title: "The handover document covers everything",
    why: "What is missing in the document is asked of you on a weekend.",
    needs: &[Need::Person],
    concern: Concern::Control,
    covers: "A person's word that the document was read to its end.",
    ask: Some("Have you read the handover document to its end and found all that is needed to run the product?"),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::Medium,
    says: "Something is missing in the handover document, as a person says.",
    fix: "Answer the questions that are still open, add what is missing as a note on its item, and write the document again.",
    minutes: 60,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    form::judge(case, CHECK.id, &NO, &[])
}
