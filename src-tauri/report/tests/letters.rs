//! Names in every script: what the faces of the document lack stands on the page in brackets, says what it is at the foot, and reads as it was written.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod fixture;
mod tools;

use lopdf::content::Content;
use lopdf::{Document, Object};
use report::Options;

/// Names of which the faces lack letters: each with the letters that they lack. They are short: a name that is broken over two lines reads in two pieces.
const LACKING: [(&str, &str); 9] = [
    ("سارة", "سارة"),
    ("מאיה", "מאיה"),
    ("नेहा", "नेहा"),
    ("ก้อง", "ก้อง"),
    ("佐藤 花子", "佐藤花子"),
    ("サトウ", "サトウ"),
    ("김민지", "김민지"),
    ("Rocket 🚀 Works", "🚀"),
    ("Dev 👩\u{200d}💻", "👩\u{200d}💻"),
];
/// Names that are drawn as they are, and how they read then: letters are put together with their accents.
const DRAWN: [(&str, &str); 2] =
    [("Ελένη Олена", "Ελένη Олена"), ("Zoe\u{308} A\u{30a}ngstro\u{308}m", "Zo\u{eb} \u{c5}ngstr\u{f6}m")];

fn printed(name: &str) -> Vec<u8> {
    let facts = fixture::facts();
    let options = Options { client: String::new(), product: name.to_owned(), ..fixture::options() };
    report::guide(&fixture::audit(&facts), &facts, &options).unwrap()
}

/// What pieces of a document say that they are, where that is not what is drawn.
fn actual(pdf: &[u8]) -> String {
    let document = Document::load_mem(pdf).unwrap();
    let mut said = vec![];
    for page in document.page_iter() {
        let content = Content::decode(&document.get_page_content(page)).unwrap();
        let marked = content.operations.iter().filter(|operation| operation.operator == "BDC");
        for entry in marked.filter_map(|operation| operation.operands.get(1)?.as_dict().ok()?.get(b"ActualText").ok()) {
            let Object::String(bytes, _) = entry else { panic!("no text: {entry:?}") };
            said.extend(bytes[2..].as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)));
        }
    }
    String::from_utf16(&said).unwrap()
}

fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !tools::MARKS.contains(c)).collect()
}

#[test]
fn a_name_in_any_script_is_shown_and_reads_as_it_was_written() {
    let lacking = LACKING.iter().map(|(name, letters)| (*name, *name, *letters));
    for (name, reads, letters) in lacking.chain(DRAWN.iter().map(|(name, reads)| (*name, *reads, ""))) {
        let pdf = printed(name);
        let actual = actual(&pdf);
        assert!(actual.contains(letters) && actual.is_empty() == letters.is_empty(), "{name}: {actual}");
        let Some(text) = tools::tool(&pdf, "pdftotext", &["-raw", "-enc", "UTF-8"]) else { continue };
        assert!(dense(&text).contains(&dense(&tools::turned(reads))), "{name}: {text}");
        let told = dense(&text).contains(&dense("stand for letters that this document cannot draw"));
        assert_eq!(told, !letters.is_empty(), "{name}: the note at the foot");
    }
}
