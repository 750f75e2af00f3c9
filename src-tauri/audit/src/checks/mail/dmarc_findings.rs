//! What mail.dmarc can find wrong, in words and with the record to paste.

use super::name;
use crate::Case;
use crate::check::{Finding, Fix, Grade, Severity};
use crate::read::dmarc::{self, DmarcError, DmarcRecord, Policy, Wrong, with};
use crate::read::spf::line;
use crate::read::text::clean;

/// No record.
pub(super) fn missing(case: &Case<'_>) -> Finding {
    let says = format!("{} has no DMARC policy: anybody can send in its name, and nobody tells you.", case.apex());
    let evidence = format!("{} TXT: no text that begins with v=DMARC1", name(case));
    let later = watching(case).replace("p=none", "p=quarantine");
    let how = format!(
        "Today: create the mailbox for the reports and publish this record, which only watches and refuses nothing. After two weeks: give the reports to `launch-ready reports`, or to an audit with --reports; when every sender of yours proves its mail, the record becomes \"{later}\"."
    );
    fail(case, says, &[evidence], &how, Some(watching(case)))
}

/// More than one record.
pub(super) fn several(case: &Case<'_>, texts: &[String]) -> Finding {
    let (domain, count) = (case.apex(), texts.len());
    let says = format!("{domain} has {count} DMARC records where one is allowed; receivers then ignore all of them.");
    let strictness = |text: &&String| dmarc::parse(text).map_or(Policy::None, |record| record.applied());
    let strictest = texts.iter().max_by_key(strictness).cloned();
    fail(case, says, texts, "Remove all of them, then publish this one.", strictest)
}

/// A record that is no list of tags.
pub(super) fn unreadable(case: &Case<'_>, text: &str, error: DmarcError) -> Finding {
    let says = format!("The DMARC record cannot be read: {error}.");
    fail(case, says, &[text.to_owned()], "Replace it by this record.", Some(watching(case)))
}

/// A tag whose value is not valid. A wrong policy takes the others with it (RFC 9989 §4.10.1).
pub(super) fn invalid(case: &Case<'_>, text: &str, record: &DmarcRecord, wrong: &Wrong) -> Finding {
    let finding = |effect: &str, value| {
        let says = format!("{}={} in the DMARC record is not valid, so {effect}.", wrong.tag, wrong.value);
        fail(case, says, &[text.to_owned()], &format!("Set {} to {}.", wrong.tag, wrong.wants), value)
    };
    let policy = record.policy.map_or("none", Policy::word);
    match wrong.tag {
        "p" | "sp" | "np" if record.aggregate.is_empty() => {
            finding("receivers ignore the whole record", with(text, wrong.tag, policy))
        }
        "p" | "sp" | "np" => finding("receivers only watch and refuse nothing", with(text, wrong.tag, policy)),
        "rua" => {
            let value = with(text, "rua", &mailboxes(case, record));
            Finding { severity: Severity::Medium, ..finding("reports do not reach that address", value) }
        }
        _ => Finding { grade: Grade::Warn, severity: Severity::Low, ..finding("receivers skip it", None) },
    }
}

/// No `p`: valid since RFC 9989, but not to older receivers.
pub(super) fn without_policy(case: &Case<'_>, text: &str) -> Finding {
    let says = "The DMARC record names no policy (p=), so many receivers ignore it.";
    warn(case, says, text, Severity::Medium, "Add p=none to watch first.", with(text, "p", "none"))
}

/// Watching without anybody who sees it.
pub(super) fn without_reports(case: &Case<'_>, text: &str) -> Finding {
    let says = "The DMARC policy only watches, but the reports go to nobody.";
    let value = with(text, "rua", &format!("mailto:dmarc@{}", case.apex()));
    warn(case, says, text, Severity::Low, "Create a mailbox for the reports and name it in the record.", value)
}

/// Sub-domains that the policy leaves open.
pub(super) fn below(case: &Case<'_>, text: &str, record: &DmarcRecord) -> Option<Finding> {
    let own = record.policy.filter(|own| *own > Policy::None)?;
    let open = |tag, policy: Option<Policy>| (policy == Some(Policy::None)).then_some(tag);
    let tag = open("sp", record.subdomains).or_else(|| open("np", record.nonexistent))?;
    let which = if tag == "sp" { "every sub-domain of" } else { "made-up sub-domains of" };
    let says = format!(
        "The DMARC policy protects {domain}, and leaves {which} {domain} open to forged mail ({tag}=none).",
        domain = case.apex()
    );
    let how = format!(
        "Set {tag} to {} once the reports show that the sub-domains you send from prove their mail.",
        own.word()
    );
    Some(warn(case, &says, text, Severity::Medium, &how, with(text, tag, own.word())))
}

/// A product's domain that calls itself a public suffix.
pub(super) fn suffix(case: &Case<'_>, text: &str, record: &DmarcRecord) -> Option<Finding> {
    if record.psd != Some('y') || psl::suffix_str(case.apex()) == Some(case.apex()) {
        return None;
    }
    let says = "The DMARC record says psd=y: receivers then take each sub-domain for a company of its own, and mail of one is not proven by another.";
    let how = "Take psd=y out; it is for registries under which others register names.";
    Some(warn(case, says, text, Severity::Medium, how, with(text, "psd", "u")))
}

/// Reports to a domain that did not agree to take them.
pub(super) fn unauthorised(case: &Case<'_>, text: &str, domain: &str, consent: &str) -> Finding {
    let says = format!(
        "DMARC reports should go to {domain}, but {domain} did not agree to take them, so they are never sent."
    );
    let how = format!(
        "Have the operator of {domain} publish this record, or send the reports to a mailbox of your own domain."
    );
    let mut finding = warn(case, &says, text, Severity::Medium, &how, None);
    finding.fix.paste = Some(line(consent, 3600, "v=DMARC1"));
    finding
}

/// The addresses of the record that are valid, or a first one.
fn mailboxes(case: &Case<'_>, record: &DmarcRecord) -> String {
    let valid: Vec<String> = record.aggregate.iter().map(|address| format!("mailto:{}", address.mailbox)).collect();
    if valid.is_empty() { format!("mailto:dmarc@{}", case.apex()) } else { valid.join(",") }
}

fn watching(case: &Case<'_>) -> String {
    format!("v=DMARC1; p=none; rua=mailto:dmarc@{}", case.apex())
}

/// A warning about the record.
pub(super) fn warn(
    case: &Case<'_>,
    says: &str,
    text: &str,
    severity: Severity,
    how: &str,
    value: Option<String>,
) -> Finding {
    Finding { grade: Grade::Warn, severity, ..fail(case, says.to_owned(), &[text.to_owned()], how, value) }
}

/// A failure of the record.
pub(super) fn fail(case: &Case<'_>, says: String, evidence: &[String], how: &str, value: Option<String>) -> Finding {
    let paste = value.map(|value| line(&name(case), 3600, &clean(&value, 2000)));
    let evidence = evidence.iter().map(|text| clean(text, 500)).collect();
    let fix = Fix { says: how.to_owned(), paste, minutes: 15, after: vec!["mail.spf".to_owned()] };
    Finding { subject: name(case), grade: Grade::Fail, severity: Severity::High, says, evidence, fix }
}
