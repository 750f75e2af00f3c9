//! What mail.dmarc makes of aggregate reports: who sends in the domain's name, and whether the next step may be taken.

use super::findings::{fail, warn};
use super::name;
use crate::Case;
use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::{Fact, ReportsSeen};
use crate::read::dmarc::{DmarcRecord, Policy, with};
use crate::read::report::{ReportSender, allowed, senders};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;

/// Days of reports before a stricter policy is advised.
const ENOUGH: usize = 14;
/// Reports that ended longer ago say nothing of today, in days.
const STALE: i64 = 30;
/// Forwarding breaks the proof of some good mail: one message of so many is no sender that fails.
const STRAY: u64 = 20;
/// Senders that are told.
const SHOWN: usize = 12;

/// What reports prove, and what they find, under this record; nothing where none are there.
pub(super) fn weigh(case: &Case<'_>, text: &str, record: &DmarcRecord) -> (Vec<String>, Vec<Finding>) {
    let Some(Fact::Seen { value: seen, .. }) = &case.facts.reports else { return (vec![], vec![]) };
    let (mut proof, mut found) = (vec![], vec![]);
    let senders = senders(seen, case.apex(), &|ip| allowed(case.facts, ip, case.now));
    let (Some(until), false) = (seen.until, senders.is_empty()) else {
        proof.push(format!("the reports that were given name no mail of {}", case.apex()));
        return (proof, found);
    };
    proof.push(format!(
        "reports of {} by {}, the last up to {}",
        count(seen.days.len(), "day"),
        count(seen.reporters.len(), "receiver"),
        until.to_zoned(TimeZone::UTC).strftime("%-d %B %Y")
    ));
    proof.extend(senders.iter().take(SHOWN).map(line));
    if case.now.duration_since(until).as_hours() > STALE * 24 {
        proof.push("these reports are too old to advise by; give those of the last two weeks".to_owned());
        return (proof, found);
    }
    let mild = record.applied() == Policy::None;
    let failing = |sender: &&ReportSender| sender.unproven().saturating_mul(STRAY) > sender.messages;
    let own: Vec<_> = senders.iter().filter(|sender| sender.own).filter(failing).take(SHOWN).collect();
    let foreign = senders.iter().filter(|sender| !sender.own && sender.service).filter(failing).take(SHOWN);
    found.extend(own.iter().map(|sender| unproven(case, record, sender)));
    if mild {
        found.extend(foreign.clone().map(|sender| unknown(case, sender)));
    }
    let sends = senders.iter().any(|sender| sender.own);
    match (seen.days.len() < ENOUGH, own.is_empty() && sends) {
        (true, _) => proof.push(format!(
            "a stricter policy is advised once reports of {ENOUGH} days are there; {} to go",
            count(ENOUGH - seen.days.len(), "day")
        )),
        (false, true) if mild && record.wrong.is_empty() => {
            let others: Vec<&str> = foreign.map(|sender| sender.name.as_str()).collect();
            found.push(ready(case, text, seen, &senders, &others));
        }
        (false, true) if record.applied() == Policy::Quarantine && !record.testing => proof.push(
            "every sender of yours proves its mail; after some weeks without complaints p=reject is the last step"
                .to_owned(),
        ),
        _ => {}
    }
    (proof, found)
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// A sender in one line.
fn line(sender: &ReportSender) -> String {
    let excused = if sender.excused > 0 { format!(", {} forwarded or excused", sender.excused) } else { String::new() };
    let whose = if sender.own { "" } else { " (not known as yours)" };
    format!(
        "{}{whose}: {} of {} messages proven (DKIM {}, SPF {}){excused}",
        sender.name, sender.proven, sender.messages, sender.by_dkim, sender.by_spf
    )
}

/// A sender of the domain's own whose mail is not proven.
fn unproven(case: &Case<'_>, record: &DmarcRecord, sender: &ReportSender) -> Finding {
    let effect = match record.applied() {
        Policy::None => "a stricter policy would stop it",
        Policy::Quarantine => "it goes to spam",
        Policy::Reject => "it is refused",
    };
    let says = format!(
        "{} of {} messages that {} sent for {} did not prove the domain; {effect}.",
        sender.unproven(),
        sender.messages,
        sender.name,
        case.apex()
    );
    let strict = record.applied() > Policy::None;
    let severity = if strict { Severity::High } else { Severity::Medium };
    let finding = told(case, sender, says, severity, setup(sender));
    Finding { grade: if strict { Grade::Fail } else { Grade::Warn }, ..finding }
}

/// A known service that sends in the domain's name and proves nothing.
fn unknown(case: &Case<'_>, sender: &ReportSender) -> Finding {
    let says = format!(
        "{} sent {} messages in the name of {} that nothing proves; a stricter policy would stop them.",
        sender.name,
        sender.messages,
        case.apex()
    );
    let how = format!(
        "If somebody of you sends with it: {} Otherwise accept this finding; the stricter policy is what stops such mail.",
        setup(sender)
    );
    told(case, sender, says, Severity::Medium, how)
}

fn setup(sender: &ReportSender) -> String {
    let docs = sender.docs.as_ref().map_or_else(String::new, |docs| format!(" ({docs})"));
    if sender.service {
        return format!(
            "verify your domain in the settings of {} and publish the DKIM records that it shows{docs}.",
            sender.name
        );
    }
    "sign the mail of these servers with DKIM for your domain, and name them in the SPF record.".to_owned()
}

fn told(case: &Case<'_>, sender: &ReportSender, says: String, severity: Severity, how: String) -> Finding {
    let machines: Vec<String> = sender.machines.iter().map(ToString::to_string).collect();
    let mut says_how = how;
    if let Some(first) = says_how.get(..1).map(str::to_ascii_uppercase) {
        says_how.replace_range(..1, &first);
    }
    Finding {
        subject: format!("{} for {}", sender.name, case.apex()),
        grade: Grade::Warn,
        severity,
        says,
        evidence: vec![line(sender), format!("machines: {}", machines.join(", "))],
        fix: Fix { says: says_how, paste: None, minutes: 30, after: vec!["mail.dkim".to_owned()] },
    }
}

/// Two weeks of watching showed nothing that a stricter policy would harm.
fn ready(case: &Case<'_>, text: &str, seen: &ReportsSeen, senders: &[ReportSender], others: &[&str]) -> Finding {
    let says = format!(
        "The reports of {} show that every sender of yours proves its mail, and the DMARC policy still lets forged mail through.",
        count(seen.days.len(), "day")
    );
    let next = case.now.to_zoned(TimeZone::UTC).checked_add(14.days());
    let next = next.map(|day| day.strftime("%-d %B %Y").to_string()).unwrap_or_default();
    let mut how = format!(
        "Publish this record: forged mail then goes to the spam folder. Give the reports again from {next} on; when they show the same, p=reject is the last step."
    );
    if !others.is_empty() {
        how.push_str(&format!(" Mail by {} is stopped with it, unless it is set up first.", others.join(", ")));
    }
    let mut finding = warn(case, &says, text, Severity::Low, &how, with(text, "p", "quarantine"));
    finding.evidence.extend(senders.iter().take(SHOWN).map(line));
    finding
}

/// Reports that were named and could not be read at all.
pub(super) fn empty(case: &Case<'_>) -> Option<Finding> {
    let Some(Fact::Seen { value, .. }) = &case.facts.reports else { return None };
    if value.reports > 0 || value.left_out.is_empty() {
        return None;
    }
    let why: Vec<String> = value.left_out.iter().map(|(why, count)| format!("{count} {why}")).collect();
    let says = "None of the DMARC reports that were given could be read.".to_owned();
    let how = "Save the attachments of the report mails as they are (.xml, .zip, .gz), or the mails themselves (.eml).";
    let finding = fail(case, says, &why, how, None);
    Some(Finding { grade: Grade::Warn, severity: Severity::Low, subject: name(case), ..finding })
}
