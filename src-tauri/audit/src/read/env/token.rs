//! Cuts source text into words, strings and marks, so that comments and the insides of strings are never taken for code.

/// One piece of source text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    /// A string without its quotes; a word or mark as written.
    pub(super) text: &'t str,
    /// Line, from 1.
    pub(super) line: u32,
    /// Characters before it on its line.
    pub(super) column: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word,
    Text,
    Mark,
}

impl<'t> Token<'t> {
    pub(super) fn word(&self) -> Option<&'t str> {
        (self.kind == TokenKind::Word).then_some(self.text)
    }

    pub(super) fn text(&self) -> Option<&'t str> {
        (self.kind == TokenKind::Text).then_some(self.text)
    }

    pub(super) fn is(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }
}

/// How a language writes comments and strings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// What begins a comment to the end of the line.
    pub(super) line: &'static [&'static str],
    /// What begins and ends a comment over lines.
    pub(super) block: &'static [(&'static str, &'static str)],
    /// What opens and closes a string over lines, the longest first.
    pub(super) long: &'static [&'static str],
    /// What opens and closes a string on one line.
    pub(super) quotes: &'static [char],
}

/// More tokens than a file written by people has.
const MOST: usize = 400_000;
const MARKS: [&str; 14] = ["||=", "??=", "||", "??", "?:", "&&", "==", "!=", "<>", "=>", "::", "|>", "**", ":="];

/// The tokens of a text.
pub(super) fn tokens<'t>(text: &'t str, style: &Style) -> Vec<Token<'t>> {
    let mut found: Vec<Token<'t>> = vec![];
    let (mut at, mut line, mut begin) = (0, 1_u32, 0);
    while let Some(letter) = text[at..].chars().next() {
        if found.len() >= MOST {
            break;
        }
        let rest = &text[at..];
        let column = u32::try_from(at - begin).unwrap_or(u32::MAX);
        let mut push = |kind, text| found.push(Token { kind, text, line, column });
        let taken = if letter == '\n' {
            1
        } else if letter.is_whitespace() {
            letter.len_utf8()
        } else if style.line.iter().any(|mark| rest.starts_with(mark)) {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some((open, close)) = style.block.iter().find(|(open, _)| rest.starts_with(open)) {
            rest[open.len()..].find(close).map_or(rest.len(), |end| open.len() + end + close.len())
        } else if let Some(quote) = style.long.iter().find(|quote| rest.starts_with(**quote)) {
            let inside = &rest[quote.len()..];
            let end = inside.find(quote);
            push(TokenKind::Text, &inside[..end.unwrap_or(inside.len())]);
            end.map_or(rest.len(), |end| end + 2 * quote.len())
        } else if style.quotes.contains(&letter) {
            let end = closing(&rest[1..], letter);
            push(TokenKind::Text, &rest[1..1 + end]);
            // A string that does not end on its line ends there all the same: one lost quote must not swallow the file.
            1 + end + usize::from(rest[1 + end..].starts_with(letter))
        } else if letter.is_alphanumeric() || letter == '_' || letter == '@' && style.line.contains(&"@@") {
            let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len()).max(1);
            push(TokenKind::Word, &rest[..end]);
            end
        } else {
            let mark = MARKS.iter().find(|mark| rest.starts_with(**mark)).map_or(letter.len_utf8(), |mark| mark.len());
            push(TokenKind::Mark, &rest[..mark]);
            mark
        };
        for (offset, _) in rest[..taken].match_indices('\n') {
            line = line.saturating_add(1);
            begin = at + offset + 1;
        }
        at += taken;
    }
    found
}

/// Where the string that ends with `quote` ends: there, or at the end of the line.
fn closing(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        if letter == '\n' || letter == quote && !escaped {
            return at;
        }
        escaped = letter == '\\' && !escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{Style, TokenKind, tokens};

    const STYLE: Style = Style { line: &["#"], block: &[("/*", "*/")], long: &["\"\"\""], quotes: &['"', '\''] };

    fn seen(text: &str) -> Vec<(TokenKind, &str, u32)> {
        tokens(text, &STYLE).into_iter().map(|token| (token.kind, token.text, token.line)).collect()
    }

    #[test]
    fn comments_strings_and_lines_are_told_apart() {
        use TokenKind::{Mark, Text, Word};
        let text = "a # b \"\n/* c\n */ \"d # \\\" e\" \"\"\"f\n'g\"\"\" h||i";
        let wanted = [
            (Word, "a", 1),
            (Text, "d # \\\" e", 3),
            (Text, "f\n'g", 3),
            (Word, "h", 4),
            (Mark, "||", 4),
            (Word, "i", 4),
        ];
        assert_eq!(seen(text), wanted);
    }

    #[test]
    fn a_lost_quote_costs_one_line() {
        assert_eq!(seen("don't\nx").last().unwrap().1, "x");
        assert_eq!(seen("'é").len(), 1);
        assert_eq!(seen("\"\"\"open").len(), 1);
    }
}
