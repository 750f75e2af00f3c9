//! journey.signup: a visitor opens an account.

use crate::check::{Check, Concern, Need, Verdict};
use crate::facts::JourneyKind;
use crate::{Case, Unseen, journeys};

/// journey.signup.
pub static CHECK: Check = Check {
    id: "journey.signup",
    title: "A visitor can open an account",
    why: "Who cannot sign up does not become a customer, and nobody writes to tell you.",
    needs: &[Need::Auth],
    concern: Concern::Reach,
    covers: "The steps of the journeys of kind signup that you recorded in a file: status, content, redirects, cookies and time of each answer. A journey that failed is gone through a second time before it is told, and none that writes is begun before somebody agreed to it. What only a script in a browser does is not seen.",
    ask: None,
    refs: &["RFC 9110 §15", "RFC 6265 §5"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    if let Some(reason) = case.without_login() {
        return Ok(Verdict::NotApplicable(reason));
    }
    journeys::judge(case, &[JourneyKind::Signup])
}
