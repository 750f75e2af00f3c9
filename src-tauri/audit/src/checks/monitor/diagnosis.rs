//! monitor.diagnosis: an outage is named by its cause, and so is what to do first.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Choice, Watched};
use crate::journeys::{No, said};
use crate::watch::{Cause, Change, Standing};
use crate::{Case, Unseen};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};

/// monitor.diagnosis.
pub static CHECK: Check = Check {
    id: "monitor.diagnosis",
    title: "An outage is named by its cause",
    why: "Whoever knows at once whether it is the name, the hosting, the release, another company or only the own network calls the right person first.",
    needs: &[Need::Public, Need::Person],
    concern: Concern::Control,
    covers: "The outages of the last week by the record of this app's watch: which are open, which were told without a cause, and which came again by the same one. It tells apart the name (DNS), the connection, the encryption, an error of the server, a wrong answer, a mail, slowness, a host of another company and this machine's own network. What a page shows and what other companies do is seen by recorded journeys only. Or a person's word.",
    ask: Some(
        "When the product does not answer, can you tell within minutes whether it is DNS, the hosting, the certificate, your last release, the database, another company's service, or only your own network? Name where you look.",
    ),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::Medium,
    says: "Nobody can tell within minutes what an outage comes from, as a person says.",
    fix: "Start the watch on the page Journeys, or run `launch-ready watch` with --every 1m and --state FOLDER on a machine that is always on: it names the cause of every outage. Give it a recorded journey too, so that it sees wrong pages and other companies' services.",
    minutes: 30,
};
/// Outages of one subject by one cause within a week that are no accident any more.
const AGAIN: usize = 3;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let answered = case.facts.answers.get(CHECK.id).is_some_and(|answer| answer.choice != Choice::No);
    match &case.facts.watched {
        Some(watched) if !answered => Ok(own(case, watched)),
        _ => said(case, CHECK.id, &NO),
    }
}

fn own(case: &Case<'_>, watched: &Watched) -> Verdict {
    let shown = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let finding = |subject: &str, severity, says: String, fix: &str, evidence| Finding {
        subject: subject.to_owned(),
        grade: if severity >= Severity::High { Grade::Fail } else { Grade::Warn },
        severity,
        says,
        evidence,
        fix: Fix { says: fix.to_owned(), paste: None, minutes: NO.minutes, after: vec![] },
    };
    if watched.overdue(case.now) {
        let says = format!("Nobody would name the next outage: the watch looked last at {}.", shown(watched.last));
        return Verdict::judged(vec![], vec![finding("watch", NO.severity, says, NO.fix, vec![])], vec![]);
    }
    let week = watched.last.checked_sub(SignedDuration::from_hours(7 * 24)).unwrap_or(watched.last);
    let line = |change: &Change| format!("{}: {}: {}", shown(change.since), change.subject, change.says);
    let mut newest = BTreeSet::new();
    let (mut findings, mut proof) = (vec![], vec![]);
    let mut each: BTreeMap<(&str, Cause), Vec<String>> = BTreeMap::new();
    for change in &watched.changes {
        let open = newest.insert(change.subject.as_str());
        let out = matches!(change.standing, Standing::Down | Standing::Slow);
        if change.since < week && !open || change.standing == Standing::Well {
            continue;
        }
        let Some(cause) = change.cause else {
            if out {
                let says = format!("Something was wrong with {}, and its cause was not recorded.", change.subject);
                let fix = "Let the watch go on with this version: it records the cause of every outage.";
                findings.push(finding(&change.subject, Severity::Low, says, fix, vec![line(change)]));
            }
            continue;
        };
        if out {
            each.entry((&change.subject, cause)).or_default().push(line(change));
        }
        match change.standing {
            Standing::Down if open => {
                let (subject, since) = (&change.subject, shown(change.since));
                let says = format!("{subject} has not worked since {since}. The cause: {}.", cause.name());
                findings.push(finding(subject, Severity::High, says, first(cause), vec![line(change)]));
            }
            _ => proof.push(format!("{} ({})", line(change), cause.name())),
        }
    }
    for ((subject, cause), lines) in each.into_iter().filter(|(_, lines)| lines.len() >= AGAIN) {
        let says = format!("{subject} failed {} times within a week by the same cause: {}.", lines.len(), cause.name());
        findings.push(finding(subject, Severity::Medium, says, first(cause), lines));
    }
    let last = shown(watched.last);
    proof.insert(0, format!("the watch looks every {} s, last at {last}, and names what it finds", watched.every_s));
    Verdict::judged(proof, findings, vec![])
}

/// What to do first.
fn first(cause: Cause) -> &'static str {
    match cause {
        Cause::Dns => {
            "Open the service that runs the domain's DNS: is the record still there? Then the registrar: has the domain run out, or were its name servers changed? Put back what is missing; the page Records shows what was seen before."
        }
        Cause::Connection => {
            "Open the dashboard and the status page of your hosting: does the server run, was it moved, does a firewall keep others out? Start it again there, or put the new address into DNS."
        }
        Cause::Tls => {
            "Open the certificates at your hosting or proxy: renew the one that ran out, or add this name to it. The stage about the domain shows which certificate was sent."
        }
        Cause::Status => {
            "Look into the server's log at this minute. If something was released shortly before, go back to the release before it first, and look for the reason afterwards; if not, look whether the database answers."
        }
        Cause::Content => {
            "The server answers, but not with what it should: open the page yourself, and go back to the last release that showed it right. If the page was changed on purpose, record the journey anew."
        }
        Cause::Mail => {
            "Open the dashboard of the service that sends your mail: was the message refused, is it in a queue, has the account reached its limit?"
        }
        Cause::Slow => {
            "Look at the load of server and database at your hosting, and at the slow statements on the page Database; then measure this page under Speed and load."
        }
        Cause::ThirdParty => {
            "Open the status page of that company and subscribe to it. Tell your users which part does not work; nothing in your own product needs to be changed for it."
        }
        Cause::OwnNetwork => {
            "Look at the network of the machine that watches, or let a machine watch that is always online."
        }
    }
}

#[cfg(test)]
#[path = "diagnosis_tests.rs"]
mod tests;
