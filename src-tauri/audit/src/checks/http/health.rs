//! http.health: an address tells whether the product is well, and nothing else.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Exchange;
use crate::read::caching::Caching;
use crate::read::health;
use crate::{Case, Unseen, Why};

/// http.health.
pub static CHECK: Check = Check {
    id: "http.health",
    title: "The health address is green only while the database and the rest work",
    why: "Monitoring asks this address each minute: if it is always green, your customers find the outage before you do.",
    needs: &[Need::Public],
    concern: Concern::Reach,
    covers: "The usual health addresses on the host of the front page, with the session where they are behind a login and one was given: what they say of parts that are down, what they give away, and whether a cache may keep the answer. Whether green means that the database was asked shows only when it says so.",
    ask: None,
    refs: &["RFC 9110 §15.6.4", "RFC 9111 §3", "CWE-200"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    case.home()?;
    let control = case.nonsense()?;
    let (mut proof, mut findings, mut unseen, mut kept) = (vec![], vec![], vec![], vec![]);
    for (url, exchange) in case.exchanges("health") {
        match exchange {
            Ok(exchange) if tells(exchange, control) => {
                let named = if has(exchange, "health-names-dependency") { "names its parts" } else { "names no part" };
                proof.push(format!("GET {url} → {}, {named}", exchange.status));
                findings.extend(broken(exchange));
            }
            Ok(exchange) if health::kept(exchange) => kept.push(url),
            Ok(_) => {}
            Err(why) if unseen.iter().all(|known: &Unseen| known.why != why.why) => unseen.push(why),
            Err(_) => {}
        }
    }
    for (url, exchange) in case.exchanges("health-signed-in") {
        match exchange {
            Ok(exchange) if tells(exchange, control) => {
                proof.push(format!("GET {url} with the session → {}", exchange.status));
                findings.extend(broken(exchange));
            }
            Ok(_) => {}
            Err(why) if unseen.iter().all(|known: &Unseen| known.why != why.why) => unseen.push(why),
            Err(_) => {}
        }
    }
    // Without a session, every address of a site that is closed as a whole looks alike.
    let closed = health::kept(control);
    if let (true, true, Some(url), false) = (proof.is_empty(), unseen.is_empty(), kept.first(), closed) {
        let sent = case.exchange("health-signed-in", url).is_ok();
        let says = if sent { "it shows no health with the session either" } else { "it is behind a login" };
        return Err(Unseen {
            what: (*url).to_owned(),
            why: Why::NoSession,
            says: says.to_owned(),
            way: "give a session for this host, or let monitors ask it without one".to_owned(),
        });
    }
    if proof.is_empty() && unseen.is_empty() {
        return Err(Unseen {
            what: "health address".to_owned(),
            why: Why::NotAnswered,
            says: "none of the usual health addresses answers".to_owned(),
            way: "add an address such as /health that asks the database and answers 200 or 503".to_owned(),
        });
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn has(exchange: &Exchange, sign: &str) -> bool {
    exchange.body.signs.iter().any(|other| other == sign)
}

/// Whether this is a health address and not the answer to everything.
fn tells(exchange: &Exchange, control: &Exchange) -> bool {
    exchange.status == 200 && has(exchange, "health") && exchange.body.sha256 != control.body.sha256
}

fn broken(exchange: &Exchange) -> Vec<Finding> {
    let leaks: [(&str, Grade, Severity, &str); 4] = [
        ("leak-connection", Grade::Fail, Severity::High, "the address of a database, often with its password"),
        ("leak-environment", Grade::Fail, Severity::High, "settings of the server"),
        ("leak-internal-host", Grade::Warn, Severity::Medium, "names or addresses of inner machines"),
        ("leak-version", Grade::Warn, Severity::Low, "exact versions of the software"),
    ];
    // People who are signed in may well see versions and hosts, but never a password.
    let meant = |sign: &&str| exchange.signed_in && matches!(*sign, "leak-internal-host" | "leak-version");
    let mut found: Vec<Finding> = leaks
        .iter()
        .filter(|(sign, ..)| has(exchange, sign) && !meant(sign))
        .map(|(sign, grade, severity, what)| {
            let whom = if exchange.signed_in { "everybody who is signed in" } else { "everybody" };
            let says = format!("{} tells {whom} {what}.", exchange.url);
            let how = "Answer strangers with the status alone; keep the details for people who are signed in.";
            finding(exchange, *grade, *severity, says, sign, how, Some("{\"status\":\"ok\"}"))
        })
        .collect();
    if has(exchange, "health-down") {
        let says = format!("{} answers 200 although it says that a part is down, so no monitor notices.", exchange.url);
        let how = "Answer with status 503 while a part that the product needs is down.";
        found.push(finding(exchange, Grade::Fail, Severity::High, says, "health-down", how, None));
    }
    let caching = Caching::of(&exchange.headers);
    let bearer = exchange.sent.iter().any(|header| header.name == "authorization");
    if caching.shared_may_reuse(exchange.status, bearer) {
        let says = format!("A cache may keep the answer of {}, so an outage can look green.", exchange.url);
        let line = exchange.header("cache-control").next().unwrap_or("no cache-control").to_owned();
        let how = "Forbid caches to keep the answer. At nginx, paste this into the location.";
        let paste = Some("add_header Cache-Control \"no-store\" always;");
        found.push(finding(exchange, Grade::Warn, Severity::Medium, says, &line, how, paste));
    }
    found
}

fn finding(
    exchange: &Exchange,
    grade: Grade,
    severity: Severity,
    says: String,
    saw: &str,
    how: &str,
    paste: Option<&str>,
) -> Finding {
    Finding {
        subject: exchange.url.clone(),
        grade,
        severity,
        says,
        evidence: vec![format!("GET {} → {} ({saw})", exchange.url, exchange.status)],
        fix: Fix { says: how.to_owned(), paste: paste.map(str::to_owned), minutes: 30, after: vec![] },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::{Grade, Status};
    use crate::facts::Facts;
    use crate::testing::{exchange, findings, header, healthy, judge, put, status, unseen};

    const HEALTH: &str = "https://example.com/health";

    fn site(body: &[u8], cache: &str) -> Facts {
        let mut facts = healthy();
        put(&mut facts, "nonsense", exchange("https://example.com/qx", 404, b"not here"));
        let mut answer = exchange(HEALTH, 200, body);
        answer.headers.push(header("cache-control", cache));
        put(&mut facts, "health", answer);
        facts
    }

    #[test]
    fn a_terse_answer_passes_and_none_is_a_question() {
        assert_eq!(status(&CHECK, &site(br#"{"status":"ok","database":"ok"}"#, "no-store")), Status::Pass);
        let mut facts = site(b"", "");
        facts.exchanges.remove(&format!("health {HEALTH}"));
        assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::NotAnswered);
    }

    #[test]
    fn green_lies_leaks_and_caches_are_found() {
        for (body, cache, grade) in [
            (&br#"{"status":"ok","database":"down"}"#[..], "no-store", Grade::Fail),
            (br#"{"status":"ok","db":"postgres://app:x1@db/app"}"#, "no-store", Grade::Fail),
            (br#"{"status":"ok","host":"db-1.prod.internal"}"#, "no-store", Grade::Warn),
            (br#"{"status":"ok"}"#, "public, max-age=60", Grade::Warn),
        ] {
            let found = findings(&CHECK, &site(body, cache));
            assert_eq!(found.iter().map(|finding| finding.grade).collect::<Vec<_>>(), [grade], "{found:?}");
        }
    }

    /// A health address behind a login, with what it shows to whoever is signed in.
    fn closed(body: Option<&[u8]>) -> Facts {
        let mut facts = site(b"", "");
        put(&mut facts, "health", exchange(HEALTH, 401, b"sign in first"));
        if let Some(body) = body {
            let mut answer = exchange(HEALTH, 200, body);
            answer.signed_in = true;
            answer.headers.push(header("cache-control", "no-store"));
            put(&mut facts, "health-signed-in", answer);
        }
        facts
    }

    #[test]
    fn behind_a_login_it_is_judged_by_what_the_session_sees() {
        assert_eq!(judge(&CHECK, &closed(None)).unwrap_err().why, Why::NoSession);
        let inner = br#"{"status":"ok","database":"ok","host":"db-1.prod.internal"}"#;
        assert_eq!(status(&CHECK, &closed(Some(inner))), Status::Pass);
        assert!(findings(&CHECK, &closed(Some(br#"{"status":"ok","database":"down"}"#)))[0].says.contains("is down"));
        let open = findings(&CHECK, &closed(Some(br#"{"status":"ok","db":"postgres://app:x1@db/app"}"#)));
        assert!(open[0].says.contains("everybody who is signed in"));
        assert_eq!(judge(&CHECK, &closed(Some(b"<h1>Welcome</h1>"))).unwrap_err().why, Why::NoSession);
    }

    #[test]
    fn a_site_that_is_closed_as_a_whole_has_no_health_address() {
        let mut facts = closed(None);
        put(&mut facts, "nonsense", exchange("https://example.com/qx", 401, b"sign in first"));
        assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::NotAnswered);
    }

    #[test]
    fn silence_is_not_judged() {
        let mut facts = site(b"", "");
        facts.exchanges.insert(format!("health {HEALTH}"), unseen(Why::Busy));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
