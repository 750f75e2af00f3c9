//! Draws who runs what as one line from the registrar to the servers, with the border between the delivery network and hosting.

use super::figure::shortened;
use super::font::Fonts;
use super::ink::{Ink, Strip, hold};
use super::line::lines;
use super::set::{baseline, space, words};
use super::style::{self, Face};
use crate::block::{Span, Stop};

/// Where the line runs.
const LINE: f32 = 6.0;
/// Where titles begin.
const TITLE: f32 = 22.0;
/// Where companies begin.
const LEFT: f32 = 168.0;
const PAD: f32 = 5.0;

/// The strips of the line.
#[must_use]
pub fn strips(fonts: &Fonts, stops: &[Stop], width: f32) -> Vec<Strip> {
    let mut strips = vec![];
    let last = stops.iter().rposition(|stop| !stop.aside);
    for (at, stop) in stops.iter().enumerate() {
        if let Some(words) = &stop.border {
            strips.push(border(fonts, words, width));
        }
        // Above and below this stop the line goes on, unless it is the first or the last one.
        let way = (at > 0 && !stop.aside, last.is_some_and(|last| at < last));
        strips.extend(station(fonts, stop, way, width));
    }
    space(&mut strips, 6.0, 14.0);
    strips
}

fn station(fonts: &Fonts, stop: &Stop, (above, below): (bool, bool), width: f32) -> Vec<Strip> {
    let mut rows: Vec<(Vec<Ink>, f32)> = vec![];
    for (name, signs) in &stop.companies {
        let kind = style::BODY.faced(Face::Strong);
        set(fonts, &[Span::text(name)], kind, width, &mut rows);
        for sign in signs {
            set(fonts, &[Span::text(sign)], style::SMALL, width, &mut rows);
        }
    }
    if stop.companies.is_empty() {
        let spans = [Span::Status(stop.mark.clone()), Span::text(format!("  {}", stop.says))];
        set(fonts, &spans, style::BODY, width, &mut rows);
    }
    let base = baseline(style::BODY);
    let middle = PAD + style::BODY.leading / 2.0;
    let mut strips: Vec<Strip> = vec![];
    let count = rows.len();
    // What stands on the left is two lines tall, however little stands on the right.
    let short = (style::BODY.leading + style::SMALL.leading) - rows.iter().map(|(_, tall)| tall).sum::<f32>();
    for (at, (inks, tall)) in rows.into_iter().enumerate() {
        let (top, bottom) = (if at == 0 { PAD } else { 0.0 }, if at + 1 == count { PAD + short.max(0.0) } else { 0.0 });
        let mut strip = Strip::tall(tall + top + bottom);
        if at == 0 {
            strip.inks.push(Ink::rule((TITLE, 0.0), (width, 0.0), 0.4, style::LINE));
            if above {
                strip.inks.push(thread(0.0, middle - 7.0));
            }
            if below {
                strip.inks.push(thread(middle + 7.0, strip.height));
            }
            strip.inks.push(Ink::Shape { mark: stop.mark.clone(), x: LINE, y: middle, size: 10.0 });
            strip.inks.extend(words(fonts, &stop.title, style::BODY, TITLE, PAD + base));
        } else if below {
            strip.inks.push(thread(0.0, strip.height));
        }
        strip.inks.extend(inks.into_iter().map(|ink| ink.moved(LEFT, top)));
        strips.push(strip);
    }
    let does = shortened(fonts, &stop.does, style::SMALL.face, style::SMALL.size, LEFT - TITLE - 8.0);
    let does = words(fonts, &does, style::SMALL, TITLE, PAD + style::BODY.leading + baseline(style::SMALL));
    if let Some(first) = strips.first_mut() {
        first.inks.extend(does);
    }
    hold(&mut strips, true);
    strips
}

fn set(fonts: &Fonts, spans: &[Span], kind: style::Type, width: f32, rows: &mut Vec<(Vec<Ink>, f32)>) {
    for line in lines(fonts, spans, kind, width - LEFT) {
        rows.push((line.inks(0.0, baseline(kind), kind.leading), kind.leading));
    }
}

fn border(fonts: &Fonts, says: &str, width: f32) -> Strip {
    let kind = style::SMALL.faced(Face::Strong).colored(style::ACCENT);
    let mut strip = Strip { keep: true, ..Strip::tall(20.0) };
    strip.inks.push(thread(0.0, 20.0));
    let says = shortened(fonts, says, kind.face, kind.size, width - TITLE - 30.0);
    let wide = fonts.width(&says, kind.face, kind.size);
    let at = (width - wide).max(TITLE);
    let dashed = |from: f32, to: f32| Ink::Path {
        rings: vec![vec![(from, 10.0, false), (to, 10.0, false)]],
        fill: None,
        stroke: Some((style::ACCENT, 0.8)),
        dash: vec![3.0, 2.5],
        closed: false,
    };
    strip.inks.push(dashed(0.0, at - 6.0));
    strip.inks.extend(words(fonts, &says, kind, at, 10.0 + kind.size * 0.36));
    strip
}

fn thread(from: f32, to: f32) -> Ink {
    Ink::rule((LINE, from), (LINE, to), 1.0, style::BAR)
}
