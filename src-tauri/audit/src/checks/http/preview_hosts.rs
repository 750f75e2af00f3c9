//! http.preview_hosts: trial copies are closed or hidden, and the live site does not lead to them.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{End, Hop, PageSeen};
use crate::{Case, Unseen};
use url::{Host, Url};

/// http.preview_hosts.
pub static CHECK: Check = Check {
    id: "http.preview_hosts",
    title: "Trial addresses are closed or hidden from search engines",
    why: "Customers who find the trial copy sign up there, and their data is gone with the next test.",
    needs: &[Need::Public],
    concern: Concern::Data,
    covers: "Known names such as staging, dev, test and preview below the domain, and the links and files of the front page.",
    ask: None,
    refs: &["developers.google.com/search/docs/crawling-indexing/block-indexing", "RFC 6761 §6.3"],
    judge,
};

/// First labels of names that are trial copies; beta and demo are often meant for the public.
const TRIAL: [&str; 10] = ["staging", "stage", "dev", "test", "preview", "qa", "uat", "sandbox", "canary", "pr"];

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (home, page) = case.home()?;
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    for host in case.found_subdomains().into_iter().filter(|host| trial(case, host)) {
        match case.chain(&format!("https://{host}/")) {
            Ok(chain) => match (&chain.end, chain.last()) {
                (End::Answered, Some(hop)) => match open(&host, hop) {
                    Ok(page) => findings.push(listed(&host, hop, page)),
                    Err(closed) => proof.push(format!("{host}: {closed}")),
                },
                (End::Lost { unseen: why, .. }, _) => unseen.push(why.clone()),
                _ => proof.push(format!("{host} leads nowhere")),
            },
            Err(why) => unseen.push(why),
        }
    }
    let resources = page.resources.iter().map(|resource| &resource.url);
    let mut leads: Vec<&String> = resources.chain(&page.scripts).chain(&page.linked.pages).collect();
    leads.sort();
    leads.dedup();
    leads.retain(|url| inner(case, url));
    if let Some(first) = leads.first() {
        findings.push(leading(
            &home.url,
            first,
            leads.iter().map(|url| format!("{} leads to {url}", home.url)).collect(),
        ));
    }
    proof.push(format!("{} has no link to a trial copy or a developer's machine", home.url));
    proof.truncate(if leads.is_empty() { proof.len() } else { proof.len() - 1 });
    Ok(Verdict::judged(proof, findings, unseen))
}

fn trial(case: &Case<'_>, host: &str) -> bool {
    let labels = host.strip_suffix(case.apex()).unwrap_or_default();
    labels.split(['.', '-']).any(|label| TRIAL.contains(&label))
}

/// The page that strangers and search engines see there, or what keeps them out.
fn open<'a>(host: &str, hop: &'a Hop) -> Result<&'a PageSeen, String> {
    let elsewhere = Url::parse(&hop.url).is_ok_and(|url| url.host_str() != Some(host));
    if elsewhere {
        return Err(format!("sends everybody to {}", hop.url));
    }
    if !(200..300).contains(&hop.status) {
        return Err(format!("answers strangers with HTTP {}", hop.status));
    }
    let hidden = |value: &str| {
        let value = value.to_ascii_lowercase();
        value.split([',', ':', ' ']).any(|word| word == "noindex" || word == "none")
    };
    if hop.header("x-robots-tag").any(hidden) {
        return Err("hidden from search engines by X-Robots-Tag".to_owned());
    }
    let Some(page) = &hop.page else { return Err("shows no page".to_owned()) };
    if page.linked.robots.as_deref().is_some_and(hidden) {
        return Err("hidden from search engines by its robots mark".to_owned());
    }
    if page.linked.login.is_some() {
        return Err("asks for a password first".to_owned());
    }
    Ok(page)
}

