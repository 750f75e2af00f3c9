//! Breaks words into lines by their measured widths. Words longer than a line are cut at a sign or anywhere rather than run out of it.

use super::font::{Fonts, Glyph, Reads};
use super::ink::Ink;
use super::style::{self, Color, Face, Type};
use crate::block::{Mark, Span, To};

/// One piece of a line, with its width in points.
#[derive(Clone, Debug)]
enum Piece {
    Glyph { glyph: Glyph, size: f32, color: Color, to: Option<To> },
    Shape { mark: Mark, size: f32 },
    Gap(f32),
    Break,
}

impl Piece {
    fn width(&self) -> f32 {
        match self {
            Self::Glyph { glyph, size, .. } => glyph.width(*size),
            Self::Shape { size, .. } => size * 1.4,
            Self::Gap(width) => *width,
            Self::Break => 0.0,
        }
    }

    fn is_space(&self) -> bool {
        matches!(self, Self::Glyph { glyph, .. } if glyph.char == ' ')
    }

    /// Whether a word too long for a line may be cut after it without looking torn.
    fn cuts(&self) -> bool {
        matches!(self, Self::Glyph { glyph, .. } if "/-.,:;=&?_@%+|".contains(glyph.char))
    }
}

/// A line that fits.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pieces: Vec<Piece>,
}

impl Line {
    /// Its width without the spaces at its end.
    #[must_use]
    pub fn width(&self) -> f32 {
        self.pieces.iter().map(Piece::width).sum()
    }

    /// Its ink, from `x` on the baseline `y`; links reach over the leading.
    #[must_use]
    pub fn inks(self, x: f32, y: f32, leading: f32) -> Vec<Ink> {
        let mut inks: Vec<Ink> = vec![];
        let mut links: Vec<Ink> = vec![];
        let mut at = x;
        let mut end = f32::MIN;
        for piece in self.pieces {
            let width = piece.width();
            match piece {
                Piece::Shape { mark, size } => {
                    inks.push(Ink::Shape { mark, x: at + size / 2.0, y: y - size * 0.36, size });
                }
                Piece::Glyph { glyph, size, color, to } => {
                    if let Some(to) = to {
                        link(&mut links, to, (at, y - leading * 0.78, width, leading));
                    }
                    draw(&mut inks, glyph, (at, y), end, (size, color));
                    end = at + width;
                }
                Piece::Gap(_) | Piece::Break => {}
            }
            at += width;
        }
        inks.extend(links);
        inks
    }
}

fn link(links: &mut Vec<Ink>, to: To, (x, y, w, h): (f32, f32, f32, f32)) {
    if let Some(Ink::Link { x: from, w: wide, to: same, .. }) = links.last_mut()
        && *same == to
        && (*from + *wide - x).abs() < 0.01
    {
        *wide += w;
        return;
    }
    links.push(Ink::Link { x, y, w, h, to });
}

/// Adds a glyph to the run that ends at `end`, or begins a new one.
fn draw(inks: &mut Vec<Ink>, glyph: Glyph, (x, y): (f32, f32), end: f32, (size, color): (f32, Color)) {
    let read = match glyph.reads {
        Reads::Itself => None,
        Reads::As(char) => Some(char.to_string()),
        Reads::Nothing => Some(String::new()),
    };
    if let Some(Ink::Text { face, size: same, color: ink, glyphs, reads, .. }) = inks.last_mut()
        && *face == glyph.face
        && (*same - size).abs() < f32::EPSILON
        && *ink == color
        && (end - x).abs() < 0.05
        && reads.is_some() == read.is_some()
    {
        glyphs.push(glyph);
        reads.iter_mut().zip(read).for_each(|(reads, read)| reads.push_str(&read));
        return;
    }
    inks.push(Ink::Text { x, y, face: glyph.face, size, color, glyphs: vec![glyph], reads: read });
}

/// Sets spans in lines no wider than `width`. There is always at least one line.
#[must_use]
pub fn lines(fonts: &Fonts, spans: &[Span], kind: Type, width: f32) -> Vec<Line> {
    let mut pieces = vec![];
    for span in spans {
        piece(fonts, span, kind, &mut pieces);
    }
    fill(pieces, width.max(kind.size))
}

