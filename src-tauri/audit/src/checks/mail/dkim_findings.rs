//! What mail.dkim can find wrong with a key, in words and with the record to paste.

use super::Found;
use crate::Case;
use crate::check::{Finding, Fix, Grade, Severity};
use crate::read::dkim::{self, Key, Kind};
use crate::read::spf::line;
use crate::read::text::clean;

/// Everything that is wrong with what stands under one selector; `other` says that another key can sign.
pub(super) fn findings(found: &Found<'_>, other: bool) -> Vec<Finding> {
    use {
        Grade::{Fail, Warn},
        Severity::{High, Medium},
    };
    let name = &found.name;
    let renew = "Create a new key of 2048 bits in the settings of the mail service that uses this selector, publish it, and remove the old one after a week.";
    let mut list: Vec<(Grade, Severity, String, &str)> = vec![];
    match &found.key {
        Err(error) => list.push((
            Fail,
            Medium,
            format!("The DKIM key at {name} is not valid: {error}."),
            "Copy the record again from the settings of your mail service; it must be one TXT record without changes.",
        )),
        Ok(Key { kind: Kind::Rsa(bits @ ..1024), .. }) => list.push((
            Fail,
            High,
            format!("The DKIM key at {name} has {bits} bits: it can be broken, and receivers ignore it."),
            renew,
        )),
        Ok(Key { kind: Kind::Rsa(bits @ ..2048), .. }) => {
            list.push((Warn, Medium, format!("The DKIM key at {name} has {bits} bits; 2048 are advised."), renew))
        }
        Ok(Key { kind: Kind::Revoked, .. }) if other => list.push((
            Warn,
            Medium,
            format!("The DKIM key at {name} is revoked; mail that is still signed with it fails."),
            "If a service still signs with this selector, publish its present key there; else remove the record.",
        )),
        Ok(Key { kind: Kind::Revoked, .. }) => list.push((
            Fail,
            High,
            format!("The DKIM key at {name} is revoked and no other was found, so signatures fail."),
            "Publish the present key from the settings of your mail service.",
        )),
        Ok(_) => {}
    }
    if let Ok(key) = &found.key {
        if key.testing {
            list.push((
                Warn,
                Medium,
                format!(
                    "The DKIM key at {name} is marked as a test (t=y), so receivers may treat signed mail as unsigned."
                ),
                "Take t=y out of the record once signing works.",
            ));
        }
        if !key.sha256 {
            list.push((
                Fail,
                Medium,
                format!("The DKIM key at {name} allows only SHA-1, which receivers no longer accept."),
                "Take the h= part out of the record.",
            ));
        }
    }
    // A record at the end of an alias is the service's own and cannot be edited here.
    let own = found.answer.aliases().next().is_none();
    list.into_iter()
        .map(|(grade, severity, says, how)| Finding {
            subject: name.clone(),
            grade,
            severity,
            says,
            evidence: vec![format!("{name} TXT {}", clean(&found.text, 500))],
            fix: Fix {
                says: how.to_owned(),
                paste: cleaned(found).filter(|_| own && how.starts_with("Take")),
                minutes: 20,
                after: vec![],
            },
        })
        .collect()
}

/// Proof that nobody can sign in the name of the domain.
pub(super) fn no_key(case: &Case<'_>, witness: String) -> Finding {
    Finding {
        subject: format!("_domainkey.{}", case.apex()),
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!("There is no DKIM key below {}, so mail cannot be signed in its name and lands in spam more often.", case.apex()),
        evidence: vec![witness],
        fix: Fix {
            says: "Switch DKIM on in the settings of your mail service, with a key of 2048 bits, and publish the record that it shows.".to_owned(),
            paste: None,
            minutes: 20,
            after: vec![],
        },
    }
}

/// More than one key under a selector: which one counts is left open (RFC 6376 §3.6.2.2).
pub(super) fn two_keys(found: &Found<'_>) -> Finding {
    Finding {
        subject: found.name.clone(),
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!("{} holds more than one DKIM key, so receivers check mail against either of them.", found.name),
        evidence: found
            .answer
            .texts()
            .take(4)
            .map(|text| format!("{} TXT {}", found.name, clean(&text, 300)))
            .collect(),
        fix: Fix {
            says: "Remove all but the key that your mail service shows in its settings.".to_owned(),
            paste: None,
            minutes: 10,
            after: vec![],
        },
    }
}

/// The record without test mark and without limits to its hashes.
fn cleaned(found: &Found<'_>) -> Option<String> {
    let tags = dkim::tags(&found.text)?;
    let kept: Vec<String> =
        tags.iter().filter(|(tag, _)| tag != "t" && tag != "h").map(|(tag, value)| format!("{tag}={value}")).collect();
    Some(line(&found.name, 3600, &clean(&kept.join("; "), 4000)))
}
