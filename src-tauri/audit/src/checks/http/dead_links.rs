//! http.dead_links: no link on the front page leads nowhere.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Exchange;
use crate::{Case, Unseen, Why};

/// http.dead_links.
pub static CHECK: Check = Check {
    id: "http.dead_links",
    title: "No link on the front page leads nowhere",
    why: "A dead link on the first page tells visitors that nobody looks after the product.",
    needs: &[Need::Public],
    concern: Concern::Trust,
    covers: "The first forty links of the front page, each followed over at most three redirects; sites that turn robots away are not judged.",
    ask: None,
    refs: &["RFC 9110 §15.5.5, §15.5.11"],
    judge,
};

/// Links followed at most; the looker stops there.
const MOST: usize = 40;
/// Redirects followed of one link.
const MOVES: usize = 3;

enum Leads<'a> {
    Somewhere,
    Nowhere { at: &'a str, saw: String },
    Unknown(Unseen),
}

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (home, page) = case.home()?;
    let (mut alive, mut findings, mut unseen) = (0, vec![], vec![]);
    let links = page.linked.pages.iter().filter(|url| **url != home.url && url.starts_with("http"));
    for url in links.take(MOST) {
        match follow(case, url) {
            Leads::Somewhere => alive += 1,
            Leads::Nowhere { at, saw } => findings.push(finding(case, url, at, saw)),
            // Strangers that are slow or shy today are no blind spot of this site.
            Leads::Unknown(why) if case.ours(url) => unseen.push(why),
            Leads::Unknown(_) => {}
        }
    }
    Ok(Verdict::judged(vec![format!("{alive} links of {} lead somewhere", home.url)], findings, unseen))
}

fn follow<'a>(case: &Case<'a>, url: &'a str) -> Leads<'a> {
    let mut at = url;
    for _ in 0..=MOVES {
        match case.exchange("link", at) {
            Ok(exchange) => match &exchange.location {
                Some(to) => at = to,
                None => return end(exchange, at),
            },
            // The name has no address at all: nothing can answer there.
            Err(why) if why.why == Why::Depends => return Leads::Nowhere { at, saw: why.says },
            Err(why) => return Leads::Unknown(why),
        }
    }
    Leads::Somewhere
}

fn end<'a>(exchange: &Exchange, at: &'a str) -> Leads<'a> {
    match exchange.status {
        404 | 410 => Leads::Nowhere { at, saw: format!("GET {at} → {}", exchange.status) },
        _ => Leads::Somewhere,
    }
}

fn finding(case: &Case<'_>, url: &str, at: &str, saw: String) -> Finding {
    let own = case.ours(url);
    let way = if at == url { String::new() } else { format!(" (over {at})") };
    Finding {
        subject: url.to_owned(),
        grade: Grade::Warn,
        severity: if own { Severity::Medium } else { Severity::Low },
        says: format!("The front page links to {url}{way}, and there is nothing."),
        evidence: vec![saw],
        fix: Fix {
            says: "Take the link off the front page, correct it, or put the page back.".to_owned(),
            paste: None,
            minutes: 10,
            after: vec![],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::{Severity, Status};
    use crate::facts::Facts;
    use crate::testing::{chain_at, exchange, findings, healthy, put, status, unseen};

    fn site(links: &[&str]) -> Facts {
        let mut facts = healthy();
        let page = chain_at(&mut facts, "https://example.com/").hops[0].page.as_mut().unwrap();
        page.linked.pages = links.iter().map(|link| (*link).to_owned()).collect();
        facts
    }

    const OWN: &str = "https://example.com/pricing";
    const OTHER: &str = "https://social.test/desk";

    #[test]
    fn links_that_lead_somewhere_pass_and_so_do_shy_strangers() {
        let mut facts = site(&[OWN, OTHER]);
        let mut moved = exchange(OWN, 301, b"");
        moved.location = Some("https://example.com/plans".to_owned());
        put(&mut facts, "link", moved);
        put(&mut facts, "link", exchange("https://example.com/plans", 200, b"x"));
        for answer in [exchange(OTHER, 403, b""), exchange(OTHER, 999, b"")] {
            put(&mut facts, "link", answer);
            assert_eq!(status(&CHECK, &facts), Status::Pass);
        }
        facts.exchanges.insert(format!("link {OTHER}"), unseen(Why::Challenged));
        assert_eq!(status(&CHECK, &facts), Status::Pass);
    }

    #[test]
    fn missing_pages_and_hosts_without_address_are_told() {
        let mut facts = site(&[OWN, OTHER]);
        put(&mut facts, "link", exchange(OWN, 404, b""));
        facts.exchanges.insert(format!("link {OTHER}"), unseen(Why::Depends));
        let severities: Vec<_> = findings(&CHECK, &facts).iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Medium, Severity::Low]);
    }

    #[test]
    fn silence_is_not_judged() {
        let mut facts = site(&[OWN]);
        facts.exchanges.insert(format!("link {OWN}"), unseen(Why::Timeout));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
