//! edge.cloudflare: the settings of the zone encrypt the whole way and protect the site, and the edge does what they say.

use crate::check::{Check, Concern, Finding, Need, Verdict};
use crate::facts::{CloudflareZone, TlsVersion};
use crate::{Case, Unseen, Why};
use words::{Kind, finding};

#[path = "cloudflare_findings.rs"]
mod words;

/// edge.cloudflare.
pub static CHECK: Check = Check {
    id: "edge.cloudflare",
    title: "Cloudflare's settings protect the site and encrypt the whole way",
    why: "One wrong switch at Cloudflare sends your customers' data over the open internet or shows one customer's page to another.",
    needs: &[Need::Cf],
    concern: Concern::Data,
    covers: "Encryption mode, HTTPS, TLS version, HSTS, rewrites, firewall, rate limits, bots, cache rules, development mode, proxied records and the token's own scope, compared with what the edge does.",
    ask: None,
    refs: &["developers.cloudflare.com/api", "developers.cloudflare.com/ssl/origin-configuration/ssl-modes"],
    judge,
};

/// Parts of paths whose answers belong to one person.
const PRIVATE: [&str; 10] =
    ["/account", "/admin", "/api", "/app", "/cart", "/checkout", "/dashboard", "/login", "/profile", "/settings"];

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let zone = case.cloudflare()?;
    let found: Vec<Finding> = kinds(case, zone).into_iter().map(|(kind, saw)| finding(case, kind, saw)).collect();
    let mut proof =
        vec![format!("zone {} is {}, plan {}; {} calls to the API", case.apex(), zone.status, zone.plan, zone.calls)];
    proof.extend(zone.settings.iter().map(|(name, value)| format!("{name}: {value}")));
    let (proxied, open): (Vec<_>, Vec<_>) = zone.records.iter().partition(|record| record.proxied);
    proof.push(format!("{} records proxied, {} not", proxied.len(), open.len()));
    proof.extend(open.iter().map(|record| format!("not proxied: {} {}", record.name, record.rtype)));
    let more = zone.more_records.then(|| Unseen {
        what: "Cloudflare's further DNS records".to_owned(),
        why: Why::Beyond,
        says: format!(
            "the zone has more records than the {} calls of one look read, so whether those are proxied was not seen",
            zone.calls
        ),
        way: "look through the rest of the list yourself: DNS → Records, filter by Proxy status".to_owned(),
    });
    Ok(Verdict::judged(proof, found, zone.unseen.iter().cloned().chain(more).collect()))
}

fn kinds(case: &Case<'_>, zone: &CloudflareZone) -> Vec<(Kind, String)> {
    let value = |id: &str| zone.settings.get(id).map(String::as_str);
    let mut found = vec![];
    let mut add = |kind, saw: String| found.push((kind, saw));
    if zone.paused {
        add(Kind::Paused, "paused: true".to_owned());
    }
    match value("ssl") {
        Some("off") => add(Kind::NoEncryption, "ssl: off".to_owned()),
        Some("flexible") => add(Kind::Flexible, "ssl: flexible".to_owned()),
        Some("full") => add(Kind::Unchecked, "ssl: full".to_owned()),
        _ => {}
    }
    // What the edge does decides; the switch alone may be covered by the origin or undone by a rule.
    let plain = case.chain(&format!("http://{}/", case.apex())).ok().and_then(|chain| chain.hops.first());
    let open = plain.is_some_and(|hop| hop.status < 300);
    match value("always_use_https") {
        Some("off") => add(if open { Kind::PlainServed } else { Kind::PlainLeft }, "always_use_https: off".to_owned()),
        Some("on") if open => add(
            Kind::PlainDespite,
            format!("always_use_https: on; http://{}/ answers {}", case.apex(), plain.map_or(0, |hop| hop.status)),
        ),
        _ => {}
    }
    if let Some(version @ ("1.0" | "1.1")) = value("min_tls_version") {
        add(Kind::OldTls, format!("min_tls_version: {version}"));
    } else if let Some(says) = value("min_tls_version").and_then(|_| old_at_edge(case)) {
        add(Kind::OldTlsDespite, says);
    }
    let hsts = case.chain(&format!("https://{}/", case.apex())).ok().and_then(|chain| chain.hops.first());
    if value("hsts") == Some("off") && hsts.is_some_and(|hop| hop.header("strict-transport-security").next().is_none())
    {
        add(Kind::NoHsts, "hsts: off, and the page has no such header".to_owned());
    }
    if value("automatic_https_rewrites") == Some("off") {
        add(Kind::NoRewrites, "automatic_https_rewrites: off".to_owned());
    }
    if value("development_mode") == Some("on") {
        add(Kind::Development, "development_mode: on".to_owned());
    }
    let rules_seen = !zone.unseen.iter().any(|unseen| unseen.what.ends_with("rules"));
    if rules_seen && !zone.phases.iter().any(|phase| phase == "http_request_firewall_managed") {
        add(Kind::NoFirewall, "no ruleset in the phase http_request_firewall_managed".to_owned());
    }
    if rules_seen && !zone.phases.iter().any(|phase| phase == "http_ratelimit") {
        add(Kind::NoRateLimit, "no ruleset in the phase http_ratelimit".to_owned());
    }
    if zone.bots_fought == Some(false) {
        add(Kind::NoBots, "fight_mode: false".to_owned());
    }
    for rule in &zone.cached {
        if PRIVATE.iter().any(|path| rule.contains(path)) {
            add(Kind::PrivateCached, format!("cache rule: {rule}"));
        }
    }
    for record in zone.records.iter().filter(|record| !record.proxied) {
        if record.name == case.apex() || record.name == case.www() {
            add(Kind::Unproxied, format!("{} {}: proxied: false", record.name, record.rtype));
        }
    }
    let writes: Vec<&str> = zone
        .permissions
        .iter()
        .map(String::as_str)
        .filter(|one| one.ends_with(":edit") || one.ends_with(":write"))
        .collect();
    if !writes.is_empty() {
        add(Kind::WideToken, format!("the token may: {}", writes.join(", ")));
    }
    found
}

/// An old version that the edge takes although the setting forbids it.
fn old_at_edge(case: &Case<'_>) -> Option<String> {
    let mut offers = case.addresses(case.apex()).ok()?.into_iter();
    offers.find_map(|address| {
        let old = case.offer(case.apex(), address).ok()?.taken().find(|version| *version < TlsVersion::Tls12)?;
        Some(format!("min_tls_version: 1.2; {} at {address} agrees to {}", case.apex(), old.says()))
    })
}

#[cfg(test)]
#[path = "cloudflare_tests.rs"]
mod tests;
