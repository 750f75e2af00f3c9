//! Pages: what is read of real markup, and that hostile markup stays cheap.

use super::*;
use crate::facts::{ResourceKind, Written};
use std::time::Instant;

fn page(html: &str) -> Page {
    read(html.as_bytes(), false, &Url::parse("https://example.com/shop/").unwrap())
}

#[test]
fn reads_title_links_and_scripts() {
    let page = page(
        "\u{feff}<!doctype html><html><head><base href=\"https://cdn.example.com/v2/\"><title>\n A &amp; B \u{202e}x</title>\
         <link rel='alternate CANONICAL' href=/a?b=1&amp;c=2><meta property=og:url content='https://example.com/shop/'>\
         <link rel=modulepreload href=chunk.js><link rel=preload as=script href=pre.js><link rel=preload as=font href=f.woff2>\
         <script src=app.js></script><SCRIPT SRC=//other.example/x.js async></SCRIPT><script src=app.js></script>\
         <script src='javascript:1'></script><script src='data:text/javascript,1'></script></head>\
         <body><svg><title>Icon</title></svg><script>let a = '<b>';</script><script type=application/ld+json>{\"a\":1}</script>\
         <script type=module>import 'x'</script><script> </script></body></html>",
    );
    assert_eq!(page.seen.title.as_deref(), Some("A & B \\u{202e}x"));
    assert_eq!(page.seen.canonical.as_deref(), Some("https://cdn.example.com/a?b=1&c=2"));
    assert_eq!(page.seen.og_url.as_deref(), Some("https://example.com/shop/"));
    assert_eq!(
        page.seen.scripts,
        [
            "https://cdn.example.com/v2/chunk.js",
            "https://cdn.example.com/v2/pre.js",
            "https://cdn.example.com/v2/app.js",
            "https://other.example/x.js"
        ]
    );
    assert_eq!(page.inline, ["let a = '<b>';", "{\"a\":1}", "import 'x'"]);
    assert_eq!(page.seen.inline_scripts, 3);
    assert!(!page.seen.truncated);
    assert_eq!(page.seen.sha256.len(), 64);
}

#[test]
fn reads_what_a_page_leads_to_and_loads() {
    let linked = page(
        "<meta name=Robots content='noindex, nofollow'><link rel=stylesheet href=/a.css><link rel='alternate stylesheet' href=/b.css>\
         <a href='/x#one'>1</a><a href='/x#two'>2</a><a href='mailto:a@b.example'>3</a><map><area href=//other.example/y></map>\
         <img src=/big.png width=320><img src=/big.png><img src='data:image/png;base64,AA'>\
         <form action=/search><input name=q></form><form method=post action=/session><input type=Password></form>",
    )
    .seen
    .linked;
    assert_eq!(linked.pages, ["https://example.com/x", "https://other.example/y"]);
    assert_eq!(linked.robots.as_deref(), Some("noindex, nofollow"));
    assert_eq!(linked.login.as_deref(), Some("https://example.com/session"));
    assert_eq!(page("<form><input type=password>").seen.linked.login.as_deref(), Some("https://example.com/shop/"));
}

#[test]
fn text_that_only_looks_like_markup_is_not_read() {
    let page = page(
        "<!-- <title>no</title><script src=a.js></script> --><style><title>no</title></style><textarea><script src=b.js></script></textarea>\
         <noscript><link rel=canonical href=/no></noscript><svg><title>Icon</title></svg>\
         <script>document.write(\"<script src=c.js><\\/script><title>no</title>\");</script><title>Yes</title><title>Second</title>",
    );
    assert_eq!(page.seen.title.as_deref(), Some("Yes"));
    assert_eq!((page.seen.canonical, page.seen.scripts.len()), (None, 0));
    assert_eq!(page.inline.len(), 1);
}

