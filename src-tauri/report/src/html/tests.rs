//! The page stands alone, and what was seen outside stays text in it.

use super::print;
use crate::Template;
use crate::block::{Block, Column, Mark, Shape, Span, Table, To, Tone};

fn printed(blocks: &[Block]) -> String {
    print(blocks, "Launch audit of <example>", "Confidential", &Template::default()).unwrap()
}

#[test]
fn text_from_outside_is_never_markup_and_no_link_runs_code() {
    let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let link = |url: &str| Span::Link { text: "here".to_owned(), to: To::Url(url.to_owned()) };
    let page = printed(&[
        Block::heading(1, hostile, "a\" onclick=\"b"),
        Block::body(vec![
            Span::code(hostile),
            Span::text(hostile),
            link("javascript:alert(1)"),
            link("https://example.com/?a=\"><b>"),
        ]),
        Block::Code(hostile.to_owned()),
        Block::Table(Table { columns: vec![Column::share(hostile, 1.0)], rows: vec![vec![vec![Span::text(hostile)]]] }),
    ]);
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("javascript:"), "{page}");
    assert!(page.contains("&lt;script&gt;") && page.contains("id=\"a--onclick--b\""));
    assert!(page.contains("href=\"https://example.com/?a=&quot;&gt;&lt;b&gt;\""));
    assert!(page.contains("<title>Launch audit of &lt;example&gt;</title>"));
}

#[test]
fn nothing_is_loaded() {
    let page = printed(&[Block::text("words")]);
    assert!(page.contains("default-src 'none'"));
    for part in [" src=", "@import", "url(", "<link", "<script"] {
        assert!(!page.contains(part), "{part}");
    }
}

#[test]
fn a_status_is_a_word_beside_its_shape() {
    let mark = Mark { word: "raised".to_owned(), shape: Shape::Octagon, tone: Tone::Fail };
    let page = printed(&[Block::body(vec![Span::Status(mark)])]);
    assert!(page.contains("class=\"mark fail\"") && page.contains("</svg>raised</span>"), "{page}");
}
