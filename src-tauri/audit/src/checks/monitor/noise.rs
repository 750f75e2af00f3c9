//! monitor.noise: alerts are rare enough to be believed.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Choice, Watched};
use crate::journeys::{No, said};
use crate::watch::Standing;
use crate::{Case, Unseen, Why};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// monitor.noise.
pub static CHECK: Check = Check {
    id: "monitor.noise",
    title: "Alerts are rare enough to be believed",
    why: "Whoever is woken for nothing ten times sleeps through the eleventh.",
    needs: &[Need::Person],
    concern: Concern::Control,
    covers: "How often this app's watch told of something down or slow within a week; it tells what it saw twice in a row from a machine that reaches others, and tells the end too. Or a person's word on the alerts of another service.",
    ask: Some("Did every alert of the last month name something that a person had to act on?"),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::Medium,
    says: "Alerts come that nobody has to act on, as a person says.",
    fix: "Go through the alerts of the last month: for each that needed nobody, raise its threshold, wait for a second failure before it is sent, or take it off.",
    minutes: 60,
};
/// More than so many in a week are no longer read.
const MOST: usize = 14;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let answered = case.facts.answers.get(CHECK.id).is_some_and(|answer| answer.choice != Choice::No);
    match &case.facts.watched {
        Some(watched) if !answered => own(watched),
        _ => said(case, CHECK.id, &NO),
    }
}

fn own(watched: &Watched) -> Result<Verdict, Unseen> {
    let week = watched.last.checked_sub(SignedDuration::from_hours(7 * 24)).unwrap_or(watched.last);
    let told = watched.changes.iter().filter(|change| change.since >= week);
    let told = told.filter(|change| matches!(change.standing, Standing::Down | Standing::Slow));
    let mut each: BTreeMap<&str, usize> = BTreeMap::new();
    for change in told {
        *each.entry(&change.subject).or_default() += 1;
    }
    let count: usize = each.values().sum();
    if count <= MOST && watched.since() > week {
        return Err(Unseen {
            what: "alerts".to_owned(),
            why: Why::TooFew,
            says: "the watch has not gone on for a week yet, so how often it tells of something is not known"
                .to_owned(),
            way: "leave it on for a week and judge again, or answer for the service that sends your alerts".to_owned(),
        });
    }
    let mut lines = vec![format!("{count} times something was told to be down or slow within a week")];
    lines.extend(each.iter().map(|(subject, count)| format!("{subject}: {count}")));
    let findings = (count > MOST).then(|| Finding {
        subject: "alerts".to_owned(),
        grade: Grade::Warn,
        severity: NO.severity,
        says: format!("The watch told {count} times within a week that something was down or slow: more than anybody reads."),
        evidence: lines.clone(),
        fix: Fix {
            says: "Mend first what is told of most often. Where it is only slow at times, measure it under Speed and load and make it faster, or give its journey more time.".to_owned(),
            paste: None,
            minutes: NO.minutes,
            after: vec![],
        },
    });
    Ok(Verdict::judged(lines, findings.into_iter().collect(), vec![]))
}

#[cfg(test)]
mod tests {
    use super::{CHECK, MOST};
    use crate::check::Status;
    use crate::checks::monitor::{alerts, error_tracking, metrics};
    use crate::facts::{Choice, Facts};
    use crate::testing::{answered, blank, findings, now, status, watched};
    use crate::watch::{Change, Standing};

    fn told(count: usize, standing: Standing) -> Facts {
        let mut facts = blank();
        let mut watched = watched("https://example.com/", 60, 8 * 24, 60, 180);
        let (subject, says) = ("https://example.com/".to_owned(), "refused".to_owned());
        watched.changes =
            vec![Change { subject, standing, cause: None, says, since: now(), before: Some(Standing::Well) }; count];
        facts.watched = Some(watched);
        facts
    }

    #[test]
    fn a_few_are_read_and_many_are_not() {
        assert_eq!(status(&CHECK, &told(MOST, Standing::Down)), Status::Pass);
        assert_eq!(status(&CHECK, &told(MOST + 1, Standing::Well)), Status::Pass, "good news wakes nobody");
        let found = findings(&CHECK, &told(MOST + 1, Standing::Slow));
        assert!(found[0].says.contains("15 times") && found[0].evidence.len() == 2, "{found:?}");
    }

    #[test]
    fn few_days_without_an_alert_prove_nothing() {
        let mut facts = told(MOST, Standing::Down);
        facts.watched = Some(watched("https://example.com/", 60, 72, 60, 180));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
        let changes = told(MOST + 1, Standing::Down).watched.map(|watched| watched.changes);
        if let (Some(watched), Some(changes)) = (&mut facts.watched, changes) {
            watched.changes = changes;
        }
        assert_eq!(status(&CHECK, &facts), Status::Warn, "too many are too many however short the time");
    }

    #[test]
    fn questions_about_alerts_follow_the_answer() {
        for check in [&CHECK, &alerts::CHECK, &metrics::CHECK, &error_tracking::CHECK] {
            assert_eq!(status(check, &blank()), Status::CouldNotTell, "{}", check.id);
            assert_eq!(status(check, &answered(check, Choice::Yes)), Status::Pass, "{}", check.id);
            assert_eq!(status(check, &answered(check, Choice::NotApplicable)), Status::NotApplicable, "{}", check.id);
            assert!(!findings(check, &answered(check, Choice::No))[0].fix.says.is_empty(), "{}", check.id);
        }
    }
}
