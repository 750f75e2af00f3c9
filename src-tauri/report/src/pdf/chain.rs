//! Draws one redirect chain: status codes, addresses and times down a line, with what is wrong where it is.

use super::font::Fonts;
use super::ink::{Ink, Strip, hold};
use super::line::lines;
use super::set::{baseline, space, words};
use super::shape;
use super::style;
use crate::block::{Hops, Mark, Span, Step};

const DOT: f32 = 32.0;
const LEFT: f32 = 44.0;
/// What the time of a hop takes at the right.
const TIME: f32 = 46.0;
const ROW: f32 = 14.0;

/// The strips of a chain.
#[must_use]
pub fn strips(fonts: &Fonts, hops: &Hops, width: f32) -> Vec<Strip> {
    let mut strips = vec![];
    if hops.hops.is_empty() {
        let start = Step { status: 0, url: hops.start.clone(), took: String::new(), wrong: vec![] };
        step(fonts, &start, width, true, &mut strips);
    }
    for (at, hop) in hops.hops.iter().enumerate() {
        step(fonts, hop, width, at == 0, &mut strips);
    }
    let kind = style::SMALL;
    for (row, line) in lines(fonts, &[Span::text(&hops.end)], kind, width - LEFT).into_iter().enumerate() {
        let mut strip = Strip::tall(ROW);
        if row == 0 {
            strip.inks.push(Ink::rule((DOT, 0.0), (DOT, 2.0), 0.7, style::LINE));
            strip.inks.push(Ink::Shape { mark: hops.mark.clone(), x: DOT, y: 7.0, size: 9.0 });
        }
        strip.inks.extend(line.inks(LEFT, 1.0 + baseline(kind), kind.leading));
        strips.push(strip);
    }
    for (mark, says) in &hops.wrong {
        remark(fonts, mark, says, width, false, &mut strips);
    }
    let whole = strips.len() <= 18;
    hold(&mut strips, whole);
    space(&mut strips, 4.0, 12.0);
    strips
}

fn step(fonts: &Fonts, hop: &Step, width: f32, first: bool, strips: &mut Vec<Strip>) {
    let kind = style::CODE;
    let set = lines(fonts, &[Span::text(&hop.url)], kind, width - LEFT - TIME);
    for (row, line) in set.into_iter().enumerate() {
        let mut strip = Strip::tall(ROW);
        let base = 1.0 + baseline(kind);
        let from = if first && row == 0 { 7.0 } else { 0.0 };
        strip.inks.push(Ink::rule((DOT, from), (DOT, ROW), 0.7, style::LINE));
        if row == 0 {
            let code = if hop.status == 0 { "none".to_owned() } else { hop.status.to_string() };
            strip.inks.extend(words(fonts, &code, kind.colored(style::QUIET), 0.0, base));
            strip.inks.push(dot(Some(style::PAPER)));
            strip.inks.push(dot(None));
            let small = style::SMALL;
            let at = width - fonts.width(&hop.took, small.face, small.size);
            strip.inks.extend(words(fonts, &hop.took, small, at, base));
        }
        strip.inks.extend(line.inks(LEFT, base, kind.leading));
        strips.push(strip);
    }
    for (mark, says) in &hop.wrong {
        remark(fonts, mark, says, width, true, strips);
    }
}

/// What is wrong, beside the line or below its end.
fn remark(fonts: &Fonts, mark: &Mark, says: &str, width: f32, on: bool, strips: &mut Vec<Strip>) {
    const INSET: f32 = LEFT + 12.0;
    let kind = style::SMALL.colored(style::INK);
    for (row, line) in lines(fonts, &[Span::text(says)], kind, width - INSET - TIME).into_iter().enumerate() {
        let mut strip = Strip::tall(kind.leading + 0.5);
        if on {
            strip.inks.push(Ink::rule((DOT, 0.0), (DOT, strip.height), 0.7, style::LINE));
        }
        if row == 0 {
            strip.inks.push(Ink::Shape { mark: mark.clone(), x: LEFT + 4.0, y: kind.leading / 2.0, size: 8.0 });
        }
        strip.inks.extend(line.inks(INSET, baseline(kind), kind.leading));
        strips.push(strip);
    }
}

fn dot(fill: Option<style::Color>) -> Ink {
    let ring = shape::circle(2.4).into_iter().map(|(x, y, handle)| (x + DOT, y + 7.0, handle)).collect();
    let stroke = if fill.is_none() { Some((style::QUIET, 0.8)) } else { None };
    Ink::Path { rings: vec![ring], fill, stroke, dash: vec![], closed: fill.is_some() }
}
