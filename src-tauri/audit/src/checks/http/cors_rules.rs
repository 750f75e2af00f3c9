//! The rules of http.cors for one address: whom it allows, and with what.

use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::Exchange;

/// In whose name an address was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asker {
    Any,
    Null,
    Suffix,
    Prefix,
}

/// What an answer allows its asker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    /// Whether everybody is named rather than the asker.
    everybody: bool,
    credentials: bool,
}

/// What the asker may do, where it may do anything.
pub(super) fn allowed(answer: &Exchange) -> Option<Allowed> {
    let mut lines = answer.header("access-control-allow-origin");
    let (first, second) = (lines.next()?.trim(), lines.next());
    let credentials = answer.header("access-control-allow-credentials").any(|value| value.trim() == "true");
    let named = second.is_none() && asked(answer) == Some(first);
    (named || first == "*").then_some(Allowed { everybody: first == "*", credentials })
}

fn asked(answer: &Exchange) -> Option<&str> {
    answer.sent.iter().find(|header| header.name == "origin").map(|header| header.value.as_str())
}

fn varies(answer: &Exchange) -> bool {
    let words = answer.header("vary").flat_map(|value| value.split(','));
    words.map(str::trim).any(|word| word == "*" || word.eq_ignore_ascii_case("origin"))
}

/// Whether nobody on the way may keep the answer.
fn kept_nowhere(answer: &Exchange) -> bool {
    answer.header("cache-control").any(|value| {
        let value = value.to_ascii_lowercase();
        value.contains("no-store") || value.contains("private")
    })
}

/// Proof lines of one address.
pub(super) fn seen(url: &str, answers: &[(Asker, &Exchange)], own: Option<&Exchange>) -> Vec<String> {
    let all = answers.iter().map(|(_, answer)| *answer).chain(own);
    let lines: Vec<String> = all.filter(|answer| allowed(answer).is_some()).map(line).collect();
    match lines.is_empty() {
        true if answers.is_empty() => vec![],
        true => vec![format!("{url} allows no foreign origin ({} questions)", answers.len())],
        false => lines,
    }
}

fn line(answer: &Exchange) -> String {
    let value = |name: &str| answer.header(name).collect::<Vec<_>>().join(", ");
    let mut line = format!(
        "{} {} with Origin: {} → {} access-control-allow-origin: {}",
        answer.method,
        answer.url,
        asked(answer).unwrap_or("(none)"),
        answer.status,
        value("access-control-allow-origin")
    );
    for name in ["access-control-allow-credentials", "vary"] {
        if answer.header(name).next().is_some() {
            line.push_str(&format!("; {name}: {}", value(name)));
        }
    }
    line
}

/// Findings of one address, the gravest kind of each only.
pub(super) fn broken(apex: &str, url: &str, answers: &[(Asker, &Exchange)], own: Option<&Exchange>) -> Vec<Finding> {
    let tell = |grade, severity, says: String, answer: &Exchange| finding(apex, url, grade, severity, says, answer);
    let named = |asker: Asker, with: bool| {
        let by = answers.iter().filter(|(who, _)| *who == asker).map(|(_, answer)| *answer);
        by.into_iter()
            .find(|answer| allowed(answer).is_some_and(|allowed| !allowed.everybody && allowed.credentials == with))
    };
    let mut found = Vec::new();
    if let Some(answer) = named(Asker::Any, true) {
        let says = format!(
            "Any website may read {url} in the name of a signed-in visitor, because it allows whoever asks and lets cookies along."
        );
        found.push(tell(Grade::Fail, Severity::Critical, says, answer));
    } else {
        for (asker, what) in [
            (Asker::Suffix, "domains that merely begin like yours"),
            (Asker::Prefix, "domains that merely end like yours"),
        ] {
            if let Some(answer) = named(asker, true) {
                let says = format!(
                    "{url} takes {what} for you and lets cookies along; anybody can register one and read your customers' data."
                );
                found.push(tell(Grade::Fail, Severity::High, says, answer));
            } else if let Some(answer) = named(asker, false).filter(|_| named(Asker::Any, false).is_none()) {
                let says = format!("{url} takes {what} for you; so far it lets no cookies along.");
                found.push(tell(Grade::Warn, Severity::Low, says, answer));
            }
        }
        if let Some(answer) = named(Asker::Null, true) {
            let says = format!(
                "{url} trusts the origin \"null\", which any website can take on in a sandboxed frame, and lets cookies along."
            );
            found.push(tell(Grade::Fail, Severity::High, says, answer));
        }
    }
    let everybody = answers
        .iter()
        .map(|(_, answer)| *answer)
        .find(|answer| allowed(answer).is_some_and(|a| a.everybody && a.credentials));
    if let Some(answer) = everybody {
        let says = format!(
            "{url} allows everybody (*) and cookies at once; browsers refuse that, so calls that need the login fail."
        );
        found.push(tell(Grade::Warn, Severity::Low, says, answer));
    }
    let reflected = answers.iter().map(|(_, answer)| *answer).chain(own).filter(|answer| answer.method == "GET");
    let careless = reflected.into_iter().find(|answer| {
        allowed(answer).is_some_and(|allowed| !allowed.everybody) && !varies(answer) && !kept_nowhere(answer)
    });
    if let Some(answer) = careless {
        let says = format!(
            "{url} names the asking site without telling caches that the answer depends on it (Vary: Origin), so a cache can give one site's answer to another."
        );
        let mut finding = tell(Grade::Warn, Severity::Low, says, answer);
        finding.fix = Fix {
            says: "Send Vary: Origin wherever the allowed origin depends on who asks.".to_owned(),
            paste: Some("Vary: Origin".to_owned()),
            minutes: 10,
            after: vec![],
        };
        found.push(finding);
    }
    found
}

fn finding(apex: &str, url: &str, grade: Grade, severity: Severity, says: String, answer: &Exchange) -> Finding {
    Finding {
        subject: url.to_owned(),
        grade,
        severity,
        says,
        evidence: vec![line(answer)],
        fix: Fix {
            says: "Compare the whole Origin with a list of your own sites, and answer nothing to others. In Express with the package cors, paste this; in nginx a map of $http_origin with whole names does the same.".to_owned(),
            paste: Some(format!(
                "app.use(cors({{ origin: ['https://{apex}', 'https://app.{apex}'], credentials: true }}));"
            )),
            minutes: 30,
            after: vec![],
        },
    }
}
