//! Sets tables: column widths by content, cells that wrap, hairlines, a head that is repeated. No row and no column is ever lost.

use super::font::Fonts;
use super::ink::{Ink, Strip, hold};
use super::line::{Line, lines, measure};
use super::set::{baseline, space};
use super::style::{self, Type};
use super::tag::Tags;
use crate::block::{Column, Span, Table, Width};
use std::rc::Rc;

const GAP: f32 = 12.0;
const PAD: f32 = 3.5;
/// Rows of more lines than this may be cut at a page's end.
const WHOLE: usize = 16;
/// Tables of no more lines than this are not cut at all.
const SMALL: usize = 9;

/// The strips of a table.
#[must_use]
pub fn strips(fonts: &Fonts, tags: &Tags, table: &Table, width: f32) -> Vec<Strip> {
    let widths = widths(fonts, table, width);
    let titles: Vec<Vec<Span>> = table.columns.iter().map(|column| vec![Span::text(&column.title)]).collect();
    // A table whose columns need no titles has no head.
    let titled = table.columns.iter().any(|column| !column.title.is_empty());
    let mut head = if titled { row(fonts, tags, &titles, style::HEAD, table, &widths) } else { vec![] };
    head.iter_mut().for_each(|strip| strip.keep = true);
    let shared = titled.then(|| Rc::new(head.clone()));
    let mut strips = head;
    let mut last = 0;
    for (at, cells) in table.rows.iter().enumerate() {
        let mut set = row(fonts, tags, cells, style::CELL, table, &widths);
        last = set.len();
        hold(&mut set, last <= WHOLE);
        // Neither the first row alone at a page's end, below its head, nor the last row alone at a page's start.
        if at == 0
            && table.rows.len() > 2
            && last <= WHOLE / 2
            && let Some(end) = set.last_mut()
        {
            end.keep = true;
        }
        strips.extend(set.into_iter().map(|strip| Strip { head: shared.clone(), ..strip }));
    }
    if table.rows.len() > 2
        && last <= WHOLE / 2
        && let Some(at) = strips.len().checked_sub(last + 1)
        && let Some(before) = strips.get_mut(at)
    {
        before.keep = true;
    }
    if strips.len() <= SMALL {
        hold(&mut strips, true);
    }
    space(&mut strips, 4.0, 12.0);
    strips
}

fn row(fonts: &Fonts, tags: &Tags, cells: &[Vec<Span>], kind: Type, table: &Table, widths: &[f32]) -> Vec<Strip> {
    let head = kind == style::HEAD;
    let (cell, rule, weight) = if head { ("TH", style::INK, 0.7) } else { ("TD", style::LINE, 0.4) };
    let owners: Vec<usize> = tags.within("TR", || widths.iter().map(|_| tags.add(cell, String::new())).collect());
    let empty = vec![];
    let set = |(at, width): (usize, &f32)| lines(fonts, cells.get(at).unwrap_or(&empty), kind, *width).into_iter();
    let mut cells: Vec<std::vec::IntoIter<Line>> = widths.iter().enumerate().map(set).collect();
    let tall = cells.iter().map(ExactSizeIterator::len).max().unwrap_or(1).max(1);
    let total: f32 = widths.iter().sum::<f32>() + GAP * super::set::count(widths.len().saturating_sub(1));
    let mut strips = vec![];
    for at in 0..tall {
        let top = if at == 0 { PAD } else { 0.0 };
        let bottom = if at + 1 == tall { PAD } else { 0.0 };
        let mut strip = Strip::tall(kind.leading + top + bottom);
        let mut x = 0.0;
        for (((cell, width), column), owner) in cells.iter_mut().zip(widths).zip(&table.columns).zip(&owners) {
            if let Some(line) = cell.next() {
                let inset = if column.right { (width - line.width()).max(0.0) } else { 0.0 };
                strip.inks.push(Ink::Tag(Some(*owner)));
                strip.inks.extend(line.inks(x + inset, top + baseline(kind), kind.leading));
            }
            x += width + GAP;
        }
        if at + 1 == tall {
            let y = strip.height;
            strip.inks.push(Ink::Tag(None));
            strip.inks.push(Ink::rule((0.0, y), (total, y), weight, rule));
        }
        strips.push(strip);
    }
    strips
}

/// Widths that fill the table exactly: fitted columns as wide as they need up to their share, the others by their parts.
fn widths(fonts: &Fonts, table: &Table, width: f32) -> Vec<f32> {
    let room = width - GAP * super::set::count(table.columns.len().saturating_sub(1));
    let fitted: Vec<Option<f32>> =
        table.columns.iter().enumerate().map(|(at, column)| fit(fonts, table, at, column, room)).collect();
    let taken: f32 = fitted.iter().flatten().sum();
    let parts: f32 = table.columns.iter().filter_map(|column| part(column.width)).sum();
    let rest = (room - taken).max(room * 0.2);
    let mut widths: Vec<f32> = table
        .columns
        .iter()
        .zip(&fitted)
        .map(|(column, fitted)| fitted.unwrap_or_else(|| rest * part(column.width).unwrap_or(0.0) / parts))
        .collect();
    let sum: f32 = widths.iter().sum();
    if parts == 0.0 || sum > room {
        widths.iter_mut().for_each(|wide| *wide *= room / sum.max(1.0));
    }
    widths
}

fn part(width: Width) -> Option<f32> {
    match width {
        Width::Share(part) => Some(part),
        Width::Fit(_) => None,
    }
}

fn fit(fonts: &Fonts, table: &Table, at: usize, column: &Column, room: f32) -> Option<f32> {
    let Width::Fit(most) = column.width else { return None };
    let title = measure(fonts, &[Span::text(&column.title)], style::HEAD).0;
    let cells = table.rows.iter().filter_map(|row| row.get(at));
    let widest = cells.map(|cell| measure(fonts, cell, style::CELL).0).fold(title, f32::max);
    Some((widest + 0.5).min(room * most))
}
