//! logs.request_ids: each error in the logs names the request it belongs to.

use super::leaks::{cut, first};
use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::{Case, Unseen, Why};

/// logs.request_ids.
pub static CHECK: Check = Check {
    id: "logs.request_ids",
    title: "Each error in the logs names the request it belongs to",
    why: "Without it nobody can tell which of a thousand lines belong to the customer who complains.",
    needs: &[Need::Log],
    concern: Concern::Control,
    covers: "Lines of an error level or a status of 5xx, and whether a request or trace id stands on the same line.",
    ask: None,
    refs: &["https://www.w3.org/TR/trace-context/"],
    judge,
};

/// Error lines from which a share says something.
const ENOUGH: u64 = 3;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let log = case.log()?;
    let proof = vec![format!(
        "{} of {} error lines name their request; {} of {} lines do",
        log.errors_named, log.errors, log.named, log.lines
    )];
    if log.errors < ENOUGH {
        if log.named > 0 {
            return Ok(Verdict::judged(proof, vec![], cut(log)));
        }
        return Err(Unseen {
            what: "error lines".to_owned(),
            why: Why::TooFew,
            says: format!("the log holds {} error lines; a judgement takes {ENOUGH}", log.errors),
            way: "give a longer log".to_owned(),
        });
    }
    let lacking = log.errors - log.errors_named;
    // A few lines come from before a request begins: the start of the server, a lost connection.
    if lacking * 10 <= log.errors {
        return Ok(Verdict::judged(proof, vec![], cut(log)));
    }
    let all = lacking == log.errors;
    let finding = Finding {
        subject: "error lines".to_owned(),
        grade: Grade::Warn,
        severity: if all { Severity::Medium } else { Severity::Low },
        says: format!("{lacking} of {} error lines do not name their request, so nobody can tell which customer they belong to.", log.errors),
        evidence: log.nameless.iter().map(first).collect(),
        fix: Fix {
            says: "Give each request an id when it arrives, put it on every line that is logged for it, and answer it to the visitor in a header.".to_owned(),
            paste: Some("request_id".to_owned()),
            minutes: 60,
            after: vec![],
        },
    };
    Ok(Verdict::judged(proof, vec![finding], cut(log)))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::{Severity, Status};
    use crate::checks::logs::leaks::tests::logged;
    use crate::testing::{blank, findings, status};

    #[test]
    fn errors_that_name_their_request_pass() {
        assert_eq!(status(&CHECK, &logged(&"level=error msg=x request_id=a1\n".repeat(5))), Status::Pass);
        assert_eq!(status(&CHECK, &logged("level=info request_id=a1\n")), Status::Pass);
    }

    #[test]
    fn errors_without_a_request_are_told() {
        let text = "level=error msg=x\n".repeat(4);
        assert_eq!(findings(&CHECK, &logged(&text))[0].severity, Severity::Medium);
        let some = format!("{text}{}", "level=error request_id=a1\n".repeat(4));
        assert_eq!(findings(&CHECK, &logged(&some))[0].severity, Severity::Low);
    }

    #[test]
    fn too_few_errors_and_no_log_are_not_judged() {
        assert_eq!(status(&CHECK, &logged("level=error msg=x\n")), Status::CouldNotTell);
        assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    }
}
