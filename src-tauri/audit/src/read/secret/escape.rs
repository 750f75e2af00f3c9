//! Undoes the ways in which text is wrapped into other text: JSON and JavaScript escapes, percent encoding, HTML entities.

/// Most bytes undone at once: a key is short, and only what follows its fixed word is wanted.
pub(super) const REACH: usize = 4 * 1024;

/// Text with its escapes undone, and where each byte ended in what it was undone from.
pub(super) struct Undone {
    /// The text.
    pub text: Vec<u8>,
    /// For each byte of the text, the end of what it was written as.
    pub ends: Vec<usize>,
}

/// Undoes one layer, or tells that there is none.
pub(super) fn undo(wrapped: &[u8]) -> Option<Undone> {
    let wrapped = &wrapped[..wrapped.len().min(REACH)];
    memchr::memchr3(b'\\', b'%', b'&', wrapped)?;
    let mut undone = Undone { text: Vec::with_capacity(wrapped.len()), ends: Vec::with_capacity(wrapped.len()) };
    let (mut at, mut changed) = (0, false);
    while let Some(byte) = wrapped.get(at) {
        let (byte, length) = match escape(&wrapped[at..]) {
            Some(escape) => escape,
            None => (*byte, 1),
        };
        changed |= length > 1;
        at += length;
        undone.text.push(byte);
        undone.ends.push(at);
    }
    changed.then_some(undone)
}

/// The byte that an escape at the beginning of `text` stands for, and the length of the escape.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'\\', b'x', rest @ ..] => hex(rest, 2).map(|byte| (byte, 4)),
        [b'\\', b'u', b'{', rest @ ..] => {
            let length = rest.iter().take(6).position(|byte| *byte == b'}')?;
            hex(rest, length).map(|byte| (byte, length + 4))
        }
        [b'\\', b'u', rest @ ..] => hex(rest, 4).map(|byte| (byte, 6)),
        [b'\\', b'n', ..] => Some((b'\n', 2)),
        [b'\\', b'r', ..] => Some((b'\r', 2)),
        [b'\\', b't', ..] => Some((b'\t', 2)),
        [b'\\', other @ (b'"' | b'\'' | b'`' | b'\\' | b'/' | b'$'), ..] => Some((*other, 2)),
        [b'%', rest @ ..] => hex(rest, 2).map(|byte| (byte, 3)),
        [b'&', ..] => entity(text),
        _ => None,
    }
}

fn hex(text: &[u8], length: usize) -> Option<u8> {
    let digits = std::str::from_utf8(text.get(..length).filter(|digits| !digits.is_empty())?).ok()?;
    // What is no ASCII is part of no key; a mark in its place ends the match.
    u32::from_str_radix(digits, 16).ok().map(|value| u8::try_from(value).ok().filter(u8::is_ascii).unwrap_or(b'?'))
}

fn entity(text: &[u8]) -> Option<(u8, usize)> {
    const NAMED: [(&[u8], u8); 8] = [
        (b"&quot;", b'"'),
        (b"&amp;", b'&'),
        (b"&apos;", b'\''),
        (b"&lt;", b'<'),
        (b"&gt;", b'>'),
        (b"&nbsp;", b' '),
        (b"&equals;", b'='),
        (b"&colon;", b':'),
    ];
    if let Some((name, byte)) = NAMED.iter().find(|(name, _)| text.starts_with(name)) {
        return Some((*byte, name.len()));
    }
    let digits = text.strip_prefix(b"&#")?;
    let length = digits.iter().take(7).position(|byte| *byte == b';')?;
    let number = match &digits[..length] {
        [b'x' | b'X', ..] => hex(&digits[1..], length - 1)?,
        decimal => std::str::from_utf8(decimal).ok()?.parse::<u8>().ok().filter(u8::is_ascii)?,
    };
    Some((number, length + 3))
}

/// Whether a word that follows `before` begins there; an escape such as `\n`, `\x22`, `%22` or a terminal's colour ends the word before.
pub(super) fn begins(before: &[u8]) -> bool {
    match before {
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f' | b'v' | b'0'] => true,
        [.., b'\\', b'x', a, b] | [.., b'%', a, b] if [a, b].iter().all(|byte| byte.is_ascii_hexdigit()) => true,
        [.., b'\\', b'u', a, b, c, d] if [a, b, c, d].iter().all(|byte| byte.is_ascii_hexdigit()) => true,
        [rest @ .., b'm'] if colour(rest) => true,
        [.., last] => !(last.is_ascii_alphanumeric() || matches!(last, b'_' | b'-')),
        [] => true,
    }
}

/// Whether the text ends like `ESC [ 1 ; 3 2`, written out or not.
fn colour(text: &[u8]) -> bool {
    let digits = text.iter().rev().take(8).take_while(|byte| byte.is_ascii_digit() || **byte == b';').count();
    matches!(
        &text[..text.len() - digits],
        [.., 0x1b, b'['] | [.., b'3', b'3', b'['] | [.., b'1', b'b' | b'B', b'['] | [.., b'\\', b'e', b'[']
    )
}

#[cfg(test)]
mod tests {
    use super::{begins, undo};

    fn text(wrapped: &str) -> Option<String> {
        undo(wrapped.as_bytes()).map(|undone| String::from_utf8(undone.text).unwrap())
    }

    #[test]
    fn each_kind_of_escape_is_undone() {
        for (wrapped, plain) in [
            (r#"a\"b"#, "a\"b"),
            (r"a\x22b", "a\"b"),
            (r"a\u0022b", "a\"b"),
            (r"a\u{22}b", "a\"b"),
            ("a%22b", "a\"b"),
            ("a&quot;b", "a\"b"),
            ("a&#34;b", "a\"b"),
            ("a&#x22;b", "a\"b"),
            (r"a\/b", "a/b"),
            (r"a\nb", "a\nb"),
            (r#"a\\\"b"#, "a\\\"b"),
        ] {
            assert_eq!(text(wrapped).as_deref(), Some(plain), "{wrapped}");
        }
        for plain in ["ab", "100% sure", "a & b", r"C:\dir\qux", "&#xZZ;", "&#;", r"\u{}", "%"] {
            assert_eq!(text(plain), None, "{plain}");
        }
    }

    #[test]
    fn ends_point_behind_what_was_written() {
        let undone = undo(br"a\x22b").unwrap();
        assert_eq!(undone.ends, [1, 5, 6]);
    }

    #[test]
    fn a_word_begins_after_an_escape_and_not_inside_a_word() {
        for before in ["", " ", "\"", r"\n", r"\x22", r"\u0022", "%22", "\u{1b}[1;32m", r"\033[31m", r"\x1b[0m", "="] {
            assert!(begins(before.as_bytes()), "{before:?}");
        }
        for before in ["a", "ta", "_", "-", "x22", "0022", "[32m", "n"] {
            assert!(!begins(before.as_bytes()), "{before:?}");
        }
    }
}
