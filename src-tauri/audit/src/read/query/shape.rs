//! The shape of a statement: every value becomes `?`, lists become one, comments go. A lexer of SQL in one pass, over any bytes.

/// Longest shape, bytes; the rest of a longer statement is dropped.
const LONGEST: usize = 2_000;
/// Longest name that is kept as it is written between quotes.
const NAME: usize = 63;

/// How a log writes its strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `'a''b'`, `"name"`, `$tag$…$tag$`; a backslash means nothing outside `E'…'` (standard_conforming_strings).
    Postgres,
    /// `'a\'b'`, `"a value"`, `` `name` ``.
    Mysql,
    /// Any of these: what could be a value is one.
    Unknown,
}

/// Writes the shape of a statement into `out`, which is emptied first; tells the comment that stood in it, where there was one.
pub fn shape<'a>(sql: &'a [u8], dialect: Dialect, out: &mut Vec<u8>) -> Option<&'a [u8]> {
    out.clear();
    let mut lexer = Lexer { sql, at: 0, dialect, out, gap: false, word: 0, comment: None };
    lexer.run();
    let comment = lexer.comment;
    while out.last().is_some_and(|byte| *byte == b' ' || *byte == b';') {
        out.pop();
    }
    comment
}

/// Whether a name looks like one that nobody thought of: long, with many digits or with digits among letters of both cases.
fn drawn(name: &[u8]) -> bool {
    let count = |wanted: fn(&u8) -> bool| name.iter().filter(|byte| wanted(byte)).count();
    let digits = count(u8::is_ascii_digit);
    let mixed = digits > 0 && count(u8::is_ascii_uppercase) > 1 && count(u8::is_ascii_lowercase) > 1;
    name.len() >= 16 && (mixed || digits >= 4)
}

struct Lexer<'a, 'o> {
    sql: &'a [u8],
    at: usize,
    dialect: Dialect,
    out: &'o mut Vec<u8>,
    /// White space was met since the last token.
    gap: bool,
    /// Where the last word begins in `out`.
    word: usize,
    comment: Option<&'a [u8]>,
}

/// What a byte begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Word,
    Digit,
    Other,
}

const CLASS: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            0..=b' ' => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..=0xff => Class::Word,
            b'0'..=b'9' => Class::Digit,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

