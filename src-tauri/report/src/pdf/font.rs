//! The embedded fonts: widths, kerning and tabular figures by their own tables, and what is drawn for characters that they lack.

use super::lacking::{Piece, pieces};
use super::style::{self, Color, Face};
use crate::{Error, Template};
use std::cell::RefCell;
use std::collections::HashMap;
use ttf_parser::gpos::{PairAdjustment, PositioningSubtable};
use ttf_parser::gsub::{SingleSubstitution, SubstitutionSubtable};
use ttf_parser::opentype_layout::{LayoutTable, LookupIndex};
use ttf_parser::{GlyphId, OutlineBuilder, Tag};

/// The font file of a face.
#[must_use]
pub fn bytes(face: Face) -> &'static [u8] {
    match face {
        Face::Text => include_bytes!("../../../../assets/fonts/Inter-Regular.ttf"),
        Face::Strong => include_bytes!("../../../../assets/fonts/Inter-SemiBold.ttf"),
        Face::Bold => include_bytes!("../../../../assets/fonts/Inter-Bold.ttf"),
        Face::Mono => include_bytes!("../../../../assets/fonts/JetBrainsMono-Regular.ttf"),
    }
}

/// One character as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// The face that has it.
    pub face: Face,
    /// Its number there.
    pub id: u16,
    /// How far it moves the pen, thousandths of the size; as the PDF states it, so rounded down.
    pub advance: i32,
    /// What is added before the next glyph, thousandths of the size.
    pub kern: i32,
    /// The character that is drawn.
    pub char: char,
    /// What it is to whoever copies, searches or hears the text.
    pub reads: Reads,
}

/// What a glyph is to whoever copies, searches or hears the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// The character that is drawn.
    Itself,
    /// This character, of whose replacement it is the first glyph.
    As(char),
    /// Nothing: the rest of a replacement.
    Nothing,
}

impl Glyph {
    /// How far the pen moves at a size in points.
    #[must_use]
    pub fn width(&self, size: f32) -> f32 {
        thousandths(self.advance + self.kern) * size
    }
}

fn thousandths(value: i32) -> f32 {
    f32::from(i16::try_from(value).unwrap_or(i16::MAX)) / 1000.0
}

/// All faces, ready to measure, and the two colours that a template may choose.
pub struct Fonts {
    /// Links.
    pub accent: Color,
    /// Headings.
    pub headings: Color,
    faces: Vec<Measured>,
}

struct Measured {
    parsed: ttf_parser::Face<'static>,
    pairs: Vec<LookupIndex>,
    tabular: Vec<LookupIndex>,
    kerns: RefCell<HashMap<(u16, u16), i32>>,
}

impl Fonts {
    /// Reads the embedded fonts.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn load() -> Result<Self, Error> {
        let measured = |face: &Face| {
            let parsed = ttf_parser::Face::parse(bytes(*face), 0).map_err(|why| Error::Font(why.to_string()))?;
            let pairs = parsed.tables().gpos.map(|table| lookups(&table, b"kern")).unwrap_or_default();
            let tabular = parsed.tables().gsub.map(|table| lookups(&table, b"tnum")).unwrap_or_default();
            Ok(Measured { parsed, pairs, tabular, kerns: RefCell::default() })
        };
        let faces = Face::ALL.iter().map(measured).collect::<Result<_, Error>>()?;
        Ok(Self { accent: style::ACCENT, headings: style::INK, faces })
    }

    /// The same in the colours of a template.
    #[must_use]
    pub fn dressed(self, template: &Template) -> Self {
        Self {
            accent: template.accent.unwrap_or(self.accent),
            headings: template.headings.unwrap_or(self.headings),
            ..self
        }
    }

    /// The glyphs of a text. Characters that no face has are replaced by their numbers in brackets: never dropped, never an empty box.
    #[must_use]
    pub fn shape(&self, text: &str, face: Face) -> Vec<Glyph> {
        let mut glyphs: Vec<Glyph> = Vec::with_capacity(text.len());
        let mut add = |text: &str, reads: &mut dyn FnMut() -> Reads| {
            glyphs.extend(text.chars().filter_map(|char| Some(Glyph { reads: reads(), ..self.find(char, face)? })));
        };
        for piece in pieces(text, |char| self.find(char, face).is_some()) {
            match piece {
                Piece::Known(text) => add(&text, &mut || Reads::Itself),
                Piece::Between(text) => add(text, &mut || Reads::Nothing),
                Piece::Lacking(char) => {
                    let mut first = Some(Reads::As(char));
                    add(&format!("U+{:04X}", u32::from(char)), &mut || first.take().unwrap_or(Reads::Nothing));
                }
            }
        }
        for at in 1..glyphs.len() {
            if let Some([left, right]) = glyphs.get_mut(at - 1..=at) {
                left.kern = if left.face == right.face { self.kern(left.face, left.id, right.id) } else { 0 };
            }
        }
        glyphs
    }

    /// The width of a text in points.
    #[must_use]
    pub fn width(&self, text: &str, face: Face, size: f32) -> f32 {
        self.shape(text, face).iter().map(|glyph| glyph.width(size)).sum()
    }

    /// How many units of a face its size is.
    #[must_use]
    pub fn units(&self, face: Face) -> f32 {
        self.measured(face).map_or(1000.0, |measured| f32::from(measured.parsed.units_per_em().max(1)))
    }

    /// Draws the outline of a glyph, in units of its face, upwards.
    pub fn outline(&self, face: Face, id: u16, builder: &mut dyn OutlineBuilder) {
        let measured = self.measured(face);
        // A glyph without an outline, such as a space, draws nothing.
        let _ = measured.and_then(|measured| measured.parsed.outline_glyph(GlyphId(id), builder));
    }

    fn find(&self, char: char, face: Face) -> Option<Glyph> {
        let spare = if face == Face::Mono { Face::Text } else { Face::Mono };
        [face, spare].into_iter().find_map(|face| {
            let measured = self.measured(face)?;
            let id = measured.parsed.glyph_index(char).filter(|id| id.0 != 0)?;
            let id = if char.is_ascii_digit() { measured.tabular(id) } else { id };
            Some(Glyph { face, id: id.0, advance: measured.advance(id), kern: 0, char, reads: Reads::Itself })
        })
    }

    fn measured(&self, face: Face) -> Option<&Measured> {
        self.faces.get(face as usize)
    }

    fn kern(&self, face: Face, left: u16, right: u16) -> i32 {
        let Some(measured) = self.measured(face) else { return 0 };
        if measured.pairs.is_empty() {
            return 0;
        }
        let known = measured.kerns.borrow().get(&(left, right)).copied();
        known.unwrap_or_else(|| {
            let kern = measured.pair(GlyphId(left), GlyphId(right)).unwrap_or(0);
            measured.kerns.borrow_mut().insert((left, right), kern);
            kern
        })
    }
}

