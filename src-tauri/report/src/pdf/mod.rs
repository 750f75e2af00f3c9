//! Prints blocks as a PDF: set in strips, flowed onto pages, drawn, finished.

mod chain;
mod cover;
mod curve;
mod figure;
mod finish;
mod flow;
mod font;
mod histogram;
mod ink;
mod lacking;
mod line;
mod map;
mod print;
mod set;
mod shape;
mod stops;
mod structure;
mod style;
mod table;
mod tag;
#[cfg(test)]
mod tests;
mod tidy;
mod ways;

// The HTML twin draws the same figures.
pub(crate) use figure::strips as figure_strips;
pub(crate) use font::{Fonts, Glyph};
pub(crate) use ink::{Ink, Strip};
pub(crate) use shape::paths as shape_paths;
pub(crate) use style::{Color, Face};

use crate::block::{Block, headings};
use crate::{Error, Template};
use finish::Info;
use flow::{Page, Sheet, flow};
use jiff::Timestamp;
use print::Place;
use set::{Setter, words};
use std::collections::BTreeMap;
use tag::{Element, Tags, link};

/// The paper to print on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8.5 × 11 inches.
    Letter,
}

impl Paper {
    fn sheet(self) -> Sheet {
        match self {
            Self::A4 => Sheet { width: 595.28, height: 841.89 },
            Self::Letter => Sheet { width: 612.0, height: 792.0 },
        }
    }
}

/// What stands on every page and in the document's own description.
pub struct Running<'a> {
    /// Whose report it is, at the head of each page.
    pub head: String,
    /// What it is about, at the foot of each page.
    pub foot: String,
    /// The document's title.
    pub title: String,
    /// Who wrote it.
    pub author: &'a str,
    /// The time of the audit.
    pub at: Timestamp,
    /// The look of whoever hands it over.
    pub template: &'a Template,
}

/// Prints blocks.
///
/// # Errors
/// When a font cannot be read or the document cannot be written.
pub fn print(blocks: &[Block], running: &Running<'_>, paper: Paper) -> Result<Vec<u8>, Error> {
    let sheet = paper.sheet();
    let Laid { pages, places, elements } = lay(blocks, running, sheet)?;
    let (document, drawn) = print::document(&pages, &places, &elements, sheet, running)?;
    let info = Info { title: &running.title, author: running.author, subject: &running.foot, at: running.at };
    finish::bytes(document, &headings(blocks), &places, (&elements, &drawn), sheet, &info)
}

/// Pages of a document, drawn in full.
pub(crate) struct Leaf {
    /// The number of the first one.
    pub first: usize,
    /// Pages of the whole document.
    pub total: usize,
    /// Width and height of the paper, points.
    pub size: (f32, f32),
    /// What is drawn on each.
    pub pages: Vec<Vec<Ink>>,
}

/// The pages on which the blocks of one part stand, as the whole document prints them; all pages where the part has no heading.
///
/// # Errors
/// When a font cannot be read.
pub(crate) fn leaf(blocks: &[Block], part: &[Block], running: &Running<'_>, paper: Paper) -> Result<Leaf, Error> {
    let sheet = paper.sheet();
    let Laid { pages, places, .. } = lay(blocks, running, sheet)?;
    let own: Vec<&str> = headings(part).into_iter().map(|heading| heading.id.as_str()).collect();
    let place = |id: &str| places.get(id).copied();
    let first = own.first().and_then(|id| place(id)).map_or(1, |place| place.page);
    let all = headings(blocks);
    let after = all.iter().skip_while(|heading| !own.contains(&heading.id.as_str()));
    let next = after.map(|heading| heading.id.as_str()).find(|id| !own.contains(id)).and_then(place);
    let last = match next {
        // What follows begins that page, so nothing of this part stands there.
        Some(next) if next.top <= sheet.top() + 1.0 => next.page - 1,
        Some(next) => next.page,
        None => pages.len(),
    };
    let total = pages.len();
    let pages = pages.into_iter().take(last).skip(first - 1).map(|page| page.inks).collect();
    Ok(Leaf { first, total, size: (sheet.width, sheet.height), pages })
}

/// Blocks on pages.
struct Laid {
    pages: Vec<Page>,
    places: BTreeMap<String, Place>,
    elements: Vec<Element>,
}

/// Lays blocks out twice: the first pass finds the pages of the headings, the second prints them in the contents.
fn lay(blocks: &[Block], running: &Running<'_>, sheet: Sheet) -> Result<Laid, Error> {
    let fonts = Fonts::load()?.dressed(running.template);
    let headings = headings(blocks);
    let mut numbers = BTreeMap::new();
    let mut pages = vec![];
    let mut elements = vec![];
    for _ in 0..2 {
        let tags = Tags::default();
        let setter = Setter { fonts: &fonts, headings: &headings, pages: &numbers, sheet: sheet.full(), tags: &tags };
        pages = flow(setter.blocks(blocks, sheet.measure()), sheet);
        numbers = places(&pages).into_iter().map(|(id, place)| (id, place.page)).collect();
        elements = tags.elements();
    }
    link(&mut pages, &mut elements);
    let total = pages.len();
    for (at, page) in pages.iter_mut().enumerate().filter(|(_, page)| !page.bare) {
        page.inks.push(Ink::Tag(None));
        page.inks.extend(margins(&fonts, running, (at + 1, total), sheet));
        if page.inks.iter().any(Ink::replaced) {
            let y = sheet.height - style::MARGIN - 11.5;
            page.inks.extend(words(&fonts, lacking::NOTE, style::RUNNING, style::MARGIN, y));
        }
    }
    let places = places(&pages);
    Ok(Laid { pages, places, elements })
}

fn places(pages: &[Page]) -> BTreeMap<String, Place> {
    let on = |(at, page): (usize, &Page)| {
        let places = page.anchors.iter().map(|(anchor, top)| (anchor.id.clone(), Place { page: at + 1, top: *top }));
        places.collect::<Vec<_>>()
    };
    pages.iter().enumerate().flat_map(on).collect()
}

/// Running header and footer of a page.
fn margins(fonts: &Fonts, running: &Running<'_>, (number, total): (usize, usize), sheet: Sheet) -> Vec<Ink> {
    let kind = style::RUNNING;
    let (left, right) = (style::MARGIN, sheet.width - style::MARGIN);
    let (top, bottom) = (style::MARGIN + 7.0, sheet.height - style::MARGIN - 1.0);
    let mut inks = vec![];
    let mut flush = |text: &str, y: f32| {
        let wide = fonts.width(text, kind.face, kind.size);
        inks.extend(words(fonts, text, kind, right - wide, y));
        wide
    };
    let secret = flush("Confidential", top);
    let pages = flush(&format!("page {number} of {total}"), bottom);
    let mut logo = 0.0;
    if let Some(drawn) = &running.template.logo {
        let (w, h) = drawn.within(60.0, 12.0);
        inks.push(Ink::Logo { x: left, y: top - 2.7 - h / 2.0, w, h });
        logo = w + 6.0;
    }
    let room = right - left - 24.0;
    let head = figure::shortened(fonts, &running.head, kind.face, kind.size, room - secret - logo);
    let foot = figure::shortened(fonts, &running.foot, kind.face, kind.size, room - pages);
    inks.extend(words(fonts, &head, kind, left + logo, top));
    inks.extend(words(fonts, &foot, kind, left, bottom));
    inks.push(Ink::rule((left, top + 7.0), (right, top + 7.0), 0.4, style::LINE));
    inks
}
