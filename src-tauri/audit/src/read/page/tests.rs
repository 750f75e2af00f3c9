//! Pages: what is read of real markup, and that hostile markup stays cheap.

use super::*;
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
