//! Flows strips onto pages: what belongs together stays together, heads of tables are repeated, nothing is lost.

use super::ink::{Anchor, Ink, Strip};
use super::style;

/// One page, drawn in full; measures are points from its top left corner.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// What is drawn.
    pub inks: Vec<Ink>,
    /// Where links lead, with the height of each.
    pub anchors: Vec<(Anchor, f32)>,
    /// Whether it goes without running header and footer.
    pub bare: bool,
}

/// The size of the paper in points.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl Sheet {
    /// The width between the margins.
    #[must_use]
    pub fn measure(self) -> f32 {
        self.width - 2.0 * style::MARGIN
    }

    /// The height of a page of its own, without running header and footer.
    #[must_use]
    pub fn full(self) -> f32 {
        self.height - 2.0 * style::MARGIN
    }

    /// Where the text begins.
    #[must_use]
    pub fn top(self) -> f32 {
        style::MARGIN + style::HEADER
    }

    fn bottom(self) -> f32 {
        self.height - style::MARGIN - style::FOOTER
    }
}

/// Flows strips onto pages.
#[must_use]
pub fn flow(strips: Vec<Strip>, sheet: Sheet) -> Vec<Page> {
    let mut press = Press { sheet, pages: vec![], y: 0.0, below: 0.0, empty: true };
    let mut rest = strips.into_iter().peekable();
    while let Some(first) = rest.next() {
        let mut held = vec![first];
        while held.last().is_some_and(|strip| strip.keep)
            && let Some(next) = rest.next_if(|next| next.fresh == 0.0 && !next.bare)
        {
            held.push(next);
        }
        press.place(held);
    }
    press.pages
}

struct Press {
    sheet: Sheet,
    pages: Vec<Page>,
    y: f32,
    below: f32,
    empty: bool,
}

impl Press {
    fn place(&mut self, held: Vec<Strip>) {
        let room = self.sheet.bottom() - self.sheet.top();
        let head = held.first().map_or(0.0, head_height);
        if height(&held) + head > room {
            // Taller than a page: strip by strip, as much as fits on each.
            for strip in held {
                self.one(vec![strip]);
            }
        } else {
            self.one(held);
        }
    }

    fn one(&mut self, held: Vec<Strip>) {
        let Some(first) = held.first() else { return };
        let gap = if self.empty { 0.0 } else { self.below.max(first.above) };
        let closed = self.pages.last().is_none_or(|page| page.bare);
        let left = self.sheet.bottom() - self.y;
        let opens = left < first.fresh * (self.sheet.bottom() - self.sheet.top()) && !self.empty;
        if closed || first.bare || opens || gap + height(&held) > left + 0.01 {
            self.turn(first.bare);
            if let Some(head) = first.head.clone() {
                head.iter().cloned().for_each(|strip| self.put(silent(strip)));
            }
        }
        held.into_iter().for_each(|strip| self.put(strip));
    }

    fn turn(&mut self, bare: bool) {
        self.pages.push(Page { bare, ..Page::default() });
        self.y = if bare { style::MARGIN } else { self.sheet.top() };
        self.below = 0.0;
        self.empty = true;
    }

    fn put(&mut self, strip: Strip) {
        let gap = if self.empty { 0.0 } else { self.below.max(strip.above) };
        let top = self.y + gap;
        if let Some(page) = self.pages.last_mut() {
            page.inks.push(Ink::Tag(None));
            page.inks.extend(strip.inks.into_iter().map(|ink| ink.moved(style::MARGIN, top)));
            page.anchors.extend(strip.anchors.into_iter().map(|anchor| (anchor, top)));
        }
        self.y = top + strip.height;
        self.below = strip.below;
        self.empty = false;
    }
}

/// A head that is repeated is decoration to those who hear the table.
fn silent(mut strip: Strip) -> Strip {
    strip.inks.retain(|ink| !matches!(ink, Ink::Tag(_)));
    strip
}

fn height(strips: &[Strip]) -> f32 {
    let gaps = strips.windows(2).map(|pair| match pair {
        [before, after] => before.below.max(after.above),
        _ => 0.0,
    });
    strips.iter().map(|strip| strip.height).sum::<f32>() + gaps.sum::<f32>()
}

fn head_height(strip: &Strip) -> f32 {
    strip.head.as_ref().map_or(0.0, |head| height(head))
}
