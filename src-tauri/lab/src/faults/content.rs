//! Faults of what pages load, send and store: cookies, unencrypted parts, scripts of other companies.

use super::Fault;
use crate::site::{Guests, Landing, Sharing};
use crate::world::{DOMAIN, World};

const COOKIES: &[&str] = &["http.cookies"];
const MIXED: &[&str] = &["http.mixed_content"];
const OTHERS: &[&str] = &["http.third_party"];
const SHARING: &[&str] = &["http.cors"];
const API: &str = "api.juniperdesk.example";
const APP: &str = "app.juniperdesk.example";

pub(super) const ROWS: [Fault; 26] = [
    Fault::found("cookie-in-the-clear", "the session cookie of app lacks Secure", COOKIES, |world| {
        cookie(world, APP, "sid=q7Zr; Path=/; HttpOnly; SameSite=Lax")
    }),
    Fault::found("cookie-for-scripts", "scripts can read the session cookie of app", COOKIES, |world| {
        cookie(world, APP, "__Host-session=q7Zr; Path=/; Secure; SameSite=Lax")
    }),
    Fault::found(
        "cookie-refused",
        "the name of app's session cookie promises what its attributes break",
        COOKIES,
        |world| {
            cookie(
                world,
                APP,
                "__Host-session=q7Zr; Path=/; Domain=juniperdesk.example; Secure; HttpOnly; SameSite=Lax",
            )
        },
    ),
    Fault::found("cookie-none", "a cookie says SameSite=None without Secure", COOKIES, |world| {
        cookie(world, APP, "theme=leaf; Path=/; SameSite=None")
    }),
    Fault::found("cookie-wide", "the session cookie of app goes to every host of the domain", COOKIES, |world| {
        cookie(world, APP, "session=q7Zr; Path=/; Domain=juniperdesk.example; Secure; HttpOnly; SameSite=Lax")
    }),
    Fault::found("cors-anybody", "the interface lets in whoever asks, with cookies", SHARING, |world| {
        sharing(world, Sharing { guests: Guests::Anybody, ..Sharing::CAREFUL })
    }),
    Fault::found(
        "cors-anybody-no-preflight",
        "the interface lets in whoever asks and does not answer OPTIONS",
        SHARING,
        |world| sharing(world, Sharing { guests: Guests::Anybody, preflight: false, ..Sharing::CAREFUL }),
    ),
    Fault::found("cors-null", "the interface trusts the origin null, with cookies", SHARING, |world| {
        sharing(world, Sharing { guests: Guests::OwnAndNull, ..Sharing::CAREFUL })
    }),
    Fault::found("cors-beginning", "the interface trusts every domain that begins like its own", SHARING, |world| {
        sharing(world, Sharing { guests: Guests::Beginning, ..Sharing::CAREFUL })
    }),
    Fault::found("cors-ending", "the interface trusts every domain that ends like its own", SHARING, |world| {
        sharing(world, Sharing { guests: Guests::Ending, ..Sharing::CAREFUL })
    }),
    Fault::found("cors-star-with-cookies", "the interface allows everybody and cookies at once", SHARING, |world| {
        sharing(world, Sharing { guests: Guests::Everybody, ..Sharing::CAREFUL })
    }),
    Fault::found("cors-no-vary", "the interface names its guest without telling caches", SHARING, |world| {
        world.site(DOMAIN).sharing = Some(Sharing { vary: false, ..Sharing::CAREFUL });
    }),
    Fault::found("cors-page", "the page itself lets in whoever asks, with cookies", SHARING, |world| {
        world.site(DOMAIN).sharing = Some(Sharing { guests: Guests::Anybody, ..Sharing::CAREFUL });
    }),
    Fault::found("sitemap-elsewhere", "the sitemap lists the pages with www", &["http.canonical"], |world| {
        landing(world, |page| page.mapped = "www.juniperdesk.example".to_owned())
    }),
    Fault::found("robots-shut", "robots.txt keeps every search engine out", &["http.canonical"], |world| {
        landing(world, |page| page.shut = true)
    }),
    Fault::found("redirect-forgets", "www sends every address to the front page", &["http.redirects"], |world| {
        world.site("www.juniperdesk.example").forgets = true;
    }),
    Fault::found("http-forgets", "plain http sends every address to the front page", &["http.redirects"], |world| {
        world.site(DOMAIN).forgets = true;
    }),
    Fault::found("mixed-style", "the page takes a style sheet over plain http", MIXED, |world| {
        mixed(world, |page| {
            page.head = Some(
                "<link rel=\"stylesheet\" href=\"http://juniperdesk.example/assets/style-4f1c9a.css\" media=\"print\">"
                    .to_owned(),
            )
        })
    }),
    Fault::found("mixed-form", "a form of the page sends over plain http", MIXED, |world| {
        mixed(world, |page| {
            page.body = Some(
                "<form action=\"http://juniperdesk.example/letter\" method=\"post\"><input name=\"email\"></form>"
                    .to_owned(),
            )
        })
    }),
    Fault::found("mixed-image", "a picture of the page comes over plain http", MIXED, |world| {
        mixed(world, |page| {
            page.body = Some(
                "<img src=\"http://juniperdesk.example/favicon.svg\" alt=\"\" width=\"32\" height=\"32\">".to_owned(),
            )
        })
    }),
    Fault::found("mixed-background", "an inline style takes its background over plain http", MIXED, |world| {
        mixed(world, |page| {
            page.body = Some("<p style=\"background:url(http://juniperdesk.example/favicon.svg)\">Hello</p>".to_owned())
        })
    }),
    Fault::found("mixed-socket", "an inline script opens an unencrypted WebSocket", MIXED, |world| {
        mixed(world, |page| {
            page.inline = Some("window.__live=()=>new WebSocket(\"ws://juniperdesk.example/live\");".to_owned())
        })
    }),
    Fault::found("widget-blocks", "a script of another company holds up the page", OTHERS, |world| {
        landing(world, |page| {
            page.head = Some("<script src=\"https://widgets.acornkit.example/w.js\" integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC\" crossorigin=\"anonymous\"></script>".to_owned())
        })
    }),
    Fault::found("widget-unsigned", "a script of another company comes without a digest", OTHERS, |world| {
        landing(world, |page| {
            page.head = Some("<script async src=\"https://widgets.acornkit.example/w.js\"></script>".to_owned())
        })
    }),
    Fault::found("library-unsigned", "a library of fixed versions is taken without a digest", OTHERS, |world| {
        landing(world, |page| {
            page.head = Some("<script defer src=\"https://cdn.jsdelivr.net/w.js\"></script>".to_owned())
        })
    }),
    Fault::found("style-unsigned", "a style sheet of another company comes without a digest", OTHERS, |world| {
        landing(world, |page| {
            page.head = Some("<link rel=\"stylesheet\" href=\"https://widgets.acornkit.example/w.css\">".to_owned())
        })
    }),
];

fn sharing(world: &mut World, sharing: Sharing) {
    world.site(API).sharing = Some(sharing);
}

fn cookie(world: &mut World, host: &str, line: &str) {
    world.site(host).cookies.push(line.to_owned());
}

fn landing(world: &mut World, change: impl FnOnce(&mut Landing)) {
    if let Some(page) = world.site(DOMAIN).landing() {
        change(page);
    }
}

/// The same without the policy that would make browsers ask for everything encrypted.
fn mixed(world: &mut World, change: impl FnOnce(&mut Landing)) {
    if let Some(policy) = world.site(DOMAIN).headers.get_mut("content-security-policy") {
        *policy = policy.replace("; upgrade-insecure-requests", "");
    }
    landing(world, change);
}
