//! mail.dmarc: one valid policy says what happens to forged mail, and its reports can arrive.

use crate::check::{Check, Concern, Finding, Need, Verdict};
use crate::read::dmarc::{self, DmarcRecord, Policy};
use crate::read::text::clean;
use crate::{Case, Unseen, Why};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;

#[path = "dmarc_findings.rs"]
mod findings;

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
    let finding = match texts.as_slice() {
        [text] => match dmarc::parse(text) {
            Ok(record) => return Ok(weigh(case, text, &record)),
            Err(error) => findings::unreadable(case, text, error),
        },
        [] if organisation(case.apex()) != case.apex() => return Err(above(case)),
        [] => findings::missing(case),
        several => findings::several(case, several),
    };
    Ok(Verdict::judged(vec![], vec![finding], vec![]))
}

fn weigh(case: &Case<'_>, text: &str, record: &DmarcRecord) -> Verdict {
    let wrong = |tag: &str| record.wrong.iter().any(|wrong| wrong.tag == tag);
    let mut found: Vec<Finding> =
        record.wrong.iter().map(|wrong| findings::invalid(case, text, record, wrong)).collect();
    if record.policy.is_none() && !wrong("p") {
        found.push(findings::without_policy(case, text));
    }
    if record.applied() == Policy::None && record.aggregate.is_empty() && !wrong("rua") {
        found.push(findings::without_reports(case, text));
    }
    let (mut proof, mut unseen) = (proof(case, text, record), vec![]);
    let outside = |domain: &String| organisation(domain) != organisation(case.apex());
    for domain in dmarc::report_domains(text).into_iter().filter(outside) {
        let consent = format!("{}._report._dmarc.{domain}", case.apex());
        match case.dns(&consent, "TXT") {
            Err(why) => unseen.push(why),
            Ok(answer) if answer.texts().any(|text| dmarc::is_dmarc(&text)) => {
                proof.push(format!("{domain} agreed to take the reports"));
            }
            Ok(_) => found.push(findings::unauthorised(case, text, &domain, &consent)),
        }
    }
    Verdict::judged(proof, found, unseen)
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

/// The domain that somebody registered; the name itself where the suffix list does not tell.
fn organisation(domain: &str) -> &str {
    psl::domain_str(domain).unwrap_or(domain)
}

/// Where the policy stands.
fn name(case: &Case<'_>) -> String {
    format!("_dmarc.{}", case.apex())
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

#[cfg(test)]
#[path = "dmarc_tests.rs"]
mod tests;
