//! mail.dmarc: one valid policy says what happens to forged mail, and its reports can arrive.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::read::dmarc::{self, DmarcRecord, Policy, Wrong};
use crate::read::spf::line;
use crate::read::text::clean;
use crate::{Case, Unseen, Why};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;

/// mail.dmarc.
pub static CHECK: Check = Check {
    id: "mail.dmarc",
    title: "A DMARC policy says what happens to mail forged in your name",
    why: "Large mailboxes ask for it, and without it nobody tells you who sends in your name.",
    needs: &[Need::Public],
    concern: Concern::Mail,
    covers: "The record of the domain itself, its tags, and whether other domains agreed to take its reports.",
    ask: None,
    refs: &["RFC 9989 §4", "RFC 9990 §4"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let answer = case.dns(&name(case), "TXT")?;
    let texts: Vec<String> = answer.texts().filter(|text| dmarc::is_dmarc(text)).collect();
    let judged = |findings| Ok(Verdict::judged(vec![], findings, vec![]));
    let text = match texts.as_slice() {
        [text] => text,
        [] if organisation(case.apex()) != case.apex() => return Err(above(case)),
        [] => {
            let says =
                format!("{} has no DMARC policy: anybody can send in its name, and nobody tells you.", case.apex());
            let how =
                "Create the mailbox for the reports, then publish this record: it only watches and refuses nothing.";
            return judged(vec![fail(
                case,
                says,
                &[format!("{} TXT: no text that begins with v=DMARC1", name(case))],
                how,
                Some(watching(case)),
            )]);
        }
        many => {
            let says = format!(
                "{} has {} DMARC records where one is allowed; receivers then ignore all of them.",
                case.apex(),
                many.len()
            );
            let strictest =
                many.iter().max_by_key(|text| dmarc::parse(text).map_or(Policy::None, |record| record.applied()));
            return judged(vec![fail(
                case,
                says,
                many,
                "Remove all of them, then publish this one.",
                strictest.cloned(),
            )]);
        }
    };
    match dmarc::parse(text) {
        Err(error) => judged(vec![fail(
            case,
            format!("The DMARC record cannot be read: {error}."),
            &texts,
            "Replace it by this record.",
            Some(watching(case)),
        )]),
        Ok(record) => Ok(weigh(case, text, &record)),
    }
}

fn weigh(case: &Case<'_>, text: &str, record: &DmarcRecord) -> Verdict {
    let mut findings: Vec<Finding> = record.wrong.iter().map(|wrong| invalid(case, text, record, wrong)).collect();
    let mild = |says: &str, severity, how: &str, value| Finding {
        grade: Grade::Warn,
        severity,
        ..fail(case, says.to_owned(), &[text.to_owned()], how, value)
    };
    if record.policy.is_none() && !record.wrong.iter().any(|wrong| wrong.tag == "p") {
        findings.push(mild(
            "The DMARC record names no policy (p=), so many receivers ignore it.",
            Severity::Medium,
            "Add p=none to watch first.",
            with(text, "p", "none"),
        ));
    }
    if record.applied() == Policy::None
        && record.aggregate.is_empty()
        && !record.wrong.iter().any(|wrong| wrong.tag == "rua")
    {
        let value = with(text, "rua", &format!("mailto:dmarc@{}", case.apex()));
        findings.push(mild(
            "The DMARC policy only watches, but the reports go to nobody.",
            Severity::Low,
            "Create a mailbox for the reports and name it in the record.",
            value,
        ));
    }
    let (mut proof, mut unseen) = (proof(case, text, record), vec![]);
    for domain in
        dmarc::report_domains(text).into_iter().filter(|domain| organisation(domain) != organisation(case.apex()))
    {
        let consent = format!("{}._report._dmarc.{domain}", case.apex());
        match case.dns(&consent, "TXT") {
            Err(why) => unseen.push(why),
            Ok(answer) if answer.texts().any(|text| dmarc::is_dmarc(&text)) => {
                proof.push(format!("{domain} agreed to take the reports"))
            }
            Ok(_) => {
                let says = format!(
                    "DMARC reports should go to {domain}, but {domain} did not agree to take them, so they are never sent."
                );
                let how = format!(
                    "Have the operator of {domain} publish this record, or send the reports to a mailbox of your own domain."
                );
                let mut finding = mild(&says, Severity::Medium, &how, None);
                finding.fix.paste = Some(line(&consent, 3600, "v=DMARC1"));
                findings.push(finding);
            }
        }
    }
    Verdict::judged(proof, findings, unseen)
}

fn proof(case: &Case<'_>, text: &str, record: &DmarcRecord) -> Vec<String> {
    let mut proof = vec![format!("{} TXT {}", name(case), clean(text, 500))];
    let date = case.now.to_zoned(TimeZone::UTC).checked_add(14.days()).map(|day| day.strftime("%-d %B %Y").to_string());
    proof.push(match record.applied() {
        Policy::None => format!(
            "only watching; next step: read the reports, and change to p=quarantine by {}",
            date.unwrap_or_default()
        ),
        Policy::Quarantine => "forged mail goes to the spam folder".to_owned(),
        Policy::Reject => "forged mail is refused".to_owned(),
    });
    if record.testing {
        proof.push("t=y: receivers apply one policy weaker than written".to_owned());
    }
    proof.extend(record.obsolete.iter().map(|tag| format!("{tag}= is obsolete (RFC 9989); receivers skip it")));
    proof.extend(record.unknown.iter().map(|tag| format!("{tag}= is not known; receivers skip it")));
    proof
}

fn invalid(case: &Case<'_>, text: &str, record: &DmarcRecord, wrong: &Wrong) -> Finding {
    let says = |effect: &str| format!("{}={} in the DMARC record is not valid, so {effect}.", wrong.tag, wrong.value);
    let how = format!("Set {} to {}.", wrong.tag, wrong.wants);
    let finding = |effect: &str, value| fail(case, says(effect), &[text.to_owned()], &how, value);
    match wrong.tag {
        "p" if record.aggregate.is_empty() => finding("receivers ignore the whole record", with(text, "p", "none")),
        "p" => finding("receivers only watch and refuse nothing", with(text, "p", "none")),
        "rua" => Finding {
            severity: Severity::Medium,
            ..finding("reports do not reach that address", with(text, "rua", &format!("mailto:dmarc@{}", case.apex())))
        },
        _ => Finding { grade: Grade::Warn, severity: Severity::Low, ..finding("receivers skip it", None) },
    }
}

/// The record with one tag set anew, kept in its place or put behind the version.
fn with(text: &str, tag: &str, value: &str) -> Option<String> {
    let mut tags = crate::read::dkim::tags(text)?;
    match tags.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(tag)) {
        Some(found) => found.1 = value.to_owned(),
        None => tags.insert(1, (tag.to_owned(), value.to_owned())),
    }
    Some(tags.iter().map(|(tag, value)| format!("{tag}={value}")).collect::<Vec<_>>().join("; "))
}

