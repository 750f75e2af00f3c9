//! The rules of domain.registration, with their words.

use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::{Registered, Registration};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Days left below which the end of the registration is a failure.
const CLOSE: i64 = 14;
/// Days left below which it is told.
const NEAR: i64 = 45;

/// Statuses that take a domain out of DNS or out of the owner's hands (RFC 8056; ICANN's list of EPP codes), with what each means.
const STOPS: [(&str, &str, &str); 5] = [
    (
        "client hold",
        "the registrar has taken it out of DNS, so nobody reaches the site or its mail",
        "Ask your registrar why; unpaid bills and an unconfirmed owner's e-mail address are the usual reasons.",
    ),
    (
        "server hold",
        "the registry has taken it out of DNS, so nobody reaches the site or its mail",
        "Ask your registrar; a complaint or a missing proof of the owner is the usual reason.",
    ),
    (
        "redemption period",
        "the registration has lapsed and it can be bought back only for a short while",
        "Have your registrar restore it today; this costs a fee, and days count.",
    ),
    (
        "pending delete",
        "the registration has lapsed and the name goes back to the public within days",
        "Ask your registrar at once; if it cannot be restored, be ready to register it anew when it is freed.",
    ),
    (
        "pending transfer",
        "somebody has asked to move it to another registrar",
        "If that was not you, refuse the transfer at your registrar today and change its password.",
    ),
];

pub(super) fn statuses(seen: &Registration, record: &Registered) -> Vec<Finding> {
    let held = STOPS.iter().filter(|(status, ..)| record.statuses.iter().any(|own| own == status));
    held.map(|(status, means, fix)| {
        let severity = if *status == "pending transfer" { Severity::High } else { Severity::Critical };
        let says = format!("{} has the status \"{status}\": {means}.", seen.domain);
        finding(seen, Grade::Fail, severity, says, vec![format!("status: {}", record.statuses.join(", "))], fix, 60)
    })
    .collect()
}

pub(super) fn expiry(seen: &Registration, expires: Timestamp, now: Timestamp) -> Option<Finding> {
    let days = (expires.as_second() - now.as_second()).div_euclid(86_400);
    if days >= NEAR {
        return None;
    }
    let (grade, severity) = match days {
        ..0 => (Grade::Fail, Severity::Critical),
        0..CLOSE => (Grade::Fail, Severity::High),
        _ => (Grade::Warn, Severity::Medium),
    };
    let when = match days {
        ..0 => format!("ran out {} ago", spell(-days)),
        _ => format!("runs out in {}", spell(days)),
    };
    let says =
        format!("The registration of {} {when}; without it the site, its mail and its logins are gone.", seen.domain);
    let evidence = vec![format!("end of registration: {expires}")];
    let fix = "Renew it at your registrar for more than a year and switch automatic renewal on, with a card that does not expire first.";
    Some(finding(seen, grade, severity, says, evidence, fix, 10))
}

fn spell(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// Country registries have locks of their own that do not show as this status, so its absence tells nothing there.
pub(super) fn lock(seen: &Registration, record: &Registered) -> Option<Finding> {
    let country = seen.domain.rsplit('.').next().is_none_or(|ending| ending.len() == 2);
    let locked = record.statuses.iter().any(|status| status.ends_with("transfer prohibited"));
    (!country && !locked && !record.statuses.is_empty()).then(|| {
        let says = format!(
            "{} is not locked against transfers, so one stolen password or e-mail is enough to move it away.",
            seen.domain
        );
        let evidence =
            vec![format!("status: {}", record.statuses.join(", ")), "missing: client transfer prohibited".to_owned()];
        let fix = "Switch the transfer lock (registrar lock) on at your registrar.";
        finding(seen, Grade::Warn, Severity::Medium, says, evidence, fix, 5)
    })
}

pub(super) fn nameservers(seen: &Registration, registry: &BTreeSet<&String>, dns: &BTreeSet<&String>) -> Finding {
    let list = |names: &BTreeSet<&String>| names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let says = format!(
        "The registry's record of {} names other name servers than DNS hands out, so a change is under way or went wrong.",
        seen.domain
    );
    let evidence = vec![format!("at the registry: {}", list(registry)), format!("handed out in DNS: {}", list(dns))];
    let fix = "If you changed the name servers within the last day, wait and check again; otherwise enter them anew at your registrar.";
    finding(seen, Grade::Warn, Severity::Medium, says, evidence, fix, 15)
}

pub(super) fn signed(seen: &Registration, signed: bool) -> Finding {
    let says = if signed {
        format!("The registry counts {} as signed, but DNS hands out no DS record for it.", seen.domain)
    } else {
        format!("DNS hands out a DS record for {} that the registry's record does not show.", seen.domain)
    };
    let evidence = vec![
        format!("RDAP delegationSigned: {signed}"),
        format!("DS in DNS: {}", if signed { "none" } else { "present" }),
    ];
    let fix = "If DNSSEC was switched within the last day, wait and check again; otherwise set it anew at your registrar, or ask them.";
    finding(seen, Grade::Warn, Severity::Medium, says, evidence, fix, 20)
}

pub(super) fn absent(seen: &Registration, server: &str) -> Finding {
    let says = format!(
        "{} is not registered: the registry does not hold it and DNS does not know it, so anyone can take it.",
        seen.domain
    );
    let evidence = vec![format!("{server}domain/{}: 404", seen.domain), format!("{}: NXDOMAIN", seen.domain)];
    finding(seen, Grade::Fail, Severity::Critical, says, evidence, "Register it, or check how the name is spelled.", 20)
}

pub(super) fn told(seen: &Registration, note: &str) -> Finding {
    let says = format!("The registration of {} is not settled, as you answered.", seen.domain);
    let fix = "Renew it, lock it against transfers, and note registrar and end date in your answer.";
    finding(seen, Grade::Fail, Severity::High, says, vec![format!("answer: {note}")], fix, 20)
}

fn finding(
    seen: &Registration,
    grade: Grade,
    severity: Severity,
    says: String,
    evidence: Vec<String>,
    fix: &str,
    minutes: u16,
) -> Finding {
    let fix = Fix { says: fix.to_owned(), paste: None, minutes, after: vec![] };
    Finding { subject: seen.domain.clone(), grade, severity, says, evidence, fix }
}