#[test]
fn what_a_browser_fetches_by_itself_is_kept_with_its_use() {
    let page = page(
        "<head><meta http-equiv=Content-Security-Policy content=\"default-src 'self'\"><meta name=referrer content=origin>\
         <link rel=stylesheet href=a.css integrity=sha384-x><link rel='stylesheet' media=print href=p.css><link rel=icon href=/i.svg>\
         <script src=//cdn.example/s.js></script><script src=http://x.example/d.js defer></script><script type=module src=m.js></script>\
         <style>@import 'b.css'; body{background:url(http://x.example/bg.png)}</style></head>\
         <body style=\"background:url(c.png)\"><script src=late.js></script><img src=http://x.example/a.png srcset='b.png 1x, http://x.example/c.png 2x'>\
         <picture><source srcset='d.avif'></picture><video src=v.mp4 poster=p.jpg></video><iframe src=https://f.example/></iframe>\
         <form action=http://x.example/send><button formaction=/other></button></form><object data=o.swf></object>\
         <template><img src=never.png></template><noscript><img src=never.png></noscript><img src=data:image/png;base64,AA==><a href=http://x.example/>link</a>\
         <meta http-equiv=content-security-policy content='too late'><script>let s = new WebSocket('ws://x.example/live');</script>",
    );
    let found: Vec<String> =
        page.seen.resources.iter().map(|found| format!("{:?} {}", found.kind, found.url)).collect();
    let expected = [
        "Style https://example.com/shop/a.css",
        "Style https://example.com/shop/p.css",
        "Image https://example.com/i.svg",
        "Script https://cdn.example/s.js",
        "Script http://x.example/d.js",
        "Script https://example.com/shop/m.js",
        "Script https://example.com/shop/late.js",
        "Image http://x.example/a.png",
        "ImageSet https://example.com/shop/b.png",
        "ImageSet http://x.example/c.png",
        "ImageSet https://example.com/shop/d.avif",
        "Media https://example.com/shop/v.mp4",
        "Image https://example.com/shop/p.jpg",
        "Frame https://f.example/",
        "Form http://x.example/send",
        "Form https://example.com/other",
        "Object https://example.com/shop/o.swf",
        "Style https://example.com/shop/b.css",
        "Image http://x.example/bg.png",
        "Image https://example.com/shop/c.png",
        "Socket ws://x.example/live",
    ];
    assert_eq!(found, expected);
    let blocking: Vec<&str> =
        page.seen.resources.iter().filter(|found| found.blocking).map(|found| found.url.as_str()).collect();
    assert_eq!(blocking, ["https://example.com/shop/a.css", "https://cdn.example/s.js"]);
    assert!(page.seen.resources[0].integrity && !page.seen.resources[1].integrity);
    assert_eq!(page.seen.resources[3].written, Written::SchemeRelative);
    assert_eq!(page.seen.resources[4].written, Written::Absolute);
    assert_eq!(page.seen.resources[0].kind, ResourceKind::Style);
    assert_eq!(
        (page.seen.csp_meta, page.seen.referrer_meta),
        (vec!["default-src 'self'".to_owned()], Some("origin".to_owned()))
    );
}

#[test]
fn nothing_and_binary_are_pages_without_anything() {
    for body in [b"".as_slice(), b"\xff\xfe\x00\x01<\x00>", b"plain text", b"<", b"<script>never closed"] {
        let page = read(body, false, &Url::parse("https://example.com/").unwrap());
        assert_eq!(page.seen.scripts.len(), 0);
        assert_eq!(page.seen.bytes as usize, body.len());
    }
    assert_eq!(page("<script>never closed").inline, ["never closed"]);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test measures the reader")]
fn hostile_markup_stays_cheap() {
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=1")).collect();
    let unspaced: String = (0..100_000).map(|n| format!("a{n}=\"\"")).collect();
    let tags: String =
        (0..8).map(|n| format!("<i{}>", (0..2_000).map(|m| format!(" b{n}x{m}")).collect::<String>())).collect();
    for (name, body) in [
        ("nested", "<div>".repeat(200_000)),
        ("attributes", format!("<a{attributes}>")),
        ("attributes without space", format!("<a {unspaced}>")),
        ("many tags with many attributes", tags),
        ("open comments", "<!--".repeat(60_000)),
        ("entities", "&amp;&#x41;&nosuch".repeat(15_000)),
        ("formatting", "<b><i><p>".repeat(25_000)),
        ("scripts", "<script></script>".repeat(15_000)),
        ("double escapes", format!("<script>{}", "<!--<script>".repeat(25_000))),
        ("styles", "<style>a{b:url(c)}</style>".repeat(20_000)),
        ("style attributes", "<p style='b:url(c)'>".repeat(40_000)),
        ("candidates", format!("<img srcset='{}'>", "a 1x,".repeat(200_000))),
        ("sockets", format!("<script>{}</script>", "'ws://a.example/'".repeat(60_000))),
        ("one word", "a".repeat(1_000_000)),
    ] {
        let start = Instant::now();
        let page = page(&body);
        let took = start.elapsed();
        // A cost that grows with the square would be hours.
        assert!(took.as_secs() < 60, "{name}: {took:?}");
        assert!(page.seen.scripts.len() <= 100);
        println!("{name}: {} bytes in {took:?}, left unread: {}", body.len(), page.seen.truncated);
    }
}

#[test]
fn a_page_that_is_too_dear_says_that_it_was_cut() {
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=1")).collect();
    let page = page(&format!("<title>Before</title><a{attributes}><link rel=canonical href=/after>"));
    assert!(page.seen.truncated);
    assert_eq!(page.seen.title.as_deref(), Some("Before"));
    assert_eq!(page.seen.canonical, None);
}

#[test]
fn long_attributes_and_long_scripts_are_read_whole() {
    let data = "x".repeat(2_000_000);
    let page = page(&format!(
        "<div data-page='{data}'></div><script>{}</script><link rel=canonical href=/after>",
        "var a = 1; ".repeat(100_000)
    ));
    assert!(!page.seen.truncated);
    assert_eq!(page.seen.canonical.as_deref(), Some("https://example.com/after"));
    assert_eq!(page.inline[0].len(), 1_100_000);
}
