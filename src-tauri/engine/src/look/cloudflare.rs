//! Cloudflare's own word: the zone's settings, records and rules over its API v4, with a token that the user gave, in at most six calls.

use super::http::busy;
use crate::net::body;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::facts::{CloudflareRecord, CloudflareZone, Fact, Observation};
use audit::read::text::clean;
use audit::{Unseen, Why};
use http::Method;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_ENCODING, HeaderMap, HeaderValue};
use serde_json::Value;
use std::net::IpAddr;
use tokio::time::timeout;
use url::Url;
use zeroize::Zeroizing;

/// Where the API is (developers.cloudflare.com/api).
const API: &str = "https://api.cloudflare.com/client/v4";
/// Bytes of one answer.
const ANSWER: usize = 4 * 1024 * 1024;
/// Calls of one look.
const CALLS: u32 = 6;
/// Records asked for at once, and kept of one page.
const RECORDS: usize = 1000;
/// Settings whose values are kept.
const SETTINGS: [&str; 6] =
    ["always_use_https", "automatic_https_rewrites", "development_mode", "min_tls_version", "ssl", "tls_1_3"];
const WAY: &str = "make a token with the template \"Read all resources\" or with read access to zone, zone settings, DNS, firewall services, cache rules and bot management of this zone";

/// Asks, when there is a token.
pub(crate) async fn look(desk: &Desk<'_>) {
    let what = "Cloudflare's settings";
    let Some(token) = &desk.plan.cloudflare else {
        let trouble = Trouble::new(Why::NoSession, "no Cloudflare token was given, so the account was not asked")
            .with_way(format!("{WAY}; then enter it for this project, or set LAUNCH_READY_CLOUDFLARE_TOKEN"));
        desk.saw(Observation::Cloudflare { fact: Fact::Unseen(trouble.of(what)) });
        return;
    };
    let work = async {
        match Api::open(desk, token.reveal()).await {
            Ok(mut api) => match api.zone().await {
                Ok(zone) => desk.seen(zone, "api.cloudflare.com"),
                Err(trouble) => Fact::Unseen(trouble.of(what)),
            },
            Err(trouble) => Fact::Unseen(trouble.of(what)),
        }
    };
    let fact = desk.job(what, Box::pin(work)).await;
    desk.saw(Observation::Cloudflare { fact });
}

struct Api<'a, 'd> {
    desk: &'a Desk<'d>,
    addresses: Vec<IpAddr>,
    headers: HeaderMap,
    calls: u32,
}

impl<'a, 'd> Api<'a, 'd> {
    async fn open(desk: &'a Desk<'d>, token: &str) -> Result<Self, Trouble> {
        let found = desk.addresses_elsewhere("api.cloudflare.com").await;
        let addresses = found.map_err(|unseen| Trouble::new(unseen.why, unseen.says))?;
        let bearer = Zeroizing::new(format!("Bearer {}", token.trim()));
        let mut secret = HeaderValue::from_str(&bearer)
            .map_err(|_| Trouble::new(Why::NoSession, "the Cloudflare token holds characters that no token has"))?;
        secret.set_sensitive(true);
        let headers =
            HeaderMap::from_iter([(AUTHORIZATION, secret), (ACCEPT, HeaderValue::from_static("application/json"))]);
        Ok(Self { desk, addresses, headers, calls: 0 })
    }

