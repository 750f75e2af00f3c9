//! mail.dmarc: one valid policy says what happens to forged mail, and its reports can arrive.

use crate::check::{Check, Concern, Finding, Need, Verdict};
use crate::facts::Fact;
use crate::read::dmarc::{self, DmarcRecord, Policy};
use crate::read::text::clean;
use crate::{Case, Unseen};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;

#[path = "dmarc_above.rs"]
mod above;
#[path = "dmarc_findings.rs"]
mod findings;
#[path = "dmarc_reports.rs"]
mod reports;

/// mail.dmarc.
pub static CHECK: Check = Check {
    id: "mail.dmarc",
    title: "A DMARC policy says what happens to mail forged in your name",
    why: "Large mailboxes ask for it, and without it nobody tells you who sends in your name.",
    needs: &[Need::Public],
    concern: Concern::Mail,
    covers: "The record that counts for the domain by the tree walk, its tags, what holds for sub-domains, whether other domains agreed to take its reports, and what the reports that were given say of each sender.",
    ask: None,
    refs: &["RFC 9989 §4", "RFC 9990 §3, §4"],
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
        [] => match discover(case)?.policy {
            Some((domain, text, record)) => {
                return Ok(Verdict::judged(above::proof(case, domain, &text, &record), vec![], vec![]));
            }
            None => findings::missing(case),
        },
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
    found.extend(findings::below(case, text, record));
    found.extend(findings::suffix(case, text, record));
    let (mut proof, mut unseen) = (proof(case, text, record), vec![]);
    // The record of the domain itself counts, whatever stands above it.
    proof.extend(discover(case).ok().and_then(|discovery| above::border(case, &discovery)));
    for domain in dmarc::report_domains(text) {
        match outside(case, &domain) {
            Ok(false) => continue,
            Ok(true) => {}
            Err(why) => {
                unseen.push(why);
                continue;
            }
        }
        let consent = format!("{}._report._dmarc.{domain}", case.apex());
        match case.dns(&consent, "TXT") {
            Err(why) => unseen.push(why),
            Ok(answer) if answer.texts().any(|text| dmarc::is_dmarc(&text)) => {
                proof.push(format!("{domain} agreed to take the reports"));
            }
            Ok(_) => found.push(findings::unauthorised(case, text, &domain, &consent)),
        }
    }
    let (told, advised) = reports::weigh(case, text, record);
    proof.extend(told);
    found.extend(advised);
    found.extend(reports::empty(case));
    if let Some(Err(why)) = case.facts.reports.as_ref().map(Fact::seen) {
        unseen.push(why);
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
    if record.policy == Some(Policy::None) && record.wrong.is_empty() {
        let next = dmarc::with(text, "p", "quarantine").map(|next| clean(&next, 500));
        proof.extend(next.map(|next| format!("the record after that step: {next}")));
    }
    proof.push(format!(
        "sub-domains: {}; names that do not exist: {}",
        record.for_subdomains().word(),
        record.for_nonexistent().word()
    ));
    if record.testing {
        proof.push("t=y: receivers apply one policy weaker than written".to_owned());
    }
    proof.extend(record.obsolete.iter().map(|tag| gone(tag)));
    proof.extend(record.unknown.iter().map(|tag| format!("{tag}= is not known; receivers skip it")));
    proof
}

/// A tag that RFC 9989 took out.
fn gone(tag: &str) -> String {
    let what = match tag {
        "pct" => "receivers apply the policy to all mail; t=y is the way to try a policy first",
        "ri" => "reports come once a day whatever it says",
        _ => "receivers skip it",
    };
    format!("{tag}= is gone since RFC 9989: {what}")
}

/// Whether reports to a domain leave the organisation, both found by the tree walk (RFC 9990 §4).
fn outside(case: &Case<'_>, domain: &str) -> Result<bool, Unseen> {
    if domain == case.apex() {
        return Ok(false);
    }
    let there = dmarc::discover(domain, &|name| case.dns(name, "TXT").cloned())?;
    Ok(there.organisation != discover(case)?.organisation)
}

/// Where the policy stands.
fn name(case: &Case<'_>) -> String {
    format!("_dmarc.{}", case.apex())
}

fn discover<'a>(case: &Case<'a>) -> Result<dmarc::Discovery<'a>, Unseen> {
    dmarc::discover(case.apex(), &|name| case.dns(name, "TXT").cloned())
}

#[cfg(test)]
#[path = "dmarc_tests.rs"]
mod tests;
