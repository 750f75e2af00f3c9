//! What the sites show: the pages of the product with their scripts, rendered once per world.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use sha2::{Digest, Sha256};

use crate::script::Bundles;
use crate::site::{Landing, Pages};
use crate::world::DOMAIN;

const HTML: &str = "text/html; charset=utf-8";
/// Pages are asked for anew each time; a matching ETag saves the transfer.
const FRESH: &str = "no-cache";
/// Assets carry a hash in their name and never change.
const FOREVER: &str = "public, max-age=31536000, immutable";
const DAILY: &str = "public, max-age=86400";
const STYLE: &str = "/assets/style-4f1c9a.css";

const CSS: &str = ":root{--ink:#1d2b24;--leaf:#2f6b4f;--paper:#fbfaf6}*{box-sizing:border-box}body{margin:0;font:17px/1.6 system-ui,sans-serif;\
color:var(--ink);background:var(--paper)}header,main,footer{max-width:64rem;margin:auto;padding:1.5rem}a{color:var(--leaf)}.hero{padding:5rem 0}\
.plans{display:grid;grid-template-columns:repeat(3,1fr);gap:1.5rem}.button{background:var(--leaf);color:#fff;padding:.7rem 1.2rem;border-radius:.5rem}\n";
const ICON: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"7\" fill=\"#2f6b4f\"/>\
<path d=\"M16 5 9 17h5v10h4V17h5z\" fill=\"#fbfaf6\"/></svg>\n";

/// One thing to fetch.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub kind: &'static str,
    pub cache: &'static str,
    pub etag: String,
    pub body: Bytes,
    packed: Arc<OnceLock<Bytes>>,
}

impl Page {
    fn new(kind: &'static str, cache: &'static str, body: impl Into<Bytes>) -> Page {
        let body = body.into();
        let etag = format!("\"{:016x}\"", fingerprint(&body));
        Page { kind, cache, etag, body, packed: Arc::default() }
    }

    /// The body as gzip; packed once, when first asked for.
    pub fn packed(&self) -> Bytes {
        let pack = || {
            let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
            match packer.write_all(&self.body).and_then(|()| packer.finish()) {
                Ok(packed) => Bytes::from(packed),
                Err(_) => self.body.clone(),
            }
        };
        self.packed.get_or_init(pack).clone()
    }

    /// The body as zstd, as networks pack it for browsers that say so.
    pub fn packed_anew(&self) -> Bytes {
        Bytes::from(compress_to_vec(self.body.as_ref(), CompressionLevel::Fastest))
    }

    /// Whether it is a script or a style.
    pub fn asset(&self) -> bool {
        ["text/javascript", "text/css"].iter().any(|kind| self.kind.starts_with(kind))
    }

    fn html(body: String) -> Page {
        Page::new(HTML, FRESH, body)
    }
}

/// Everything a site shows, by path.
#[derive(Clone, Debug)]
pub(crate) struct Book {
    pub pages: BTreeMap<String, Page>,
    pub missing: Page,
    /// Sources for the content security policy that allow the inline scripts.
    pub inline: String,
}

impl Book {
    /// Renders what `pages` describes.
    pub fn new(pages: &Pages, bundles: &Bundles, intermediate: &[u8]) -> Book {
        match pages {
            Pages::Api => api(),
            Pages::Issuer => book([("/e5.der", Page::new("application/pkix-cert", DAILY, intermediate.to_vec()))]),
            Pages::Landing(landing) => self::landing(landing, bundles),
            Pages::Login => single(&document("Sign in to Juniper Desk", "", LOGIN)),
            Pages::Separate => single(&document("Juniper Desk: coming soon", "", SOON)),
            Pages::Cloudflare | Pages::Members | Pages::Resolver(_) => book([]),
            Pages::Texts(texts) => texts_of(texts),
            Pages::Widget => book([
                ("/w.js", Page::new("text/javascript; charset=utf-8", FOREVER, "window.acorn={version:3};\n")),
                ("/w.css", Page::new("text/css; charset=utf-8", FOREVER, ".acorn{display:none}\n")),
            ]),
            Pages::Status => single(&document("Juniper Desk status", "", STATUS)),
        }
    }
}

const LOGIN: &str = "<main><h1>Welcome back</h1><form method=\"post\" action=\"/session\"><label>E-mail <input name=\"email\" type=\"email\" \
autocomplete=\"username\" required></label><label>Password <input name=\"password\" type=\"password\" autocomplete=\"current-password\" required></label>\
<button class=\"button\">Sign in</button></form></main>";
const SOON: &str = "<main class=\"hero\"><h1>Something calm is growing here</h1><p>Juniper Desk opens in spring. Leave your address and we will write once.</p></main>";
const STATUS: &str = "<main><h1>All systems are up</h1><ul><li>App: operational</li><li>API: operational</li><li>E-mail: operational</li></ul></main>";
const DASHBOARD: &str = "<main><h1>Your boards</h1><div id=\"root\"><p>Loading your workspace.</p></div></main>";
const HOME: &str = "<main><section class=\"hero\"><h1>The desk that keeps itself tidy</h1><p>Boards, invoices and reminders for studios of two to twenty people.</p>\
<a class=\"button\" href=\"/pricing\">See the plans</a></section></main>";
const PRICING: &str = "<main><h1>Plans</h1><div class=\"plans\"><section><h2>Seed</h2><p>9 euro a month</p></section><section><h2>Grove</h2><p>29 euro a month</p></section>\
<section><h2>Forest</h2><p>79 euro a month</p></section></div></main>";
const PRIVACY: &str = "<main><h1>Privacy</h1><p>We keep what you write in your boards and nothing about you that we do not need.</p></main>";
const TERMS: &str = "<main><h1>Terms</h1><p>You may leave whenever you like and take your data with you.</p></main>";

