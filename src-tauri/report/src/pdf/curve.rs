//! Draws percentile curves: how long so many of 100 waited, each further nine as wide as the one before, times on a logarithmic axis.

use super::font::Fonts;
use super::ink::{Ink, Strip};
use super::set::words;
use super::style::{self, Color, Face};
use crate::block::Curves;
use crate::words::millis;
use audit::picture::CurvePoint;

const PLOT: f32 = 112.0;
const LEFT: f32 = 44.0;
const TOP: f32 = 16.0;

/// The strip of percentile curves.
#[must_use]
pub fn strip(fonts: &Fonts, curves: &Curves, width: f32) -> Strip {
    let Some(axes) = Axes::of(curves, width) else { return Strip::tall(0.0) };
    let floor = TOP + PLOT;
    let mut strip = Strip { above: 8.0, below: 12.0, ..Strip::tall(floor + 18.0) };
    let inks = &mut strip.inks;
    levels(fonts, &axes, width, inks);
    for percentile in [50.0, 90.0, 99.0, 99.9, 99.99, 99.999] {
        let x = axes.x(percentile);
        if x > width + 0.1 {
            break;
        }
        let text = format!("p{percentile}");
        let wide = fonts.width(&text, style::RUNNING.face, style::RUNNING.size);
        inks.push(Ink::rule((x, TOP), (x, floor), 0.4, style::LINE));
        inks.extend(words(fonts, &text, style::RUNNING, (x - wide / 2.0).min(width - wide), floor + 12.0));
    }
    let y = axes.y(curves.target.1);
    inks.push(path(vec![(LEFT, y), (width, y)], (style::INK, 0.8), &[3.0, 2.5]));
    inks.extend(words(fonts, &curves.target.0, style::RUNNING, LEFT + 3.0, y - 3.0));
    let mut x = LEFT;
    for (at, (name, points)) in curves.lines.iter().enumerate() {
        let (pen, dash): ((Color, f32), &[f32]) =
            if at == 0 { ((style::ACCENT, 1.4), &[]) } else { ((style::INK, 0.9), &[1.5, 1.5]) };
        inks.push(path(points.iter().map(|point| axes.place(point)).collect(), pen, dash));
        inks.push(path(vec![(x, 6.0), (x + 18.0, 6.0)], pen, dash));
        let set = style::SMALL.faced(Face::Strong);
        inks.extend(words(fonts, name, set, x + 22.0, 9.0));
        x += 22.0 + fonts.width(name, set.face, set.size) + 16.0;
    }
    strip
}

fn path(points: Vec<(f32, f32)>, stroke: (Color, f32), dash: &[f32]) -> Ink {
    let ring = points.into_iter().map(|(x, y)| (x, y, false)).collect();
    Ink::Path { rings: vec![ring], fill: None, stroke: Some(stroke), dash: dash.to_vec(), closed: false }
}

struct Axes {
    far: f64,
    least: f64,
    most: f64,
    width: f32,
}

impl Axes {
    fn of(curves: &Curves, width: f32) -> Option<Self> {
        let points = || curves.lines.iter().flat_map(|(_, points)| points);
        if !curves.lines.iter().any(|(_, points)| points.len() > 1) {
            return None;
        }
        let far = points().map(|point| nines(point.percentile)).fold(1.0, f64::max);
        let times =
            || points().map(|point| point.micros).chain([curves.target.1]).map(|micros| f64::from(micros.max(1)));
        let least = times().fold(f64::MAX, f64::min).ln() - 0.15;
        let most = times().fold(1.0, f64::max).ln() + 0.15;
        Some(Self { far, least, most, width })
    }

    #[expect(clippy::cast_possible_truncation, reason = "drawn to a tenth of a point")]
    fn x(&self, percentile: f64) -> f32 {
        LEFT + (nines(percentile) / self.far) as f32 * (self.width - LEFT)
    }

    #[expect(clippy::cast_possible_truncation, reason = "drawn to a tenth of a point")]
    fn y(&self, micros: u32) -> f32 {
        let share = (f64::from(micros.max(1)).ln() - self.least) / (self.most - self.least);
        TOP + PLOT * (1.0 - share as f32)
    }

    fn place(&self, point: &CurvePoint) -> (f32, f32) {
        (self.x(point.percentile), self.y(point.micros))
    }
}

/// How many nines a percentile has: 90 one, 99 two.
fn nines(percentile: f64) -> f64 {
    (100.0 / (100.0 - percentile).max(1e-6)).log10()
}

/// Round figures of 1, 2 and 5 up the axis, as many as have room.
fn levels(fonts: &Fonts, axes: &Axes, width: f32, inks: &mut Vec<Ink>) {
    let mut free = f32::MAX;
    let values = [1_000_u32, 10_000, 100_000, 1_000_000, 10_000_000];
    for value in values.iter().flat_map(|step| [1, 2, 5].map(|times| step * times)) {
        let y = axes.y(value);
        if !(TOP..=TOP + PLOT).contains(&y) || y > free - 11.0 {
            continue;
        }
        let text = millis(value);
        let wide = fonts.width(&text, style::RUNNING.face, style::RUNNING.size);
        inks.push(Ink::rule((LEFT, y), (width, y), 0.4, style::LINE));
        inks.extend(words(fonts, &text, style::RUNNING, LEFT - wide - 5.0, y + 3.0));
        free = y;
    }
}
