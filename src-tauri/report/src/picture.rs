//! Draws laid-out pages as SVG pictures, glyph by glyph in the embedded faces: whoever looks at one sees what the PDF prints.

use crate::html::ink;
use crate::pdf::{Face, Fonts, Glyph, Ink, Leaf};
use crate::{Error, Logo};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{Markup, PreEscaped, html};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use ttf_parser::OutlineBuilder;

/// Pages of a document as pictures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    /// The number of the first one in the document.
    pub first: usize,
    /// Pages of the whole document.
    pub total: usize,
    /// Pages of the section that are not among the pictures.
    pub more: usize,
    /// Each as a `data:` address of an SVG picture that loads nothing.
    pub pictures: Vec<String>,
}

/// The pictures of pages, at most so many.
///
/// # Errors
/// When an embedded font cannot be read.
pub fn of(leaf: &Leaf, logo: Option<&Logo>, most: usize) -> Result<Vec<String>, Error> {
    let fonts = Fonts::load()?;
    let logo = logo.and_then(|logo| logo.url().ok());
    let picture = |inks: &Vec<Ink>| {
        let drawn = page(&fonts, inks, leaf.size, logo.as_deref()).into_string();
        format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(drawn))
    };
    Ok(leaf.pages.iter().take(most).map(picture).collect())
}

fn page(fonts: &Fonts, inks: &[Ink], (width, height): (f32, f32), logo: Option<&str>) -> Markup {
    // Each glyph is outlined once and used wherever it stands.
    let mut outlines: BTreeMap<String, String> = BTreeMap::new();
    let drawn: Vec<Markup> = inks
        .iter()
        .map(|one| match one {
            Ink::Text { x, y, face, size, color, glyphs, .. } => {
                let (red, green, blue) = color;
                let fill = format!("#{red:02x}{green:02x}{blue:02x}");
                let units = fonts.units(*face);
                let scale = size / units;
                let place = format!("translate({x:.2} {y:.2}) scale({scale:.6} -{scale:.6})");
                html! { g fill=(fill) transform=(place) { (uses(fonts, *face, units, glyphs, &mut outlines)) } }
            }
            Ink::Logo { x, y, w, h } => html! {
                @if let Some(url) = logo {
                    image href=(url) x=(format!("{x:.2}")) y=(format!("{y:.2}")) width=(format!("{w:.2}")) height=(format!("{h:.2}")) {}
                }
            },
            other => ink(other),
        })
        .collect();
    html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(format!("{width:.2}")) height=(format!("{height:.2}")) viewBox=(format!("0 0 {width:.2} {height:.2}")) {
            defs { @for (name, path) in &outlines { path id=(name) d=(path) {} } }
            rect width="100%" height="100%" fill="#ffffff" {}
            @for ink in &drawn { (ink) }
        }
    }
}

/// The glyphs of a line, each moved as far as those before it.
fn uses(
    fonts: &Fonts,
    face: Face,
    units: f32,
    glyphs: &[Glyph],
    outlines: &mut BTreeMap<String, String>,
) -> PreEscaped<String> {
    let mut pen = 0.0;
    let mut out = String::new();
    for glyph in glyphs {
        let name = format!("g{}-{}", face as usize, glyph.id);
        let outline = outlines.entry(name.clone()).or_insert_with(|| {
            let mut outline = Outline::default();
            fonts.outline(face, glyph.id, &mut outline);
            outline.0
        });
        if !outline.is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(out, "<use href=\"#{name}\" x=\"{:.0}\"/>", pen * units);
        }
        pen += glyph.width(1.0);
    }
    PreEscaped(out)
}

/// The path of a glyph in units of its face.
#[derive(Default)]
struct Outline(String);

impl Outline {
    fn put(&mut self, letter: char, points: &[(f32, f32)]) {
        self.0.push(letter);
        for (x, y) in points {
            // Writing to a string cannot fail.
            let _ = write!(self.0, "{x:.0} {y:.0} ");
        }
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.put('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.put('L', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.put('Q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.put('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.0.push('Z');
    }
}
