//! What an inline style sheet makes a browser fetch: `@import` and `url()`, by the tokens of CSS.

use crate::facts::ResourceKind;
use cssparser::{ParseError, Parser, ParserInput, Token};

/// Blocks read inside one another; browsers accept more, style sheets of people do not have them.
const DEEPEST: u32 = 16;

/// Addresses with their use, as written.
pub(super) fn urls(sheet: &str) -> Vec<(ResourceKind, String)> {
    let mut input = ParserInput::new(sheet);
    let mut found = Vec::new();
    read(&mut Parser::new(&mut input), Some(ResourceKind::Image), 0, &mut found);
    found
}

/// Reads one block; `around` is what addresses in it are used as, none where they are only names.
fn read(
    parser: &mut Parser<'_, '_>,
    around: Option<ResourceKind>,
    depth: u32,
    found: &mut Vec<(ResourceKind, String)>,
) {
    let mut kind = around;
    while let Ok(token) = parser.next().cloned() {
        match token {
            Token::AtKeyword(name) => {
                kind = match name.to_ascii_lowercase().as_str() {
                    "import" => Some(ResourceKind::Style),
                    "font-face" => Some(ResourceKind::Font),
                    "namespace" => None,
                    _ => around,
                }
            }
            Token::QuotedString(url) if kind == Some(ResourceKind::Style) => {
                found.push((ResourceKind::Style, url.to_string()));
            }
            Token::UnquotedUrl(url) => found.extend(kind.map(|kind| (kind, url.to_string()))),
            Token::Function(name) => nested(parser, |inner| {
                if !name.eq_ignore_ascii_case("url") {
                    deeper(inner, kind, depth, found);
                } else if let Ok(url) = inner.expect_string() {
                    found.extend(kind.map(|kind| (kind, url.to_string())));
                }
            }),
            Token::CurlyBracketBlock | Token::ParenthesisBlock | Token::SquareBracketBlock => {
                nested(parser, |inner| deeper(inner, kind, depth, found));
                kind = around;
            }
            Token::Semicolon => kind = around,
            _ => {}
        }
    }
}

fn deeper(inner: &mut Parser<'_, '_>, kind: Option<ResourceKind>, depth: u32, found: &mut Vec<(ResourceKind, String)>) {
    if depth < DEEPEST {
        read(inner, kind, depth + 1, found);
    }
}

fn nested(parser: &mut Parser<'_, '_>, work: impl FnOnce(&mut Parser<'_, '_>)) {
    // Nothing is refused inside, so there is no error to tell.
    let _ = parser.parse_nested_block(|inner| -> Result<(), ParseError<'_, ()>> {
        work(inner);
        while inner.next().is_ok() {}
        Ok(())
    });
}

#[cfg(test)]
mod tests {
    use super::urls;
    use crate::facts::ResourceKind::{Font, Image, Style};

    #[test]
    fn imports_images_and_fonts_are_told_apart() {
        let sheet = "/* url(no.png) */ @charset \"x\"; @import 'a.css'; @import url(\"b.css\") screen; @namespace url(http://www.w3.org/1999/xhtml);\
                     .a{background:url( http://x.example/a.png ) no-repeat, URL('b.png');content:\"url(no)\"}\
                     @media print{@font-face{src:url(f.woff2) format('woff2')} .b{cursor:url(c.cur),auto}}";
        let found = urls(sheet);
        let expected = [
            (Style, "a.css"),
            (Style, "b.css"),
            (Image, "http://x.example/a.png"),
            (Image, "b.png"),
            (Font, "f.woff2"),
            (Image, "c.cur"),
        ];
        assert_eq!(found, expected.map(|(kind, url)| (kind, url.to_owned())));
        assert_eq!(urls("background:url(http://x.example/i.png)").len(), 1);
    }

    #[test]
    fn hostile_sheets_are_read_in_time() {
        assert_eq!(urls(&"{".repeat(200_000)).len(), 0);
        assert_eq!(urls(&"url(".repeat(50_000)).len(), 0);
        assert_eq!(urls("@import").len(), 0);
    }
}
