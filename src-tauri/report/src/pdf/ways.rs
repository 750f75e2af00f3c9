//! Draws every form of the address on the left and the places where they end on the right, joined by curves.

use super::figure::shortened;
use super::font::Fonts;
use super::ink::{Ink, Strip};
use super::map::{clear, distinct, joined};
use super::set::{count, words};
use super::style;
use crate::block::{Mark, Way};

const PITCH: f32 = 17.0;
const HEAD: f32 = 18.0;
/// Status codes that are written beside a form; a longer way is shortened in the middle.
const CODES: usize = 4;

/// The strip of some ways.
#[must_use]
pub fn strip(fonts: &Fonts, ways: &[Way], width: f32) -> Strip {
    let ends: Vec<(Mark, String)> = distinct(ways.iter().map(|way| (way.mark.clone(), way.end.clone())));
    let tall = PITCH * count(ways.len().max(ends.len()));
    let mut strip = Strip { above: 6.0, below: 14.0, ..Strip::tall(HEAD + tall + 4.0) };
    let (left, middle, right) = (12.0, width * 0.40, width * 0.60);
    for (x, title) in [(left, "Typed"), (middle, "Answers"), (right, "Ends at")] {
        strip.inks.extend(words(fonts, title, style::HEAD, x, 9.0));
    }
    let kind = style::CODE;
    let small = style::CODE.colored(style::QUIET);
    let codes: Vec<String> = ways.iter().map(|way| coded(&way.codes)).collect();
    let wide: Vec<f32> = codes.iter().map(|codes| fonts.width(codes, small.face, small.size)).collect();
    let y = |at: usize, of: usize| HEAD + tall * (count(at) + 0.5) / count(of.max(1));
    for (at, way) in ways.iter().enumerate() {
        let from = y(at, ways.len());
        let base = from + kind.size * 0.36;
        if let Some(mark) = &way.amiss {
            strip.inks.push(Ink::Shape { mark: mark.clone(), x: 4.0, y: from, size: 8.0 });
        }
        let text = shortened(fonts, &way.from, kind.face, kind.size, middle - left - 8.0);
        strip.inks.extend(words(fonts, &text, kind, left, base));
        strip.inks.extend(words(fonts, &codes[at], small, middle, base));
        let to = ends.iter().position(|(mark, end)| *mark == way.mark && *end == way.end).unwrap_or(0);
        let start = middle + wide[at] + if wide[at] > 0.0 { 5.0 } else { 0.0 };
        strip.inks.push(joined((start, from), clear(&wide, middle), (right - 5.0, y(to, ends.len()))));
    }
    for (at, (mark, end)) in ends.iter().enumerate() {
        let middle = y(at, ends.len());
        // Words about an end that is no address are narrower in the face of text.
        let kind = if end.contains("://") { kind } else { style::SMALL.colored(style::INK) };
        strip.inks.push(Ink::Shape { mark: mark.clone(), x: right + 4.0, y: middle, size: 9.0 });
        let text = shortened(fonts, end, kind.face, kind.size, width - right - 14.0);
        strip.inks.extend(words(fonts, &text, kind, right + 14.0, middle + kind.size * 0.36));
    }
    strip
}

/// The status codes on the way; the last ones count most.
fn coded(codes: &[u16]) -> String {
    let shown: Vec<String> = codes.iter().rev().take(CODES).rev().map(ToString::to_string).collect();
    let more = if codes.len() > CODES { "… " } else { "" };
    format!("{more}{}", shown.join(" "))
}
