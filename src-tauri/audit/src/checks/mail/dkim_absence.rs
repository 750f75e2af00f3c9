//! What mail.dkim says when no key was found: proof that there is none, or why that cannot be told.

use crate::facts::Rcode;
use crate::read::spf;
use crate::{Case, Unseen, Why};

/// The name that all keys are below.
pub(super) fn parent(case: &Case<'_>) -> String {
    format!("_domainkey.{}", case.apex())
}

/// Whether the domain's own SPF record allows nobody.
pub(super) fn sends_nothing(case: &Case<'_>) -> bool {
    let texts = case.dns(case.apex(), "TXT").map(|answer| answer.texts().collect::<Vec<_>>()).unwrap_or_default();
    let mut records = texts.iter().filter_map(|text| spf::parse(text).ok());
    records.any(|record| record.reached().count() == 1 && record.all() == Some(spf::Qualifier::Fail))
}

/// A sign that the name servers tell a name without records from one that does not exist. Some say NXDOMAIN to both, and then
/// nothing can be concluded from it for the names below (RFC 8020 §2).
pub(in crate::checks::mail) fn honest(case: &Case<'_>) -> Option<String> {
    [("_smtp", "_tls"), ("default", "_bimi")].into_iter().find_map(|(child, parent)| {
        let parent = format!("{parent}.{}", case.apex());
        let below = case.dns(&format!("{child}.{parent}"), "TXT").is_ok_and(|answer| !answer.records.is_empty());
        let empty = case.dns(&parent, "TXT").is_ok_and(|it| it.rcode == Rcode::NoError && it.records.is_empty());
        (below && empty).then(|| {
            format!(
                "the name servers say that {} does not exist, and do not say so of {parent}, which is empty too",
                self::parent(case)
            )
        })
    })
}

pub(super) fn doubtful(case: &Case<'_>) -> Unseen {
    Unseen {
        what: format!("DKIM keys of {}", case.apex()),
        why: Why::Beyond,
        says: format!(
            "the name servers say that nothing exists below {}; most mean that there is no key, some say it of every name without records",
            parent(case)
        ),
        way: "look into the settings of your mail service whether it signs mail, and publish the key that it shows"
            .to_owned(),
    }
}

pub(super) fn none(case: &Case<'_>, asked: usize, silent: Option<Unseen>) -> Unseen {
    let what = format!("DKIM keys of {}", case.apex());
    let way = "look up the selector in the settings of your mail service, or read s= in the DKIM-Signature header of a message that you received from this domain".to_owned();
    match silent {
        Some(unseen) => Unseen {
            what,
            says: format!("no key was found, and some selectors gave no answer: {}", unseen.says),
            ..unseen
        },
        None if asked == 0 => Unseen {
            what,
            why: Why::NotLooked,
            says: "no selector was asked for in this run".to_owned(),
            way: "run the audit".to_owned(),
        },
        None => Unseen {
            what,
            why: Why::Beyond,
            says: format!("there is no key under the {asked} selector names we know; that does not mean there is none"),
            way,
        },
    }
}
