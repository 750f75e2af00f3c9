//! Sets blocks in strips of a given width: paragraphs, lists, entries, code, callouts, contents.

use super::figure::shortened;
use super::font::Fonts;
use super::ink::{Anchor, Ink, Strip, hold};
use super::line::{Line, lines};
use super::style::{self, Face, Type};
use super::tag::Tags;
use super::{cover, figure, table};
use crate::block::{Block, Figure, Heading, Mark, Part, Role, Span, To, listed};
use std::collections::BTreeMap;

/// Entries of no more lines than this are not cut at a page's end.
const WHOLE_ENTRY: usize = 9;

/// What setting needs to know besides the blocks.
pub struct Setter<'a> {
    /// The fonts.
    pub fonts: &'a Fonts,
    /// The headings of the report, for the contents.
    pub headings: &'a [&'a Heading],
    /// The page of each heading, from 1; empty in the first pass.
    pub pages: &'a BTreeMap<String, usize>,
    /// The height that a page of its own offers.
    pub sheet: f32,
    /// The structure that grows with what is set.
    pub tags: &'a Tags,
}

impl Setter<'_> {
    /// Sets blocks one below the other.
    #[must_use]
    pub fn blocks(&self, blocks: &[Block], width: f32) -> Vec<Strip> {
        let mut strips: Vec<Strip> = vec![];
        let mut fresh = 0.0_f32;
        for (at, block) in blocks.iter().enumerate() {
            if let Block::PageBreak { unless_left } = block {
                fresh = *unless_left;
                continue;
            }
            let mut set = self.block(block, width);
            if let Some(first) = set.first_mut() {
                first.fresh = first.fresh.max(std::mem::take(&mut fresh));
            }
            // A paragraph stays with what it introduces, and the opening of a section with its first part.
            let lead = |block: &Block| matches!(block, Block::Paragraph { role: Role::Lead, .. });
            let next = blocks.get(at + 1);
            let introduced = matches!(next, Some(Block::Table(_) | Block::Figure(_) | Block::Code(_)));
            let after_lead = at.checked_sub(1).and_then(|before| blocks.get(before)).is_some_and(lead);
            let opens = after_lead && matches!(next, Some(Block::Heading(_)));
            let opening = lead(block) || opens;
            if (opening || introduced)
                && matches!(block, Block::Paragraph { .. })
                && let Some(last) = set.last_mut()
            {
                last.keep = true;
            }
            strips.extend(set);
        }
        strips
    }

    fn block(&self, block: &Block, width: f32) -> Vec<Strip> {
        match block {
            Block::Cover(page) => self.tags.whole("P", vec![cover::strip(self.fonts, page, width, self.sheet)]),
            Block::Heading(heading) => self.heading(heading, width),
            Block::Paragraph { spans, role } => self.tags.whole("P", self.paragraph(spans, *role, width)),
            Block::List { items, numbered } => self.tags.within("L", || self.list(items, *numbered, width)),
            Block::Table(table) => self.tags.within("Table", || table::strips(self.fonts, self.tags, table, width)),
            Block::Entry { label, blocks } => self.tags.within("Div", || self.entry(label, blocks, width)),
            Block::Code(text) => self.tags.whole("P", self.code(text, width)),
            Block::Callout { mark, title, blocks } => {
                self.tags.within("Div", || self.callout(mark, title, blocks, width))
            }
            Block::Figure(drawing) => self.drawing(drawing, width),
            Block::Contents(parts) => vec![self.contents(parts, width)],
            Block::Signatures(people) => {
                self.tags.whole("P", people.iter().map(|who| self.signature(who, width)).collect())
            }
            Block::Together(blocks) => {
                let mut strips = self.blocks(blocks, width);
                hold(&mut strips, true);
                strips
            }
            Block::PageBreak { .. } => vec![],
        }
    }

    /// A drawing, with what it shows in words.
    fn drawing(&self, drawing: &Figure, width: f32) -> Vec<Strip> {
        let element = self.tags.add("Figure", drawing.says());
        let mut strips = figure::strips(self.fonts, drawing, width);
        strips.iter_mut().for_each(|strip| strip.inks.insert(0, Ink::Tag(Some(element))));
        strips
    }

    fn heading(&self, heading: &Heading, width: f32) -> Vec<Strip> {
        let (kind, tag, above, below) = match heading.level {
            1 => (style::H1, "H1", 44.0, 10.0),
            2 => (style::H2, "H2", 20.0, 5.0),
            _ => (style::H3, "H3", 13.0, 3.0),
        };
        let kind = kind.colored(self.fonts.headings);
        let mut spans = vec![];
        if let Some(mark) = &heading.mark {
            spans.push(Span::Shape(mark.clone()));
            spans.push(Span::text(" "));
        }
        spans.push(Span::text(&heading.text));
        let mut strips = self.set(&spans, kind, width);
        if let Some(first) = strips.first_mut() {
            first.above = above;
            let title = heading.text.clone();
            first.anchors.push(Anchor { id: heading.id.clone(), title, level: heading.level });
        }
        if let Some(last) = strips.last_mut() {
            last.below = below;
        }
        strips.iter_mut().for_each(|strip| strip.keep = true);
        self.tags.whole(tag, strips)
    }

    fn paragraph(&self, spans: &[Span], role: Role, width: f32) -> Vec<Strip> {
        let (kind, below) = match role {
            Role::Lead => (style::LEAD, 8.0),
            Role::Body => (style::BODY, 6.0),
            Role::Quiet => (style::SMALL, 6.0),
        };
        let mut strips = self.set(spans, kind, width.min(style::MEASURE));
        hold(&mut strips, false);
        space(&mut strips, 0.0, below);
        strips
    }

    fn list(&self, items: &[Vec<Span>], numbered: bool, width: f32) -> Vec<Strip> {
        const HANG: f32 = 16.0;
        let mut strips = vec![];
        for (at, item) in items.iter().enumerate() {
            let set = self.set(item, style::BODY, (width - HANG).min(style::MEASURE + 40.0));
            let own = !numbered && matches!(item.first(), Some(Span::Status(_) | Span::Shape(_)));
            let hang = if own { 0.0 } else { HANG };
            let mut set: Vec<Strip> = set.into_iter().map(|strip| strip.indented(hang)).collect();
            let sign = if numbered { format!("{}.", at + 1) } else { "–".to_owned() };
            if let Some(first) = set.first_mut()
                && !own
            {
                let kind = style::BODY.colored(style::QUIET);
                // The sign goes first, as it is read.
                let sign = self.words(&sign, kind, 0.0, baseline(kind));
                first.inks.splice(0..0, sign);
            }
            let mut set = self.tags.within("LI", || self.tags.whole("LBody", set));
            hold(&mut set, false);
            space(&mut set, 0.0, 3.0);
            // Neither the first entry alone at a page's end nor the last one alone at a page's start.
            if (at == 0 || at + 2 == items.len())
                && let Some(end) = set.last_mut()
            {
                end.keep = true;
            }
            strips.extend(set);
        }
        if let Some(end) = strips.last_mut() {
            end.keep = false;
        }
        space(&mut strips, 0.0, 7.0);
        strips
    }

    fn entry(&self, label: &str, blocks: &[Block], width: f32) -> Vec<Strip> {
        let own = self.tags.add("P", String::new());
        let mut strips: Vec<Strip> = self.blocks(blocks, width - style::LABEL);
        if strips.is_empty() {
            strips.push(Strip::tall(style::BODY.leading));
        }
        let mut strips: Vec<Strip> = strips.into_iter().map(|strip| strip.indented(style::LABEL)).collect();
        let kind = style::MARGINAL;
        let words = lines(self.fonts, &[Span::text(label)], kind, style::LABEL - 12.0);
        let tall = kind.leading * count(words.len());
        let first = strips.first().and_then(|strip| {
            strip.inks.iter().find_map(|ink| if let Ink::Text { y, .. } = ink { Some(*y) } else { None })
        });
        let top = first.unwrap_or_else(|| baseline(kind));
        if let Some(first) = strips.first_mut() {
            // The label goes first, as it is read.
            let mut inks: Vec<Ink> = vec![Ink::Tag(Some(own))];
            for (at, line) in words.into_iter().enumerate() {
                inks.extend(line.inks(0.0, top + kind.leading * count(at), kind.leading));
            }
            inks.append(&mut first.inks);
            first.inks = inks;
        }
        // A label longer than what it labels holds the strips beside it together and makes room for itself.
        let mut covered = 0.0;
        let last = strips.len() - 1;
        for (at, strip) in strips.iter_mut().enumerate() {
            covered += strip.height + if at > 0 { strip.above } else { 0.0 };
            if covered < tall && at < last {
                strip.keep = true;
            } else if covered < tall {
                strip.height += tall - covered;
            }
        }
        // What follows on the next page would stand there without its label.
        if strips.len() <= WHOLE_ENTRY {
            hold(&mut strips, true);
        }
        space(&mut strips, 2.0, 6.0);
        strips
    }

    fn code(&self, text: &str, width: f32) -> Vec<Strip> {
        const PAD: f32 = 8.0;
        let kind = style::CODE;
        let set = lines(self.fonts, &[Span::text(text)], kind, width - 2.0 * PAD);
        let last = set.len().saturating_sub(1);
        let mut strips: Vec<Strip> = vec![];
        for (at, line) in set.into_iter().enumerate() {
            let top = if at == 0 { PAD - 2.0 } else { 0.0 };
            let bottom = if at == last { PAD - 2.0 } else { 0.0 };
            let mut strip = Strip::tall(kind.leading + top + bottom);
            strip.inks.push(Ink::Fill { x: 0.0, y: 0.0, w: width, h: strip.height + 0.05, color: style::GROUND });
            strip.inks.extend(line.inks(PAD, top + baseline(kind), kind.leading));
            strips.push(strip);
        }
        let whole = strips.len() <= 12;
        hold(&mut strips, whole);
        space(&mut strips, 2.0, 8.0);
        strips
    }

    fn callout(&self, mark: &Mark, title: &[Span], blocks: &[Block], width: f32) -> Vec<Strip> {
        const INSET: f32 = 14.0;
        let color = style::tone(mark.tone);
        let mut spans = vec![Span::Status(mark.clone()), Span::text("  ")];
        spans.extend_from_slice(title);
        let set = self.set(&spans, style::LEAD.faced(Face::Strong), width - INSET);
        let mut strips = self.tags.whole("P", set);
        space(&mut strips, 0.0, 4.0);
        strips.extend(self.blocks(blocks, width - INSET));
        let mut strips = solid(strips.into_iter().map(|strip| strip.indented(INSET)).collect());
        for strip in &mut strips {
            strip.inks.push(Ink::Tag(None));
            strip.inks.push(Ink::Fill { x: 0.0, y: 0.0, w: 2.0, h: strip.height + 0.05, color });
        }
        hold(&mut strips, true);
        space(&mut strips, 6.0, 10.0);
        strips
    }

    /// Two columns, part by part; the pages stand flush right.
    fn contents(&self, parts: &[Part], width: f32) -> Strip {
        const GAP: f32 = 28.0;
        const ROW: f32 = 18.0;
        const ABOVE: f32 = 16.0;
        let wide = (width - GAP) / 2.0;
        let groups = listed(self.headings, parts);
        let rows = |group: &[&Heading]| ROW * count(group.len() + 1) + ABOVE;
        let half: f32 = groups.iter().map(|(_, group)| rows(group)).sum::<f32>() / 2.0;
        let mut strip = Strip::default();
        let (mut x, mut y) = (0.0, 0.0);
        for (title, group) in groups {
            // A part goes into the second column when more of it would stand below the middle than above.
            if x == 0.0 && y > 0.0 && y + rows(&group) / 2.0 > half {
                (x, y) = (wide + GAP, 0.0);
            }
            let kind = style::HEAD;
            strip.inks.push(Ink::Tag(Some(self.tags.add("P", String::new()))));
            strip.inks.extend(self.words(title, kind, x, y + 12.0));
            strip.inks.push(Ink::Tag(None));
            strip.inks.push(Ink::rule((x, y + ROW), (x + wide, y + ROW), 0.7, style::INK));
            y += ROW;
            self.tags.within("TOC", || {
                for heading in group {
                    self.line_of_contents(heading, (x, y), (wide, ROW), &mut strip.inks);
                    y += ROW;
                }
            });
            y += ABOVE;
            strip.height = strip.height.max(y);
        }
        strip
    }

    fn line_of_contents(&self, heading: &Heading, (x, y): (f32, f32), (w, h): (f32, f32), inks: &mut Vec<Ink>) {
        let kind = style::BODY;
        let base = y + 12.5;
        let page = self.pages.get(&heading.id).map(ToString::to_string).unwrap_or_default();
        let title = shortened(self.fonts, &heading.text, kind.face, kind.size, w - 30.0);
        inks.push(Ink::Tag(Some(self.tags.add("TOCI", String::new()))));
        inks.extend(self.words(&title, kind, x, base));
        let at = x + w - self.fonts.width(&page, kind.face, kind.size);
        inks.extend(self.words(&page, kind, at, base));
        inks.push(Ink::rule((x, y + h), (x + w, y + h), 0.4, style::LINE));
        inks.push(Ink::Link { x, y, w, h, to: To::Heading(heading.id.clone()) });
    }

    fn signature(&self, who: &str, width: f32) -> Strip {
        let mut strip = Strip { above: 26.0, ..Strip::tall(14.0) };
        let gap = 16.0;
        let parts = [(who, 0.46), ("Signature", 0.34), ("Date", 0.2)];
        let mut x = 0.0;
        for (label, part) in parts {
            let w = (width - 2.0 * gap) * part;
            strip.inks.push(Ink::rule((x, 0.0), (x + w, 0.0), 0.6, style::INK));
            let label = shortened(self.fonts, label, style::SMALL.face, style::SMALL.size, w);
            strip.inks.extend(self.words(&label, style::SMALL, x, 11.0));
            x += w + gap;
        }
        strip
    }

    /// One strip for each line.
    fn set(&self, spans: &[Span], kind: Type, width: f32) -> Vec<Strip> {
        let strip = |line: Line| {
            let mut strip = Strip::tall(kind.leading);
            strip.inks = line.inks(0.0, baseline(kind), kind.leading);
            strip
        };
        lines(self.fonts, spans, kind, width).into_iter().map(strip).collect()
    }

    fn words(&self, text: &str, kind: Type, x: f32, y: f32) -> Vec<Ink> {
        words(self.fonts, text, kind, x, y)
    }
}

