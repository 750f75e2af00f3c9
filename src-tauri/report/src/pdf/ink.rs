//! What can be drawn, and the strips that pages are made of: one line of text, one line of a table row, one figure.

use super::font::Glyph;
use super::style::{Color, Face};
use crate::block::{Mark, To};
use std::rc::Rc;

/// One thing drawn. All measures are points from the top left corner, down and to the right.
#[derive(Clone, Debug, PartialEq)]
pub enum Ink {
    /// Glyphs of one face on a baseline.
    Text {
        /// Where the first begins.
        x: f32,
        /// The baseline.
        y: f32,
        /// The face.
        face: Face,
        /// Its size.
        size: f32,
        /// Its colour.
        color: Color,
        /// The glyphs.
        glyphs: Vec<Glyph>,
        /// What they are to whoever copies, searches or hears them, where that is not what is drawn.
        reads: Option<String>,
    },
    /// A filled rectangle.
    Fill {
        /// Left.
        x: f32,
        /// Top.
        y: f32,
        /// Width.
        w: f32,
        /// Height.
        h: f32,
        /// Colour.
        color: Color,
    },
    /// A path of straight lines and cubic curves.
    Path {
        /// The points of each ring; true marks a control point.
        rings: Vec<Vec<(f32, f32, bool)>>,
        /// Colour of the inside.
        fill: Option<Color>,
        /// Colour and width of the outline.
        stroke: Option<(Color, f32)>,
        /// Lengths of dash and gap; empty is a whole line.
        dash: Vec<f32>,
        /// Whether the last point joins the first.
        closed: bool,
    },
    /// A status shape.
    Shape {
        /// The status.
        mark: Mark,
        /// Centre.
        x: f32,
        /// Centre.
        y: f32,
        /// Diameter.
        size: f32,
    },
    /// What follows belongs to this element of the structure; none for decoration.
    Tag(Option<usize>),
    /// The logo of the template.
    Logo {
        /// Left.
        x: f32,
        /// Top.
        y: f32,
        /// Width.
        w: f32,
        /// Height.
        h: f32,
    },
    /// A place to click.
    Link {
        /// Left.
        x: f32,
        /// Top.
        y: f32,
        /// Width.
        w: f32,
        /// Height.
        h: f32,
        /// Where it leads.
        to: To,
    },
}

impl Ink {
    /// A straight line.
    #[must_use]
    pub fn rule(from: (f32, f32), to: (f32, f32), width: f32, color: Color) -> Self {
        let ring = vec![(from.0, from.1, false), (to.0, to.1, false)];
        Self::Path { rings: vec![ring], fill: None, stroke: Some((color, width)), dash: vec![], closed: false }
    }

    /// The same, moved.
    #[must_use]
    pub fn moved(mut self, dx: f32, dy: f32) -> Self {
        match &mut self {
            Self::Text { x, y, .. }
            | Self::Fill { x, y, .. }
            | Self::Shape { x, y, .. }
            | Self::Logo { x, y, .. }
            | Self::Link { x, y, .. } => {
                *x += dx;
                *y += dy;
            }
            Self::Tag(_) => {}
            Self::Path { rings, .. } => {
                for (x, y, _) in rings.iter_mut().flatten() {
                    *x += dx;
                    *y += dy;
                }
            }
        }
        self
    }

    /// Whether it stands for characters that the faces lack.
    #[must_use]
    pub fn replaced(&self) -> bool {
        matches!(self, Self::Text { reads: Some(_), .. })
    }

    /// Left and right edge of what it draws.
    #[cfg(test)]
    #[must_use]
    pub fn span(&self) -> (f32, f32) {
        match self {
            Self::Text { x, size, glyphs, .. } => (*x, x + glyphs.iter().map(|glyph| glyph.width(*size)).sum::<f32>()),
            Self::Fill { x, w, .. } | Self::Logo { x, w, .. } | Self::Link { x, w, .. } => (*x, x + w),
            Self::Tag(_) => (f32::MAX, f32::MIN),
            Self::Shape { x, size, .. } => (x - size / 2.0, x + size / 2.0),
            Self::Path { rings, .. } => rings
                .iter()
                .flatten()
                .fold((f32::MAX, f32::MIN), |(least, most), (x, _, _)| (least.min(*x), most.max(*x))),
        }
    }
}

/// A place that links and the outline lead to.
#[derive(Clone, Debug, PartialEq)]
pub struct Anchor {
    /// The heading's id.
    pub id: String,
    /// Its words.
    pub title: String,
    /// Its level, from 1.
    pub level: u8,
}

/// A horizontal strip of a page that is never cut.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strip {
    /// Its height.
    pub height: f32,
    /// Space above, unless it opens a page; with the space below of the strip before, the larger of both counts.
    pub above: f32,
    /// Space below.
    pub below: f32,
    /// What it draws, from its own top left corner.
    pub inks: Vec<Ink>,
    /// Whether the next strip must stand on the same page.
    pub keep: bool,
    /// It opens a new page unless this share of one is left; 0.0 stays where it falls.
    pub fresh: f32,
    /// What is repeated above it when it opens a page: the head of its table.
    pub head: Option<Rc<Vec<Strip>>>,
    /// Where links lead.
    pub anchors: Vec<Anchor>,
    /// Whether it fills a page of its own, without running header and footer.
    pub bare: bool,
}

impl Strip {
    /// An empty strip.
    #[must_use]
    pub fn tall(height: f32) -> Self {
        Self { height, ..Self::default() }
    }

    /// The same, moved to the right.
    #[must_use]
    pub fn indented(mut self, dx: f32) -> Self {
        self.inks = self.inks.into_iter().map(|ink| ink.moved(dx, 0.0)).collect();
        self.head = self.head.map(|head| Rc::new(head.iter().cloned().map(|strip| strip.indented(dx)).collect()));
        self
    }
}

/// Sets the keeping together of strips: all of them, or, when there are many, no single one left at either end.
pub fn hold(strips: &mut [Strip], whole: bool) {
    let count = strips.len();
    for (at, strip) in strips.iter_mut().enumerate() {
        if at + 1 < count && (whole || at == 0 || at + 2 == count) {
            strip.keep = true;
        }
    }
}
