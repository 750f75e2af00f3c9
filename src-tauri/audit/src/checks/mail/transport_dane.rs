//! What mail.transport says of DANE: whether the records of the mail hosts fit the certificates that they send (RFC 7672).

use super::warn;
use crate::check::{Finding, Grade, Severity};
use crate::facts::{Fact, Handshake, RecordData};
use crate::read::dane::{Tlsa, fitting};
use crate::read::text::clean;
use crate::{Case, Unseen, Why};

/// Mail hosts whose records are looked at, as many as are spoken to.
const HOSTS: usize = 3;

/// What the records of the mail hosts prove, find and leave open.
pub(super) fn judge(case: &Case<'_>, hosts: &[(u16, &str)]) -> (Vec<String>, Vec<Finding>, Vec<Unseen>) {
    let (mut proof, mut found, mut unseen, mut any) = (vec![], vec![], vec![], false);
    for (_, host) in hosts.iter().take(HOSTS) {
        let name = format!("_25._tcp.{host}");
        let answer = match case.dns(&name, "TLSA") {
            Ok(answer) => answer,
            Err(why) => {
                proof.push(format!("whether {host} has DANE records was not seen ({})", why.says));
                any = true;
                continue;
            }
        };
        let texts: Vec<&str> = answer
            .records
            .iter()
            .filter_map(|record| match &record.data {
                RecordData::Other { rtype, text } if rtype == "TLSA" => Some(text.as_str()),
                _ => None,
            })
            .collect();
        if texts.is_empty() {
            continue;
        }
        any = true;
        let records: Vec<Tlsa> = texts.iter().filter_map(|text| Tlsa::read(text)).filter(Tlsa::usable).collect();
        let evidence = texts.iter().take(6).map(|text| format!("{name} TLSA {}", clean(text, 200))).collect();
        if records.is_empty() {
            let says =
                format!("No DANE record of {host} is of a kind that mail servers use, so all of them are skipped.");
            let how = "Publish records with the usage 3 (the server's own key) or 2 (its authority), or remove them.";
            found.push(warn(&name, Severity::Low, &says, evidence, how, None));
            continue;
        }
        let sent: Vec<&Handshake> =
            case.mailhosts(host).filter_map(|(_, fact)| fact.seen().ok()?.tls.as_ref()?.seen().ok()).collect();
        let Some(first) = sent.first() else {
            unseen.push(unspoken(case, host));
            continue;
        };
        if sent.iter().all(|sent| records.iter().any(|record| record.fits(&sent.chain))) {
            proof.push(format!("{host}: its DANE record fits the certificate that it sends"));
        } else {
            found.push(misfit(case, host, &name, evidence, first));
        }
    }
    if !any {
        proof.push("no DANE: it needs a signed zone at the mail host, and MTA-STS reaches more senders".to_owned());
    }
    (proof, found, unseen)
}

/// Records, and none of them fits: senders that check DANE hold the mail back (RFC 7672 §2.2).
fn misfit(case: &Case<'_>, host: &str, name: &str, evidence: Vec<String>, sent: &Handshake) -> Finding {
    let own = host.strip_suffix(case.apex()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let signed = own.then(|| signed(case)).flatten();
    let (grade, severity, effect) = match signed {
        Some(true) => (Grade::Fail, Severity::High, "senders that check DANE do not deliver to it"),
        Some(false) => (Grade::Warn, Severity::Low, "mail would stop once the zone is signed with DNSSEC"),
        None => {
            (Grade::Warn, Severity::Medium, "where the zone is signed, senders that check DANE do not deliver to it")
        }
    };
    let says = format!("The DANE record of {host} does not fit the certificate that it sends; {effect}.");
    let (how, paste) = if own {
        let record = fitting(&sent.chain).map(|data| format!("{name}. 3600 IN TLSA {data}"));
        ("Publish this record beside the old ones, and remove those a day later.", record)
    } else {
        ("Tell the company that runs the mail host; the record is in its zone.", None)
    };
    Finding { grade, ..warn(name, severity, &says, evidence, how, paste) }
}

/// Whether the domain's zone shows keys; none where that was not seen.
fn signed(case: &Case<'_>) -> Option<bool> {
    match &case.dnssec().ok()?.links.last()?.keys {
        Fact::Seen { value, .. } => Some(!value.set.is_empty()),
        Fact::Unseen(_) => None,
    }
}

fn unspoken(case: &Case<'_>, host: &str) -> Unseen {
    let silent = case.mailhosts(host).find_map(|(_, fact)| fact.seen().err());
    silent.unwrap_or_else(|| Unseen {
        what: format!("certificate of {host} on port 25"),
        why: Why::Depends,
        says: format!("{host} sent no certificate that its DANE record could be held against"),
        way: "mend what mail.mx says of the host, then run the audit again".to_owned(),
    })
}
