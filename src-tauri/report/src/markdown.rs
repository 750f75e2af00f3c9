//! Prints blocks as Markdown (CommonMark with tables): every heading, row and word of the PDF, in the same order.

use crate::block::{Block, Cover, Figure, Heading, Hops, Mark, Shape, Span, Stop, Table, To, headings, listed};
use crate::words;
use std::fmt::Write as _;

/// The Markdown of blocks.
#[must_use]
pub fn print(blocks: &[Block]) -> String {
    let headings = headings(blocks);
    let mut out = String::new();
    write(blocks, &headings, &mut out);
    let mut text = out.trim().to_owned();
    text.push('\n');
    text
}

fn write(blocks: &[Block], headings: &[&Heading], out: &mut String) {
    for block in blocks {
        match block {
            Block::Cover(page) => cover(page, out),
            Block::Heading(heading) => {
                let mark = heading.mark.as_ref().map(|mark| format!("{} ", sign(mark.shape))).unwrap_or_default();
                let level = "#".repeat(usize::from(heading.level) + 1);
                // An empty anchor keeps links working whatever the reader makes of the words.
                let _ = writeln!(
                    out,
                    "<a id=\"{}\"></a>\n\n{level} {mark}{}\n",
                    attribute(&heading.id),
                    escape(&heading.text)
                );
            }
            Block::Paragraph { spans, .. } => {
                let _ = writeln!(out, "{}\n", inline(spans, "  \n"));
            }
            Block::List { items, numbered } => {
                for (at, item) in items.iter().enumerate() {
                    let sign = if *numbered { format!("{}.", at + 1) } else { "-".to_owned() };
                    let _ = writeln!(out, "{sign} {}", inline(item, " "));
                }
                out.push('\n');
            }
            Block::Table(rows) => table(rows, out),
            Block::Entry { label, blocks } => {
                let _ = writeln!(out, "**{}**\n", escape(label));
                write(blocks, headings, out);
            }
            Block::Code(text) => code(text, out),
            Block::Callout { mark, title, blocks } => {
                let mut inside = format!("{} **{}** {}\n\n", sign(mark.shape), escape(&mark.word), inline(title, " "));
                write(blocks, headings, &mut inside);
                for line in inside.trim_end().lines() {
                    let _ = writeln!(out, "> {line}");
                }
                out.push('\n');
            }
            Block::Figure(drawing) => figure(drawing, out),
            Block::Contents(parts) => {
                for (title, headings) in listed(headings, parts) {
                    let _ = writeln!(out, "**{}**\n", escape(title));
                    for heading in headings {
                        let _ = writeln!(out, "- [{}](#{})", escape(&heading.text), attribute(&heading.id));
                    }
                    out.push('\n');
                }
            }
            Block::Signatures(people) => {
                for who in people {
                    let _ =
                        writeln!(out, "{}: ______________  Signature: ______________  Date: ________\n", escape(who));
                }
            }
            Block::Together(blocks) => write(blocks, headings, out),
            Block::PageBreak { .. } => {}
        }
    }
}

fn cover(page: &Cover, out: &mut String) {
    let _ = writeln!(out, "# {}\n\n{}\n", escape(&page.title), escape(&page.kicker));
    if !page.by.is_empty() {
        let _ = writeln!(out, "By {}\n", escape(&page.by));
    }
    if !page.client.is_empty() {
        let _ = writeln!(out, "{}\n", escape(&page.client));
    }
    let _ = writeln!(
        out,
        "{} **{}** {}\n",
        sign(page.mark.shape),
        escape(&words::capital(&page.mark.word)),
        escape(&page.says)
    );
    for (label, value) in &page.rows {
        let _ = writeln!(out, "- {}: {}", escape(label), inline(value, " "));
    }
    let _ = writeln!(out, "\n{}\n", escape(&page.foot));
}

fn table(table: &Table, out: &mut String) {
    let titles: Vec<String> = table.columns.iter().map(|column| cell(&escape(&column.title))).collect();
    let rules: Vec<&str> = table.columns.iter().map(|column| if column.right { "---:" } else { "---" }).collect();
    let _ = writeln!(out, "| {} |\n| {} |", titles.join(" | "), rules.join(" | "));
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|spans| cell(&inline(spans, "<br>"))).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out.push('\n');
}

/// A bar ends a cell even inside code (GFM tables §4.10), so it is always escaped.
fn cell(text: &str) -> String {
    text.replace("\\|", "|").replace('|', "\\|").replace('\n', " ")
}