    async fn zone(&mut self) -> Result<CloudflareZone, Trouble> {
        let apex = self.desk.apex().to_owned();
        let (found, _) = self.call(&format!("/zones?name={apex}&per_page=5")).await?;
        let zone = found.as_array().and_then(|zones| zones.iter().find(|zone| text(zone, "name") == apex)).cloned();
        let Some(zone) = zone else {
            let says = format!(
                "the token shows no zone {apex}: it is for another account, or the domain is not at Cloudflare"
            );
            return Err(Trouble::new(Why::NoSession, says).with_way(WAY));
        };
        let id = text(&zone, "id");
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(Trouble::new(Why::Garbled, "the API names the zone by something that is no identifier"));
        }
        let mut seen = CloudflareZone {
            status: text(&zone, "status"),
            paused: zone.get("paused").and_then(Value::as_bool).unwrap_or(false),
            plan: zone.get("plan").map(|plan| text(plan, "name")).unwrap_or_default(),
            permissions: texts(zone.get("permissions")),
            ..CloudflareZone::default()
        };
        match self.call(&format!("/zones/{id}/settings")).await {
            Ok((list, _)) => settings(&mut seen, &list),
            Err(trouble) => seen.unseen.push(lacking(&trouble, "zone settings")),
        }
        self.records(&mut seen, &id, 1).await;
        match self.call(&format!("/zones/{id}/rulesets")).await {
            Ok((list, _)) => {
                seen.phases = list.as_array().into_iter().flatten().map(|set| text(set, "phase")).take(100).collect();
                seen.phases.sort();
                seen.phases.dedup();
            }
            Err(trouble) => seen.unseen.push(lacking(&trouble, "rules")),
        }
        if seen.phases.iter().any(|phase| phase == "http_request_cache_settings") {
            match self.call(&format!("/zones/{id}/rulesets/phases/http_request_cache_settings/entrypoint")).await {
                Ok((set, _)) => seen.cached = cached(&set),
                Err(trouble) => seen.unseen.push(lacking(&trouble, "cache rules")),
            }
        }
        match self.call(&format!("/zones/{id}/bot_management")).await {
            Ok((bots, _)) => seen.bots_fought = fought(&bots),
            Err(trouble) => seen.unseen.push(lacking(&trouble, "bot management")),
        }
        // The parts of the verdict come first; further pages take what is left of the calls.
        for page in 2.. {
            if !seen.more_records || self.calls >= CALLS {
                break;
            }
            seen.more_records = false;
            self.records(&mut seen, &id, page).await;
        }
        seen.calls = self.calls;
        Ok(seen)
    }

    /// One page of the zone's records.
    async fn records(&mut self, seen: &mut CloudflareZone, id: &str, page: u32) {
        match self.call(&format!("/zones/{id}/dns_records?per_page={RECORDS}&page={page}")).await {
            Ok((list, pages)) => {
                let kept = list.as_array().map_or(0, Vec::len);
                records(seen, &list);
                // An empty page ends the list, whatever is said of its length.
                seen.more_records = kept > 0 && pages.map_or(kept >= RECORDS, |pages| pages > u64::from(page));
            }
            Err(trouble) => seen.unseen.push(lacking(&trouble, "DNS records")),
        }
    }

    /// The `result` of one call and how many pages there are of it, or what the envelope says went wrong.
    async fn call(&mut self, path: &str) -> Result<(Value, Option<u64>), Trouble> {
        self.calls += 1;
        let limit = self.desk.plan.limits.exchange;
        let url =
            Url::parse(&format!("{API}{path}")).map_err(|_| Trouble::new(Why::Garbled, "this call makes no URL"))?;
        let (status, bytes) = match timeout(limit, Box::pin(self.exchange(&url))).await {
            Ok(done) => done?,
            Err(_) => return Err(Trouble::silent("api.cloudflare.com", "finish its answer", limit)),
        };
        let envelope: Option<Value> = serde_json::from_slice(&bytes).ok();
        let errors = envelope.as_ref().map(said).unwrap_or_default();
        match status {
            200 => match envelope {
                Some(mut envelope) if envelope.get("success") == Some(&Value::Bool(true)) => {
                    let pages = envelope.pointer("/result_info/total_pages").and_then(Value::as_u64);
                    Ok((envelope.get_mut("result").map(Value::take).unwrap_or_default(), pages))
                }
                Some(_) => Err(Trouble::new(Why::Refused, format!("Cloudflare's API refused the question ({errors})"))),
                None => Err(Trouble::new(Why::Garbled, "Cloudflare's API did not answer with JSON")),
            },
            400 | 401 | 403 => Err(Trouble::new(
                Why::NoSession,
                format!("Cloudflare's API does not accept the token for this ({errors})"),
            )
            .with_way(WAY)),
            500.. => Err(Trouble::new(Why::Busy, format!("Cloudflare's API is in trouble itself ({status})"))),
            _ => Err(Trouble::new(Why::Garbled, format!("Cloudflare's API answers {status} ({errors})"))),
        }
    }

    async fn exchange(&self, url: &Url) -> Result<(u16, Vec<u8>), Trouble> {
        let net = &self.desk.net;
        let _turn = self.desk.turns.with("api.cloudflare.com").await;
        let (mut loan, response) = net.lines.ask(&net.http, &Method::GET, url, &self.addresses, &self.headers).await?;
        let (head, incoming) = response.into_parts();
        if let Err(trouble) = busy(head.status, &head.headers, "api.cloudflare.com") {
            loan.connection.retire();
            return Err(trouble);
        }
        let encoding = head.headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut bytes = Vec::new();
        let taken = body::stream(incoming, encoding, ANSWER, |part| bytes.extend_from_slice(part)).await?;
        if taken.truncated {
            loan.connection.retire();
            return Err(Trouble::new(Why::Garbled, "Cloudflare's API answers with more than 4 MB"));
        }
        loan.give_back();
        Ok((head.status.as_u16(), bytes))
    }
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).map(|text| clean(text, 200)).unwrap_or_default()
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    list.take(200).map(|text| clean(text, 80)).collect()
}