/// Words on one line, however long.
#[must_use]
pub fn words(fonts: &Fonts, text: &str, kind: Type, x: f32, y: f32) -> Vec<Ink> {
    let line = lines(fonts, &[Span::text(text)], kind, f32::MAX).into_iter().next();
    line.map(|line| line.inks(x, y, kind.leading)).unwrap_or_default()
}

/// The baseline that centres capitals in their leading.
#[must_use]
pub fn baseline(kind: Type) -> f32 {
    kind.leading / 2.0 + kind.size * 0.36
}

/// A small count as a measure.
#[must_use]
pub fn count(number: usize) -> f32 {
    f32::from(u16::try_from(number).unwrap_or(u16::MAX))
}

/// Sets the space above the first and below the last strip, where it is larger than what is there.
pub fn space(strips: &mut [Strip], above: f32, below: f32) {
    if let Some(first) = strips.first_mut() {
        first.above = first.above.max(above);
    }
    if let Some(last) = strips.last_mut() {
        last.below = last.below.max(below);
    }
}

/// Turns the space between strips into height, so that a line beside them has no holes.
#[must_use]
pub fn solid(strips: Vec<Strip>) -> Vec<Strip> {
    let mut below = 0.0_f32;
    let count = strips.len();
    let mut whole = vec![];
    for (at, mut strip) in strips.into_iter().enumerate() {
        let gap = if at == 0 { 0.0 } else { below.max(strip.above) };
        below = std::mem::take(&mut strip.below);
        strip.above = 0.0;
        strip.height += gap;
        strip.inks = strip.inks.into_iter().map(|ink| ink.moved(0.0, gap)).collect();
        if at + 1 == count {
            strip.below = 0.0;
        }
        whole.push(strip);
    }
    whole
}
