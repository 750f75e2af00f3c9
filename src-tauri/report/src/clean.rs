//! The last gate before printing: whatever the sections wrote, no character of it acts on the page instead of being seen.

use crate::block::{Block, Figure, Span, Table};
use audit::read::text::clean;

/// No single text of a report is longer than this many characters.
const LONGEST: usize = 2_000;
/// Nothing to paste and no record has more lines than this.
const LINES: usize = 400;

/// Makes hidden characters of every text visible and caps its length.
pub fn blocks(blocks: &mut [Block]) {
    for block in blocks {
        match block {
            Block::Heading(heading) => line(&mut heading.text),
            Block::Paragraph { spans, .. } => self::spans(spans),
            Block::List { items, .. } => items.iter_mut().for_each(|item| spans(item)),
            Block::Table(table) => cells(table),
            Block::Entry { label, blocks } => {
                line(label);
                self::blocks(blocks);
            }
            Block::Code(text) => lines(text),
            Block::Callout { title, blocks, .. } => {
                spans(title);
                self::blocks(blocks);
            }
            Block::Figure(drawing) => figure(drawing),
            Block::Signatures(people) => people.iter_mut().for_each(line),
            Block::Together(blocks) => self::blocks(blocks),
            Block::Cover(cover) => {
                line(&mut cover.by);
                line(&mut cover.kicker);
                line(&mut cover.title);
                line(&mut cover.client);
                line(&mut cover.says);
                line(&mut cover.foot);
                cover.stages.iter_mut().for_each(|(title, _)| line(title));
                cover.rows.iter_mut().for_each(|(_, value)| spans(value));
            }
            Block::Contents(_) | Block::PageBreak { .. } => {}
        }
    }
}

/// One line of text.
pub fn line(text: &mut String) {
    *text = clean(text, LONGEST);
}

fn lines(text: &mut String) {
    let all: Vec<&str> = text.lines().collect();
    let mut kept: Vec<String> = all.iter().take(LINES).map(|line| clean(line, LONGEST)).collect();
    if all.len() > LINES {
        kept.push(format!("… and {} more lines", all.len() - LINES));
    }
    *text = kept.join("\n");
}

fn spans(spans: &mut [Span]) {
    for span in spans {
        match span {
            Span::Text(text) | Span::Strong(text) | Span::Quiet(text) | Span::Code(text) => line(text),
            Span::Link { text, .. } => line(text),
            Span::Status(_) | Span::Shape(_) | Span::Break => {}
        }
    }
}

fn cells(table: &mut Table) {
    table.rows.iter_mut().flatten().for_each(|cell| spans(cell));
}

fn figure(figure: &mut Figure) {
    match figure {
        Figure::Stages(bars) => bars.iter_mut().for_each(|bar| line(&mut bar.title)),
        Figure::Latency(histogram) => line(&mut histogram.route),
        Figure::Curves(curves) => curves.lines.iter_mut().for_each(|(name, _)| line(name)),
        Figure::Map(rows) => {
            for row in rows {
                [&mut row.name, &mut row.rtype, &mut row.target, &mut row.provider].into_iter().for_each(line);
            }
        }
        Figure::Chain(hops) => {
            for hop in &mut hops.hops {
                line(&mut hop.url);
                hop.wrong.iter_mut().for_each(|(_, says)| line(says));
            }
            hops.wrong.iter_mut().for_each(|(_, says)| line(says));
            line(&mut hops.start);
            line(&mut hops.end);
        }
        Figure::Ways(ways) => ways.iter_mut().flat_map(|way| [&mut way.from, &mut way.end]).for_each(line),
        Figure::Line(stops) => {
            for stop in stops {
                line(&mut stop.says);
                stop.border.iter_mut().for_each(line);
                for (name, signs) in &mut stop.companies {
                    line(name);
                    signs.iter_mut().for_each(line);
                }
            }
        }
    }
}
