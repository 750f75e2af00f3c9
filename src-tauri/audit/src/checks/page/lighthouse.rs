//! page.lighthouse: the front page scores well in Lighthouse, the browser's own test.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Category, LighthouseSeen, Mark};
use crate::{Case, Unseen, Why};
use url::Url;

/// page.lighthouse.
pub static CHECK: Check = Check {
    id: "page.lighthouse",
    title: "The front page scores well in Lighthouse, the browser's own test",
    why: "It shows what visitors with a slow phone, with a screen reader or from a search engine meet, and buyers look it up themselves.",
    needs: &[Need::Public],
    concern: Concern::Speed,
    covers: "One page as Chrome opens it without a session: marks for performance, accessibility, best practices and search engines, each good from 90 of 100. One run on one machine; the mark for performance swings by a few points.",
    ask: None,
    refs: &[],
    judge,
};

/// Marks from here on are good; below the second they are poor (developer.chrome.com/docs/lighthouse/performance/performance-scoring).
const GOOD: u8 = 90;
const POOR: u8 = 50;
/// Things that cost points which a finding shows.
const SHOWN: usize = 8;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let seen = case.lighthouse()?;
    let unseen = |says: String, way: &str| Unseen {
        what: "the report of Lighthouse".to_owned(),
        why: Why::Garbled,
        says,
        way: way.to_owned(),
    };
    let host = Url::parse(&seen.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let apex = &case.facts.target.domain;
    if !host.strip_suffix(apex.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')) {
        let says = format!("the report is about {host}, which is no part of {apex}");
        return Err(unseen(says, "give the report of a page of this product"));
    }
    if let Some(trouble) = &seen.trouble {
        let says = format!("Lighthouse could not look at {}: {trouble}", seen.url);
        return Err(unseen(
            says,
            "open the page in Chrome yourself, mend what stands in the way, and run Lighthouse again",
        ));
    }
    if seen.marks.is_empty() {
        return Err(unseen("the report holds no mark".to_owned(), "run Lighthouse with its four categories"));
    }
    let (mut proof, mut findings, mut missed) = (vec![], vec![], vec![]);
    for mark in &seen.marks {
        match mark.points {
            None => {
                let says = format!("Lighthouse gave no mark for {}", word(mark.category));
                missed.push(unseen(says, "run Lighthouse again with nothing else going on"));
            }
            Some(points) if points >= GOOD => proof.push(format!("{} of 100 for {}", points, word(mark.category))),
            Some(points) => findings.push(finding(seen, mark, points)),
        }
    }
    proof.push(told(seen));
    Ok(Verdict::judged(proof, findings, missed))
}

fn word(category: Category) -> &'static str {
    match category {
        Category::Performance => "performance",
        Category::Accessibility => "accessibility",
        Category::BestPractices => "best practices",
        Category::Seo => "search engines",
    }
}

/// Which run it was.
fn told(seen: &LighthouseSeen) -> String {
    let device = if seen.device.is_empty() { String::new() } else { format!(" as a {} device", seen.device) };
    let ran = seen.ran.map_or_else(String::new, |at| format!(" on {}", at.strftime("%Y-%m-%d %H:%M UTC")));
    let notes = seen.notes.iter().map(|note| format!("; it notes: {note}")).collect::<String>();
    format!("Lighthouse {} at {}{device}{ran}{notes}", seen.version, seen.url)
}

fn finding(seen: &LighthouseSeen, mark: &Mark, points: u8) -> Finding {
    let poor = points < POOR;
    let (meets, fix, minutes) = match mark.category {
        Category::Performance => (
            "visitors with a slow phone wait for it",
            "Take the first of these in turn: smaller pictures in WebP or AVIF, scripts that are not needed at once with defer, fonts with font-display: swap. Then run Lighthouse again.",
            240,
        ),
        Category::Accessibility => (
            "some people cannot use it",
            "Open Lighthouse in Chrome's developer tools: each of these names the elements. Mend them, most often a missing label, a missing text for a picture or too pale a colour.",
            120,
        ),
        Category::BestPractices => (
            "browsers warn of what it does",
            "Open Chrome's developer tools at Console and Issues: each of these stands there with its place. Mend them.",
            90,
        ),
        Category::Seo => (
            "search engines read it badly",
            "Give the page a title, a description and links with words, and let robots.txt and its headers allow that it is read.",
            60,
        ),
    };
    let mut evidence: Vec<String> = mark
        .costs
        .iter()
        .take(SHOWN)
        .map(|cost| {
            let shown = if cost.shown.is_empty() { String::new() } else { format!(" ({})", cost.shown) };
            format!("{}{shown}: costs {} points", cost.title, cost.points)
        })
        .collect();
    evidence.push(told(seen));
    Finding {
        subject: word(mark.category).to_owned(),
        grade: Grade::Warn,
        severity: if poor { Severity::Medium } else { Severity::Low },
        says: format!(
            "Lighthouse gives the page {points} of 100 for {}, where 90 are good: {meets}.",
            word(mark.category)
        ),
        evidence,
        fix: Fix { says: fix.to_owned(), paste: None, minutes, after: vec![] },
    }
}

#[cfg(test)]
#[path = "lighthouse_tests.rs"]
mod tests;
