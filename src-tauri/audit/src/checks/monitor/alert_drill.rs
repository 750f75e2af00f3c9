//! monitor.alert_drill: an alert that was sent on purpose reached a person in time, by the stopwatch.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::No;
use crate::{Case, Unseen, form};

/// monitor.alert_drill.
pub static CHECK: Check = Check {
    id: "monitor.alert_drill",
    title: "A test alert reached a person in time",
    why: "Only a drill shows that the alert passes every filter and wakes the right phone.",
    needs: &[Need::Person],
    concern: Concern::Reach,
    covers: "A person's word for one drill: how long it took by the stopwatch from setting off a test alert until a person had it, over which channel, on which day, and who had it.",
    ask: Some("Set off a test alert and time it: did a person have it within five minutes?"),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::High,
    says: "No test alert reached a person in time, as a person says.",
    fix: "Set off a test alert in the service that sends them, follow it from the channel to the phone, mend where it stays (a filter, a muted channel, a phone that is silent at night), and time it again.",
    minutes: 45,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    form::judge(case, CHECK.id, &NO, &[])
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Status;
    use crate::facts::{Choice, Facts};
    use crate::testing::{answered, blank, findings, status};

    fn drill(seconds: &str) -> Facts {
        let mut facts = answered(&CHECK, Choice::Yes);
        let cells = [("took", seconds), ("on", "2026-11-20"), ("who", "Ada"), ("channel", "Slack #alerts")];
        let rows = cells.map(|(key, text)| (key.to_owned(), text.to_owned()));
        facts.answers.get_mut(CHECK.id).unwrap().rows = rows.into();
        facts
    }

    #[test]
    fn the_stopwatch_decides() {
        assert_eq!(status(&CHECK, &drill("100")), Status::Pass);
        assert_eq!(status(&CHECK, &drill("540")), Status::Warn);
        assert!(!findings(&CHECK, &drill("540"))[0].fix.says.is_empty());
    }

    #[test]
    fn no_answer_is_not_judged() {
        assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
        assert_eq!(status(&CHECK, &answered(&CHECK, Choice::No)), Status::Fail);
    }
}
