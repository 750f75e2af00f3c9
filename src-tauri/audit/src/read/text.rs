//! Text from outside, made safe to show: control, bidirectional and invisible characters become visible, length is capped.

/// Shows `text` with every control, bidirectional-override and zero-width character as `\u{…}`, at most `max` characters; an
/// ellipsis says that it was cut.
#[must_use]
pub fn clean(text: &str, max: usize) -> String {
    let mut shown = String::with_capacity(text.len().min(max.saturating_mul(4)));
    for (count, c) in text.chars().enumerate() {
        if count == max {
            shown.push('…');
            break;
        }
        if hidden(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

/// The same for bytes: what is not UTF-8 becomes `\xNN`.
#[must_use]
pub fn clean_bytes(bytes: &[u8], max: usize) -> String {
    let cut = &bytes[..bytes.len().min(max.saturating_mul(4))];
    let mut shown = String::new();
    for chunk in cut.utf8_chunks() {
        shown.push_str(chunk.valid());
        for byte in chunk.invalid() {
            shown.push_str(&format!("\\x{byte:02x}"));
        }
    }
    clean(&shown, max)
}

/// Whether a character changes a line without being seen (C0, C1, Unicode bidi controls, zero-width, tags).
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{clean, clean_bytes};

    #[test]
    fn hidden_characters_are_shown() {
        assert_eq!(clean("a\u{202e}b\x1b[31m\n", 100), "a\\u{202e}b\\u{1b}[31m\\u{a}");
        assert_eq!(clean("bücher 書 🚀", 100), "bücher 書 🚀");
    }

    #[test]
    fn length_is_capped_and_told() {
        assert_eq!(clean("abcdef", 3), "abc…");
        assert_eq!(clean("abc", 3), "abc");
    }

    #[test]
    fn bytes_that_are_not_text_are_shown() {
        assert_eq!(clean_bytes(b"ok\xff\xfe", 10), "ok\\xff\\xfe");
    }
}