/// The domain that somebody registered; the name itself where the suffix list does not tell.
fn organisation(domain: &str) -> &str {
    psl::domain_str(domain).unwrap_or(domain)
}

fn name(case: &Case<'_>) -> String {
    format!("_dmarc.{}", case.apex())
}

fn watching(case: &Case<'_>) -> String {
    format!("v=DMARC1; p=none; rua=mailto:dmarc@{}", case.apex())
}

fn above(case: &Case<'_>) -> Unseen {
    Unseen {
        what: format!("{} TXT", name(case)),
        why: Why::Beyond,
        says: format!(
            "it has no policy of its own; the one of {} may count, which is not looked at yet",
            organisation(case.apex())
        ),
        way: format!("run the audit for {}", organisation(case.apex())),
    }
}

fn fail(case: &Case<'_>, says: String, evidence: &[String], how: &str, value: Option<String>) -> Finding {
    let paste = value.map(|value| line(&name(case), 3600, &clean(&value, 2000)));
    let evidence = evidence.iter().map(|text| clean(text, 500)).collect();
    let fix = Fix { says: how.to_owned(), paste, minutes: 15, after: vec!["mail.spf".to_owned()] };
    Finding { subject: name(case), grade: Grade::Fail, severity: Severity::High, says, evidence, fix }
}

#[cfg(test)]
#[path = "dmarc_tests.rs"]
mod tests;
