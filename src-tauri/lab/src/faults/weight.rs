//! Faults of files and links: what is kept, packed and weighed, where links lead, and who finds the trial copy.

use super::Fault;
use crate::random::Random;
use crate::site::{Keeping, Landing, Leaf, Pages, Site};
use crate::world::{DOMAIN, STATUS, World};

const CACHING: &[&str] = &["http.caching"];
const COPIES: &[&str] = &["edge.cache"];
const PACKED: &[&str] = &["http.compression"];
const IMAGES: &[&str] = &["http.images"];
const LINKS: &[&str] = &["http.dead_links"];
const TRIAL: &[&str] = &["http.preview_hosts"];
const STAGING: &str = "staging.juniperdesk.example";

pub(super) const ROWS: [Fault; 27] = [
    Fault::found("assets-forgotten", "scripts and styles are never kept by browsers", CACHING, |world| {
        world.site(DOMAIN).asset_cache = Some("no-store")
    }),
    Fault::found("assets-short", "scripts and styles are kept for ten minutes", CACHING, |world| {
        world.site(DOMAIN).asset_cache = Some("public, max-age=600")
    }),
    Fault::found("untagged", "nothing is known again when it is asked for a second time", CACHING, |world| {
        let site = world.site(DOMAIN);
        site.tagged = false;
        site.asset_cache = Some("no-cache");
    }),
    Fault::found("page-kept", "browsers keep the front page for a week", CACHING, |world| {
        let site = world.site(DOMAIN);
        site.kept_page = Some("max-age=604800");
    }),
    Fault::found("edge-bypass", "the delivery network is told to keep no files", COPIES, |world| {
        world.site(DOMAIN).keeping = Keeping::Bypasses
    }),
    Fault::found("edge-misses", "the delivery network never has a copy of a file", COPIES, |world| {
        world.site(DOMAIN).keeping = Keeping::Misses
    }),
    Fault::found(
        "edge-bypass-short",
        "the delivery network keeps no files, and browsers only briefly",
        &["edge.cache", "http.caching"],
        |world| {
            let site = world.site(DOMAIN);
            site.keeping = Keeping::Bypasses;
            site.asset_cache = Some("public, max-age=600");
        },
    ),
    Fault::found("unpacked", "text is sent as it is", PACKED, |world| world.site(DOMAIN).compresses = false),
    Fault::found("unpacked-page", "the front page alone is sent as it is, long as it is", PACKED, |world| {
        let site = world.site(DOMAIN);
        let page = "<!doctype html><html lang=\"en\"><head><title>Juniper Desk</title></head><body>".to_owned()
            + &"<p>Boards, invoices and reminders for small studios.</p>".repeat(60)
            + "</body></html>";
        let leaf = Leaf::new(200, "text/html; charset=utf-8", &page).with("cache-control", "no-cache");
        site.leaves.insert("/welcome", leaf);
        site.moves.insert("/", format!("https://{DOMAIN}/welcome"));
    }),
    Fault::found(
        "packed-unsaid",
        "packed scripts do not say that they differ by what the browser takes",
        PACKED,
        |world| world.site(DOMAIN).says_packed = false,
    ),
    Fault::found("image-wide", "an image is wider than any screen", IMAGES, |world| {
        image(world, "/hero.gif", "GIF89a\u{0}\u{20}\u{20}\u{3}", 20_000)
    }),
    Fault::found("image-heavy", "an image weighs more than a megabyte", IMAGES, |world| {
        image(world, "/hero.gif", "GIF89a\u{20}\u{3}\u{20}\u{3}", 1_200_000)
    }),
    Fault::found("image-old", "an image of half a megabyte comes in an old format", IMAGES, |world| {
        image(world, "/hero.gif", "GIF89a\u{20}\u{3}\u{20}\u{3}", 500_000)
    }),
    Fault::found(
        "page-heavy",
        "the front page loads a film of three megabytes as an image",
        &["http.images", "http.payload_size"],
        |world| image(world, "/film.gif", "GIF89a\u{20}\u{3}\u{20}\u{3}", 3_300_000),
    ),
    Fault::found(
        "page-far-too-heavy",
        "the front page loads pictures of twelve megabytes",
        &["http.images", "http.payload_size"],
        |world| {
            for path in ["/one.gif", "/two.gif", "/three.gif"] {
                image(world, path, "GIF89a\u{20}\u{3}\u{20}\u{3}", 4_000_000);
            }
        },
    ),
    Fault::found(
        "scripts-heavy",
        "the application's script weighs more than a megabyte",
        &["http.payload_size"],
        |world| {
            let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
            let words: Vec<String> = (0..24_000).map(|_| String::new()).collect();
            let mut random = Random::new(world.seed, "heavy script");
            let text: String = words.iter().map(|_| format!("f(\"{}\");", random.word(letters, 56))).collect();
            landing(world, |page| page.bundle = Some(text));
        },
    ),
    Fault::found("dead-link", "the front page links to a page that is not there", LINKS, |world| {
        body(world, "<a href=\"/features\">Features</a>")
    }),
    Fault::found(
        "dead-link-moved",
        "the front page links to an address that leads to a missing page",
        LINKS,
        |world| {
            world.site(DOMAIN).moves.insert("/tour", format!("https://{DOMAIN}/take-a-tour"));
            body(world, "<a href=\"/tour\">Take the tour</a>");
        },
    ),
    Fault::found("dead-host-link", "the front page links to a host that does not exist", LINKS, |world| {
        body(world, "<a href=\"https://community.juniperdesk.example/\">Community</a>")
    }),
    Fault::trap("shy-link", "the front page links to a page that turns robots away", |world| {
        world.site(DOMAIN).leaves.insert("/members", Leaf::new(403, "text/plain; charset=utf-8", "no robots\n"));
        body(world, "<a href=\"/members\">Members</a>");
    }),
    Fault::found("staging-open", "the trial copy is open to everybody and to search engines", TRIAL, |world| {
        staging(world, |_| {})
    }),
    Fault::found("preview-open", "another trial copy is open to everybody and to search engines", TRIAL, |world| {
        world.point("dev.juniperdesk.example", STATUS.all());
        world.sites.insert("dev.juniperdesk.example".to_owned(), Site::new(Pages::Separate));
    }),
    Fault::found(
        "links-to-localhost",
        "the front page links to a developer's machine",
        &["http.dead_links", "http.preview_hosts"],
        |world| body(world, "<a href=\"http://localhost:3000/boards\">Boards</a>"),
    ),
    Fault::trap("staging-login", "the trial copy asks for a password first", |world| {
        staging(world, |site| site.pages = Pages::Login)
    }),
    Fault::trap("staging-hidden", "the trial copy is hidden from search engines", |world| {
        staging(world, |site| drop(site.headers.insert("x-robots-tag", "noindex, nofollow".to_owned())))
    }),
    Fault::trap("staging-closed", "the trial copy refuses strangers (401)", |world| {
        staging(world, |site| {
            drop(site.leaves.insert("/", Leaf::new(401, "text/plain; charset=utf-8", "who are you\n")))
        })
    }),
    Fault::trap(
        "vendor-words",
        "the application's script holds words of libraries that look like a developer's machine",
        |world| {
            landing(world, |page| {
                page.bundle = Some(
                    "const base=new URL(\"/\",\"http://localhost\"),s=\"http://localhost:8969/stream\";".to_owned(),
                )
            })
        },
    ),
];

fn staging(world: &mut World, change: impl FnOnce(&mut Site)) {
    world.point(STAGING, STATUS.all());
    let mut site = Site::new(Pages::Separate);
    change(&mut site);
    world.sites.insert(STAGING.to_owned(), site);
}

fn image(world: &mut World, path: &'static str, start: &str, bytes: usize) {
    let text = format!("{start}{}", " ".repeat(bytes.saturating_sub(start.len())));
    let leaf = Leaf::new(200, "image/gif", &text).with("cache-control", "public, max-age=31536000");
    world.site(DOMAIN).leaves.insert(path, leaf);
    body(world, &format!("<img src=\"{path}\" alt=\"Boards\">"));
}

fn body(world: &mut World, html: &str) {
    landing(world, |page| {
        let before = page.body.take().unwrap_or_default();
        page.body = Some(before + html);
    });
}

fn landing(world: &mut World, change: impl FnOnce(&mut Landing)) {
    if let Some(page) = world.site(DOMAIN).landing() {
        change(page);
    }
}
