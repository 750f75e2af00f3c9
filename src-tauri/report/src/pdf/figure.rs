//! Draws figures: stage bars, latency histograms and curves, the map of names, redirects, companies. Each has its table or text beside it.

use super::font::Fonts;
use super::ink::{Ink, Strip, hold};
use super::set::{count, space, words};
use super::style::{self, Face};
use super::{chain, curve, histogram, map, stops, ways};
use crate::block::{Figure, Mark, StageBar, To};

/// The strips of a figure.
#[must_use]
pub fn strips(fonts: &Fonts, figure: &Figure, width: f32) -> Vec<Strip> {
    match figure {
        Figure::Stages(bars) => stages(fonts, bars, width),
        Figure::Latency(histogram) => vec![histogram::strip(fonts, histogram, width)],
        Figure::Curves(curves) => vec![curve::strip(fonts, curves, width)],
        Figure::Map(rows) => vec![map::strip(fonts, rows, width)],
        Figure::Chain(hops) => chain::strips(fonts, hops, width),
        Figure::Ways(ways) => vec![ways::strip(fonts, ways, width)],
        Figure::Line(stops) => stops::strips(fonts, stops, width),
    }
}

const ROW: f32 = 26.0;

fn stages(fonts: &Fonts, bars: &[StageBar], width: f32) -> Vec<Strip> {
    let titles = bars.iter().map(|bar| fonts.width(&bar.title, style::BODY.face, style::BODY.size));
    let left = titles.fold(0.0, f32::max) + 34.0;
    let most = bars.iter().map(|bar| bar.marks.len()).max().unwrap_or(1).max(1);
    let right = 118.0;
    let pitch = ((width - left - right) / count(most)).min(17.0);
    let mut strips: Vec<Strip> = bars.iter().map(|bar| stage(fonts, bar, (left, pitch), width)).collect();
    strips.push(legend(fonts, bars, width));
    hold(&mut strips, true);
    space(&mut strips, 6.0, 14.0);
    strips
}

fn stage(fonts: &Fonts, bar: &StageBar, (left, pitch): (f32, f32), width: f32) -> Strip {
    let mut strip = Strip::tall(ROW);
    let base = ROW / 2.0 + style::BODY.size * 0.36;
    strip.inks.extend(words(fonts, &bar.number.to_string(), style::BODY.colored(style::QUIET), 0.0, base));
    strip.inks.extend(words(fonts, &bar.title, style::BODY.faced(Face::Strong), 16.0, base));
    for (at, mark) in bar.marks.iter().enumerate() {
        let x = left + pitch * (count(at) + 0.5);
        strip.inks.push(Ink::Shape { mark: mark.clone(), x, y: ROW / 2.0, size: 10.5 });
    }
    let ready = format!("{} of {} ready", bar.ready, bar.marks.len());
    let (track, share) = (52.0, f32::from(bar.ready) / count(bar.marks.len().max(1)));
    let x = width - 112.0;
    strip.inks.push(Ink::Fill { x, y: ROW / 2.0 - 2.0, w: track, h: 4.0, color: style::LINE });
    if bar.ready > 0 {
        let color = style::tone(crate::block::Tone::Pass);
        strip.inks.push(Ink::Fill { x, y: ROW / 2.0 - 2.0, w: track * share, h: 4.0, color });
    }
    let at = width - fonts.width(&ready, style::SMALL.face, style::SMALL.size);
    strip.inks.extend(words(fonts, &ready, style::SMALL, at, ROW / 2.0 + style::SMALL.size * 0.36));
    strip.inks.push(Ink::rule((0.0, ROW), (width, ROW), 0.4, style::LINE));
    strip.inks.push(Ink::Link { x: 0.0, y: 0.0, w: width, h: ROW, to: To::Heading(bar.id.clone()) });
    strip
}

/// Each status that occurs, with its word and how often.
fn legend(fonts: &Fonts, bars: &[StageBar], width: f32) -> Strip {
    let mut seen: Vec<(Mark, usize)> = vec![];
    for mark in bars.iter().flat_map(|bar| &bar.marks) {
        match seen.iter_mut().find(|(known, _)| known == mark) {
            Some((_, times)) => *times += 1,
            None => seen.push((mark.clone(), 1)),
        }
    }
    let mut strip = Strip::tall(18.0);
    let (mut x, mut y) = (0.0, 14.0);
    for (mark, times) in seen {
        let text = format!("{} {times}", mark.word);
        let wide = 12.0 + fonts.width(&text, style::SMALL.face, style::SMALL.size) + 14.0;
        if x + wide > width {
            x = 0.0;
            y += 13.0;
        }
        strip.inks.push(Ink::Shape { mark, x: x + 4.0, y: y - 2.8, size: 8.0 });
        strip.inks.extend(words(fonts, &text, style::SMALL, x + 12.0, y));
        x += wide;
    }
    strip.height = y + 4.0;
    strip
}

/// Text shortened to a width, with a sign that it goes on; the table beside the figure has it in full.
#[must_use]
pub fn shortened(fonts: &Fonts, text: &str, face: Face, size: f32, width: f32) -> String {
    if fonts.width(text, face, size) <= width {
        return text.to_owned();
    }
    let room = width - fonts.width("…", face, size);
    let mut used = 0.0;
    let fits = text.chars().take_while(|c| {
        used += fonts.width(c.encode_utf8(&mut [0; 4]), face, size);
        used <= room
    });
    format!("{}…", fits.collect::<String>())
}
