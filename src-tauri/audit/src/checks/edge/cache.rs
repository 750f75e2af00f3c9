//! edge.cache: files are served from copies near the visitor.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Exchange;
use crate::read::caching::Caching;
use crate::read::edge_copy::{Copy, told};
use crate::read::provider;
use crate::{Case, Unseen, Why};

/// edge.cache.
pub static CHECK: Check = Check {
    id: "edge.cache",
    title: "Images, styles and scripts are served from copies near the visitor",
    why: "A file that crosses an ocean on each visit makes the product feel slow far away and loads your server for nothing.",
    needs: &[Need::Public],
    concern: Concern::Speed,
    covers: "Up to five own files of the front page that caches may keep, each asked for three times; what the delivery network says of its copy decides.",
    ask: None,
    refs: &["RFC 9211 §2", "RFC 9111 §5.1", "developers.cloudflare.com/cache/concepts/cache-responses"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (home, _) = case.home()?;
    let (mut proof, mut passed, mut missed, mut unseen, mut silent) = (vec![], vec![], vec![], vec![], None);
    for (url, third) in case.exchanges("third").filter(|(url, _)| case.ours(url)) {
        let third = match third {
            Ok(third) => third,
            Err(why) => {
                unseen.push(why);
                continue;
            }
        };
        let Ok(first) = case.exchange("asset", url) else { continue };
        // What the answer itself forbids to keep is the business of http.caching.
        if !Caching::of(&first.headers).shared_may_reuse(first.status, false) || third.status != 200 {
            continue;
        }
        let again = case.exchange("again", url).ok();
        match best(again, third) {
            Some((Copy::Hit, line)) => proof.push(format!("{url}: {line}")),
            Some((Copy::Miss, line)) => missed.push(format!("third GET {url} → {line}")),
            Some((Copy::Passed, line)) => passed.push(format!("third GET {url} → {line}")),
            None => silent = Some(third),
        }
    }
    let network = silent.and_then(network);
    if proof.is_empty() && passed.is_empty() && missed.is_empty() && unseen.is_empty() && network.is_none() {
        return Ok(Verdict::NotApplicable(
            "No delivery network is in front of the files, or none may keep them.".to_owned(),
        ));
    }
    unseen.extend(network.map(|name| Unseen {
        what: format!("copies at {name}"),
        why: Why::Beyond,
        says: format!("{name} does not say whether it answers from a copy"),
        way: format!("look at the cache statistics of {name}"),
    }));
    let mut findings = vec![];
    if !passed.is_empty() {
        let says =
            "The delivery network passes files on to your server each time instead of keeping copies.".to_owned();
        findings.push(finding(&home.url, Severity::Medium, says, passed));
    }
    if !missed.is_empty() {
        let says = "The delivery network has no copy of files even when they are asked for the third time.".to_owned();
        findings.push(finding(&home.url, Severity::Low, says, missed));
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

/// The better of two answers: several machines share the work, and one of them may not have the copy yet.
fn best(again: Option<&Exchange>, third: &Exchange) -> Option<(Copy, String)> {
    let of = |exchange: &Exchange| told(&exchange.headers);
    let both = [again.and_then(of), of(third)];
    let hit = both.iter().flatten().find(|(copy, _)| *copy == Copy::Hit).cloned();
    hit.or_else(|| both.into_iter().flatten().last())
}

/// The delivery network that an answer came from, by its published signs.
fn network(exchange: &Exchange) -> Option<&'static str> {
    let address = exchange.address.parse::<std::net::SocketAddr>().ok()?.ip();
    let lines: Vec<String> =
        exchange.headers.iter().map(|header| format!("{}: {}", header.name, header.value)).collect();
    let networks = provider::all().iter().filter(|provider| provider.does("cdn"));
    networks
        .into_iter()
        .find(|provider| provider.serves(address, &[], &lines).is_some())
        .map(|provider| provider.name.as_str())
}

fn finding(subject: &str, severity: Severity, says: String, evidence: Vec<String>) -> Finding {
    Finding {
        subject: subject.to_owned(),
        grade: Grade::Warn,
        severity,
        says,
        evidence,
        fix: Fix {
            says: "Let the delivery network keep files that may be kept. At Cloudflare: Caching → Cache Rules → Create rule with this expression, then Eligible for cache.".to_owned(),
            paste: Some("(http.request.uri.path.extension in {\"js\" \"css\" \"png\" \"jpg\" \"webp\" \"avif\" \"svg\" \"woff2\"})".to_owned()),
            minutes: 15,
            after: vec!["http.caching".to_owned()],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::{Severity, Status};
    use crate::facts::Facts;
    use crate::testing::{exchange, findings, header, healthy, put, status, unseen};

    const APP: &str = "https://example.com/app.js";

    fn site(cache: &str, states: [&str; 2]) -> Facts {
        let mut facts = healthy();
        for (probe, state) in [("asset", "MISS"), ("again", states[0]), ("third", states[1])] {
            let mut answer = exchange(APP, 200, b"let a=1");
            answer.headers.push(header("cache-control", cache));
            if !state.is_empty() {
                answer.headers.push(header("cf-cache-status", state));
            }
            put(&mut facts, probe, answer);
        }
        facts
    }

    const KEPT: &str = "public, max-age=31536000";

    #[test]
    fn a_copy_at_the_second_or_third_time_passes() {
        assert_eq!(status(&CHECK, &site(KEPT, ["HIT", "MISS"])), Status::Pass);
        assert_eq!(status(&CHECK, &site(KEPT, ["MISS", "HIT"])), Status::Pass);
        assert_eq!(status(&CHECK, &site("no-store", ["BYPASS", "BYPASS"])), Status::NotApplicable);
    }

    #[test]
    fn files_that_are_passed_on_or_never_kept_are_told() {
        assert_eq!(findings(&CHECK, &site(KEPT, ["DYNAMIC", "DYNAMIC"]))[0].severity, Severity::Medium);
        assert_eq!(findings(&CHECK, &site(KEPT, ["MISS", "MISS"]))[0].severity, Severity::Low);
    }

    #[test]
    fn a_network_that_says_nothing_and_silence_are_not_judged() {
        assert_eq!(status(&CHECK, &site(KEPT, ["", ""])), Status::CouldNotTell);
        let mut facts = site(KEPT, ["HIT", "HIT"]);
        facts.exchanges.insert(format!("third {APP}"), unseen(Why::Timeout));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