/// The widest line and the widest word of the spans, unbroken.
#[must_use]
pub fn measure(fonts: &Fonts, spans: &[Span], kind: Type) -> (f32, f32) {
    let mut pieces = vec![];
    for span in spans {
        piece(fonts, span, kind, &mut pieces);
    }
    let widest = |parts: std::vec::IntoIter<f32>| parts.fold(0.0_f32, f32::max);
    let whole: Vec<f32> =
        pieces.split(|piece| matches!(piece, Piece::Break)).map(|line| line.iter().map(Piece::width).sum()).collect();
    let words: Vec<f32> = pieces
        .split(|piece| piece.is_space() || matches!(piece, Piece::Break))
        .map(|word| word.iter().map(Piece::width).sum())
        .collect();
    (widest(whole.into_iter()), widest(words.into_iter()))
}

fn piece(fonts: &Fonts, span: &Span, kind: Type, pieces: &mut Vec<Piece>) {
    let mut text = |text: &str, kind: Type, to: Option<&To>| {
        for (at, part) in text.split('\n').enumerate() {
            if at > 0 {
                pieces.push(Piece::Break);
            }
            let glyphs = fonts.shape(part, kind.face).into_iter();
            pieces.extend(glyphs.map(|glyph| Piece::Glyph {
                glyph,
                size: kind.size,
                color: kind.color,
                to: to.cloned(),
            }));
        }
    };
    match span {
        Span::Text(words) => text(words, kind, None),
        Span::Strong(words) => text(words, kind.faced(Face::Strong), None),
        Span::Quiet(words) => text(words, kind.colored(style::QUIET), None),
        Span::Code(words) => text(words, kind.mono(), None),
        Span::Link { text: words, to } => text(words, kind.colored(fonts.accent), Some(to)),
        Span::Shape(mark) => pieces.push(Piece::Shape { mark: mark.clone(), size: kind.size }),
        Span::Break => pieces.push(Piece::Break),
        Span::Status(mark) => {
            let word = kind.faced(Face::Strong).colored(style::tone(mark.tone));
            text(&mark.word, word, None);
            // The shape goes before its word and is never parted from it: spaces in the word become gaps.
            let start = pieces.len().saturating_sub(mark.word.chars().count());
            for piece in pieces.iter_mut().skip(start).filter(|piece| piece.is_space()) {
                *piece = Piece::Gap(piece.width());
            }
            pieces.insert(start, Piece::Shape { mark: mark.clone(), size: kind.size });
        }
    }
}

fn fill(pieces: Vec<Piece>, width: f32) -> Vec<Line> {
    let mut lines = vec![];
    for paragraph in pieces.split(|piece| matches!(piece, Piece::Break)) {
        let mut line = Line::default();
        let mut used = 0.0;
        for part in words(paragraph).into_iter().flat_map(|word| cut(word, width)) {
            if !line.pieces.is_empty() && used + bare_width(&part) > width {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            used += part.iter().map(Piece::width).sum::<f32>();
            line.pieces.extend(part);
        }
        lines.push(line);
    }
    lines.into_iter().map(trimmed).collect()
}

fn bare_width(part: &[Piece]) -> f32 {
    part.iter().rev().skip_while(|piece| piece.is_space()).map(Piece::width).sum()
}

fn trimmed(mut line: Line) -> Line {
    while line.pieces.last().is_some_and(Piece::is_space) {
        line.pieces.pop();
    }
    if let Some(Piece::Glyph { glyph, .. }) = line.pieces.last_mut() {
        glyph.kern = 0;
    }
    line
}

/// Words, each with the spaces behind it.
fn words(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut words: Vec<Vec<Piece>> = vec![];
    let mut open = false;
    for piece in pieces {
        match words.last_mut() {
            Some(word) if open || piece.is_space() => word.push(piece.clone()),
            _ => words.push(vec![piece.clone()]),
        }
        open = !piece.is_space();
    }
    words
}

/// A word in parts that each fit a line.
fn cut(word: Vec<Piece>, width: f32) -> Vec<Vec<Piece>> {
    let mut parts = vec![];
    let mut rest = word;
    while bare_width(&rest) > width && rest.len() > 1 {
        let mut sum = 0.0;
        let fits = rest.iter().take_while(|piece| {
            sum += piece.width();
            sum <= width
        });
        let fits = fits.count().max(1);
        let sign = rest.iter().take(fits).rposition(Piece::cuts).map(|at| at + 1);
        let at = sign.filter(|at| at * 2 >= fits).unwrap_or(fits);
        let tail = rest.split_off(at);
        parts.push(std::mem::replace(&mut rest, tail));
    }
    parts.push(rest);
    parts
}
