//! Text from outside, made safe to show: control, bidirectional and invisible characters become visible, length is capped.

/// Shows `text` with every control, bidirectional-override and zero-width character as `\u{…}`, at most `max` characters; an
/// ellipsis says that it was cut.
#[must_use]
pub fn clean(text: &str, max: usize) -> String {
    let mut shown = String::with_capacity(text.len().min(max.saturating_mul(4)));
    let mut rest = text.chars().peekable();
    let (mut count, mut before) = (0, None);
    while let Some(c) = rest.next() {
        if count == max {
            shown.push('…');
            break;
        }
        count += 1;
        let joins = before.replace(c).zip(rest.peek()).is_some_and(|(before, after)| joins(before, c, *after));
        if hidden(c) && !joins { shown.extend(c.escape_unicode()) } else { shown.push(c) }
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

/// Whether a joiner or non-joiner does what it is for: between two pictures of an emoji, or two letters of a script that joins its letters
/// (Unicode 17.0 §23.2). Words are written with it there, and nothing can be hidden by it.
fn joins(before: char, joiner: char, after: char) -> bool {
    let emoji = |c| matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}');
    let joined =
        |c: char| c != '\u{180e}' && matches!(c, '\u{0600}'..='\u{0dff}' | '\u{1780}'..='\u{18aa}') && !hidden(c);
    match joiner {
        '\u{200d}' => emoji(before) && emoji(after) || joined(before) && joined(after),
        '\u{200c}' => joined(before) && joined(after),
        _ => false,
    }
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
    fn joiners_stay_where_words_are_written_with_them() {
        for text in ["👩\u{200d}💻", "❤\u{fe0f}\u{200d}🔥", "می\u{200c}خواهم", "क्\u{200d}ष"] {
            assert_eq!(clean(text, 100), text);
        }
        for text in ["pay\u{200d}pal", "a\u{200c}b", "💻\u{200d}", "\u{200d}💻", "a\u{200d}💻", "م\u{200d}\u{200d}م"]
        {
            assert!(clean(text, 100).contains("\\u{200"), "{text}");
        }
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
