//! mail.roundtrip: a message sent over the product's own account arrives in a mailbox within minutes, proven and not as junk.

use super::received;
use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Roundtrip, RoundtripEnd};
use crate::{Case, Unseen, Why};

/// mail.roundtrip.
pub static CHECK: Check = Check {
    id: "mail.roundtrip",
    title: "A test message arrives, quickly and with proof of origin",
    why: "A password reset that comes late or as spam is a customer who cannot get in.",
    needs: &[Need::Mail, Need::Consent],
    concern: Concern::Mail,
    covers: "One message for each kind of mail over the account that the product sends with, found again in a mailbox of yours or pasted: how long it took, what it proved, and whether it lay with the junk.",
    ask: None,
    refs: &["RFC 6409", "RFC 8314 §3", "RFC 9051", "RFC 6376 §6", "RFC 9989 §5.3"],
    judge,
};

/// Seconds after which nobody waits for a message any more.
const TOO_LATE: i64 = 600;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (mut proof, mut found, mut unseen) = (vec![], vec![], vec![]);
    let mut none = true;
    for (key, fact) in case.roundtrips() {
        none = false;
        match received::fresh(case, key, fact).and_then(|trip| told(case, key, trip)) {
            Ok((line, wrong)) => {
                proof.push(line);
                found.extend(wrong);
            }
            Err(why) => unseen.push(why),
        }
    }
    if none {
        return Err(Unseen {
            what: "a test message".to_owned(),
            why: Why::NotAnswered,
            says: "no account to send a test message with was given yet".to_owned(),
            way: "enter the account under \"Send a test message\", or run `launch-ready mail --roundtrip`".to_owned(),
        });
    }
    Ok(Verdict::judged(proof, found, unseen))
}

fn told(case: &Case<'_>, key: &str, trip: &Roundtrip) -> Result<(String, Vec<Finding>), Unseen> {
    let what = format!("test message ({})", trip.flow.says());
    match &trip.end {
        RoundtripEnd::Refused { code, says } => {
            let line = format!("{what}: {} refused it", trip.server);
            Ok((line, vec![refused(&what, trip, *code, says)]))
        }
        RoundtripEnd::Underway { says } => Err(underway(&what, trip, says)),
        RoundtripEnd::Arrived { seconds, theirs, junk, seen } => {
            let (line, mut wrong) = received::told(case, key, seen)?;
            let took = i64::from(*seconds);
            let wait = received::Wait::of(case, trip.flow);
            if wait.is_over(took) {
                // The hops of a late message tell the same delay; one finding is enough.
                wrong.retain(|one| !one.says.contains("on the way"));
                wrong.push(late(&what, trip, took, wait));
            }
            wrong.extend(junk.as_ref().map(|folder| lay_with_junk(&what, trip, folder)));
            let clock = if *theirs { "by the receiver's clock" } else { "by this computer's clock" };
            Ok((format!("{what}: arrived at {} after {seconds} s {clock}; {line}", trip.to), wrong))
        }
    }
}

fn underway(what: &str, trip: &Roundtrip, says: &str) -> Unseen {
    let waits = says.is_empty();
    Unseen {
        what: what.to_owned(),
        why: if waits { Why::NotAnswered } else { Why::Timeout },
        says: if waits {
            format!("it was sent to {} and waits to be pasted", trip.to)
        } else {
            format!("it was sent to {} and not found: {says}", trip.to)
        },
        way: format!(
            "open the mailbox at {}, look for \"{}\" in the inbox and in the junk folder, save that message in its original form (.eml) and drop it here, or give it to `launch-ready mail`",
            trip.to, trip.token
        ),
    }
}

fn finding(what: &str, grade: Grade, severity: Severity, says: String, evidence: String, fix: &str) -> Finding {
    Finding {
        subject: what.to_owned(),
        grade,
        severity,
        says,
        evidence: vec![evidence],
        fix: Fix { says: fix.to_owned(), paste: None, minutes: 30, after: vec!["mail.received".to_owned()] },
    }
}

fn refused(what: &str, trip: &Roundtrip, code: u16, says: &str) -> Finding {
    finding(
        what,
        Grade::Fail,
        Severity::High,
        format!("The mail server refuses to take the {what}, so the product's own mail is not sent either."),
        format!("{}: {code} {says}", trip.server),
        "Confirm the sender's domain and address in the settings of the mail service, and lift its test mode; then send again.",
    )
}

fn late(what: &str, trip: &Roundtrip, took: i64, wait: received::Wait) -> Finding {
    let lost = took > TOO_LATE;
    let (grade, severity) = if lost { (Grade::Fail, Severity::High) } else { (Grade::Warn, Severity::Medium) };
    finding(
        what,
        grade,
        severity,
        format!("The {what} took {} to arrive; {}.", received::minutes(took), wait.says()),
        format!("sent over {} at {}, found {took} s later", trip.server, trip.sent.strftime("%H:%M:%S UTC")),
        "Send again at another hour; if it stays slow, ask the mail service whether the account is held back, and send resets and confirmations apart from newsletters.",
    )
}

fn lay_with_junk(what: &str, trip: &Roundtrip, folder: &str) -> Finding {
    finding(
        what,
        Grade::Fail,
        Severity::High,
        format!("The {what} lay in the junk folder."),
        format!("folder {folder} at {}", trip.to),
        "Mend the proofs of origin first (SPF, DKIM, DMARC); then move the message out of the junk folder and send again.",
    )
}

#[cfg(test)]
#[path = "roundtrip_tests.rs"]
mod tests;
