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

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Status;
    use crate::facts::Choice;
    use crate::journeys::testing::answered;
    use crate::testing::{blank, findings, status};

    #[test]
    fn a_person_who_says_yes_passes() {
        assert_eq!(status(&CHECK, &answered(CHECK.id, Choice::Yes)), Status::Pass);
    }

    #[test]
    fn a_person_who_says_no_is_told_what_to_do() {
        let found = findings(&CHECK, &answered(CHECK.id, Choice::No));
        assert!(found[0].evidence[0].contains("as seen on Monday") && !found[0].fix.says.is_empty());
    }

    #[test]
    fn no_answer_is_not_judged() {
        assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
        assert_eq!(status(&CHECK, &answered(CHECK.id, Choice::NotApplicable)), Status::NotApplicable);
    }
}