impl<'a> Lexer<'a, '_> {
    fn run(&mut self) {
        while self.at < self.sql.len() {
            if self.out.len() > LONGEST {
                self.out.extend_from_slice("…".as_bytes());
                return;
            }
            let byte = self.sql[self.at];
            match CLASS[byte as usize] {
                Class::Space => {
                    self.gap = true;
                    self.at += 1;
                }
                Class::Word => self.word(),
                Class::Digit => self.number(),
                Class::Other => {
                    if !self.other(byte) {
                        return;
                    }
                }
            }
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.sql.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Puts the space that stood before a token, where a shape keeps one.
    fn space(&mut self) {
        let before = self.out.last().copied();
        if self.gap && before.is_some_and(|byte| !matches!(byte, b' ' | b'(' | b'.')) {
            self.out.push(b' ');
        }
        self.gap = false;
    }

    fn word(&mut self) {
        let rest = &self.sql[self.at..];
        let length = rest
            .iter()
            .position(|byte| !matches!(CLASS[*byte as usize], Class::Word | Class::Digit) && *byte != b'$')
            .unwrap_or(rest.len());
        let word = &rest[..length];
        // e'…', n'…', x'…', b'…', U&'…': the letter belongs to the string.
        match rest.get(length) {
            Some(b'\'') if length == 1 && b"eEnNxXbB".contains(&word[0]) => {
                self.at += length;
                let escapes = word[0].eq_ignore_ascii_case(&b'e');
                return self.string(b'\'', escapes || self.dialect == Dialect::Mysql);
            }
            Some(b'&') if length == 1 && word[0].eq_ignore_ascii_case(&b'u') && rest.get(2) == Some(&b'\'') => {
                self.at += 2;
                return self.string(b'\'', false);
            }
            // A character set of MySQL before its string: _utf8mb4'…'.
            Some(b'\'' | b'"') if word[0] == b'_' => {
                self.at += length;
                return;
            }
            _ => {}
        }
        self.at += length;
        if [&b"null"[..], b"true", b"false"].iter().any(|value| word.eq_ignore_ascii_case(value)) && !self.after_is() {
            return self.value();
        }
        self.space();
        self.word = self.out.len();
        self.out.extend(word.iter().take(LONGEST).map(u8::to_ascii_lowercase));
    }

    /// `is null` and `is not null` tell shapes apart; other nulls are values.
    fn after_is(&self) -> bool {
        matches!(&self.out[self.word..], b"is" | b"not")
    }

    fn number(&mut self) {
        let rest = &self.sql[self.at..];
        let mut length = 0;
        while let Some(byte) = rest.get(length) {
            let exponent = length > 0 && matches!(rest[length - 1], b'e' | b'E') && rest[0] != b'0';
            let part =
                byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || exponent && matches!(byte, b'+' | b'-');
            if !part {
                break;
            }
            length += 1;
        }
        self.at += length;
        // A sign that stands where a value is due belongs to the number.
        if matches!(self.out.last(), Some(b'-' | b'+')) {
            let before = self.out[..self.out.len() - 1].trim_ascii_end().last().copied();
            if before.is_none_or(|byte| b"=<>(,".contains(&byte)) {
                self.out.pop();
            }
        }
        self.value();
    }

    /// Puts a `?`; several in a row, with commas between, are one.
    fn value(&mut self) {
        let list = self.out.trim_ascii_end();
        if let Some(before) = list.strip_suffix(b",").filter(|before| before.trim_ascii_end().ends_with(b"?")) {
            let length = before.trim_ascii_end().len();
            self.out.truncate(length);
            self.gap = false;
            return;
        }
        self.space();
        self.word = self.out.len();
        self.out.push(b'?');
    }

    /// Reads over a string; one that does not end takes the rest.
    fn string(&mut self, quote: u8, escapes: bool) {
        self.at += 1;
        loop {
            let rest = &self.sql[self.at.min(self.sql.len())..];
            let Some(found) = memchr::memchr2(quote, b'\\', rest) else {
                self.at = self.sql.len();
                break;
            };
            self.at += found + 1;
            let next = self.sql.get(self.at).copied();
            if rest[found] == b'\\' {
                if escapes {
                    self.at += 1;
                } else if self.dialect == Dialect::Unknown && next == Some(quote) {
                    // Whether the string ends here cannot be known: nothing behind it is shown.
                    self.at = self.sql.len();
                    break;
                }
            } else if next == Some(quote) {
                self.at += 1;
            } else {
                break;
            }
        }
        self.value();
    }

    /// A name between quotes, shown without them where it needs none.
    fn name(&mut self, quote: u8) {
        let begin = self.at + 1;
        let Some(length) = memchr::memchr(quote, &self.sql[begin..]) else {
            self.at = self.sql.len();
            return self.value();
        };
        self.at = begin + length + 1;
        let name = &self.sql[begin..begin + length];
        // What no table or column is called is a value that somebody put between the wrong quotes.
        let usual = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80 || b"_$. ".contains(byte);
        if length > NAME || !name.iter().all(usual) || drawn(name) {
            return self.value();
        }
        self.space();
        self.word = self.out.len();
        let plain = !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if plain {
            self.out.extend_from_slice(name);
        } else {
            self.out.push(b'"');
            self.out.extend_from_slice(name);
            self.out.push(b'"');
        }
    }

    /// Whether `"…"` can only be a name, in a log of which nobody knows what writes it.
    fn surely_a_name(&self) -> bool {
        let begin = self.at + 1;
        let Some(length) = memchr::memchr(b'"', &self.sql[begin..]) else { return false };
        let behind = self.sql[begin + length + 1..].trim_ascii_start().first().copied().unwrap_or(0);
        if self.out.last() == Some(&b'.') || behind == b'.' {
            return true;
        }
        let before = self.out.trim_ascii_end();
        let ends = |words: &[&[u8]]| {
            words.iter().any(|word| {
                before == *word
                    || before.strip_suffix(*word).is_some_and(|rest| rest.ends_with(b" ") || rest.ends_with(b"("))
            })
        };
        ends(&[
            b"from",
            b"join",
            b"into",
            b"update",
            b"table",
            b"as",
            b"select",
            b"distinct",
            b"by",
            b"where",
            b"on",
            b"set",
            b"index",
        ]) || (ends(&[b"and", b"or"]) || before.ends_with(b",")) && b"=<>!".contains(&behind)
    }

    /// Anything else; false where the statement ends.
    fn other(&mut self, byte: u8) -> bool {
        match byte {
            b'\'' => self.string(b'\'', self.dialect == Dialect::Mysql),
            b'"' => match self.dialect {
                Dialect::Mysql => self.string(b'"', true),
                Dialect::Unknown if !self.surely_a_name() => self.string(b'"', false),
                _ => self.name(b'"'),
            },
            b'`' => self.name(b'`'),
            b'-' if self.peek(1) == b'-' => self.comment(2, b"\n"),
            b'#' if self.dialect == Dialect::Mysql => self.comment(1, b"\n"),
            b'/' if self.peek(1) == b'*' => self.comment(2, b"*/"),
            b'$' if self.peek(1).is_ascii_digit() => self.parameter(1),
            b'$' if self.dialect != Dialect::Mysql && self.dollar() => {}
            b':' if self.peek(1) == b':' => {
                self.gap = false;
                self.out.extend_from_slice(b"::");
                self.at += 2;
            }
            b':' | b'@' if CLASS[self.peek(1) as usize] == Class::Word => self.parameter(1),
            b'%' if self.peek(1) == b's' => self.parameter(1),
            b'%' if self.peek(1) == b'(' => {
                let end = memchr::memchr(b')', &self.sql[self.at..]).map_or(self.sql.len(), |end| self.at + end + 1);
                self.at = end;
                self.parameter(0);
            }
            b'?' => self.parameter(1),
            b'.' if self.peek(1).is_ascii_digit()
                && !self.out.last().is_some_and(|byte| CLASS[*byte as usize] == Class::Word) =>
            {
                self.number();
            }
            // What stands behind a whole statement is not part of it: its parameters, its place, another statement.
            b';' => return false,
            b'[' if self.dialect == Dialect::Unknown && self.gap => return false,
            _ => self.sign(byte),
        }
        true
    }

    fn sign(&mut self, byte: u8) {
        self.at += 1;
        match byte {
            b',' | b')' | b'.' => {
                self.gap = false;
                self.out.push(byte);
                if byte == b')' {
                    // values (?), (?), (?) are one.
                    while let Some(rest) = self.out.strip_suffix(b"(?)") {
                        let rest = rest.trim_ascii_end();
                        let Some(before) = rest.strip_suffix(b",").map(<[u8]>::trim_ascii_end) else { break };
                        if !before.ends_with(b"(?)") {
                            break;
                        }
                        let length = before.len();
                        self.out.truncate(length);
                    }
                }
            }
            _ => {
                self.space();
                self.out.push(byte);
            }
        }
    }

    fn parameter(&mut self, skip: usize) {
        self.at += skip;
        let rest = &self.sql[self.at.min(self.sql.len())..];
        self.at += rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(rest.len());
        self.value();
    }

    /// `$tag$ … $tag$`; false where it is none.
    fn dollar(&mut self) -> bool {
        let rest = &self.sql[self.at..];
        let Some(end) = memchr::memchr(b'$', &rest[1..]).map(|end| end + 2) else { return false };
        let tag = &rest[..end];
        if tag.len() > NAME || !tag[1..end - 1].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
            return false;
        }
        let close = memchr::memmem::find(&rest[end..], tag);
        self.at = close.map_or(self.sql.len(), |close| self.at + end + close + tag.len());
        self.value();
        true
    }

    fn comment(&mut self, skip: usize, end: &[u8]) {
        let begin = (self.at + skip).min(self.sql.len());
        let length = memchr::memmem::find(&self.sql[begin..], end);
        let until = length.map_or(self.sql.len(), |length| begin + length);
        self.comment = Some(&self.sql[begin..until]);
        self.at = (until + end.len()).min(self.sql.len());
        self.gap = true;
    }
}
