//! auth.anonymous: what belongs to a customer is not shown to whoever is not signed in.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::read::door::{self, Door};
use crate::read::place::{Kind, Place};
use crate::{Case, Unseen, Why};

/// auth.anonymous.
pub static CHECK: Check = Check {
    id: "auth.anonymous",
    title: "Customer data stays closed to anyone who is not signed in",
    why: "One customer's figures shown to a stranger can end a small company in a day.",
    needs: &[Need::Auth],
    concern: Concern::Data,
    covers: "The addresses that you named as behind the login (up to eight of a kind): each is asked for once without a session and, where one was given, once with it; only when both answers show the same data is that a failure. A public page or an empty frame that scripts fill is none.",
    ask: None,
    refs: &["RFC 9110 §15.5.2, §15.5.4", "OWASP ASVS 4.1.1", "CWE-306"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    if let Some(reason) = case.without_login() {
        return Ok(Verdict::NotApplicable(reason));
    }
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    for place in case.places(&[Kind::Admin, Kind::Data, Kind::List])? {
        let stranger = case.visit("anonymous", &place);
        match stranger.and_then(|stranger| door::of(&place, stranger, case.visit("signed-in", &place))) {
            Ok(Door::Shut(how)) => proof.push(format!("{} without a session: {how}", place.url)),
            Ok(Door::Open(by)) if place.named => findings.push(open(&place, &by)),
            Ok(Door::Open(by)) => unseen.push(Unseen {
                what: place.url.to_string(),
                why: Why::NotAnswered,
                says: format!("it answers the same without signing in ({by}), and nobody said whether it should"),
                way: "name it as an address with customer data if it must be closed".to_owned(),
            }),
            Err(why) => unseen.push(why),
        }
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn open(place: &Place, by: &str) -> Finding {
    let what = match place.kind {
        Kind::Admin => "The administrators' address",
        _ => "Customer data at",
    };
    Finding {
        subject: place.url.to_string(),
        grade: Grade::Fail,
        severity: Severity::Critical,
        says: format!("{what} {} is shown to anybody, without signing in.", place.url),
        evidence: vec![
            format!("GET {} without cookie or token → {by}", place.url),
            "the same address with your session shows the same".to_owned(),
        ],
        fix: Fix {
            says: "Check the session on the server before this address answers anything, best in one place for all addresses of the signed-in area. Until that is done, paste this at nginx to close it to everybody.".to_owned(),
            paste: Some(format!("location = {} {{\n    return 401;\n}}", place.url.path())),
            minutes: 60,
            after: vec![],
        },
    }
}

#[cfg(test)]
#[path = "anonymous_tests.rs"]
mod tests;
