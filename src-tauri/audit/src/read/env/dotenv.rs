//! Reads dotenv files: quotes, `export`, values over several lines, comments. Values live only as long as the call that looks at them.

/// One assignment.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) line: u32,
    pub(super) value: String,
    /// The comment right above it.
    pub(super) note: String,
}

/// A quoted value over more lines than this has lost its closing quote.
const LINES: usize = 200;
/// A comment of more rows than this is about more than the next name.
const NOTE: usize = 3;

/// Every assignment of a dotenv file, in order.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let rows: Vec<&str> = text.split('\n').map(|row| row.strip_suffix('\r').unwrap_or(row)).collect();
    let (mut found, mut at, mut above) = (vec![], 0, vec![]);
    while let Some(row) = rows.get(at) {
        let (line, first) = (at, row.trim());
        at += 1;
        let note = std::mem::take(&mut above);
        // What opens a file is about the file.
        if let Some(comment) = first.strip_prefix('#').filter(|_| line > 0) {
            above = note;
            above.push(comment.trim());
            continue;
        }
        let first = first.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).map_or(first, str::trim);
        let Some((name, value)) = first.split_once('=').or_else(|| first.split_once(": ")) else { continue };
        let name = name.trim_end();
        if first.starts_with('#') || !super::is_name(name) {
            continue;
        }
        let value = value.trim_start();
        let value = match value.chars().next() {
            Some(quote @ ('"' | '\'' | '`')) => {
                let (value, further) = quoted(&value[1..], quote, &rows[at..]);
                at += further;
                value
            }
            _ => bare(value).to_owned(),
        };
        let line = u32::try_from(line + 1).unwrap_or(u32::MAX);
        found.push(Line { name: name.to_owned(), line, value, note: said(&note) });
    }
    found
}

/// What the comment says; nothing where it is a setting that was switched off, a rule of dashes or the head of a file.
fn said(rows: &[&str]) -> String {
    let off = |row: &str| row.split_once('=').is_some_and(|(name, _)| super::is_name(name.trim()));
    if rows.len() > NOTE || rows.iter().any(|row| off(row)) {
        return String::new();
    }
    rows.join(" ").trim_matches(['-', '=', '#', ' ']).to_owned()
}

/// A value without quotes ends at a comment that stands apart.
fn bare(value: &str) -> &str {
    if value.starts_with('#') {
        return "";
    }
    let end = value.find(" #").or_else(|| value.find("\t#")).unwrap_or(value.len());
    value[..end].trim_end()
}

/// The text up to the closing quote, and how many of the further rows it takes; without one, the rest of the first row.
fn quoted(first: &str, quote: char, further: &[&str]) -> (String, usize) {
    let mut value = String::new();
    for (taken, row) in std::iter::once(first).chain(further.iter().copied()).take(LINES).enumerate() {
        if taken > 0 {
            value.push('\n');
        }
        let mut escaped = false;
        for letter in row.chars() {
            if letter == quote && !escaped {
                return (value, taken);
            }
            // Only double quotes know escapes.
            escaped = quote == '"' && letter == '\\' && !escaped;
            value.push(letter);
        }
    }
    (bare(first).to_owned(), 0)
}

#[cfg(test)]
mod tests {
    use super::lines;

    fn read(text: &str) -> Vec<(String, u32, String)> {
        lines(text).into_iter().map(|line| (line.name, line.line, line.value)).collect()
    }

    fn row(name: &str, line: u32, value: &str) -> (String, u32, String) {
        (name.to_owned(), line, value.to_owned())
    }

    #[test]
    fn every_form_of_an_assignment_is_read() {
        let text = "\u{feff}A=1\r\n# B=2\nexport C = three # comment\nD='x # y'\nE=\"a\\\"b\" # c\nF=\nG=a#b\nH: yes\nexported=1\nI=#no\n";
        let wanted = [
            row("A", 1, "1"),
            row("C", 3, "three"),
            row("D", 4, "x # y"),
            row("E", 5, "a\\\"b"),
            row("F", 6, ""),
            row("G", 7, "a#b"),
            row("H", 8, "yes"),
            row("exported", 9, "1"),
            row("I", 10, ""),
        ];
        assert_eq!(read(text), wanted);
    }

    #[test]
    fn a_value_may_span_lines_and_a_lost_quote_does_not_swallow_the_rest() {
        let key = "KEY=\"-----BEGIN\nB=inside\n-----END\"\nC=1\n";
        assert_eq!(read(key).iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(), ["KEY", "C"]);
        assert_eq!(read(key)[1].1, 4);
        let lost = "A=\"open\nB=1\n";
        assert_eq!(read(lost), [row("A", 1, "open"), row("B", 2, "1")]);
    }

    #[test]
    fn what_is_no_assignment_is_left_out() {
        assert_eq!(read("hello\n=x\n1A=2\nA B=3\n\n"), []);
    }

    #[test]
    fn the_comment_right_above_a_name_is_its_note() {
        let text = "# Copy to .env and fill in.\nFIRST=\n# The payment provider,\n# live account\nKEY=\nNEXT=\n# OLD=1\nNOW=\n# ---- Mail ----\nFROM=\n# a\n# b\n# c\n# d\nLONG=\n";
        let notes: Vec<(String, String)> = lines(text).into_iter().map(|line| (line.name, line.note)).collect();
        let expected = [
            ("FIRST", ""),
            ("KEY", "The payment provider, live account"),
            ("NEXT", ""),
            ("NOW", ""),
            ("FROM", "Mail"),
            ("LONG", ""),
        ];
        assert_eq!(notes, expected.map(|(name, note)| (name.to_owned(), note.to_owned())));
    }
}
