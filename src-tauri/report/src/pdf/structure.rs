//! Writes the structure of the document: the tree of its elements, and which piece of which page each one holds (ISO 32000-1 §14.7).

use super::tag::{Drawn, Element, LINK};
use lopdf::{Document, Object, ObjectId, dictionary};

/// Writes the tree and returns its root. Elements that hold nothing are left out.
#[must_use]
pub fn write(document: &mut Document, elements: &[Element], drawn: &[Drawn], text: fn(&str) -> Object) -> ObjectId {
    let pages: Vec<ObjectId> = document.page_iter().collect();
    let used = used(elements, drawn);
    let ids: Vec<Option<ObjectId>> = used.iter().map(|used| used.then(|| document.new_object_id())).collect();
    let id = |element: usize| ids.get(element).copied().flatten();
    let mut kids: Vec<Vec<Object>> = vec![vec![]; elements.len()];
    let mut numbers: Vec<Object> = vec![];
    for (at, (page, drawn)) in pages.iter().zip(drawn).enumerate() {
        let number = count(at);
        for (piece, element) in drawn.pieces.iter().enumerate() {
            // A link stands among the words of what it is a part of.
            hang(*element, elements, &id, &mut kids);
            if let Some(kids) = kids.get_mut(*element) {
                kids.push(dictionary! { "Type" => "MCR", "Pg" => *page, "MCID" => count(piece) }.into());
            }
        }
        let owners: Vec<Object> = drawn.pieces.iter().filter_map(|element| id(*element)).map(Object::from).collect();
        numbers.extend([number.into(), owners.into()]);
        if let Ok(page) = document.get_dictionary_mut(*page) {
            page.set("StructParents", number);
            page.set("Tabs", Object::Name(b"S".to_vec()));
        }
    }
    for drawn in drawn {
        drawn.links.iter().flatten().for_each(|element| hang(*element, elements, &id, &mut kids));
    }
    links(document, &pages, drawn, &id, &mut kids, &mut numbers);
    let root = document.new_object_id();
    for (at, element) in elements.iter().enumerate().skip(1).filter(|(_, element)| element.kind != LINK) {
        if let (Some(own), Some(kids)) = (id(at), kids.get_mut(element.parent)) {
            kids.push(own.into());
        }
    }
    for (at, (element, kids)) in elements.iter().zip(kids).enumerate() {
        let Some(own) = id(at) else { continue };
        let parent = if at == 0 { Some(root) } else { id(element.parent) };
        let mut entry = dictionary! { "Type" => "StructElem", "S" => element.kind, "K" => kids };
        entry.set("P", parent.unwrap_or(root));
        if !element.alt.is_empty() {
            entry.set("Alt", text(&element.alt));
        }
        if element.kind == "TH" {
            entry.set("A", dictionary! { "O" => "Table", "Scope" => "Column" });
        }
        document.set_object(own, entry);
    }
    let next = numbers.len() / 2;
    let tree = document.add_object(dictionary! { "Nums" => numbers });
    let whole: Vec<Object> = id(0).into_iter().map(Object::from).collect();
    let entry = dictionary! {
        "Type" => "StructTreeRoot", "K" => whole, "ParentTree" => tree, "ParentTreeNextKey" => count(next),
    };
    document.set_object(root, entry);
    root
}

/// Puts a link into the element that it is a part of, once.
fn hang(element: usize, elements: &[Element], id: &impl Fn(usize) -> Option<ObjectId>, kids: &mut [Vec<Object>]) {
    let link = elements.get(element).filter(|element| element.kind == LINK);
    let Some((parent, own)) = link.and_then(|link| Some((link.parent, id(element)?))) else { return };
    if let Some(kids) = kids.get_mut(parent)
        && !kids.contains(&own.into())
    {
        kids.push(own.into());
    }
}

/// Each link holds, besides its words, what is clicked.
fn links(
    document: &mut Document,
    pages: &[ObjectId],
    drawn: &[Drawn],
    id: &impl Fn(usize) -> Option<ObjectId>,
    kids: &mut [Vec<Object>],
    numbers: &mut Vec<Object>,
) {
    let mut next = pages.len();
    for (page, drawn) in pages.iter().zip(drawn) {
        let annotations = document.get_dictionary(*page).and_then(|page| page.get(b"Annots")?.as_array()).cloned();
        for (annotation, element) in annotations.unwrap_or_default().iter().zip(&drawn.links) {
            let Ok(annotation) = annotation.as_reference() else { continue };
            let Some((at, link)) = element.and_then(|element| Some((element, id(element)?))) else { continue };
            if let Some(kids) = kids.get_mut(at) {
                kids.push(dictionary! { "Type" => "OBJR", "Obj" => annotation, "Pg" => *page }.into());
            }
            if let Ok(annotation) = document.get_dictionary_mut(annotation) {
                annotation.set("StructParent", count(next));
            }
            numbers.extend([count(next).into(), link.into()]);
            next += 1;
        }
    }
}

/// Which elements hold something, themselves or by their parts.
fn used(elements: &[Element], drawn: &[Drawn]) -> Vec<bool> {
    let mut used = vec![false; elements.len()];
    for element in drawn.iter().flat_map(|drawn| drawn.pieces.iter().chain(drawn.links.iter().flatten())) {
        let mut at = *element;
        while let Some(known) = used.get_mut(at).filter(|known| !**known) {
            *known = true;
            at = elements.get(at).map_or(0, |element| element.parent);
        }
    }
    used
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
