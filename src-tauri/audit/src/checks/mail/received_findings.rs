//! What mail.received can find wrong with a message, in words.

use super::Wait;
use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::MessageSeen;
use crate::read::message::{DkimResult, SignatureSeen, SpamWord};
use crate::read::spf;

/// Nothing that was proven belongs to the domain that people see.
pub(super) fn unproven(what: &str, seen: &MessageSeen) -> Finding {
    let from = seen.from.as_deref().unwrap_or("its author");
    let service = service(seen);
    let by = service.map_or_else(|| "the service that sends it".to_owned(), |service| service.name.clone());
    let docs = service.map_or_else(String::new, |service| format!(" ({})", service.docs));
    Finding {
        subject: what.to_owned(),
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!("The {what} does not prove that it comes from {from}: {}.", reason(seen)),
        evidence: evidence(seen),
        fix: Fix {
            says: format!(
                "Switch DKIM on for {from} in the settings of {by}{docs}, publish the record that it shows, and give a new message."
            ),
            paste: None,
            minutes: 30,
            after: vec!["mail.dkim".to_owned(), "mail.dmarc".to_owned()],
        },
    }
}

/// The proof that a forwarded copy loses.
pub(super) fn machine_alone(what: &str, seen: &MessageSeen) -> Finding {
    Finding {
        subject: what.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Medium,
        says: format!("The {what} is proven by its sending machine alone; a forwarded copy proves nothing and lands in spam."),
        evidence: evidence(seen),
        fix: Fix {
            says: "Switch DKIM on in the settings of the service that sends it, for the domain in From, and give a new message.".to_owned(),
            paste: None,
            minutes: 30,
            after: vec!["mail.dkim".to_owned()],
        },
    }
}

/// A signature that leaves a part of the message open (RFC 6376 §8.2).
pub(super) fn open_end(what: &str, seen: &MessageSeen, signature: &SignatureSeen) -> Finding {
    Finding {
        subject: what.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Medium,
        says: format!("The signature of the {what} does not cover all of it: {}.", signature.says),
        evidence: evidence(seen),
        fix: Fix {
            says: "Switch off the length limit (l=) of DKIM in the settings of the mail server or service that signs."
                .to_owned(),
            paste: None,
            minutes: 20,
            after: vec![],
        },
    }
}

/// A filter took it for spam.
pub(super) fn called_spam(what: &str, word: &SpamWord) -> Finding {
    Finding {
        subject: what.to_owned(),
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!("The spam filter of the mailbox calls the {what} spam."),
        evidence: vec![format!("{}: {}", word.field, word.says)],
        fix: Fix {
            says: "Mend the proofs of origin first; then shorten the message to plain words and few links, send it from an address that only sends this kind, and give a new one.".to_owned(),
            paste: None,
            minutes: 60,
            after: vec!["mail.spf".to_owned(), "mail.dkim".to_owned(), "mail.dmarc".to_owned()],
        },
    }
}

/// It lay about on the way.
pub(super) fn slow(what: &str, seen: &MessageSeen, seconds: i64, wait: Wait) -> Finding {
    let held = seen.hops.iter().filter(|hop| hop.seconds.is_some()).max_by_key(|hop| hop.seconds);
    let at = held.and_then(|hop| hop.by.as_deref()).unwrap_or("one of the servers");
    let longest = held.and_then(|hop| hop.seconds).unwrap_or_default();
    Finding {
        subject: what.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Medium,
        says: format!("The {what} took {} on the way; {}.", minutes(seconds), wait.says()),
        evidence: vec![format!("{longest} s of it before {at} took it, by the servers' own clocks")],
        fix: Fix {
            says: format!(
                "Ask whoever runs the server before {at} why mail waits there: a full queue, or a receiver that answers \"try again later\"; send such messages at once and apart from newsletters."
            ),
            paste: None,
            minutes: 30,
            after: vec![],
        },
    }
}

/// A time as a person says it.
pub(in super::super) fn minutes(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} seconds"),
        _ => format!("{} minutes", (seconds + 30) / 60),
    }
}

fn reason(seen: &MessageSeen) -> String {
    let own = seen.dkim.iter().find(|one| seen.belongs(&one.domain));
    match (own, seen.dkim.first()) {
        _ if seen.from.is_none() => "its header names no author, or more than one".to_owned(),
        (Some(one), _) if one.result == DkimResult::Pass => {
            format!("it is signed by {}, and the policy asks for exactly the domain in From", one.domain)
        }
        (Some(one), _) => format!("its signature fails, as {}", one.says),
        (None, Some(other)) => format!("its signature is that of {}, not yours", other.domain),
        (None, None) => "it carries no signature".to_owned(),
    }
}

fn evidence(seen: &MessageSeen) -> Vec<String> {
    let mut lines = vec![format!("From: {}", seen.from.as_deref().unwrap_or("not exactly one mailbox"))];
    lines.extend(
        seen.dkim
            .iter()
            .take(4)
            .map(|one| format!("DKIM {} {} (selector {})", one.result.word(), one.domain, one.selector)),
    );
    lines.extend(seen.spf.as_ref().map(|spf| format!("SPF {} {} from {}", spf.result, spf.domain, spf.ip)));
    lines.push(format!("DMARC {}", seen.dmarc.word()));
    lines
}

/// The service that sent it, by the domains that it proves of its own.
fn service(seen: &MessageSeen) -> Option<&'static spf::Sender> {
    let signed = seen.dkim.iter().map(|one| one.domain.as_str());
    let returned = seen.spf.iter().map(|spf| spf.domain.as_str());
    let greeted = seen.hops.iter().filter_map(|hop| hop.from.as_deref());
    signed.chain(returned).chain(greeted).find_map(spf::of_domain)
}
