//! Draws a latency histogram: bars over a logarithmic time axis, percentiles and the target as lines with their figures, an earlier
//! measurement as outlines.

use super::font::Fonts;
use super::ink::{Ink, Strip};
use super::set::{count, words};
use super::style::{self, Color, Face};
use crate::block::Histogram;
use crate::words::millis;
use audit::facts::Bin;

const PLOT: f32 = 104.0;
const LABELS: f32 = 13.0;

/// The strip of a histogram.
#[must_use]
pub fn strip(fonts: &Fonts, histogram: &Histogram, width: f32) -> Strip {
    let Some(axis) = Axis::of(histogram, width) else { return Strip::tall(0.0) };
    let mut marks: Vec<(String, u32, Color, bool)> = histogram
        .markers
        .iter()
        .map(|(name, micros)| (format!("{name} {}", millis(*micros)), *micros, style::INK, false))
        .collect();
    let (name, target) = &histogram.target;
    marks.push((format!("{name} {}", millis(*target)), *target, style::ACCENT, true));
    marks.sort_by_key(|(_, micros, _, _)| *micros);
    let placed = place(fonts, &marks, &axis, width);
    let rows = placed.iter().map(|(_, row)| *row).max().unwrap_or(0) + 1;
    let top = LABELS * count(rows) + 4.0;
    let floor = top + PLOT;
    let mut strip = Strip { above: 8.0, below: 12.0, ..Strip::tall(floor + 18.0) };
    bars(histogram, &axis, (top, floor), &mut strip.inks);
    strip.inks.push(Ink::rule((0.0, floor), (width, floor), 0.6, style::QUIET));
    ticks(fonts, &axis, floor, width, &mut strip.inks);
    let base = |row: usize| LABELS * count(row) + 9.0;
    for ((_, micros, color, dashed), (_, row)) in marks.iter().zip(&placed) {
        let at = axis.x(*micros);
        let line = vec![(at, base(*row) + 3.0, false), (at, floor, false)];
        let dash = if *dashed { vec![3.0, 2.5] } else { vec![] };
        strip.inks.push(Ink::Path { rings: vec![line], fill: None, stroke: Some((*color, 0.9)), dash, closed: false });
    }
    for ((text, _, color, _), (x, row)) in marks.iter().zip(placed) {
        let y = base(row);
        // A line of a label above stops where it would cross this one.
        let wide = fonts.width(text, Face::Strong, style::SMALL.size);
        let from = (x - 2.0).max(0.0);
        let w = (x + wide + 2.0).min(width) - from;
        strip.inks.push(Ink::Fill { x: from, y: y - 8.0, w, h: 10.5, color: style::PAPER });
        strip.inks.extend(words(fonts, text, style::SMALL.colored(*color).faced(Face::Strong), x, y));
    }
    strip
}

struct Axis {
    least: f32,
    most: f32,
    width: f32,
}

impl Axis {
    fn of(histogram: &Histogram, width: f32) -> Option<Self> {
        let bins = || histogram.bins.iter().chain(&histogram.before);
        let least = bins().map(|bin| bin.from.max(500)).min()?.min(histogram.target.1);
        let most = bins().map(|bin| bin.to).max()?.max(histogram.target.1);
        Some(Self { least: log(least) - 0.08, most: log(most.max(least * 2)) + 0.08, width })
    }

    fn x(&self, micros: u32) -> f32 {
        ((log(micros.max(1)) - self.least) / (self.most - self.least) * self.width).clamp(0.0, self.width)
    }
}

/// Precise enough to draw with: no route takes longer than minutes.
#[expect(clippy::cast_precision_loss, reason = "drawn to a tenth of a point")]
fn log(micros: u32) -> f32 {
    (micros as f32).ln()
}

/// Bars of the newer measurement, outlines of the earlier one; each stands for its share of its own, so that the two can be compared.
fn bars(histogram: &Histogram, axis: &Axis, (top, floor): (f32, f32), inks: &mut Vec<Ink>) {
    let (now, before) = (shares(&histogram.bins), shares(&histogram.before));
    let most = now.iter().chain(&before).fold(0.0, |most: f32, (_, share)| most.max(*share)).max(f32::MIN_POSITIVE);
    for (bin, share) in now {
        let (from, to) = (axis.x(bin.from), axis.x(bin.to));
        let h = (floor - top) * share / most;
        inks.push(Ink::Fill { x: from, y: floor - h, w: (to - from - 0.8).max(1.0), h, color: style::BAR });
    }
    for (bin, share) in before {
        let (from, to) = (axis.x(bin.from), (axis.x(bin.to) - 0.8).max(axis.x(bin.from) + 1.0));
        let y = floor - (floor - top) * share / most;
        let ring = vec![(from, floor, false), (from, y, false), (to, y, false), (to, floor, false)];
        let stroke = Some((style::INK, 0.6));
        inks.push(Ink::Path { rings: vec![ring], fill: None, stroke, dash: vec![1.5, 1.5], closed: false });
    }
}

#[expect(clippy::cast_precision_loss, reason = "drawn to a tenth of a point")]
fn shares(bins: &[Bin]) -> Vec<(&Bin, f32)> {
    let all = bins.iter().map(|bin| bin.count).sum::<u32>().max(1) as f32;
    bins.iter().filter(|bin| bin.count > 0).map(|bin| (bin, bin.count as f32 / all)).collect()
}

/// Round figures of 1, 2 and 5 along the axis, as many as have room.
fn ticks(fonts: &Fonts, axis: &Axis, floor: f32, width: f32, inks: &mut Vec<Ink>) {
    let steps = [1_000_u32, 10_000, 100_000, 1_000_000, 10_000_000];
    let values = steps.iter().flat_map(|step| [1, 2, 5].map(|times| step * times));
    let mut free = 0.0;
    for value in values.filter(|value| log(*value) > axis.least && log(*value) < axis.most) {
        let text = millis(value);
        let wide = fonts.width(&text, style::RUNNING.face, style::RUNNING.size);
        let x = axis.x(value);
        let at = (x - wide / 2.0).clamp(0.0, width - wide);
        if at >= free {
            inks.push(Ink::rule((x, floor), (x, floor + 3.0), 0.6, style::QUIET));
            inks.extend(words(fonts, &text, style::RUNNING, at, floor + 13.0));
            free = at + wide + 10.0;
        }
    }
}

/// Where each label stands: right of its line where there is room, on the first row that is free.
fn place(fonts: &Fonts, marks: &[(String, u32, Color, bool)], axis: &Axis, width: f32) -> Vec<(f32, usize)> {
    let mut taken: Vec<(usize, f32, f32)> = vec![];
    let mut placed = vec![];
    for (text, micros, _, _) in marks {
        let wide = fonts.width(text, Face::Strong, style::SMALL.size);
        let x = (axis.x(*micros) - wide / 2.0).clamp(0.0, width - wide);
        let clash =
            |row: usize| taken.iter().any(|(other, from, to)| *other == row && x < to + 8.0 && x + wide + 8.0 > *from);
        let row = (0..marks.len()).find(|row| !clash(*row)).unwrap_or(0);
        taken.push((row, x, x + wide));
        placed.push((x, row));
    }
    placed
}
