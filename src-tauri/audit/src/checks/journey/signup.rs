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

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Status;
    use crate::journeys::testing::{FAILED, LOST, WHOLE, with};
    use crate::testing::{blank, status};

    #[test]
    fn a_journey_that_was_gone_through_passes() {
        assert_eq!(status(&CHECK, &with("signup", WHOLE)), Status::Pass);
    }

    #[test]
    fn a_step_that_failed_is_told() {
        assert_eq!(status(&CHECK, &with("signup", FAILED)), Status::Fail);
    }

    #[test]
    fn what_was_not_recorded_or_was_lost_is_not_judged() {
        assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
        assert_eq!(status(&CHECK, &with("signup", LOST)), Status::CouldNotTell);
        assert_eq!(status(&CHECK, &with("webhook", LOST)), Status::CouldNotTell);
    }
}