/// The errors of an envelope, `code message`.
fn said(envelope: &Value) -> String {
    let errors = envelope.get("errors").and_then(Value::as_array).into_iter().flatten().take(3);
    let lines = errors.map(|error| {
        let code = error.get("code").and_then(Value::as_i64).unwrap_or(0);
        format!("{code} {}", text(error, "message"))
    });
    lines.collect::<Vec<_>>().join("; ")
}

fn lacking(trouble: &Trouble, part: &str) -> Unseen {
    trouble.of(format!("Cloudflare's {part}"))
}

fn settings(seen: &mut CloudflareZone, list: &Value) {
    for setting in list.as_array().into_iter().flatten().take(200) {
        let id = text(setting, "id");
        match setting.get("value") {
            Some(Value::String(value)) if SETTINGS.contains(&id.as_str()) => {
                seen.settings.insert(id, clean(value, 80));
            }
            Some(value) if id == "security_header" => {
                let on = value.pointer("/strict_transport_security/enabled").and_then(Value::as_bool);
                if let Some(on) = on {
                    seen.settings.insert("hsts".to_owned(), if on { "on" } else { "off" }.to_owned());
                }
            }
            _ => {}
        }
    }
}

fn records(seen: &mut CloudflareZone, list: &Value) {
    let all = list.as_array().map(Vec::as_slice).unwrap_or_default();
    for record in all.iter().take(RECORDS) {
        let proxiable = record.get("proxiable").and_then(Value::as_bool).unwrap_or(false);
        if let Some(proxied) = record.get("proxied").and_then(Value::as_bool).filter(|_| proxiable) {
            seen.records.push(CloudflareRecord { name: text(record, "name"), rtype: text(record, "type"), proxied });
        }
    }
}

/// Expressions of the rules that make something cacheable.
fn cached(set: &Value) -> Vec<String> {
    let rules = set.get("rules").and_then(Value::as_array).into_iter().flatten();
    let on = rules.filter(|rule| {
        rule.get("enabled").and_then(Value::as_bool).unwrap_or(true)
            && rule.pointer("/action_parameters/cache").and_then(Value::as_bool) == Some(true)
    });
    on.take(100).map(|rule| text(rule, "expression")).collect()
}

/// Bot fight mode, or its larger kin on paid plans.
fn fought(bots: &Value) -> Option<bool> {
    let simple = bots.get("fight_mode").and_then(Value::as_bool);
    let larger = bots.get("sbfm_definitely_automated").and_then(Value::as_str).map(|action| action != "allow");
    match (simple, larger) {
        (None, None) => None,
        (simple, larger) => Some(simple.unwrap_or(false) || larger.unwrap_or(false)),
    }
}
