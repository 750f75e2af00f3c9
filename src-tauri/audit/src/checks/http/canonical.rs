//! http.canonical: every form of the address ends at one site.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{End, Hop};
use crate::{Case, Unseen, Why};
use url::Url;

/// http.canonical.
pub static CHECK: Check = Check {
    id: "http.canonical",
    title: "Every form of your address ends at one and the same site",
    why: "Two addresses with two sites split logins, cookies and search ranking, and show some customers the wrong one.",
    needs: &[Need::Public],
    concern: Concern::Reach,
    covers: "Where http and https of the bare domain and www end, and what rel=canonical and og:url of that page, robots.txt and the sitemaps say.",
    ask: None,
    refs: &["RFC 6454 §4", "RFC 6596", "RFC 9309", "sitemaps.org 0.9"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let main = end(case, &format!("https://{}/", case.apex()))?;
    let home = origin(&main.url);
    let (mut proof, mut findings, mut unseen) =
        (vec![format!("https://{}/ ends at {}", case.apex(), main.url)], vec![], vec![]);
    for start in forms(case) {
        match end(case, &start) {
            Ok(last) if origin(&last.url) == home => proof.push(format!("{start} ends at {}", last.url)),
            // Plain HTTP that shows a page is the business of http.https_only; here only the host counts.
            Ok(last) if host(&last.url) == host(&main.url) => proof.push(format!("{start} ends at {}", last.url)),
            Ok(last) => findings.push(other_site(case, &start, last, main)),
            Err(why) if why.why == Why::Refused && start.starts_with("http:") => {}
            Err(why) => unseen.push(why),
        }
    }
    findings.dedup_by(|a, b| a.subject == b.subject);
    findings.extend(says_elsewhere(case, main));
    match case.signposts() {
        Ok(posts) => {
            proof.extend(signposts::seen(posts));
            findings.extend(signposts::broken(posts));
            unseen.extend(posts.unseen.clone());
        }
        // Facts of an earlier version know nothing of it.
        Err(why) if why.why == Why::NotLooked => {}
        Err(why) => unseen.push(why),
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn forms(case: &Case<'_>) -> Vec<String> {
    let www = case.www();
    let mut forms = vec![format!("http://{}/", case.apex())];
    if case.addresses(&www).is_ok_and(|found| !found.is_empty()) {
        forms.extend([format!("https://{www}/"), format!("http://{www}/")]);
    }
    forms
}

fn end<'a>(case: &Case<'a>, start: &str) -> Result<&'a Hop, Unseen> {
    let chain = case.chain(start)?;
    match (&chain.end, chain.last()) {
        (End::Answered, Some(hop)) => Ok(hop),
        (End::Lost { unseen, .. }, _) => Err(unseen.clone()),
        _ => Err(Unseen {
            what: start.to_owned(),
            why: Why::Depends,
            says: format!("{start} never ends at a page"),
            way: "mend the redirects first".to_owned(),
        }),
    }
}

fn origin(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
}

fn host(url: &str) -> Option<String> {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned))
}

fn other_site(case: &Case<'_>, start: &str, last: &Hop, main: &Hop) -> Finding {
    let title = |hop: &Hop| {
        hop.page.as_ref().and_then(|page| page.title.clone()).unwrap_or_else(|| "a page without title".to_owned())
    };
    let same = title(last) == title(main);
    let (grade, severity, shows) = if same {
        (Grade::Warn, Severity::Medium, "shows the same page under a second address instead of sending people on to")
    } else {
        (Grade::Fail, Severity::High, "shows a different site than")
    };
    let subject = host(&last.url).unwrap_or_else(|| start.to_owned());
    Finding {
        says: format!("{subject} {shows} {}.", origin(&main.url)),
        subject,
        grade,
        severity,
        evidence: vec![
            format!("{start} ends at {} \"{}\"", last.url, title(last)),
            format!("https://{}/ ends at {} \"{}\"", case.apex(), main.url, title(main)),
        ],
        fix: fix(&origin(&main.url), start),
    }
}

fn says_elsewhere(case: &Case<'_>, main: &Hop) -> Vec<Finding> {
    let page = main.page.clone().unwrap_or_default();
    let claims = [("rel=canonical", page.canonical), ("og:url", page.og_url)];
    let elsewhere = |(what, url): (&str, Option<String>)| {
        let url = url.filter(|url| origin(url) != origin(&main.url))?;
        Some(Finding {
            subject: what.to_owned(),
            grade: Grade::Warn,
            severity: Severity::Medium,
            says: format!(
                "The page says (in {what}) that its real address is {url}; search engines and previews follow that."
            ),
            evidence: vec![format!("{} {what} {url}", main.url)],
            fix: Fix {
                says: format!("Set {what} of the page to the address that you want people to see."),
                paste: Some(format!("https://{}/", case.apex())),
                minutes: 10,
                after: vec![],
            },
        })
    };
    claims.into_iter().filter_map(elsewhere).collect()
}

fn fix(home: &str, start: &str) -> Fix {
    let from = host(start).unwrap_or_default();
    Fix {
        says: format!(
            "Send {from} to {home}, permanently and with the path kept. At Cloudflare: Rules → Redirect Rules. At nginx, paste this."
        ),
        paste: Some(format!(
            "server {{\n    listen 443 ssl;\n    server_name {from};\n    return 301 {home}$request_uri;\n}}"
        )),
        minutes: 15,
        after: vec!["dns.www".to_owned(), "http.redirects".to_owned()],
    }
}

#[path = "canonical_signposts.rs"]
mod signposts;

#[cfg(test)]
#[path = "canonical_tests.rs"]
mod tests;
