//! http.https_only: nothing is served over plain HTTP but the way to HTTPS.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Hop;
use crate::{Case, Unseen, Why};
use url::Url;

/// http.https_only.
pub static CHECK: Check = Check {
    id: "http.https_only",
    title: "Every address form leads to the encrypted site at once",
    why: "On a page without encryption, anybody on the same Wi-Fi can read passwords or change what your customers see.",
    needs: &[Need::Public],
    concern: Concern::Trust,
    covers: "The first answer over plain HTTP of the bare domain, www and every known name.",
    ask: None,
    refs: &["RFC 9110 §4.2.2", "RFC 6797 §7.2", "hstspreload.org"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    case.addresses(case.apex())?;
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    for host in case.hosts() {
        let start = format!("http://{host}/");
        match case.chain(&start) {
            Ok(chain) => match chain.hops.first() {
                Some(hop) => match plain(&host, hop) {
                    Some(finding) => findings.push(finding),
                    None => {
                        proof.push(format!("{start} → {} {}", hop.status, hop.location.as_deref().unwrap_or("no page")))
                    }
                },
                None => proof.push(format!("{start} gave no answer")),
            },
            Err(why) if why.why == Why::Refused => {
                proof.push(format!("{host} does not listen for plain HTTP (port 80 is closed)"))
            }
            Err(why) => unseen.push(why),
        }
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn plain(host: &str, hop: &Hop) -> Option<Finding> {
    let evidence = vec![format!("GET {} → {} {}", hop.url, hop.status, hop.location.as_deref().unwrap_or("(a page)"))];
    let Some(to) = hop.location.as_deref().and_then(|to| Url::parse(to).ok()) else {
        let served = (200..300).contains(&hop.status);
        return served.then(|| {
            let says = format!("http://{host} shows the site without encryption instead of sending people to https.");
            finding(host, Grade::Fail, Severity::High, says, evidence)
        });
    };
    if to.scheme() == "https" && to.host_str() == Some(host) {
        return None;
    }
    let says = format!(
        "http://{host} takes a detour over {to} instead of going to https://{host} first, so the first step stays unprotected."
    );
    Some(finding(host, Grade::Warn, Severity::Low, says, evidence))
}

fn finding(host: &str, grade: Grade, severity: Severity, says: String, evidence: Vec<String>) -> Finding {
    Finding {
        subject: host.to_owned(),
        grade,
        severity,
        says,
        evidence,
        fix: Fix {
            says: format!(
                "Send every request for http://{host} to the same address with https, permanently. At Cloudflare: SSL/TLS → Edge Certificates → Always Use HTTPS. At nginx, paste this."
            ),
            paste: Some(format!(
                "server {{\n    listen 80;\n    server_name {host};\n    return 301 https://$host$request_uri;\n}}"
            )),
            minutes: 10,
            after: vec!["tls.certificate".to_owned()],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::{Grade, Status};
    use crate::testing::{chain, findings, healthy, status, unseen};

    #[test]
    fn redirects_to_https_and_closed_ports_pass() {
        let mut facts = healthy();
        assert_eq!(status(&CHECK, &facts), Status::Pass);
        facts.http.insert("http://www.example.com/".to_owned(), unseen(Why::Refused));
        assert_eq!(status(&CHECK, &facts), Status::Pass);
    }

    #[test]
    fn plain_content_fails_and_a_detour_warns() {
        let mut facts = healthy();
        chain(&mut facts, &["http://example.com/"]);
        assert_eq!(findings(&CHECK, &facts)[0].grade, Grade::Fail);
        let mut facts = healthy();
        chain(&mut facts, &["http://www.example.com/", "http://example.com/", "https://example.com/"]);
        assert_eq!(findings(&CHECK, &facts)[0].grade, Grade::Warn);
    }

    #[test]
    fn silence_is_not_judged() {
        let mut facts = healthy();
        facts.http.insert("http://example.com/".to_owned(), unseen(Why::Timeout));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
