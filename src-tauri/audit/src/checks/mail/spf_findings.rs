//! What mail.spf can find wrong, in words and with the record to paste.

use super::shown;
use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::{DnsAnswer, RecordData};
use crate::read::spf::{
    self, Allowed, Ending, Evaluation, LOOKUP_LIMIT, Mechanism, Problem, Qualifier, SpfError, SpfRecord, VOID_LIMIT,
};
use crate::read::text::clean;
use crate::{Case, Unseen};

const IGNORED: &str = "receivers then treat the whole record as broken, and no sender counts as allowed";

/// A record that cannot be read.
pub(super) fn invalid(case: &Case<'_>, text: &str, error: &SpfError) -> Finding {
    let says = format!("The SPF record is not valid: {error}; {IGNORED}.");
    let how = "Correct that word in the record, then publish it again.";
    fail(case, says, vec![shown(text)], how, spf::mended(text), 10)
}

/// Everything that is wrong with one readable record.
pub(super) fn findings(case: &Case<'_>, record: &SpfRecord, cost: &Evaluation, unwanted: &[Allowed]) -> Vec<Finding> {
    let evidence = || vec![shown(&record.text)];
    let mut found: Vec<Finding> = cost.problems.iter().map(|problem| broken(case, record, cost, problem)).collect();
    if !unwanted.is_empty() {
        found.push(unapproved(case, record, unwanted));
    }
    if cost.lookups > LOOKUP_LIMIT {
        found.push(over(case, record, cost, unwanted));
    }
    if cost.void > VOID_LIMIT {
        let says =
            format!("{} names in the SPF record lead to nothing, {VOID_LIMIT} are allowed; {IGNORED}.", cost.void);
        found.push(fail(case, says, evidence(), "Remove the names that no longer exist from the record.", None, 15));
    }
    let ends = match cost.ending {
        Ending::All(Qualifier::Pass) => Some((
            Grade::Fail,
            Severity::High,
            "The SPF record ends in +all: it allows every machine in the world to send in your name.",
        )),
        Ending::All(Qualifier::Neutral) => Some((
            Grade::Warn,
            Severity::Medium,
            "The SPF record ends in ?all, which says nothing about mail that others send in your name.",
        )),
        Ending::Open => Some((
            Grade::Warn,
            Severity::Medium,
            "The SPF record does not end in all, so it says nothing about mail that others send in your name.",
        )),
        Ending::All(Qualifier::Fail | Qualifier::SoftFail) | Ending::Unknown => None,
    };
    if let Some((grade, severity, says)) = ends {
        let paste = record.followed().is_none().then(|| spf::with_all(record, Qualifier::SoftFail));
        let fix = "End the record in ~all; change that to -all once the DMARC reports show that every sender of yours is named.";
        found.push(Finding { grade, severity, ..fail(case, says.to_owned(), evidence(), fix, paste, 10) });
    }
    if record.reached().any(|directive| matches!(directive.mechanism, Mechanism::Ptr(_))) {
        let says = "The SPF record uses ptr, which is slow and which many receivers skip.".to_owned();
        let fix = "Remove ptr, and name your servers by ip4, ip6 or include instead.";
        let finding = fail(case, says, evidence(), fix, Some(spf::without_ptr(record)), 10);
        found.push(Finding { grade: Grade::Warn, severity: Severity::Low, ..finding });
    }
    for word in record
        .ignored
        .iter()
        .filter(|word| word.starts_with("include=") || word.starts_with("ip4=") || word.starts_with("ip6="))
    {
        let says = format!(
            "\"{}\" in the SPF record is written with = where : belongs, so receivers skip it.",
            clean(word, 80)
        );
        let finding = fail(case, says, evidence(), "Write the word with a colon.", spf::mended(&record.text), 5);
        found.push(Finding { severity: Severity::Medium, ..finding });
    }
    found
}

fn broken(case: &Case<'_>, record: &SpfRecord, cost: &Evaluation, problem: &Problem) -> Finding {
    let (name, what) = match problem {
        Problem::Loop(name) => (name, "leads back to itself".to_owned()),
        Problem::ManyExchanges(name) => (name, "has more than ten mail exchanges behind mx".to_owned()),
        Problem::NoRecord(name) => (name, "has no SPF record of its own".to_owned()),
        Problem::Syntax(name, error) => (name, format!("has a record that is not valid ({error})")),
        Problem::TwoRecords(name) => (name, "has more than one SPF record".to_owned()),
    };
    let says = format!("{}, which the SPF record leads to, {what}; {IGNORED}.", clean(name, 253));
    let fix = "Read the present include of that service in its own help pages, and replace or remove the old one.";
    // The term allows nobody as it stands, so the record without it refuses no mail that arrives today.
    let own = cost.costs.iter().find(|cost| cost.depth == 0 && cost.name.as_ref() == Some(name));
    let rest = own.map(|own| spf::without(&record.text, std::slice::from_ref(&own.term)));
    fail(case, says, vec![shown(&record.text)], fix, rest.filter(|rest| rest != &record.text), 15)
}

