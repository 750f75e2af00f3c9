//! Faults of the Cloudflare account: switches, rules, the token, and an API that does not answer.

use super::Fault;
use crate::cloudflare::{Account, HOST};
use crate::site::{At, Greeting, Quirk};
use crate::world::World;

const FINDS: &[&str] = &["edge.cloudflare"];

pub(super) const ROWS: [Fault; 20] = [
    Fault::found("cloudflare-flexible", "Cloudflare talks to the server without encryption", FINDS, |world| {
        world.account.set("ssl", "flexible")
    }),
    Fault::found("cloudflare-full", "Cloudflare accepts any certificate of the server", FINDS, |world| {
        world.account.set("ssl", "full")
    }),
    Fault::found("cloudflare-plain", "Always Use HTTPS is off at Cloudflare", FINDS, |world| {
        world.account.set("always_use_https", "off")
    }),
    Fault::found("cloudflare-old-tls", "Cloudflare's minimum TLS version is 1.0", FINDS, |world| {
        world.account.set("min_tls_version", "1.0")
    }),
    Fault::found("cloudflare-development", "development mode is on at Cloudflare", FINDS, |world| {
        world.account.set("development_mode", "on")
    }),
    Fault::found("cloudflare-rewrites", "Automatic HTTPS Rewrites is off at Cloudflare", FINDS, |world| {
        world.account.set("automatic_https_rewrites", "off")
    }),
    Fault::found("cloudflare-no-firewall", "no managed firewall rules are in force at Cloudflare", FINDS, |world| {
        keep(&mut world.account, "http_request_firewall_managed")
    }),
    Fault::found("cloudflare-no-rate-limit", "no rate limit is in force at Cloudflare", FINDS, |world| {
        keep(&mut world.account, "http_ratelimit")
    }),
    Fault::found("cloudflare-bots", "bots are not fought at Cloudflare", FINDS, |world| {
        world.account.bots_fought = false
    }),
    Fault::found("cloudflare-private-cache", "a cache rule at Cloudflare keeps answers of the API", FINDS, |world| {
        world.account.cached.push("starts_with(http.request.uri.path, \"/api/\")")
    }),
    Fault::found("cloudflare-unproxied", "www is not proxied in the account", FINDS, |world| {
        world.account.www_proxied = false
    }),
    Fault::found("cloudflare-second-page", "www is not proxied, on the second page of records", FINDS, |world| {
        many(&mut world.account);
        world.account.www_proxied = false;
    })
    .telling("www.juniperdesk.example A: proxied: false"),
    Fault::passing(
        "cloudflare-more-pages",
        "the account has more records than six calls can read beside its rules",
        &[FINDS],
        |world| world.account.others = 1_500,
    )
    .telling("more records than the 6 calls of one look read"),
    Fault::passing(
        "cloudflare-page-breaks",
        "the second page of records at Cloudflare ends in an error of the API",
        &[FINDS],
        |world| {
            many(&mut world.account);
            world.account.breaks = Some(2);
        },
    )
    .telling("in trouble itself (500"),
    Fault::found("cloudflare-wide-token", "the token may change DNS records", FINDS, |world| {
        world.account.permissions.push("#dns_records:edit")
    }),
    Fault::passing("cloudflare-429", "Cloudflare's API is asked too often (429)", &[FINDS], |world| {
        quirk(world, Quirk::Status(429))
    }),
    Fault::passing("cloudflare-503", "Cloudflare's API is down (503)", &[FINDS], |world| {
        quirk(world, Quirk::Status(503))
    }),
    Fault::passing("cloudflare-api-hang", "Cloudflare's API never answers", &[FINDS], |world| {
        quirk(world, Quirk::Hang)
    }),
    Fault::passing("cloudflare-api-reset", "Cloudflare's API resets every TLS handshake", &[FINDS], |world| {
        world.site(HOST).greeting = Greeting::Resets
    }),
    Fault::trap(
        "cloudflare-token-narrow",
        "the token does not open the rules, which leaves them a question",
        |world| world.account.shut.push("rulesets"),
    ),
];

/// So many records that they come on two pages; without cache rules there is a call left for the second.
fn many(account: &mut Account) {
    account.others = 1_500;
    keep(account, "http_request_cache_settings");
}

fn keep(account: &mut Account, without: &str) {
    account.phases.retain(|phase| *phase != without);
}

fn quirk(world: &mut World, quirk: Quirk) {
    world.site(HOST).quirks.push((At::Everything, quirk));
}
