//! What the document says to those who hear it: its structure, read back by another program.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]
#![expect(clippy::disallowed_methods, reason = "another program reads files")]

mod fixture;

use lopdf::{Document, Object};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Command;

/// The structure with its words as poppler tells it; none where this machine does not have it.
fn heard(bytes: &[u8]) -> Option<String> {
    let file = std::env::temp_dir().join(format!("launch-ready-heard-{}.pdf", std::process::id()));
    std::fs::write(&file, bytes).unwrap();
    let run = Command::new("pdfinfo").args(["-enc", "UTF-8", "-struct-text"]).arg(&file).output();
    std::fs::remove_file(&file).unwrap();
    match run {
        Ok(run) => {
            let wrong = String::from_utf8_lossy(&run.stderr);
            assert!(run.status.success() && wrong.is_empty(), "{wrong}");
            Some(String::from_utf8(run.stdout).unwrap())
        }
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "pdfinfo is not installed ({why}); the structure is not read back");
            None
        }
    }
}

#[test]
fn those_who_hear_the_document_get_its_headings_tables_and_drawings() {
    let facts = fixture::facts();
    let audit = fixture::audit(&facts);
    let bytes = report::pdf(&audit, &facts, &fixture::options()).unwrap();
    let document = Document::load_mem(&bytes).unwrap();
    let catalog = document.catalog().unwrap();
    assert!(catalog.get(b"MarkInfo").unwrap().as_dict().unwrap().get(b"Marked").unwrap().as_bool().unwrap());
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for element in document.objects.values().filter_map(|object| object.as_dict().ok()) {
        let kind = element.get(b"S").and_then(Object::as_name).ok();
        if let Some(kind) = kind.filter(|_| element.has_type(b"StructElem")) {
            *kinds.entry(String::from_utf8_lossy(kind).into_owned()).or_default() += 1;
            assert!(kind != b"Figure" || element.get(b"Alt").is_ok(), "a drawing says nothing");
        }
    }
    let blocks = report::blocks(&audit, &facts, &fixture::options());
    let headings = report::block::headings(&blocks);
    for level in 1..=3_u8 {
        let wanted = headings.iter().filter(|heading| heading.level == level).count();
        assert_eq!(kinds[&format!("H{level}")], wanted, "headings of level {level}");
    }
    assert!(kinds["TD"] > 500 && kinds["TH"] > 50 && kinds["Figure"] > 4 && kinds["Link"] > 80, "{kinds:?}");
    // Each piece of content has its element, each page its entry.
    for (number, page) in document.get_pages() {
        let content = String::from_utf8_lossy(&document.get_page_content(page)).into_owned();
        let (opened, closed) =
            (content.matches(" BDC").count() + content.matches(" BMC").count(), content.matches("EMC").count());
        assert_eq!(opened, closed, "page {number}");
        assert!(document.get_dictionary(page).unwrap().has(b"StructParents"), "page {number}");
    }
    // A link holds the words that it stands on, and what is clicked.
    let link =
        |element: &&lopdf::Dictionary| element.get(b"S").and_then(Object::as_name).is_ok_and(|name| name == b"Link");
    let elements = document.objects.values().filter_map(|object| object.as_dict().ok());
    for link in elements.filter(|element| element.has_type(b"StructElem")).filter(link) {
        let kids = link.get(b"K").unwrap().as_array().unwrap();
        let has = |kind: &[u8]| kids.iter().any(|kid| kid.as_dict().is_ok_and(|kid| kid.has_type(kind)));
        assert!(has(b"MCR") && has(b"OBJR"), "{kids:?}");
    }
    let Some(told) = heard(&bytes) else { return };
    let told = told.replace('\u{a0}', " ");
    let said = told.split("Link (inline)").skip(1).any(|rest| rest.trim_start().starts_with("\"finding 1\""));
    assert!(said, "the words of a link are not told as its own");
    for part in ["Decision", "Risks", "Ada Łukasiewicz", "Table", "H2"] {
        assert!(told.contains(part), "{part} is not told");
    }
}
