//! Finishes what the PDF writer leaves open: structure, nested outline, language, title, dates, and an identity that follows from the content.

use super::flow::Sheet;
use super::print::Place;
use super::structure;
use super::tag::{Drawn, Element};
use super::tidy::tidy;
use crate::Error;
use crate::block::Heading;
use jiff::Timestamp;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What the document says of itself.
pub struct Info<'a> {
    /// Title.
    pub title: &'a str,
    /// Author.
    pub author: &'a str,
    /// What it is about.
    pub subject: &'a str,
    /// The time of the audit.
    pub at: Timestamp,
}

/// Finishes a printed document; the same input gives the same bytes.
///
/// # Errors
/// When the document cannot be written.
pub fn bytes(
    mut document: Document,
    headings: &[&Heading],
    places: &BTreeMap<String, Place>,
    (elements, drawn): (&[Element], &[Drawn]),
    sheet: Sheet,
    info: &Info<'_>,
) -> Result<Vec<u8>, Error> {
    let failed = |why: lopdf::Error| Error::Print(why.to_string());
    "1.7".clone_into(&mut document.version);
    let outlines = outline(&mut document, headings, places, sheet);
    annotations(&mut document);
    let structure = structure::write(&mut document, elements, drawn, text);
    let catalog = document.catalog_mut().map_err(failed)?;
    catalog.set("StructTreeRoot", structure);
    catalog.set("MarkInfo", dictionary! { "Marked" => true });
    catalog.set("Outlines", outlines);
    catalog.set("PageMode", Object::Name(b"UseOutlines".to_vec()));
    catalog.set("PageLayout", Object::Name(b"SinglePage".to_vec()));
    catalog.set("Lang", Object::string_literal("en"));
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    let about = about(info);
    let about = document.add_object(about);
    document.trailer.set("Info", about);
    tidy(&mut document);
    document.compress();
    // The same identity twice: nothing was changed since it was written (ISO 32000-1 §14.4).
    identify(&mut document, &[0; 16]);
    let hash = Sha256::digest(written(&mut document)?);
    identify(&mut document, hash.get(..16).unwrap_or(&hash));
    written(&mut document)
}

/// Annotations are referred to, not written in place (ISO 32000-1 §7.7.3.3, table 30).
fn annotations(document: &mut Document) {
    for id in document.page_iter().collect::<Vec<_>>() {
        let links = document.get_dictionary(id).and_then(|page| page.get(b"Annots")?.as_array()).cloned();
        let links: Vec<Object> =
            links.unwrap_or_default().into_iter().map(|link| document.add_object(link).into()).collect();
        if let Ok(page) = document.get_dictionary_mut(id) {
            page.set("Annots", links);
        }
    }
}

fn written(document: &mut Document) -> Result<Vec<u8>, Error> {
    let mut bytes = vec![];
    // The structure has thousands of small objects: streams of objects hold them in a tenth of the room.
    document.save_modern(&mut bytes).map_err(|why| Error::Print(why.to_string()))?;
    Ok(bytes)
}

fn identify(document: &mut Document, id: &[u8]) {
    let id = Object::String(id.to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
}

fn about(info: &Info<'_>) -> Dictionary {
    let at = info.at.strftime("D:%Y%m%d%H%M%SZ").to_string();
    dictionary! {
        "Title" => text(info.title),
        "Author" => text(info.author),
        "Subject" => text(info.subject),
        "Creator" => text("Launch Ready"),
        "Producer" => text("Launch Ready, printpdf"),
        "CreationDate" => Object::string_literal(at.clone()),
        "ModDate" => Object::string_literal(at),
    }
}

fn text(words: &str) -> Object {
    Object::String(utf16(words), StringFormat::Hexadecimal)
}

/// A text string in UTF-16 with byte order mark (ISO 32000-1 §7.9.2.2).
pub fn utf16(words: &str) -> Vec<u8> {
    [0xFE, 0xFF].into_iter().chain(words.encode_utf16().flat_map(u16::to_be_bytes)).collect()
}

struct Node {
    id: ObjectId,
    level: u8,
    kids: Vec<Node>,
    entry: Dictionary,
}

/// Writes the nested outline and returns its root.
fn outline(document: &mut Document, headings: &[&Heading], places: &BTreeMap<String, Place>, sheet: Sheet) -> ObjectId {
    let pages: Vec<ObjectId> = document.page_iter().collect();
    let mut top = Node { id: document.new_object_id(), level: 0, kids: vec![], entry: Dictionary::new() };
    for heading in headings {
        let Some(place) = places.get(&heading.id) else { continue };
        let Some(page) = pages.get(place.page.saturating_sub(1)) else { continue };
        let y = Object::Real(sheet.height - place.top + 12.0);
        let to = vec![Object::Reference(*page), Object::Name(b"XYZ".to_vec()), Object::Real(0.0), y, Object::Null];
        let entry = dictionary! { "Title" => text(&heading.text), "Dest" => to };
        let node = Node { id: document.new_object_id(), level: heading.level, kids: vec![], entry };
        hang(&mut top, node);
    }
    top.entry.set("Type", Object::Name(b"Outlines".to_vec()));
    let id = top.id;
    write(document, top, None);
    id
}

fn hang(under: &mut Node, node: Node) {
    match under.kids.last_mut() {
        Some(last) if last.level < node.level => hang(last, node),
        _ => under.kids.push(node),
    }
}

/// Writes a node and all below it; sections stand open, their parts closed (a negative count, ISO 32000-1 §12.3.3).
fn write(document: &mut Document, node: Node, parent: Option<ObjectId>) {
    let Node { id, level, kids, mut entry } = node;
    if let Some(parent) = parent {
        entry.set("Parent", parent);
    }
    let ids: Vec<ObjectId> = kids.iter().map(|kid| kid.id).collect();
    if let (Some(first), Some(last)) = (ids.first(), ids.last()) {
        entry.set("First", *first);
        entry.set("Last", *last);
        let shown = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        entry.set("Count", if level == 0 { shown } else { -shown });
    }
    for (at, mut kid) in kids.into_iter().enumerate() {
        if let Some(before) = at.checked_sub(1).and_then(|at| ids.get(at)) {
            kid.entry.set("Prev", *before);
        }
        if let Some(after) = ids.get(at + 1) {
            kid.entry.set("Next", *after);
        }
        write(document, kid, Some(id));
    }
    document.set_object(id, entry);
}
