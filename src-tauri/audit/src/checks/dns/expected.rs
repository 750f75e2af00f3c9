//! dns.expected: the records are those that a person accepted as right; everything else is told as a difference.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::drift::{self, Change, Drift};
use crate::facts::{Answer, Choice};
use crate::{Case, Unseen, Why};

/// dns.expected.
pub static CHECK: Check = Check {
    id: "dns.expected",
    title: "The domain's records are the ones that you saved as right",
    why: "A record that changes without your doing is how mail breaks, sites vanish and domains are taken over.",
    needs: &[Need::Public],
    concern: Concern::Control,
    covers: "Every record of the domain's own names that was looked up, compared with the set that was accepted; order, times and version numbers aside.",
    ask: Some("Are today's records the right ones? Accept them on the Records screen, and every later change is told."),
    refs: &["RFC 1034 §3.6"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let nothing = || {
        Unseen {
        what: CHECK.title.to_owned(),
        why: Why::NotAnswered,
        says: "no records were accepted as right yet".to_owned(),
        way: "look through the records and accept them on the Records screen, or in the terminal: launch-ready audit DOMAIN --save-expected FILE".to_owned(),
    }
    };
    let accepted = case.answer(CHECK.id).map_err(|_| nothing())?;
    if accepted.choice == Choice::NotApplicable {
        return Ok(Verdict::NotApplicable(accepted.note.clone()));
    }
    // A bare yes names no records that today's could be compared with.
    if accepted.rows.is_empty() {
        return Err(nothing());
    }
    let (drifts, unseen) = drift::diff(accepted, case.facts);
    let proof = vec![format!("{} record sets were accepted on {}", accepted.rows.len(), day(accepted))];
    let findings = drifts.iter().map(|drift| finding(drift, accepted)).collect();
    Ok(Verdict::judged(proof, findings, unseen))
}

fn day(accepted: &Answer) -> String {
    accepted.at.strftime("%-d %B %Y").to_string()
}

fn finding(drift: &Drift, accepted: &Answer) -> Finding {
    let Drift { name, rtype, change, gone, new } = drift;
    let leads = ["A", "AAAA", "CNAME", "DS", "MX", "NS"].contains(&rtype.as_str());
    let (grade, severity) = match (change, rtype.as_str()) {
        (Change::Added, _) => (Grade::Warn, Severity::Low),
        (_, "NS") => (Grade::Fail, Severity::High),
        _ if leads => (Grade::Fail, Severity::Medium),
        _ => (Grade::Warn, Severity::Medium),
    };
    let since = day(accepted);
    let says = match change {
        Change::Added => {
            format!("{name} has {rtype} records that it did not have on {since}, when you accepted its records.")
        }
        Change::Removed => format!("{name} has lost its {rtype} records since {since}, when you accepted them."),
        Change::Changed => format!("The {rtype} records of {name} are others than on {since}, when you accepted them."),
    };
    let lines = |sign: char, values: &[String]| -> Vec<String> {
        values.iter().take(20).map(|value| format!("{sign} {name} {rtype} {value}")).collect()
    };
    let evidence = [lines('-', gone), lines('+', new)].concat();
    let fix = "If you made this change, accept today's records as expected; if not, find out who did, and put the accepted values back.";
    let fix = Fix { says: fix.to_owned(), paste: paste(name, rtype, gone), minutes: 10, after: vec![] };
    Finding { subject: format!("{name} {rtype}"), grade, severity, says, evidence, fix }
}

/// The accepted records that are gone, to be put back.
fn paste(name: &str, rtype: &str, gone: &[String]) -> Option<String> {
    let line = |value: &String| match (rtype, value.strip_prefix("CNAME ")) {
        (_, Some(target)) => format!("{name}. 3600 IN CNAME {target}."),
        ("TXT", _) => format!("{name}. 3600 IN TXT \"{value}\""),
        ("MX" | "NS", _) => format!("{name}. 3600 IN {rtype} {value}."),
        _ => format!("{name}. 3600 IN {rtype} {value}"),
    };
    let lines: Vec<String> = gone.iter().filter(|_| rtype != "SOA").map(line).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
#[path = "expected_tests.rs"]
mod tests;
