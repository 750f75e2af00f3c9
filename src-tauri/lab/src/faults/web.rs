//! Faults of the web servers: plain http, redirects, two faces of one site, headers.

use super::{Fault, blind};
use crate::site::{Door, Landing, Pages};
use crate::world::{DOMAIN, World};

const WWW: &str = "www.juniperdesk.example";
const APP: &str = "app.juniperdesk.example";
const ELSEWHERE: &str = "https://juniperdesk.larkhosting.example/";

pub(super) const ROWS: [Fault; 18] = [
    Fault::found(
        "http-content",
        "the domain shows its page over plain http",
        &["edge.cloudflare", "http.https_only"],
        |world| world.site(DOMAIN).plain = Door::Shows,
    ),
    Fault::found("http-subdomain-content", "app shows its page over plain http", &["http.https_only"], |world| {
        world.site(APP).plain = Door::Shows
    }),
    Fault::found(
        "http-detour",
        "plain http on www goes to plain http on the domain before https",
        &["http.https_only"],
        |world| world.site(WWW).plain = Door::sends("http", DOMAIN),
    ),
    Fault::found("redirect-loop", "the domain sends to www and www sends back", &["http.redirects"], |world| {
        world.site(DOMAIN).secure = Door::sends("https", WWW)
    })
    .blinding(&[blind::FRONT, &["http.cookies", "http.cors", "http.mixed_content", "http.third_party"]]),
    Fault::found("redirect-long", "www needs four redirects to reach the page", &["http.redirects"], |world| {
        let to = |path: &str| format!("https://{DOMAIN}{path}");
        world.site(WWW).moves.insert("/", to("/home"));
        let moves = &mut world.site(DOMAIN).moves;
        moves.insert("/home", to("/start"));
        moves.insert("/start", to("/welcome"));
        moves.insert("/welcome", to("/"));
    }),
    Fault::found(
        "redirect-temporary",
        "www redirects to the domain with the temporary status 302",
        &["http.redirects"],
        |world| {
            world.site(WWW).secure = Door::Sends { scheme: "https", host: DOMAIN.to_owned(), status: 302 };
        },
    ),
    Fault::found("redirect-downgrade", "https on www redirects to plain http", &["http.redirects"], |world| {
        world.site(WWW).secure = Door::sends("http", DOMAIN)
    }),
    Fault::found("www-separate", "www shows an old page of its own", &["http.canonical"], |world| {
        world.site(WWW).secure = Door::Shows
    })
    .shown(),
    Fault::found("www-duplicate", "www shows the same page instead of redirecting", &["http.canonical"], |world| {
        let www = world.site(WWW);
        www.secure = Door::Shows;
        www.pages = Pages::Landing(Landing::new());
    }),
    Fault::found(
        "canonical-elsewhere",
        "the page names another host as its canonical address",
        &["http.canonical"],
        |world| landing(world, |page| page.canonical = ELSEWHERE.to_owned()),
    ),
    Fault::found(
        "og-url-elsewhere",
        "the page gives another host as its address to social networks",
        &["http.canonical"],
        |world| landing(world, |page| page.og_url = ELSEWHERE.to_owned()),
    ),
    Fault::found("no-hsts", "the page comes without Strict-Transport-Security", &["http.security_headers"], |world| {
        without(world, &["strict-transport-security"])
    })
    .shown(),
    Fault::found("short-hsts", "Strict-Transport-Security lasts one day", &["http.security_headers"], |world| {
        with(world, "strict-transport-security", "max-age=86400")
    }),
    Fault::found("no-csp", "the page comes without a content security policy", &["http.security_headers"], |world| {
        without(world, &["content-security-policy"])
    }),
    Fault::found(
        "csp-unsafe-inline",
        "the content security policy allows any inline script",
        &["http.security_headers"],
        |world| {
            with(
                world,
                "content-security-policy",
                "default-src 'self'; script-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
            );
        },
    ),
    Fault::found("no-nosniff", "browsers may guess content types", &["http.security_headers"], |world| {
        without(world, &["x-content-type-options"])
    }),
    Fault::found("frameable", "any site may show the page in a frame", &["http.security_headers"], |world| {
        without(world, &["x-frame-options"]);
        let headers = &mut world.site(DOMAIN).headers;
        if let Some(policy) = headers.get_mut("content-security-policy") {
            *policy = policy.replace("frame-ancestors 'none'; ", "");
        }
    }),
    Fault::found(
        "version-leak",
        "a header tells the exact version of the software",
        &["http.security_headers"],
        |world| with(world, "x-powered-by", "PHP/8.1.2"),
    ),
];

fn landing(world: &mut World, change: impl Fn(&mut Landing)) {
    if let Some(page) = world.site(DOMAIN).landing() {
        change(page);
    }
}

fn without(world: &mut World, headers: &[&str]) {
    let held = &mut world.site(DOMAIN).headers;
    held.retain(|header, _| !headers.contains(header));
}

fn with(world: &mut World, header: &'static str, value: &str) {
    world.site(DOMAIN).headers.insert(header, value.to_owned());
}
