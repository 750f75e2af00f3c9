//! Draws the map of names: each name, what it leads to, and who runs that, joined by thin curves.

use super::figure::shortened;
use super::font::Fonts;
use super::ink::{Ink, Strip};
use super::set::{count, words};
use super::style::{self, Face};
use crate::block::MapRow;

const PITCH: f32 = 17.0;
const HEAD: f32 = 18.0;

/// The strip of a map.
#[must_use]
pub fn strip(fonts: &Fonts, rows: &[MapRow], width: f32) -> Strip {
    let names = distinct(rows.iter().map(|row| row.name.clone()));
    let targets = distinct(rows.iter().map(|row| format!("{} {}", row.rtype, row.target)));
    let providers = distinct(rows.iter().map(|row| row.provider.clone()).filter(|name| !name.is_empty()));
    let tall = PITCH * count(names.len().max(targets.len()).max(providers.len()));
    let mut strip = Strip { above: 6.0, below: 14.0, ..Strip::tall(HEAD + tall + 4.0) };
    let columns = [(0.0, width * 0.29), (width * 0.36, width * 0.36), (width * 0.79, width * 0.21)];
    for ((x, _), title) in columns.iter().zip(["Name", "leads to", "run by"]) {
        strip.inks.extend(words(fonts, title, style::HEAD, *x, 9.0));
    }
    let rank = |list: &[String], key: &str| list.iter().position(|entry| entry == key).unwrap_or(0);
    let y = |list: &[String], at: usize| HEAD + tall * (count(at) + 0.5) / count(list.len().max(1));
    let ends = [ends(fonts, &names, Face::Mono, columns[0].1), ends(fonts, &targets, Face::Mono, columns[1].1)];
    let mut drawn: Vec<(usize, usize, usize)> = vec![];
    for row in rows {
        let from = rank(&names, &row.name);
        let to = rank(&targets, &format!("{} {}", row.rtype, row.target));
        if !drawn.contains(&(0, from, to)) {
            drawn.push((0, from, to));
            let left = columns[0].0 + ends[0].get(from).copied().unwrap_or(0.0) + 5.0;
            strip.inks.push(joined(
                (left, y(&names, from)),
                clear(&ends[0], 0.0),
                (columns[1].0 - 5.0, y(&targets, to)),
            ));
        }
        let last = rank(&providers, &row.provider);
        if !row.provider.is_empty() && !drawn.contains(&(1, to, last)) {
            drawn.push((1, to, last));
            let left = columns[1].0 + ends[1].get(to).copied().unwrap_or(0.0) + 5.0;
            let clear = clear(&ends[1], columns[1].0);
            strip.inks.push(joined((left, y(&targets, to)), clear, (columns[2].0 - 5.0, y(&providers, last))));
        }
    }
    let kind = style::CODE;
    for (list, (x, wide), kind) in
        [(&names, columns[0], kind), (&targets, columns[1], kind), (&providers, columns[2], style::CELL)]
            .map(|(list, (x, wide), kind)| (list, (x, wide), kind))
    {
        for (at, entry) in list.iter().enumerate() {
            let text = shortened(fonts, entry, kind.face, kind.size, wide);
            strip.inks.extend(words(fonts, &text, kind, x, y(list, at) + kind.size * 0.36));
        }
    }
    strip
}

fn ends(fonts: &Fonts, list: &[String], face: Face, wide: f32) -> Vec<f32> {
    let size = style::CODE.size;
    list.iter().map(|entry| fonts.width(&shortened(fonts, entry, face, size, wide), face, size)).collect()
}

/// Each entry once, in the order in which they came.
pub(super) fn distinct<T: PartialEq>(entries: impl Iterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = vec![];
    for entry in entries {
        if !list.contains(&entry) {
            list.push(entry);
        }
    }
    list
}

/// Where no entry of a column is in the way any more.
pub(super) fn clear(ends: &[f32], x: f32) -> f32 {
    x + ends.iter().fold(0.0_f32, |most, end| most.max(*end)) + 5.0
}

/// Straight to where nothing is in the way, then a curve.
pub(super) fn joined(from: (f32, f32), clear: f32, to: (f32, f32)) -> Ink {
    let middle = f32::midpoint(clear, to.0);
    let ring = vec![
        (from.0, from.1, false),
        (clear, from.1, false),
        (middle, from.1, true),
        (middle, to.1, true),
        (to.0, to.1, false),
    ];
    Ink::Path { rings: vec![ring], fill: None, stroke: Some((style::QUIET, 0.5)), dash: vec![], closed: false }
}
