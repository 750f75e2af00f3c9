//! journey.checkout: a visitor books or pays.

use crate::check::{Check, Concern, Need, Verdict};
use crate::facts::{Choice, JourneyKind};
use crate::{Case, Unseen, journeys};

/// journey.checkout.
pub static CHECK: Check = Check {
    id: "journey.checkout",
    title: "A visitor can book or pay",
    why: "Every hour in which nobody can pay is an hour of revenue that does not come back.",
    needs: &[Need::Auth],
    concern: Concern::Reach,
    covers: "The steps of the journeys of kind checkout and booking that you recorded in a file: status, content, redirects, cookies and time of each answer. A journey that failed is gone through a second time before it is told, and none that writes is begun before somebody agreed to it. What only a script in a browser does is not seen.",
    ask: Some("Can anything be booked or paid for in the product? Where nothing can, say that this does not apply."),
    refs: &["RFC 9110 §15", "RFC 6265 §5"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    if let Ok(answer) = case.answer(CHECK.id)
        && answer.choice == Choice::NotApplicable
    {
        return Ok(Verdict::NotApplicable(answer.note.clone()));
    }
    journeys::judge(case, &[JourneyKind::Checkout, JourneyKind::Booking])
}
