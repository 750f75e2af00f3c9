//! The measures and colours of the printed page: one grid, one scale, the tokens of the product's look.

use crate::block::Tone;

/// A colour, red, green and blue of 255.
pub type Color = (u8, u8, u8);

/// Near-black ink.
pub const INK: Color = (0x1B, 0x1D, 0x21);
/// Quiet ink.
pub const QUIET: Color = (0x56, 0x5B, 0x64);
/// Hairlines.
pub const LINE: Color = (0xD9, 0xD5, 0xCD);
/// The ground of what is set apart.
pub const GROUND: Color = (0xF6, 0xF4, 0xF0);
/// The one accent.
pub const ACCENT: Color = (0x1F, 0x5E, 0xFF);
/// Bars of figures.
pub const BAR: Color = (0xC9, 0xD7, 0xFB);
/// Paper.
pub const PAPER: Color = (0xFF, 0xFF, 0xFF);

/// 18 mm, the margin on all four sides.
pub const MARGIN: f32 = 51.02;
/// What the running header takes at the top of the text area.
pub const HEADER: f32 = 26.0;
/// What the running footer takes at its bottom.
pub const FOOTER: f32 = 24.0;
/// The column of labels beside what they label, its gap included.
pub const LABEL: f32 = 92.0;
/// The longest line of running text, about 76 characters.
pub const MEASURE: f32 = 392.0;

/// The colour of a tone.
#[must_use]
pub fn tone(tone: Tone) -> Color {
    match tone {
        Tone::Pass => (0x1A, 0x7F, 0x4B),
        Tone::Warn => (0x8F, 0x5A, 0x00),
        Tone::Fail => (0xC0, 0x27, 0x2D),
        Tone::Unsure => (0x6B, 0x4F, 0xB3),
        Tone::Waived => (0x3F, 0x6C, 0x86),
        Tone::Quiet => (0x6A, 0x6F, 0x78),
        Tone::Ask => ACCENT,
    }
}

/// A way of setting words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Type {
    /// The face.
    pub face: Face,
    /// Size in points.
    pub size: f32,
    /// From baseline to baseline, in points.
    pub leading: f32,
    /// Colour.
    pub color: Color,
}

/// The faces that are embedded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    /// Inter Regular.
    Text,
    /// Inter SemiBold.
    Strong,
    /// Inter Bold.
    Bold,
    /// JetBrains Mono Regular.
    Mono,
}

impl Face {
    /// All faces, in the order of their numbers.
    pub const ALL: [Face; 4] = [Face::Text, Face::Strong, Face::Bold, Face::Mono];
}

const fn of(face: Face, size: f32, leading: f32, color: Color) -> Type {
    Type { face, size, leading, color }
}

/// The product's name on the first page.
pub const DISPLAY: Type = of(Face::Bold, 34.0, 40.0, INK);
/// Opens a section.
pub const H1: Type = of(Face::Bold, 20.0, 26.0, INK);
/// Opens a part of a section.
pub const H2: Type = of(Face::Strong, 12.0, 16.0, INK);
/// Opens a part of a part.
pub const H3: Type = of(Face::Strong, 9.5, 13.0, INK);
/// The first sentences of a section.
pub const LEAD: Type = of(Face::Text, 11.5, 17.0, INK);
/// Running text.
pub const BODY: Type = of(Face::Text, 9.5, 13.0, INK);
/// Notes and sources.
pub const SMALL: Type = of(Face::Text, 8.0, 11.5, QUIET);
/// Cells of tables.
pub const CELL: Type = of(Face::Text, 8.5, 12.0, INK);
/// Headings of columns.
pub const HEAD: Type = of(Face::Strong, 7.5, 12.0, QUIET);
/// Labels in the margin.
pub const MARGINAL: Type = of(Face::Text, 8.5, 13.0, QUIET);
/// What can be pasted.
pub const CODE: Type = of(Face::Mono, 8.0, 12.0, INK);
/// Running header and footer.
pub const RUNNING: Type = of(Face::Text, 7.5, 10.0, QUIET);

impl Type {
    /// The same in another colour.
    #[must_use]
    pub const fn colored(self, color: Color) -> Self {
        Self { color, ..self }
    }

    /// The same in another face.
    #[must_use]
    pub const fn faced(self, face: Face) -> Self {
        Self { face, ..self }
    }

    /// The monospaced face beside this one; a little smaller, because it draws larger.
    #[must_use]
    pub fn mono(self) -> Self {
        Self { face: Face::Mono, size: self.size * 0.93, ..self }
    }
}
