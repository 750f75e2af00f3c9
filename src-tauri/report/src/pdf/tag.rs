//! The structure of the document for those who hear it: which element each thing drawn belongs to (ISO 32000-1 §14.7 and §14.8).

use super::ink::{Ink, Strip};
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

/// What was drawn on one page for which element.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// The element of each piece of content, by the number of the piece.
    pub pieces: Vec<usize>,
    /// The element of each link, in their order; none for decoration.
    pub links: Vec<Option<usize>>,
}
