//! What mail.mx can find wrong, in words and with the record to paste.

use crate::Case;
use crate::check::{Finding, Fix, Grade, Severity};
use crate::read::text::clean;

/// No MX record at all.
pub(super) fn none(case: &Case<'_>) -> Finding {
    let says = format!("{} has no MX record, so mail to it is tried at the web server and comes back.", case.apex());
    let how = "Publish the MX records that your mail service shows. If nobody should write to this domain, publish the record below, which says so at once.";
    let paste = format!("{}. 3600 IN MX 0 .", case.apex());
    told(
        case.apex(),
        (Grade::Fail, Severity::High),
        says,
        vec![format!("{} MX: no record", case.apex())],
        how,
        Some(paste),
    )
}

/// An MX that is no host name.
pub(super) fn no_name(case: &Case<'_>, host: &str) -> Finding {
    let says = if host == "." {
        "One of the MX records says that the domain takes no mail while others name hosts; senders may take either."
            .to_owned()
    } else {
        format!("The MX record names the address {}; it must name a host, so senders skip it.", clean(host, 80))
    };
    let how = "Remove that record and keep those that your mail service shows.";
    told(case.apex(), (Grade::Fail, Severity::High), says, vec![record(case, host)], how, Some(removed(case, host)))
}

/// A host without an address.
pub(super) fn dead(case: &Case<'_>, host: &str, of: usize) -> Finding {
    let severity = if of == 1 { Severity::High } else { Severity::Medium };
    let effect = if of == 1 { "mail to you comes back" } else { "mail to you arrives late or comes back" };
    let says = format!("{}, which should take your mail, has no address; {effect}.", clean(host, 253));
    let how = "Remove the record, or correct it to the host that your mail service shows.";
    let paste = (of > 1).then(|| removed(case, host));
    told(host, (Grade::Fail, severity), says, vec![record(case, host)], how, paste)
}

/// A host that is an alias.
pub(super) fn alias(case: &Case<'_>, host: &str) -> Finding {
    let says = format!("{}, which takes your mail, is an alias (CNAME), which some senders refuse.", clean(host, 253));
    let how = "Name the host that the alias leads to in the MX record.";
    told(host, (Grade::Warn, Severity::Low), says, vec![record(case, host)], how, None)
}

/// A host that greets with a refusal.
pub(super) fn closed(host: &str, address: &str, code: u16) -> Finding {
    let says = format!("{host} refuses all mail: it greets with {code}.");
    let how = "Look into the settings of the mail service, or publish the MX records that it shows today.";
    let evidence = vec![format!("{host} at {address}, port 25: {code}")];
    told(host, (Grade::Fail, Severity::High), says, evidence, how, None)
}

/// A host without encryption.
pub(super) fn plain(host: &str, address: &str) -> Finding {
    let says =
        format!("{host} takes mail without encryption, so anybody on the way can read what customers write to you.");
    let how = "Switch STARTTLS on at the mail server, with a certificate for its host name.";
    let evidence = vec![format!("{host} at {address}, port 25: no STARTTLS in the answer to EHLO")];
    told(host, (Grade::Warn, Severity::Medium), says, evidence, how, None)
}

/// A certificate that proves nothing.
pub(super) fn untrusted(host: &str, address: &str, detail: &str) -> Finding {
    let says =
        format!("The certificate of {host} is not valid for that name, so senders cannot be sure that it is yours.");
    let how = "Renew the certificate of the mail server for the name that the MX record gives.";
    let evidence = vec![format!("{host} at {address}, port 25 after STARTTLS: {}", clean(detail, 300))];
    told(host, (Grade::Warn, Severity::Medium), says, evidence, how, None)
}

fn record(case: &Case<'_>, host: &str) -> String {
    format!("{} MX {}", case.apex(), clean(host, 253))
}

fn removed(case: &Case<'_>, host: &str) -> String {
    let name = if host == "." { String::new() } else { clean(host, 253) };
    format!("remove: {}. IN MX {name}.", case.apex())
}

fn told(
    subject: &str,
    (grade, severity): (Grade, Severity),
    says: String,
    evidence: Vec<String>,
    how: &str,
    paste: Option<String>,
) -> Finding {
    let fix = Fix { says: how.to_owned(), paste, minutes: 20, after: vec![] };
    Finding { subject: clean(subject, 253), grade, severity, says, evidence, fix }
}
