//! The structure of the document for those who hear it: which element each thing drawn belongs to (ISO 32000-1 §14.7 and §14.8).

use super::flow::Page;
use super::ink::{Ink, Strip};
use crate::block::To;
use std::cell::{Cell, RefCell};

/// One element of the structure.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its standard type: `H1`, `P`, `TD`.
    pub kind: &'static str,
    /// The element that it is a part of; the first one is the document and its own.
    pub parent: usize,
    /// What a drawing shows, in words; empty for all others.
    pub alt: String,
}

/// The elements in the order in which they are read.
#[derive(Debug)]
pub struct Tags {
    elements: RefCell<Vec<Element>>,
    at: Cell<usize>,
}

impl Default for Tags {
    fn default() -> Self {
        let document = Element { kind: "Document", parent: 0, alt: String::new() };
        Self { elements: RefCell::new(vec![document]), at: Cell::new(0) }
    }
}

impl Tags {
    /// A new element inside the one that is open.
    pub fn add(&self, kind: &'static str, alt: String) -> usize {
        let mut elements = self.elements.borrow_mut();
        elements.push(Element { kind, parent: self.at.get(), alt });
        elements.len() - 1
    }

    /// Opens a new element for what is set meanwhile.
    pub fn within<T>(&self, kind: &'static str, set: impl FnOnce() -> T) -> T {
        let element = self.add(kind, String::new());
        let outer = self.at.replace(element);
        let done = set();
        self.at.set(outer);
        done
    }

    /// Strips that are one element.
    pub fn whole(&self, kind: &'static str, mut strips: Vec<Strip>) -> Vec<Strip> {
        let element = self.add(kind, String::new());
        strips.iter_mut().for_each(|strip| strip.inks.insert(0, Ink::Tag(Some(element))));
        strips
    }

    /// The elements.
    #[must_use]
    pub fn elements(self) -> Vec<Element> {
        self.elements.into_inner()
    }
}

/// The standard type of a link.
pub const LINK: &str = "Link";

/// A link on a page, and what it is an element of.
struct Place {
    within: usize,
    element: usize,
    /// Left, top, width and height.
    area: (f32, f32, f32, f32),
    to: To,
}

impl Place {
    fn covers(&self, within: Option<usize>, x: f32, y: f32) -> bool {
        let (left, top, w, h) = self.area;
        within == Some(self.within) && (left - 0.05..left + w - 0.05).contains(&x) && (top..top + h).contains(&y)
    }
}

/// Gives each link an element of its own, which holds the words that the link stands on. One that goes on in the next line stays one.
pub fn link(pages: &mut [Page], elements: &mut Vec<Element>) {
    for page in pages {
        let places = places(&page.inks, elements);
        let mut tag = None;
        let mut inks = Vec::with_capacity(page.inks.len());
        for ink in std::mem::take(&mut page.inks) {
            let on = match &ink {
                Ink::Tag(next) => {
                    tag = *next;
                    None
                }
                Ink::Text { x, y, .. } | Ink::Shape { x, y, .. } => places.iter().find(|one| one.covers(tag, *x, *y)),
                Ink::Link { x, y, w, h, .. } => {
                    places.iter().find(|one| Some(one.within) == tag && one.area == (*x, *y, *w, *h))
                }
                _ => None,
            };
            match on.map(|one| one.element) {
                Some(element) => inks.extend([Ink::Tag(Some(element)), ink, Ink::Tag(tag)]),
                None => inks.push(ink),
            }
        }
        page.inks = inks;
    }
}

fn places(inks: &[Ink], elements: &mut Vec<Element>) -> Vec<Place> {
    let mut places: Vec<Place> = vec![];
    let mut tag = None;
    for ink in inks {
        let (within, x, y, w, h, to) = match (ink, tag) {
            (Ink::Tag(next), _) => {
                tag = *next;
                continue;
            }
            (Ink::Link { x, y, w, h, to }, Some(within)) => (within, *x, *y, *w, *h, to),
            _ => continue,
        };
        let before = places.iter().rev().find(|one| one.within == within);
        let goes_on = before.filter(|one| one.to == *to && one.area.1 < y).map(|one| one.element);
        let element = goes_on.unwrap_or_else(|| {
            elements.push(Element { kind: LINK, parent: within, alt: String::new() });
            elements.len() - 1
        });
        places.push(Place { within, element, area: (x, y, w, h), to: to.clone() });
    }
    places
}

/// What was drawn on one page for which element.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// The element of each piece of content, by the number of the piece.
    pub pieces: Vec<usize>,
    /// The element of each link, in their order; none for decoration.
    pub links: Vec<Option<usize>>,
}
