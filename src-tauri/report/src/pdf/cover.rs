//! Sets the first page: what it is, for whom, the verdict, the seven stages, and who may read it.

use super::figure::shortened;
use super::font::Fonts;
use super::ink::{Ink, Strip};
use super::lacking;
use super::line::lines;
use super::set::{baseline, count, words};
use super::style::{self, Face, Type};
use crate::block::{Cover, Mark, Shape, Span, Tone};

/// What the note on replaced letters takes at the foot.
const NOTE: f32 = 16.0;

/// The page as one strip of the height given.
#[must_use]
pub fn strip(fonts: &Fonts, cover: &Cover, width: f32, tall: f32) -> Strip {
    let strip = page(fonts, cover, width, tall);
    if !strip.inks.iter().any(Ink::replaced) {
        return strip;
    }
    let mut strip = Strip { height: tall, ..page(fonts, cover, width, tall - NOTE) };
    strip.inks.extend(words(fonts, lacking::NOTE, style::RUNNING, 0.0, tall - 1.0));
    strip
}

fn page(fonts: &Fonts, cover: &Cover, width: f32, tall: f32) -> Strip {
    let mut strip = Strip { bare: true, ..Strip::tall(tall) };
    let inks = &mut strip.inks;
    by(fonts, inks, cover, width);

    let mut y = tall * 0.19;
    y = text(fonts, inks, &cover.kicker, style::LEAD.colored(style::QUIET), (0.0, y), width);
    let long = fonts.width(&cover.title, style::DISPLAY.face, style::DISPLAY.size) > width * 1.7;
    let title = if long { Type { size: 24.0, leading: 29.0, ..style::DISPLAY } } else { style::DISPLAY };
    let title = title.colored(fonts.headings);
    y = text(fonts, inks, &cover.title, title, (-1.5, y + 4.0), width * 0.9);
    y = text(fonts, inks, &cover.client, style::LEAD.colored(style::QUIET), (0.0, y + 6.0), width * 0.9);

    y = y.max(tall * 0.36) + 36.0;
    let word = Type { size: 24.0, leading: 30.0, ..style::H1 }.colored(style::tone(cover.mark.tone));
    inks.push(Ink::Shape { mark: cover.mark.clone(), x: 13.0, y: y + 15.0, size: 26.0 });
    y = text(fonts, inks, &capital(&cover.mark.word), word, (38.0, y), width - 38.0);
    y = text(fonts, inks, &cover.says, style::LEAD, (38.0, y + 5.0), style::MEASURE);

    stages(fonts, inks, &cover.stages, y + 34.0, width);
    rows(fonts, inks, cover, width, tall);
    strip
}

/// Who hands it over: their logo, their name, or both; this product where neither is given.
fn by(fonts: &Fonts, inks: &mut Vec<Ink>, cover: &Cover, width: f32) {
    let kind = style::BODY.faced(Face::Strong);
    let mut x = 0.0;
    let mut base = 11.5;
    if let Some(logo) = &cover.logo {
        let (w, h) = logo.within(width * 0.4, 44.0);
        inks.push(Ink::Logo { x, y: 0.0, w, h });
        x = w + 12.0;
        base = h / 2.0 + kind.size * 0.36;
    }
    if cover.logo.is_none() && cover.by.is_empty() {
        let own = Mark { word: String::new(), shape: Shape::Tick, tone: Tone::Ask };
        inks.push(Ink::Shape { mark: own, x: 6.0, y: 8.0, size: 12.0 });
        inks.extend(words(fonts, "Launch Ready", kind, 18.0, base));
    }
    let name = shortened(fonts, &cover.by, kind.face, kind.size, width - x);
    inks.extend(words(fonts, &name, kind, x, base));
}

fn stages(fonts: &Fonts, inks: &mut Vec<Ink>, stages: &[(String, Mark)], y: f32, width: f32) {
    let pitch = width / count(stages.len().max(1));
    inks.push(Ink::rule((0.0, y), (width, y), 0.5, style::LINE));
    for (at, (title, mark)) in stages.iter().enumerate() {
        let x = pitch * count(at);
        inks.push(Ink::Shape { mark: mark.clone(), x: x + 6.5, y: y + 20.0, size: 13.0 });
        let mut line = y + 32.0;
        line = text(fonts, inks, title, style::SMALL.colored(style::INK).faced(Face::Strong), (x, line), pitch - 8.0);
        text(fonts, inks, &mark.word, style::SMALL, (x, line), pitch - 8.0);
    }
}

/// Label and value at the foot of the page, upwards from the line that says who may read it.
fn rows(fonts: &Fonts, inks: &mut Vec<Ink>, cover: &Cover, width: f32, tall: f32) {
    let kind = style::CELL;
    let set: Vec<_> =
        cover.rows.iter().map(|(label, value)| (label, lines(fonts, value, kind, width - style::LABEL))).collect();
    let heights: f32 = set.iter().map(|(_, lines)| kind.leading * count(lines.len()) + 4.0).sum();
    let foot = lines(fonts, &[Span::text(&cover.foot)], style::SMALL, width);
    let below = style::SMALL.leading * count(foot.len());
    let mut y = tall - below - 14.0 - heights;
    inks.push(Ink::rule((0.0, y - 8.0), (width, y - 8.0), 0.5, style::LINE));
    for (label, value) in set {
        inks.extend(words(fonts, label, kind.colored(style::QUIET), 0.0, y + baseline(kind)));
        for line in value {
            inks.extend(line.inks(style::LABEL, y + baseline(kind), kind.leading));
            y += kind.leading;
        }
        y += 4.0;
    }
    for (at, line) in foot.into_iter().enumerate() {
        let base = tall - below + style::SMALL.leading * count(at) + baseline(style::SMALL);
        inks.extend(line.inks(0.0, base, style::SMALL.leading));
    }
}

fn text(fonts: &Fonts, inks: &mut Vec<Ink>, text: &str, kind: Type, (x, y): (f32, f32), width: f32) -> f32 {
    let set = lines(fonts, &[Span::text(text)], kind, width);
    let end = y + kind.leading * count(set.len());
    for (at, line) in set.into_iter().enumerate() {
        inks.extend(line.inks(x, y + kind.leading * count(at) + baseline(kind), kind.leading));
    }
    end
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