impl Measured {
    fn scale(&self, units: i32) -> i32 {
        units * 1000 / i32::from(self.parsed.units_per_em().max(1))
    }

    fn advance(&self, id: GlyphId) -> i32 {
        self.scale(i32::from(self.parsed.glyph_hor_advance(id).unwrap_or(0)))
    }

    /// Kerning of a pair (OpenType GPOS type 2); the first lookup that covers the pair decides.
    fn pair(&self, left: GlyphId, right: GlyphId) -> Option<i32> {
        let table = self.parsed.tables().gpos?;
        let subtables = self.pairs.iter().filter_map(|index| table.lookups.get(*index));
        subtables.flat_map(|lookup| lookup.subtables.into_iter::<PositioningSubtable<'_>>()).find_map(|subtable| {
            let PositioningSubtable::Pair(adjustment) = subtable else { return None };
            let covered = adjustment.coverage().get(left)?;
            let (first, _) = match adjustment {
                PairAdjustment::Format1 { sets, .. } => sets.get(covered)?.get(right)?,
                PairAdjustment::Format2 { classes, matrix, .. } => {
                    matrix.get((classes.0.get(left), classes.1.get(right)))?
                }
            };
            Some(self.scale(i32::from(first.x_advance)))
        })
    }

    /// The figure of even width, where the face has one (OpenType `tnum`).
    fn tabular(&self, id: GlyphId) -> GlyphId {
        let substitute = || {
            let table = self.parsed.tables().gsub?;
            let subtables = self.tabular.iter().filter_map(|index| table.lookups.get(*index));
            subtables.flat_map(|lookup| lookup.subtables.into_iter::<SubstitutionSubtable<'_>>()).find_map(|subtable| {
                match subtable {
                    SubstitutionSubtable::Single(SingleSubstitution::Format1 { coverage, delta }) => {
                        coverage.get(id).map(|_| GlyphId(id.0.wrapping_add_signed(delta)))
                    }
                    SubstitutionSubtable::Single(SingleSubstitution::Format2 { coverage, substitutes }) => {
                        coverage.get(id).and_then(|at| substitutes.get(at))
                    }
                    _ => None,
                }
            })
        };
        substitute().unwrap_or(id)
    }
}

/// The lookups of a feature in the default language of Latin script.
fn lookups(table: &LayoutTable<'_>, feature: &[u8; 4]) -> Vec<LookupIndex> {
    let script = table.scripts.find(Tag::from_bytes(b"latn")).or_else(|| table.scripts.find(Tag::from_bytes(b"DFLT")));
    let Some(language) = script.and_then(|script| script.default_language) else { return vec![] };
    let features = language.feature_indices.into_iter().filter_map(|index| table.features.get(index));
    let named = features.filter(|found| found.tag == Tag::from_bytes(feature));
    named.flat_map(|found| found.lookup_indices.into_iter()).collect()
}
