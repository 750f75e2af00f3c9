//! The way round: whether an address outside the network shows the site when it is asked for it directly.

use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::{Chain, End, Fact, OriginSeen};
use crate::read::certificate::Certificate;
use crate::read::provider::Provider;
use crate::{Case, Unseen, Why};

/// What an address turned out to be.
pub(super) enum Found {
    /// It shows the site.
    Site(Box<Finding>),
    /// It does not.
    Other(String),
    /// It answers, but there is nothing to compare with.
    Unknown(Unseen),
}

pub(super) fn judged(case: &Case<'_>, address: &str, fact: &Fact<OriginSeen>, network: &Provider) -> Found {
    let seen = match fact.seen() {
        Ok(seen) => seen,
        Err(why) => return Found::Unknown(why),
    };
    let Some(answer) = &seen.answer else {
        // A door that stays shut says nothing when the front door does too: it may be our way there that is cut.
        if let (false, Err(why)) = (seen.open, front(case)) {
            return Found::Unknown(Unseen {
                what: format!("whether {address} shows the site"),
                why: Why::Depends,
                says: format!(
                    "{address} takes no connections from here, and neither does the site itself: {}",
                    why.says
                ),
                way: why.way,
            });
        }
        let how = if seen.open { "does not serve the site" } else { "takes no connections from here" };
        return Found::Other(format!("{address} ({}) {how}", seen.found.join(", ")));
    };
    if serves(case, address) {
        return Found::Site(Box::new(finding(case, address, seen, network)));
    }
    if let Err(why) = front(case) {
        return Found::Unknown(Unseen {
            what: format!("whether {address} shows the site"),
            why: Why::Depends,
            says: format!("{address} answers directly, but the site itself could not be seen to compare: {}", why.says),
            way: why.way,
        });
    }
    Found::Other(format!("{address} ({}) answers {} with something else", seen.found.join(", "), answer.status))
}

fn front<'a>(case: &Case<'a>) -> Result<&'a Chain, Unseen> {
    let chain = case.chain(&format!("https://{}/", case.apex()))?;
    match &chain.end {
        End::Lost { unseen, .. } => Err(unseen.clone()),
        _ => Ok(chain),
    }
}

/// The same page, or the same redirect under a certificate for the domain.
pub(super) fn serves(case: &Case<'_>, address: &str) -> bool {
    let Some(Fact::Seen { value: seen, .. }) = case.facts.origins.get(address) else { return false };
    let (Some(answer), Ok(chain)) = (&seen.answer, front(case)) else { return false };
    let Some(first) = chain.hops.first() else { return false };
    if let Some(page) = first.page.as_ref().filter(|_| first.status == answer.status) {
        let same_title = page.title.is_some() && page.title == answer.title;
        return same_title || !answer.sha256.is_empty() && page.sha256 == answer.sha256;
    }
    let certificate = seen.certificate.as_ref().and_then(|der| Certificate::read(der).ok());
    let covers = certificate.is_some_and(|leaf| leaf.covers(case.apex()));
    covers && answer.location.is_some() && first.location == answer.location
}

fn finding(case: &Case<'_>, address: &str, seen: &OriginSeen, network: &Provider) -> Finding {
    let apex = case.apex();
    let found = seen.found.join(", ");
    let status = seen.answer.as_ref().map_or(0, |answer| answer.status);
    let lock = match network.name.as_str() {
        "Cloudflare" => "# nginx on the server: only Cloudflare may come in (Authenticated Origin Pulls)\nssl_client_certificate /etc/nginx/cloudflare-origin-pull-ca.pem;\nssl_verify_client on;".to_owned(),
        name => format!("allow tcp/443 from the address ranges of {name}; deny tcp/443 from everywhere else"),
    };
    Finding {
        subject: seen.found.first().cloned().unwrap_or_else(|| address.to_owned()),
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!(
            "{address} shows the whole site to anybody who asks it directly, so attacks go round {} straight to your server.",
            network.name
        ),
        evidence: vec![
            format!("{address} was found by {found}"),
            format!("asked for https://{apex}/ it answers {status} with the same page as {}", network.name),
        ],
        fix: Fix {
            says: format!(
                "Let the server accept web connections from {} only, then remove or proxy the record that shows its address.",
                network.name
            ),
            paste: Some(lock),
            minutes: 45,
            after: vec![],
        },
    }
}