/// Senders that a person said should go.
fn unapproved(case: &Case<'_>, record: &SpfRecord, unwanted: &[Allowed]) -> Finding {
    let named = |allowed: &Allowed| allowed.who.clone().unwrap_or_else(|| clean(&allowed.term, 120));
    let who = unwanted.iter().map(named).collect::<Vec<_>>().join(", ");
    let says = format!("You marked {who} as not approved, and the SPF record still allows it to send in your name.");
    let fix = "Publish the record without it. Should that service send for you after all, mark it as approved instead.";
    let terms: Vec<String> = unwanted.iter().map(|allowed| allowed.term.clone()).collect();
    fail(case, says, vec![shown(&record.text)], fix, Some(spf::without(&record.text, &terms)), 10)
}

/// Too many look-ups. What nobody needs goes first; nothing is replaced by addresses that its owner may change any day.
fn over(case: &Case<'_>, record: &SpfRecord, cost: &Evaluation, unwanted: &[Allowed]) -> Finding {
    let says =
        format!("Checking the SPF record takes {} look-ups, {LOOKUP_LIMIT} are allowed; {IGNORED}.", cost.lookups);
    let mut evidence = vec![shown(&record.text)];
    let top: Vec<Allowed> = spf::tree(record, cost).into_iter().filter(|allowed| allowed.depth == 0).collect();
    evidence.extend(spf::lines(&top));
    let doubled = spf::nested(cost);
    evidence.extend(
        doubled.iter().map(|term| format!("{} is included by another of these services already", clean(term, 120))),
    );
    let terms: Vec<String> = unwanted.iter().map(|allowed| allowed.term.clone()).chain(doubled).collect();
    let shorter = spf::without_repeats(&spf::without(&record.text, &terms));
    let (kept, left) = match spf::parse(&shorter) {
        Ok(kept) => {
            let left = spf::evaluate(case.apex(), &kept, &|name, rtype| case.dns(name, rtype));
            (kept, left)
        }
        Err(_) => (record.clone(), cost.clone()),
    };
    if left.lookups <= LOOKUP_LIMIT {
        let fix = "Publish this record: the services that you marked as not approved, repeated words and what another service includes already are gone.";
        return fail(case, says, evidence, fix, Some(shorter), 15);
    }
    let Some(split) = spf::split(&kept, &left, &exchanges(case).unwrap_or_default()) else {
        let fix = "Remove the services that you no longer send with; replace a and mx by the addresses they stand for; move newsletters to a sub-domain with its own record.";
        return fail(case, says, evidence, fix, None, 45);
    };
    let there = format!("mail.{}", case.apex());
    let fix = format!(
        "Mark the services that you no longer send with, in the question of this check, and they are left out. If all are needed, move {} to {there}: set it as the bounce (return-path) domain there, and publish both records.",
        split.services.join(", ")
    );
    let paste = format!("{}\n{}", spf::line(case.apex(), 3600, &split.stays), spf::line(&there, 3600, &split.moves));
    let mut finding = fail(case, says, evidence, &fix, None, 45);
    finding.fix.paste = Some(paste);
    finding
}

/// No record.
pub(super) fn missing(case: &Case<'_>) -> Finding {
    let says = format!(
        "{} has no SPF record, so receivers cannot tell your mail from mail that others send in your name.",
        case.apex()
    );
    let paste = exchanges(case).ok().map(|exchanges| spf::suggested(&exchanges));
    let fix = "Publish one TXT record at the bare domain; add an include for every other service that sends for you (newsletter, invoices, support).";
    fail(case, says, vec![format!("{} TXT: no text that begins with v=spf1", case.apex())], fix, paste, 15)
}

/// More than one record.
pub(super) fn several(case: &Case<'_>, texts: &[String]) -> Finding {
    let says = format!(
        "{} has {} SPF records where one is allowed; receivers then use none of them, and no sender counts as allowed.",
        case.apex(),
        texts.len()
    );
    let parsed: Option<Vec<SpfRecord>> = texts.iter().map(|text| spf::parse(text).ok()).collect();
    let fix = "Remove all of them, then publish this one record, which allows what they allowed together.";
    fail(
        case,
        says,
        texts.iter().map(|text| shown(text)).collect(),
        fix,
        parsed.map(|records| spf::merged(&records)),
        15,
    )
}

fn fail(
    case: &Case<'_>,
    says: String,
    evidence: Vec<String>,
    fix: &str,
    value: Option<String>,
    minutes: u16,
) -> Finding {
    let paste = value.map(|value| spf::line(case.apex(), 3600, &clean(&value, 4000)));
    let fix = Fix { says: fix.to_owned(), paste, minutes, after: vec![] };
    Finding { subject: case.apex().to_owned(), grade: Grade::Fail, severity: Severity::High, says, evidence, fix }
}

fn exchanges(case: &Case<'_>) -> Result<Vec<String>, Unseen> {
    let of = |answer: &DnsAnswer| {
        answer
            .records
            .iter()
            .filter_map(|record| match &record.data {
                RecordData::Mx { exchange, .. } => Some(exchange.clone()),
                _ => None,
            })
            .collect()
    };
    case.dns(case.apex(), "MX").map(of)
}
