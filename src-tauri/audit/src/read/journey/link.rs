//! Links in the text of a mail, plain or HTML.

/// Bytes of a text that are looked through.
const LONGEST: usize = 1024 * 1024;

/// The first web address in a text that holds this part.
#[must_use]
pub fn link(text: &str, part: &str) -> Option<String> {
    let text = text.get(..LONGEST).unwrap_or(text);
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '(' | ')' | '[' | ']' | '\\');
    let address = |word: &str| {
        let begins = [word.find("https://"), word.find("http://")].into_iter().flatten().min()?;
        let address = word.get(begins..)?.trim_end_matches(['.', ',', ';', ':', '!', '?']).replace("&amp;", "&");
        (address.contains(part) && url::Url::parse(&address).is_ok()).then_some(address)
    };
    text.split(ends).find_map(address)
}

#[cfg(test)]
mod tests {
    use super::link;

    #[test]
    fn the_link_is_found_in_text_and_in_html() {
        let html = "<p><a href=\"https://a.example/\">Home</a> <a href='https://a.example/reset?t=1&amp;u=2'>Set</a>";
        assert_eq!(link(html, "/reset").unwrap(), "https://a.example/reset?t=1&u=2");
        assert_eq!(link("Follow (https://a.example/reset/x1).\r\n", "/reset/").unwrap(), "https://a.example/reset/x1");
        assert_eq!(link("Follow https://a.example/start.", "/reset/"), None);
        assert_eq!(link("https://", ""), None);
    }
}