fn figure(figure: &Figure, out: &mut String) {
    match figure {
        Figure::Stages(bars) => {
            for bar in bars {
                let shapes: String = bar.marks.iter().map(|mark| sign(mark.shape)).collect::<Vec<_>>().join(" ");
                let _ = writeln!(
                    out,
                    "- {}. {}: {shapes} ({} of {} ready)",
                    bar.number,
                    escape(&bar.title),
                    bar.ready,
                    bar.marks.len()
                );
            }
            out.push('\n');
        }
        // The tables below these figures hold the same figures.
        Figure::Latency(_) | Figure::Curves(_) | Figure::Map(_) | Figure::Ways(_) => {}
        Figure::Line(stops) => stops.iter().for_each(|one| stop(one, out)),
        Figure::Chain(hops) => chain(hops, out),
    }
}

fn chain(hops: &Hops, out: &mut String) {
    let mut text = String::new();
    if hops.hops.is_empty() {
        let _ = writeln!(text, "none {}", hops.start);
    }
    let wrong = |text: &mut String, wrong: &[(Mark, String)]| {
        for (mark, says) in wrong {
            let _ = writeln!(text, "    {} {says}", sign(mark.shape));
        }
    };
    for hop in &hops.hops {
        let _ = writeln!(text, "{} {} ({})", hop.status, hop.url, hop.took);
        wrong(&mut text, &hop.wrong);
    }
    let _ = writeln!(text, "    {}", hops.end);
    wrong(&mut text, &hops.wrong);
    code(text.trim_end(), out);
}

/// One station of the line of companies.
fn stop(stop: &Stop, out: &mut String) {
    if let Some(border) = &stop.border {
        let _ = writeln!(out, "*{}*\n", escape(border));
    }
    let _ = writeln!(out, "- {} **{}**: {}", sign(stop.mark.shape), escape(&stop.title), escape(&stop.does));
    for (name, signs) in &stop.companies {
        let _ = writeln!(out, "  - **{}**: {}", escape(name), escape(&signs.join("; ")));
    }
    if stop.companies.is_empty() {
        let _ = writeln!(out, "  - {}: {}", escape(&stop.mark.word), escape(&stop.says));
    }
    out.push('\n');
}

fn code(text: &str, out: &mut String) {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(out, "{fence}\n{text}\n{fence}\n");
}

fn inline(spans: &[Span], line: &str) -> String {
    let mut out = String::new();
    for span in spans {
        match span {
            Span::Text(text) | Span::Quiet(text) => out.push_str(&escape(text)),
            Span::Strong(text) => wrapped(&mut out, text, |text| format!("**{}**", escape(text))),
            Span::Code(text) => wrapped(&mut out, text, ticked),
            Span::Status(mark) => {
                let _ = write!(out, "{} {}", sign(mark.shape), escape(&mark.word));
            }
            Span::Shape(mark) => out.push_str(sign(mark.shape)),
            Span::Link { text, to: To::Heading(id) } => {
                let _ = write!(out, "[{}](#{})", escape(text), attribute(id));
            }
            Span::Link { text, to: To::Url(url) } => {
                let _ = write!(out, "[{}](<{}>)", escape(text), url.replace(['<', '>', '\n'], ""));
            }
            Span::Break => out.push_str(line),
        }
    }
    out
}

/// Emphasis must not begin or end with a space; empty text has none.
fn wrapped(out: &mut String, text: &str, mark: impl Fn(&str) -> String) {
    let bare = text.trim();
    if bare.is_empty() {
        out.push_str(text);
        return;
    }
    out.push_str(&text[..text.len() - text.trim_start().len()]);
    out.push_str(&mark(bare));
    out.push_str(&text[text.trim_end().len()..]);
}

fn ticked(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text from outside never becomes markup.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let opens = at == 0 && matches!(c, '-' | '+' | '=' | '.' | ')');
        if opens || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '!' | '&' | '$') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn attribute(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' }).collect()
}

/// The sign that stands for a shape where nothing can be drawn.
#[must_use]
pub fn sign(shape: Shape) -> &'static str {
    match shape {
        Shape::Tick => "●",
        Shape::Triangle => "▲",
        Shape::Octagon => "■",
        Shape::Question => "?",
        Shape::Bar => "◉",
        Shape::Dash => "–",
        Shape::Dotted => "○",
        Shape::Hand => "›",
        Shape::Half => "◐",
        Shape::Clock => "◷",
    }
}

/// The sign and the word of a status.
#[must_use]
pub fn spoken(mark: &Mark) -> String {
    format!("{} {}", sign(mark.shape), mark.word)
}
