//! Cloudflare's API v4 as it is documented, for one zone: envelopes, errors, paging, and the permissions of a token.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use http_body_util::Full;
use hyper::Response;
use serde_json::{Value, json};

use crate::names::{Data, Kind};
use crate::world::{DOMAIN, HOSTS, World};

/// Where the API is.
pub(crate) const HOST: &str = "api.cloudflare.com";
/// The token that opens the zone.
pub(crate) const TOKEN: &str = "lab-readonly-4f7c2a91d6b8e3f05a17c9d2b4e6f8a0";
const ZONE: &str = "9a7806061c88ada191ed06f989cc3dac";
const BASE: &str = "/client/v4";

/// The account as faults change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// Whether it holds the zone at all.
    pub held: bool,
    pub settings: Vec<(&'static str, &'static str)>,
    pub hsts: bool,
    pub paused: bool,
    pub phases: Vec<&'static str>,
    /// Expressions that a cache rule makes cacheable.
    pub cached: Vec<&'static str>,
    pub bots_fought: bool,
    pub permissions: Vec<&'static str>,
    /// Whether www is proxied in the account's DNS.
    pub www_proxied: bool,
    /// Other records in the account's DNS, before those of the product.
    pub others: usize,
    /// The page from which on lists of records end in an error of the API's own.
    pub breaks: Option<usize>,
    /// Parts that the token does not open: `rulesets`, `settings` …
    pub shut: Vec<&'static str>,
    /// Whether the token was revoked.
    pub revoked: bool,
}

impl Account {
    pub fn healthy() -> Account {
        Account {
            held: true,
            settings: vec![
                ("always_use_https", "on"),
                ("automatic_https_rewrites", "on"),
                ("development_mode", "off"),
                ("min_tls_version", "1.2"),
                ("ssl", "strict"),
                ("tls_1_3", "on"),
            ],
            hsts: true,
            paused: false,
            phases: vec!["http_ratelimit", "http_request_cache_settings", "http_request_firewall_managed"],
            cached: vec!["starts_with(http.request.uri.path, \"/assets/\")"],
            bots_fought: true,
            permissions: vec![
                "#zone:read",
                "#zone_settings:read",
                "#dns_records:read",
                "#waf:read",
                "#cache_purge:read",
            ],
            www_proxied: true,
            others: 0,
            breaks: None,
            shut: Vec::new(),
            revoked: false,
        }
    }

    /// Changes one setting.
    pub fn set(&mut self, name: &str, value: &'static str) {
        for (known, held) in &mut self.settings {
            if *known == name {
                *held = value;
            }
        }
    }
}

/// The answer to one request.
pub(crate) fn answer(world: &World, uri: &Uri, headers: &HeaderMap) -> Response<Full<Bytes>> {
    let account = &world.account;
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer "));
    if token != Some(TOKEN) || account.revoked {
        return refused(StatusCode::FORBIDDEN, 9109, "Invalid access token");
    }
    let path = uri.path().strip_prefix(BASE).unwrap_or_default();
    let query = |key: &str| {
        let pairs = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    };
    if path == "/zones" {
        let zones =
            if account.held && query("name").is_none_or(|name| name == DOMAIN) { vec![zone(account)] } else { vec![] };
        return paged(zones, &query);
    }
    let Some(part) = path.strip_prefix(&format!("/zones/{ZONE}/")) else {
        return refused(
            StatusCode::NOT_FOUND,
            7003,
            "Could not route to the requested path, perhaps your object identifier is invalid?",
        );
    };
    if account.shut.iter().any(|shut| part.starts_with(shut)) {
        return refused(StatusCode::FORBIDDEN, 10_000, "Authentication error");
    }
    match part {
        "settings" => good(settings(account), None),
        "dns_records" => {
            let page = query("page").and_then(|value| value.parse().ok()).unwrap_or(1);
            if account.breaks.is_some_and(|from: usize| page >= from) {
                return refused(StatusCode::INTERNAL_SERVER_ERROR, 10_001, "Internal server error");
            }
            paged(records(world), &query)
        }
        "rulesets" => good(rulesets(account), None),
        "rulesets/phases/http_request_cache_settings/entrypoint" => good(cache(account), None),
        "bot_management" => {
            good(json!({"fight_mode": account.bots_fought, "enable_js": true, "using_latest_model": true}), None)
        }
        _ => refused(StatusCode::NOT_FOUND, 7000, "No route for that URI"),
    }
}

