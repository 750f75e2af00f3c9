//! What is drawn for characters that the embedded faces lack, such as a name in Chinese or Arabic: `[Chinese: U+4F50 U+85E4]`.
//!
//! They are not set in letters of their own. Faces for the scripts of the world are twenty megabytes for one weight, most of it Chinese,
//! Japanese and Korean, nearly half as much again as the whole program; those of the reader's machine would make the same audit another
//! document on every machine. A transliteration is a guess (the same characters are read otherwise in Tokyo and in Shanghai), and a
//! guessed name is worse than a number. So the number of each character stands on the page, with the name of its script and a
//! note at the foot that says what the brackets are; and the PDF says of them what they stand for (`ActualText`, ISO 32000-1
//! §14.9.4): copied, searched or read aloud they are the characters themselves. The HTML and Markdown twins hold them as they are.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// The note at the foot of a page that has any.
pub const NOTE: &str = "Brackets such as [Chinese: U+4F50] stand for letters that this document cannot draw. Copy them, or open the web page, to read them.";

/// A piece of a text that is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Characters that the faces have.
    Known(Cow<'a, str>),
    /// One that they lack.
    Lacking(char),
    /// What is drawn around those that they lack.
    Between(&'static str),
}

/// The pieces of a text. Letters and their accents are put together first, where Unicode has one character for both (form C).
pub fn pieces(text: &str, known: impl Fn(char) -> bool) -> Vec<Piece<'_>> {
    if text.is_ascii() {
        return vec![Piece::Known(Cow::Borrowed(text))];
    }
    let mut pieces = vec![];
    let mut open: Option<&str> = None;
    for char in text.nfc() {
        if known(char) && !(open.is_some() && joiner(char)) {
            pieces.extend(open.take().map(|_| Piece::Between("]")));
            match pieces.last_mut() {
                Some(Piece::Known(text)) => text.to_mut().push(char),
                _ => pieces.push(Piece::Known(Cow::Owned(char.to_string()))),
            }
            continue;
        }
        // A joiner belongs to the letters around it.
        let script = open.filter(|_| joiner(char)).unwrap_or_else(|| script(char));
        if open == Some(script) {
            pieces.push(Piece::Between(" "));
        } else {
            let before = if open.is_some() { "] [" } else { "[" };
            pieces.extend([Piece::Between(before), Piece::Between(script)]);
        }
        open = Some(script);
        pieces.push(Piece::Lacking(char));
    }
    pieces.extend(open.map(|_| Piece::Between("]")));
    pieces
}

/// Whether a character only joins those around it, or keeps them apart.
fn joiner(char: char) -> bool {
    matches!(char, '\u{200c}' | '\u{200d}')
}

/// What a person calls the letters that a character is one of, by the blocks of Unicode; nothing where that needs more than a block.
fn script(char: char) -> &'static str {
    match u32::from(char) {
        0x0530..=0x058F | 0xFB13..=0xFB17 => "Armenian: ",
        0x0590..=0x05FF | 0xFB1D..=0xFB4F => "Hebrew: ",
        0x0600..=0x06FF | 0x0750..=0x077F | 0x0870..=0x08FF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFE => "Arabic: ",
        0x0900..=0x097F | 0xA8E0..=0xA8FF => "Devanagari: ",
        0x0980..=0x09FF => "Bengali: ",
        0x0B80..=0x0BFF => "Tamil: ",
        0x0E00..=0x0E7F => "Thai: ",
        0x10A0..=0x10FF | 0x1C90..=0x1CBF | 0x2D00..=0x2D2F => "Georgian: ",
        0x3040..=0x30FF | 0x31F0..=0x31FF | 0xFF65..=0xFF9F => "Japanese: ",
        0x1100..=0x11FF | 0x3130..=0x318F | 0xA960..=0xA97F | 0xAC00..=0xD7FF => "Korean: ",
        // The same characters write Chinese and Japanese.
        0x2E80..=0x2FDF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF => "Chinese: ",
        0x2600..=0x27BF | 0x2B00..=0x2BFF | 0xFE0E..=0xFE0F | 0x1_F000..=0x1_FAFF => "emoji: ",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    /// As drawn, and as read, by faces that have Latin letters.
    fn both(text: &str) -> (String, String) {
        let (mut drawn, mut read) = (String::new(), String::new());
        for piece in pieces(text, |char| char < '\u{370}') {
            match piece {
                Piece::Known(text) => {
                    drawn.push_str(&text);
                    read.push_str(&text);
                }
                Piece::Lacking(char) => {
                    drawn.push_str(&format!("{:04X}", u32::from(char)));
                    read.push(char);
                }
                Piece::Between(text) => drawn.push_str(text),
            }
        }
        (drawn, read)
    }

    #[test]
    fn what_is_lacking_is_named_and_reads_as_it_was_written() {
        for (text, drawn) in [
            ("佐藤 花子", "[Chinese: 4F50 85E4] [Chinese: 82B1 5B50]"),
            ("מאיה Levi", "[Hebrew: 05DE 05D0 05D9 05D4] Levi"),
            ("سارة", "[Arabic: 0633 0627 0631 0629]"),
            ("नेहा", "[Devanagari: 0928 0947 0939 093E]"),
            ("ก้อง", "[Thai: 0E01 0E49 0E2D 0E07]"),
            ("カ株", "[Japanese: 30AB] [Chinese: 682A]"),
            ("go 🚀!", "go [emoji: 1F680]!"),
            ("👩\u{200d}💻", "[emoji: 1F469 200D 1F4BB]"),
            ("ꙮ", "[A66E]"),
            ("Zoe\u{308}", "Zo\u{eb}"),
            ("x\u{302}", "x\u{302}"),
        ] {
            let composed = if text.starts_with("Zoe") { drawn } else { text };
            assert_eq!(both(text), (drawn.to_owned(), composed.to_owned()), "{text}");
        }
    }
}
