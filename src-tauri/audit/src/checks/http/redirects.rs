//! http.redirects: redirects are short, permanent where they should be, never in circles and never back to plain HTTP.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Chain, End, Exchange, Hop};
use crate::{Case, Unseen, Why};
use std::collections::BTreeMap;
use url::Url;

/// http.redirects.
pub static CHECK: Check = Check {
    id: "http.redirects",
    title: "Redirects are short, permanent and never go in circles",
    why: "A redirect loop is a site that is down; long or temporary chains are slow and lose search ranking.",
    needs: &[Need::Public],
    concern: Concern::Reach,
    covers: "Both http and https of the bare domain, www and every known name, hop by hop, and whether one deep address keeps its path and query.",
    ask: None,
    refs: &["RFC 9110 §15.4", "RFC 9110 §15.4.2", "RFC 9110 §15.4.9"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    case.addresses(case.apex())?;
    let (mut proof, mut unseen) = (vec![], vec![]);
    // Several chains share hops; each fault is told once, by what it is about.
    let mut findings: BTreeMap<(u8, String), Finding> = BTreeMap::new();
    for start in case.hosts().iter().flat_map(|host| [format!("http://{host}/"), format!("https://{host}/")]) {
        match case.chain(&start) {
            Ok(chain) => {
                proof.push(drawn(chain));
                whole(&start, chain, &mut findings, &mut unseen);
                for hop in &chain.hops {
                    single(case, hop, &mut findings);
                }
            }
            Err(why) if why.why == Why::Refused && start.starts_with("http:") => {
                proof.push(format!("{start}: port 80 is closed"))
            }
            Err(why) => unseen.push(why),
        }
    }
    for (url, answer) in case.exchanges("kept") {
        match answer {
            Ok(answer) => {
                if let Some(finding) = lossy(answer) {
                    findings.insert((6, url.to_owned()), finding);
                }
            }
            Err(why) if why.why == Why::Refused && url.starts_with("http:") => {}
            Err(why) => unseen.push(why),
        }
    }
    Ok(Verdict::judged(proof, findings.into_values().collect(), unseen))
}

fn drawn(chain: &Chain) -> String {
    chain.hops.iter().map(|hop| format!("{} ({})", hop.url, hop.status)).collect::<Vec<_>>().join(" → ")
}

type Told = BTreeMap<(u8, String), Finding>;

fn whole(start: &str, chain: &Chain, findings: &mut Told, unseen: &mut Vec<Unseen>) {
    let redirects = chain.hops.iter().filter(|hop| hop.location.is_some()).count();
    match &chain.end {
        End::Loop { back_to } => {
            let says = format!("{back_to} is sent round in a circle, so browsers show an error instead of the site.");
            let fix = "Two rules send people to each other. Keep the one that leads to your main address and remove the other (look at the web server, the CDN and the app).";
            findings
                .entry((0, "loop".to_owned()))
                .or_insert_with(|| finding(back_to, Grade::Fail, Severity::Critical, says, drawn(chain), fix, None));
        }
        End::TooMany => {
            let says = format!("{start} is still being redirected after ten hops; browsers give up.");
            findings.entry((1, start.to_owned())).or_insert_with(|| {
                finding(
                    start,
                    Grade::Fail,
                    Severity::High,
                    says,
                    drawn(chain),
                    "Redirect straight to the final address.",
                    None,
                )
            });
        }
        End::Nowhere { location } => {
            let says = format!("{start} is redirected to something that is not a usable web address: {location}");
            findings.entry((2, location.clone())).or_insert_with(|| {
                finding(
                    start,
                    Grade::Fail,
                    Severity::Medium,
                    says,
                    drawn(chain),
                    "Correct the redirect's target to a full https address.",
                    None,
                )
            });
        }
        End::Lost { unseen: why, .. } => unseen.push(why.clone()),
        End::Answered if redirects > 3 => {
            let says = format!("{start} needs {redirects} redirects to get to the page; each costs visitors time.");
            findings.entry((3, chain.hops.last().map_or_else(String::new, |hop| hop.url.clone()))).or_insert_with(
                || {
                    finding(
                        start,
                        Grade::Warn,
                        Severity::Medium,
                        says,
                        drawn(chain),
                        "Redirect straight to the final address in one step.",
                        None,
                    )
                },
            );
        }
        End::Answered => {}
    }
}

fn single(case: &Case<'_>, hop: &Hop, findings: &mut Told) {
    let Some((from, to)) = Url::parse(&hop.url).ok().zip(hop.location.as_deref().and_then(|to| Url::parse(to).ok()))
    else {
        return;
    };
    let evidence = format!("GET {from} → {} {to}", hop.status);
    if from.scheme() == "https" && to.scheme() == "http" {
        let says = format!("{from} sends people back to the unencrypted {to}.");
        let fix = "Change the redirect's target to https.";
        findings
            .entry((4, hop.url.clone()))
            .or_insert_with(|| finding(from.as_str(), Grade::Fail, Severity::High, says, evidence.clone(), fix, None));
    }
    if matches!(hop.status, 302 | 303 | 307) && lasting(case, &from, &to) {
        let says = format!(
            "{from} is redirected with {}, which means \"only for now\"; search engines keep both addresses.",
            hop.status
        );
        let paste = Some(format!("return 301 {}$request_uri;", to.origin().ascii_serialization()));
        findings.entry((5, hop.url.clone())).or_insert_with(|| {
            finding(
                from.as_str(),
                Grade::Warn,
                Severity::Low,
                says,
                evidence,
                "Make this redirect permanent (301 or 308).",
                paste,
            )
        });
    }
}

/// A redirect that forgets what was asked for; languages and the like before the path are no loss.
fn lossy(answer: &Exchange) -> Option<Finding> {
    let (from, to) = (Url::parse(&answer.url).ok()?, Url::parse(answer.location.as_deref()?).ok()?);
    let path = to.path().trim_end_matches('/').ends_with(from.path());
    let query = to.query().is_some_and(|query| query.contains(from.query().unwrap_or_default()));
    // A page for signing in or for errors is another answer than a redirect of the whole host.
    let front = to.path() == "/" || path;
    if !front || path && query {
        return None;
    }
    let what = if path { "what stands behind the question mark" } else { "the page" };
    let subject = format!("{}://{}", from.scheme(), from.host_str().unwrap_or_default());
    let says =
        format!("The redirect of {subject} forgets {what} that was asked for, so old links end at the wrong place.");
    let paste = Some(format!("return 301 {}$request_uri;", to.origin().ascii_serialization()));
    let evidence = format!("GET {from} → {} {to}", answer.status);
    let fix = "Let the redirect keep path and query. At Cloudflare: the dynamic expression concat(\"https://…\", http.request.uri.path) with \"Preserve query string\"; at nginx, paste this.";
    Some(finding(&subject, Grade::Warn, Severity::Low, says, evidence, fix, paste))
}

/// Whether a redirect is one that stays: http to https, or between the bare domain and www.
fn lasting(case: &Case<'_>, from: &Url, to: &Url) -> bool {
    let own = |url: &Url| url.host_str().is_some_and(|host| host == case.apex() || host == case.www());
    let upgrade = from.scheme() == "http" && to.scheme() == "https" && from.host_str() == to.host_str();
    upgrade || (own(from) && own(to) && from.host_str() != to.host_str())
}

fn finding(
    subject: &str,
    grade: Grade,
    severity: Severity,
    says: String,
    evidence: String,
    fix: &str,
    paste: Option<String>,
) -> Finding {
    let fix =
        Fix { says: fix.to_owned(), paste, minutes: 20, after: vec!["dns.apex".to_owned(), "dns.www".to_owned()] };
    Finding { subject: subject.to_owned(), grade, severity, says, evidence: vec![evidence], fix }
}

#[cfg(test)]
#[path = "redirects_tests.rs"]
mod tests;