fn zone(account: &Account) -> Value {
    json!({
        "id": ZONE, "name": DOMAIN, "status": "active", "paused": account.paused, "type": "full",
        "name_servers": ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
        "plan": {"id": "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "name": "Free Website", "price": 0},
        "permissions": account.permissions,
    })
}

fn settings(account: &Account) -> Value {
    let mut all: Vec<Value> = account
        .settings
        .iter()
        .map(|(id, value)| json!({"id": id, "value": value, "editable": true, "modified_on": null}))
        .collect();
    let security = json!({"strict_transport_security": {
        "enabled": account.hsts, "max_age": 31_536_000, "include_subdomains": true, "preload": false, "nosniff": true,
    }});
    all.push(json!({"id": "security_header", "value": security, "editable": true, "modified_on": null}));
    json!(all)
}

fn records(world: &World) -> Vec<Value> {
    let mut all: Vec<Value> = (1..=world.account.others)
        .map(|number| {
            json!({"id": format!("{number:032x}"), "name": format!("t{number}.{DOMAIN}"), "type": "A",
                "content": "5.161.44.10", "proxiable": true, "proxied": true, "ttl": 1})
        })
        .collect();
    for (host, _) in HOSTS {
        let proxied = world.account.www_proxied || !host.starts_with("www.");
        for kind in [Kind::A, Kind::Aaaa] {
            for data in world.names.at(host, kind) {
                let (rtype, content) = match data {
                    Data::A(address) => ("A", address.to_string()),
                    Data::Aaaa(address) => ("AAAA", address.to_string()),
                    _ => continue,
                };
                all.push(
                    json!({"id": format!("{:032x}", all.len() + 1), "name": host, "type": rtype, "content": content,
                    "proxiable": true, "proxied": proxied, "ttl": 1}),
                );
            }
        }
    }
    for data in world.names.at(DOMAIN, Kind::Txt) {
        if let Data::Txt(text) = data {
            all.push(json!({"id": format!("{:032x}", all.len() + 1), "name": DOMAIN, "type": "TXT", "content": text,
                "proxiable": false, "proxied": false, "ttl": 1}));
        }
    }
    all
}

fn rulesets(account: &Account) -> Value {
    let sets = account.phases.iter().enumerate().map(|(at, phase)| {
        json!({"id": format!("{at:032x}"), "name": "default", "kind": "zone", "phase": phase, "version": "1"})
    });
    json!(sets.collect::<Vec<_>>())
}

fn cache(account: &Account) -> Value {
    let rules = account.cached.iter().map(|expression| {
        json!({"action": "set_cache_settings", "expression": expression, "enabled": true,
            "action_parameters": {"cache": true, "edge_ttl": {"mode": "override_origin", "default": 3600}}})
    });
    json!({"id": "c0", "kind": "zone", "phase": "http_request_cache_settings", "rules": rules.collect::<Vec<_>>()})
}

/// One page of a list, as `page` and `per_page` ask.
fn paged<'a>(all: Vec<Value>, query: &impl Fn(&str) -> Option<&'a str>) -> Response<Full<Bytes>> {
    let number = |key: &str, usual: usize| query(key).and_then(|value| value.parse().ok()).unwrap_or(usual).max(1);
    let (page, each) = (number("page", 1), number("per_page", 100));
    let (total, pages) = (all.len(), all.len().div_ceil(each));
    let shown: Vec<Value> = all.into_iter().skip((page - 1) * each).take(each).collect();
    let info =
        json!({"page": page, "per_page": each, "count": shown.len(), "total_count": total, "total_pages": pages});
    good(json!(shown), Some(info))
}

fn good(result: Value, info: Option<Value>) -> Response<Full<Bytes>> {
    let mut envelope = json!({"success": true, "errors": [], "messages": [], "result": result});
    if let (Some(info), Some(envelope)) = (info, envelope.as_object_mut()) {
        envelope.insert("result_info".to_owned(), info);
    }
    sent(StatusCode::OK, &envelope)
}

fn refused(status: StatusCode, code: u32, message: &str) -> Response<Full<Bytes>> {
    let errors = json!([{"code": code, "message": message}]);
    sent(status, &json!({"success": false, "errors": errors, "messages": [], "result": null}))
}

fn sent(status: StatusCode, body: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