fn landing(landing: &Landing, bundles: &Bundles) -> Book {
    let mut app = bundles.app.clone();
    if let Some(more) = &landing.bundle {
        let middle = app.len() / 2;
        // Statements are ASCII and end with one of these, so that the addition lands between two of them.
        let cut = app.get(middle..).and_then(|rest| rest.find(';')).map_or(app.len(), |at| middle + at + 1);
        app.insert_str(cut, more);
    }
    let app_path = format!("/assets/app-{:08x}.js", short(app.as_bytes()));
    let vendor_path = format!("/assets/vendor-{:08x}.js", short(bundles.vendor.as_bytes()));
    let inline = format!(
        "window.__desk={{release:\"2.14.0\",locale:document.documentElement.lang,started:Date.now()}};{}",
        landing.inline.as_deref().unwrap_or_default()
    );
    let more = landing.head.as_deref().unwrap_or_default();
    let head = format!(
        "{more}<script>{inline}</script><script type=\"module\" src=\"{vendor_path}\"></script><script type=\"module\" src=\"{app_path}\"></script>"
    );
    let own = |path: &str, title: &str, body: &str| {
        let links = format!("<link rel=\"canonical\" href=\"https://{DOMAIN}{path}\">{head}");
        Page::html(document(title, &links, body))
    };
    let home_links = format!(
        "<meta name=\"description\" content=\"Boards, invoices and reminders for small studios.\"><link rel=\"canonical\" href=\"{}\">\
         <meta property=\"og:type\" content=\"website\"><meta property=\"og:title\" content=\"Juniper Desk\"><meta property=\"og:url\" content=\"{}\">{head}",
        landing.canonical, landing.og_url
    );
    let home = format!("{HOME}{}", landing.body.as_deref().unwrap_or_default());
    let mut book = book([
        ("/", Page::html(document("Juniper Desk: the desk that keeps itself tidy", &home_links, &home))),
        ("/dashboard", own("/dashboard", "Your boards: Juniper Desk", DASHBOARD)),
        ("/pricing", own("/pricing", "Plans: Juniper Desk", PRICING)),
        ("/privacy", own("/privacy", "Privacy: Juniper Desk", PRIVACY)),
        ("/terms", own("/terms", "Terms: Juniper Desk", TERMS)),
        ("/robots.txt", text(&robots(landing))),
        ("/sitemap.xml", Page::new("application/xml", DAILY, sitemap(&landing.mapped))),
    ]);
    for (path, script) in [(app_path, app), (vendor_path, bundles.vendor.clone())] {
        let page = Page::new("text/javascript; charset=utf-8", FOREVER, script);
        book.pages.insert(path, page);
    }
    book.inline = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(inline)));
    book
}

fn api() -> Book {
    let json = |body: &'static str| Page::new("application/json", "no-store", body);
    Book {
        pages: BTreeMap::from([("/".to_owned(), json("{\"name\":\"Juniper Desk API\",\"version\":1}\n"))]),
        missing: json("{\"error\":\"not found\"}\n"),
        inline: String::new(),
    }
}

fn texts_of(texts: &[(String, &'static str, String)]) -> Book {
    let pages = texts.iter().map(|(path, kind, text)| (path.clone(), Page::new(kind, FRESH, text.clone())));
    Book { pages: pages.collect(), ..book([]) }
}

fn single(document: &str) -> Book {
    book([("/", Page::html(document.to_owned())), ("/robots.txt", text("User-agent: *\nDisallow: /\n"))])
}

fn book<const N: usize>(pages: [(&str, Page); N]) -> Book {
    let mut pages: BTreeMap<String, Page> = pages.into_iter().map(|(path, page)| (path.to_owned(), page)).collect();
    pages.insert(STYLE.to_owned(), Page::new("text/css; charset=utf-8", FOREVER, CSS));
    pages.insert("/favicon.svg".to_owned(), Page::new("image/svg+xml", DAILY, ICON));
    Book {
        pages,
        missing: Page::html(document(
            "Not found: Juniper Desk",
            "<meta name=\"robots\" content=\"noindex\">",
            "<main><h1>This page is not here</h1><p><a href=\"/\">Back to the start</a></p></main>",
        )),
        inline: String::new(),
    }
}

fn document(title: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{title}</title><link rel=\"stylesheet\" href=\"{STYLE}\"><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">{head}</head>\
         <body><header><a href=\"/\">Juniper Desk</a></header>{body}<footer><a href=\"/privacy\">Privacy</a> <a href=\"/terms\">Terms</a></footer></body></html>\n"
    )
}

fn text(body: &str) -> Page {
    Page::new("text/plain; charset=utf-8", DAILY, body.to_owned())
}

fn robots(landing: &Landing) -> String {
    let closed = if landing.shut { "/" } else { "/dashboard" };
    format!("User-agent: *\nDisallow: {closed}\nSitemap: https://{DOMAIN}/sitemap.xml\n")
}

fn sitemap(host: &str) -> String {
    let urls: String = ["/", "/pricing", "/privacy", "/terms"]
        .iter()
        .map(|path| format!("<url><loc>https://{host}{path}</loc></url>"))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>\n"
    )
}

fn fingerprint(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

fn short(bytes: &[u8]) -> u64 {
    fingerprint(bytes) >> 32
}
