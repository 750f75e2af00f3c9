//! http.rate_limit: whoever tries again and again at a form is slowed down.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Burst, BurstEnd};
use crate::{Case, Unseen, Why};

/// http.rate_limit.
pub static CHECK: Check = Check {
    id: "http.rate_limit",
    title: "Login and forms slow down whoever tries too often",
    why: "Robots try millions of stolen passwords; where nothing slows them down, some of your customers' accounts open.",
    needs: &[Need::Consent],
    concern: Concern::Data,
    covers: "The login, reset and other forms that you named, or the log-in form that was found, on hosts whose owner agreed: at most thirty tries in a row with an address at probe.invalid, which no mail can reach (RFC 6761), and never one more after the first limit. What slows down only many addresses at once is not seen.",
    ask: None,
    refs: &["RFC 6585 §4", "OWASP ASVS 2.2.1", "CWE-307", "RFC 6761 §6.4"],
    judge,
};

/// Tries after which it counts that nothing happened.
const ENOUGH: u8 = 10;
/// An answer that takes this many times as long as the first, and this many milliseconds, is a brake as well.
const SLOWER: u32 = 5;
const SLOW: u32 = 2_000;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    if case.facts.bursts.is_empty() {
        if let Some(reason) = case.without_login() {
            return Ok(Verdict::NotApplicable(reason));
        }
        return Err(Unseen {
            what: "forms".to_owned(),
            why: Why::NotAnswered,
            says: "no log-in form was found, and none was named".to_owned(),
            way: "name the address that the log-in form is sent to, or by --place login=/path in the terminal"
                .to_owned(),
        });
    }
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    for (url, fact) in &case.facts.bursts {
        match fact.seen().and_then(|burst| judged(url, burst)) {
            Ok(Ok(line)) => proof.push(line),
            Ok(Err(finding)) => findings.push(finding),
            Err(why) => unseen.push(why),
        }
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn judged(url: &str, burst: &Burst) -> Result<Result<String, Finding>, Unseen> {
    let tries = burst.statuses.len();
    let unseen = |why, says: String, way: &str| Err(Unseen { what: url.to_owned(), why, says, way: way.to_owned() });
    let limited = |how: String| Ok(Ok(format!("{url}: {how} at try {tries}")));
    let early = tries < 2 && !matches!(burst.end, BurstEnd::Unfit | BurstEnd::Elsewhere { .. } | BurstEnd::Cap);
    if early {
        let says = "it refused the very first try, so what it does with the second was not seen".to_owned();
        let why = if burst.end == BurstEnd::Challenged { Why::Challenged } else { Why::Busy };
        return unseen(why, says, "wait an hour, then run this check again");
    }
    match &burst.end {
        BurstEnd::Limited { retry_after: Some(wait) } => limited(format!("429, come back in {wait} s,")),
        BurstEnd::Limited { retry_after: None } => limited("429 without Retry-After".to_owned()),
        BurstEnd::Challenged => limited("a bot challenge".to_owned()),
        BurstEnd::Locked => limited("423, locked".to_owned()),
        BurstEnd::Barred => limited(format!("shut out with {}", burst.statuses.last().unwrap_or(&403))),
        BurstEnd::Cap if burst.last_ms >= SLOW && burst.last_ms / SLOWER >= burst.first_ms => {
            limited(format!("answers slowed down from {} to {} ms", burst.first_ms, burst.last_ms))
        }
        BurstEnd::Cap if burst.cap.count() < ENOUGH => {
            let says = format!("{tries} tries were agreed to, which is too few to see a limit");
            unseen(Why::TooFew, says, "agree to thirty tries, then run this check again")
        }
        BurstEnd::Cap => Ok(Err(open(url, burst))),
        BurstEnd::Unavailable => unseen(
            Why::Busy,
            format!(
                "at try {tries} it said that it is not available (503): nginx limits this way, and so does an overloaded server"
            ),
            "let the limit answer with 429 (nginx: limit_req_status 429;), then run this check again",
        ),
        BurstEnd::Unfit => unseen(
            Why::Beyond,
            format!("the form takes no tries from a program (HTTP {})", burst.statuses.last().unwrap_or(&0)),
            "try a wrong password ten times by hand, and see whether it slows you down",
        ),
        BurstEnd::Elsewhere { host } => unseen(
            Why::NoConsent,
            format!("the form hands over to {host}, which nobody agreed to"),
            "record who agreed to it for that host, if it is part of the product",
        ),
    }
}

fn open(url: &str, burst: &Burst) -> Finding {
    let (grade, severity, what) = match burst.form.as_str() {
        "login" => (Grade::Fail, Severity::High, "passwords can be guessed there without end"),
        "reset" => (Grade::Fail, Severity::Medium, "anybody can have it send mail without end"),
        _ => (Grade::Warn, Severity::Medium, "robots can fill it without end"),
    };
    let tries = burst.statuses.len();
    let last = burst.statuses.last().unwrap_or(&0);
    Finding {
        subject: url.to_owned(),
        grade,
        severity,
        says: format!("{url} took {tries} tries in a row without slowing down: {what}."),
        evidence: vec![
            format!("POST {url}, {tries} times ({}) → {last} each time, no 429, no challenge", burst.sent),
            format!("{} agreed to {} tries", burst.by, burst.cap.count()),
        ],
        fix: Fix {
            says: "Limit tries by address of the visitor and by account, and answer 429 with Retry-After. At nginx, paste the first line into the http block and the rest into the server block.".to_owned(),
            paste: Some(format!(
                "limit_req_zone $binary_remote_addr zone=tries:10m rate=10r/m;\n\nlocation = {} {{\n    limit_req zone=tries burst=5 nodelay;\n    limit_req_status 429;\n}}",
                url::Url::parse(url).map(|url| url.path().to_owned()).unwrap_or_else(|_| "/login".to_owned())
            )),
            minutes: 60,
            after: vec![],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::{Grade, Severity, Status};
    use crate::facts::{Burst, BurstEnd, Cap, Facts};
    use crate::testing::{findings, healthy, judge, seen, status, unseen};

    const URL: &str = "https://app.example.com/session";

    fn burst(form: &str, tries: usize, end: BurstEnd) -> Facts {
        let text = str::to_owned;
        let burst = Burst {
            form: text(form),
            sent: text("a wrong password"),
            by: text("Ada"),
            cap: Cap::MOST,
            statuses: vec![401; tries],
            first_ms: 80,
            last_ms: 90,
            end,
        };
        let mut facts = healthy();
        facts.bursts.insert(URL.to_owned(), seen(burst));
        facts
    }

    #[test]
    fn every_kind_of_brake_passes() {
        for end in [
            BurstEnd::Limited { retry_after: Some(60) },
            BurstEnd::Limited { retry_after: None },
            BurstEnd::Challenged,
            BurstEnd::Locked,
            BurstEnd::Barred,
        ] {
            assert_eq!(status(&CHECK, &burst("login", 6, end.clone())), Status::Pass, "{end:?}");
            assert_eq!(status(&CHECK, &burst("login", 1, end.clone())), Status::CouldNotTell, "{end:?}");
        }
        let mut slowed = burst("login", 30, BurstEnd::Cap);
        if let Some(crate::Fact::Seen { value, .. }) = slowed.bursts.get_mut(URL) {
            value.last_ms = 4_000;
        }
        assert_eq!(status(&CHECK, &slowed), Status::Pass);
    }

    #[test]
    fn tries_without_end_are_found() {
        for (form, grade, severity) in [
            ("login", Grade::Fail, Severity::High),
            ("reset", Grade::Fail, Severity::Medium),
            ("form", Grade::Warn, Severity::Medium),
        ] {
            let found = findings(&CHECK, &burst(form, 30, BurstEnd::Cap));
            assert_eq!((found[0].grade, found[0].severity), (grade, severity));
        }
    }

    #[test]
    fn what_says_nothing_is_not_judged() {
        let elsewhere = BurstEnd::Elsewhere { host: "id.test".to_owned() };
        for (end, why) in
            [(BurstEnd::Unavailable, Why::Busy), (BurstEnd::Unfit, Why::Beyond), (elsewhere, Why::NoConsent)]
        {
            let Ok(crate::Verdict::Judged { unseen, findings, .. }) = judge(&CHECK, &burst("login", 3, end)) else {
                panic!()
            };
            assert!(findings.is_empty() && unseen[0].why == why);
        }
        let mut few = burst("login", 5, BurstEnd::Cap);
        if let Some(crate::Fact::Seen { value, .. }) = few.bursts.get_mut(URL) {
            value.cap = Cap::try_from(5).unwrap();
        }
        assert_eq!(status(&CHECK, &few), Status::CouldNotTell);
        few.bursts.insert(URL.to_owned(), unseen(Why::NoConsent));
        assert_eq!(status(&CHECK, &few), Status::CouldNotTell);
        assert_eq!(judge(&CHECK, &healthy()).unwrap_err().why, Why::NotAnswered);
        assert!(Cap::try_from(31).is_err() && Cap::try_from(0).is_err());
        assert!(serde_json::from_str::<Cap>("200").is_err());
    }
}