/// Whether a link of the live page leads to a developer's machine, a private network or a trial copy of this product.
pub(crate) fn inner(case: &Case<'_>, url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_private() || address.is_unspecified(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unique_local(),
        Some(Host::Domain(name)) => {
            let local = name == "localhost" || name.ends_with(".localhost") || name.ends_with(".local");
            local || case.ours(url.as_str()) && trial(case, name) || branch(name)
        }
        None => false,
    }
}

/// Addresses that hosts give to single branches and trial builds, never to a product.
fn branch(name: &str) -> bool {
    let of = |end: &str, marks: &[&str]| name.ends_with(end) && marks.iter().any(|mark| name.contains(mark));
    of(".vercel.app", &["-git-"])
        || of(".netlify.app", &["deploy-preview-", "branch--"])
        || of(".ngrok-free.app", &[""])
        || of(".ngrok.io", &[""])
}

fn listed(host: &str, hop: &Hop, page: &PageSeen) -> Finding {
    let title = page.title.as_deref().unwrap_or("no title");
    Finding {
        subject: host.to_owned(),
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!("The trial copy {host} is open to everybody and may appear in search results."),
        evidence: vec![format!("GET {} → {}, \"{title}\", no noindex, no login", hop.url, hop.status)],
        fix: Fix {
            says: "Put a password in front of it, or at least hide it from search engines. At nginx, paste this for the trial copy.".to_owned(),
            paste: Some("auth_basic \"trial copy\";\nauth_basic_user_file /etc/nginx/trial.htpasswd;\nadd_header X-Robots-Tag \"noindex\" always;".to_owned()),
            minutes: 20,
            after: vec![],
        },
    }
}

fn leading(home: &str, first: &str, evidence: Vec<String>) -> Finding {
    Finding {
        subject: home.to_owned(),
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!("The live page leads to a trial copy or a developer's machine: {first}."),
        evidence,
        fix: Fix {
            says: "Point the link to the live product; take the address from a setting of the build so that it cannot slip in again.".to_owned(),
            paste: None,
            minutes: 20,
            after: vec![],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::{Grade, Severity, Status};
    use crate::facts::Facts;
    use crate::testing::{chain, chain_at, findings, header, healthy, host, status, unseen};

    const STAGING: &str = "https://staging.example.com/";

    fn site() -> Facts {
        let mut facts = healthy();
        facts.scope.subdomains.push("staging.example.com".to_owned());
        host(&mut facts, "staging.example.com", "104.18.20.11");
        chain(&mut facts, &[STAGING]);
        facts
    }

    #[test]
    fn closed_and_hidden_copies_pass() {
        assert_eq!(status(&CHECK, &healthy()), Status::Pass);
        let mut facts = site();
        chain_at(&mut facts, STAGING).hops[0].status = 401;
        assert_eq!(status(&CHECK, &facts), Status::Pass);
        let mut facts = site();
        chain_at(&mut facts, STAGING).hops[0].headers.push(header("x-robots-tag", "noindex, nofollow"));
        assert_eq!(status(&CHECK, &facts), Status::Pass);
        let mut facts = site();
        chain_at(&mut facts, STAGING).hops[0].page.as_mut().unwrap().linked.login = Some(STAGING.to_owned());
        assert_eq!(status(&CHECK, &facts), Status::Pass);
    }

    #[test]
    fn open_copies_and_links_to_inner_places_fail() {
        let found = findings(&CHECK, &site());
        assert_eq!((found[0].grade, found[0].severity), (Grade::Fail, Severity::High));
        for link in ["http://localhost:3000/", "http://192.168.1.4/", "https://desk-git-new-team.vercel.app/", STAGING]
        {
            let mut facts = healthy();
            let page = chain_at(&mut facts, "https://example.com/").hops[0].page.as_mut().unwrap();
            page.linked.pages.push(link.to_owned());
            assert_eq!(findings(&CHECK, &facts).len(), 1, "{link}");
        }
    }

    #[test]
    fn silence_is_not_judged() {
        let mut facts = site();
        facts.http.insert(STAGING.to_owned(), unseen(Why::Timeout));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
