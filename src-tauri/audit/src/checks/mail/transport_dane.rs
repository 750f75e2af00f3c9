//! What mail.transport says of DANE: whether the records of the mail hosts fit the certificates that they send (RFC 7672).

use super::warn;
use crate::check::{Finding, Grade, Severity};
use crate::facts::{Handshake, RecordData};
use crate::read::dane::{Tlsa, fitting, zones};
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
        let fits = sent.iter().all(|sent| records.iter().any(|record| record.fits(&sent.chain)));
        match signed(case, host) {
            Ok(true) if fits => proof.push(format!("{host}: its DANE record fits the certificate that it sends")),
            Ok(true) => found.push(misfit(case, host, &name, evidence, first)),
            // Without signatures anybody could have put it there, so senders go on as if there were none (RFC 7672 §2.2).
            Ok(false) if fits || !own(case, host) => proof.push(format!(
                "{host} has a DANE record in a zone that is not signed with DNSSEC, so senders skip it and deliver"
            )),
            Ok(false) => found.push(unsigned(case, host, &name, evidence, first)),
            Err(why) => unseen.push(why),
        }
    }
    if !any {
        proof.push(match hosts.iter().find(|(_, host)| !own(case, host)) {
            Some((_, host)) => format!(
                "no DANE: only the company that runs {} can publish it, in its own zone; the way that is open to you is MTA-STS",
                clean(host, 253)
            ),
            None => "no DANE: it needs a zone that is signed with DNSSEC; MTA-STS reaches more senders".to_owned(),
        });
    }
    (proof, found, unseen)
}

/// Whether a mail host is one of the domain's own names: the record of any other belongs to the zone of whoever runs it.
fn own(case: &Case<'_>, host: &str) -> bool {
    host.strip_suffix(case.apex()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Records, and none of them fits: senders that check DANE hold the mail back (RFC 7672 §2.2), whether or not the MX record that
/// led them there is signed (§2.2.1).
fn misfit(case: &Case<'_>, host: &str, name: &str, evidence: Vec<String>, sent: &Handshake) -> Finding {
    let says = format!(
        "The DANE record of {host} does not fit the certificate that it sends; senders that check DANE do not deliver to it."
    );
    let (how, paste) = if own(case, host) {
        ("Publish this record beside the old ones, and remove those a day later.", record(name, sent))
    } else {
        let how = "Tell the company that runs the mail host: the record stands in its zone, and only it can publish a new one. Until then mail arrives at the other hosts of your MX records.";
        (how, None)
    };
    Finding { grade: Grade::Fail, ..warn(name, Severity::High, &says, evidence, how, paste) }
}

/// Own records that fit nothing, and that nobody checks yet.
fn unsigned(case: &Case<'_>, host: &str, name: &str, evidence: Vec<String>, sent: &Handshake) -> Finding {
    let says = format!(
        "The DANE record of {host} does not fit the certificate that it sends; senders skip it, because {} is not signed with DNSSEC, and mail would stop on the day it is.",
        case.apex()
    );
    let how = "Publish this record in place of the old ones before you switch DNSSEC on, or remove them.";
    warn(name, Severity::Low, &says, evidence, how, record(name, sent))
}

fn record(name: &str, sent: &Handshake) -> Option<String> {
    fitting(&sent.chain).map(|data| format!("{name}. 3600 IN TLSA {data}"))
}

/// Whether every zone on the way to a mail host is signed: each that begins below a top-level domain has a DS record above it.
fn signed(case: &Case<'_>, host: &str) -> Result<bool, Unseen> {
    let holds = |name: &str, rtype: &str| case.dns(name, rtype).map(|answer| answer.of(name, rtype).next().is_some());
    let mut cuts = 0;
    for name in zones(host) {
        if holds(name, "NS")? {
            cuts += 1;
            if !holds(name, "DS")? {
                return Ok(false);
            }
        }
    }
    if cuts > 0 { Ok(true) } else { Err(nowhere(host)) }
}

fn nowhere(host: &str) -> Unseen {
    Unseen {
        what: format!("DNSSEC of the zone of {host}"),
        why: Why::Depends,
        says: "no zone was found that holds the mail host, so it cannot be told whether its DANE record counts"
            .to_owned(),
        way: "mend what mail.mx says of the host, then run the audit again".to_owned(),
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
