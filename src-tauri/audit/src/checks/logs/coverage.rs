//! logs.coverage: failed logins, payments, webhooks, releases and tasks leave a line in the logs.

use super::leaks::cut;
use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Topic;
use crate::{Case, Unseen, Why};

/// logs.coverage.
pub static CHECK: Check = Check {
    id: "logs.coverage",
    title: "Failed logins, payments, webhooks, releases and tasks leave a line in the logs",
    why: "What leaves no line cannot be explained to the customer who asks, nor to the person who mends it at night.",
    needs: &[Need::Log],
    concern: Concern::Control,
    covers: "Whether the log holds lines about each, by the words that products and frameworks use; what a product does not have can be marked so.",
    ask: Some("Which of these does the product not have: failed logins, payments, webhooks, releases, tasks?"),
    refs: &["https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html"],
    judge,
};

/// Lines from which the lack of one says something.
const ENOUGH: u64 = 1_000;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let log = case.log()?;
    let none = |topic: Topic| {
        let rows = case.answer(CHECK.id).ok().map(|answer| &answer.rows);
        rows.and_then(|rows| rows.get(called(topic))).is_some_and(|answer| !answer.trim().is_empty())
    };
    let (mut proof, mut silent) = (vec![], vec![]);
    for topic in Topic::ALL {
        match log.topics.get(&topic) {
            Some(count) => proof.push(format!("{}: {count} lines", called(topic))),
            None if none(topic) => proof.push(format!("{}: the product has none", called(topic))),
            None => silent.push(topic),
        }
    }
    if !silent.is_empty() && log.lines < ENOUGH {
        return Err(Unseen {
            what: "lines of the log".to_owned(),
            why: Why::TooFew,
            says: format!(
                "the log holds {} lines; {ENOUGH} are needed to say that something is never logged",
                log.lines
            ),
            way: "give a log of a whole day".to_owned(),
        });
    }
    let findings = silent.into_iter().map(|topic| finding(topic, log.lines)).collect();
    Ok(Verdict::judged(proof, findings, cut(log)))
}

/// What a topic is called; also the label of its row in the answer.
fn called(topic: Topic) -> &'static str {
    match topic {
        Topic::FailedLogin => "failed logins",
        Topic::Payment => "payments",
        Topic::Webhook => "webhooks",
        Topic::Release => "releases",
        Topic::Task => "tasks",
    }
}

fn finding(topic: Topic, lines: u64) -> Finding {
    let called = called(topic);
    Finding {
        subject: called.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Low,
        says: format!("None of {lines} lines is about {called}; when one goes wrong, there is nothing to look at."),
        evidence: vec![format!("{called}: no line")],
        fix: Fix {
            says: format!(
                "Log one line for {called}: what happened, for which user's number, with which request id. If the product has none, say so on this item."
            ),
            paste: None,
            minutes: 30,
            after: vec![],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Status;
    use crate::checks::logs::leaks::tests::logged;
    use crate::facts::{Answer, Choice};
    use crate::testing::{blank, findings, now, status};

    const ALL: &str = "login failed for 7\npayment 1 taken\nwebhook received\nrelease 12 is live\njob 3 done\n";

    #[test]
    fn a_log_that_tells_of_all_passes() {
        assert_eq!(status(&CHECK, &logged(ALL)), Status::Pass);
    }

    #[test]
    fn what_never_leaves_a_line_is_told_unless_the_product_has_none() {
        let text = format!("{}{}", ALL.replace("webhook received\n", ""), "hello\n".repeat(1_000));
        let mut facts = logged(&text);
        assert_eq!(findings(&CHECK, &facts)[0].subject, "webhooks");
        let rows = [("webhooks".to_owned(), "none".to_owned())].into();
        let text = String::new;
        facts.answers.insert(
            CHECK.id.to_owned(),
            Answer { choice: Choice::Yes, note: text(), evidence: text(), owner: text(), rows, at: now() },
        );
        assert_eq!(status(&CHECK, &facts), Status::Pass);
    }

    #[test]
    fn a_short_log_and_no_log_are_not_judged() {
        assert_eq!(status(&CHECK, &logged("hello\n")), Status::CouldNotTell);
        assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    }
}
