//! Prints blocks as one HTML file that stands alone: no script, nothing loaded, headings, tables and lists as a screen reader expects them.

mod svg;
#[cfg(test)]
mod tests;

// Pictures of pages draw lines and shapes as the figures do.
pub(crate) use svg::drawn as ink;

use crate::block::{Block, Cover, Heading, Mark, Role, Span, Table, To, Tone, headings, listed};
use crate::pdf::{Color, Fonts};
use crate::words;
use crate::{Error, Template};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");
/// Nothing is loaded and nothing runs, whatever a record or header that is quoted here says.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The HTML of blocks; `title` names the document, `foot` is said at its end.
///
/// # Errors
/// When an embedded font cannot be read: figures are measured by it.
pub fn print(blocks: &[Block], title: &str, foot: &str, template: &Template) -> Result<String, Error> {
    let fonts = Fonts::load()?.dressed(template);
    let page = Page { fonts: &fonts, headings: headings(blocks) };
    let text = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(colors(template))) }
            }
            body {
                main { (page.blocks(blocks)) }
                footer { (foot) }
            }
        }
    };
    Ok(text.into_string())
}

/// The colours of a template, where the ground is light: they were checked on paper only.
fn colors(template: &Template) -> String {
    let set = |color: Option<Color>, rule: &str| {
        color.map(|(red, green, blue)| rule.replace('$', &format!("#{red:02x}{green:02x}{blue:02x}")))
    };
    let rules = [set(template.accent, ":root{--accent:$}"), set(template.headings, "h1,h2,h3,h4{color:$}")];
    let rules: String = rules.into_iter().flatten().collect();
    if rules.is_empty() { rules } else { format!("@media (prefers-color-scheme:light),print{{{rules}}}") }
}

/// The logo as a picture inside the page; what cannot be written is left out, its name stands beside it.
fn logo(cover: &Cover) -> Option<Markup> {
    let picture = cover.logo.as_ref()?.url().ok()?;
    let alt = if cover.by.is_empty() { "Logo".to_owned() } else { format!("Logo of {}", cover.by) };
    Some(html! { img.logo src=(picture) alt=(alt); })
}

/// An id as an attribute holds it.
fn name(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' }).collect()
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Pass => "pass",
        Tone::Warn => "warn",
        Tone::Fail => "fail",
        Tone::Unsure => "unsure",
        Tone::Waived => "waived",
        Tone::Quiet => "still",
        Tone::Ask => "ask",
    }
}

fn status(mark: &Mark) -> Markup {
    html! { span.mark.(tone(mark.tone)) { (svg::shape(mark)) (mark.word) } }
}

fn spans(spans: &[Span]) -> Markup {
    html! {
        @for span in spans {
            @match span {
                Span::Text(text) => { (text) }
                Span::Strong(text) => { strong { (text) } }
                Span::Quiet(text) => { span.quiet { (text) } }
                Span::Code(text) => { code { (text) } }
                Span::Status(mark) => { (status(mark)) }
                Span::Shape(mark) => { span.(tone(mark.tone)) { (svg::shape(mark)) } }
                Span::Link { text, to: To::Heading(id) } => { a href=(format!("#{}", name(id))) { (text) } }
                Span::Link { text, to: To::Url(url) } => {
                    // Only addresses of pages and mail become links; anything else is shown as it is written.
                    @if ["https://", "http://", "mailto:"].iter().any(|scheme| url.starts_with(scheme)) {
                        a href=(url) rel="noreferrer noopener" { (text) }
                    } @else { (text) }
                }
                Span::Break => { br; }
            }
        }
    }
}

struct Page<'a> {
    fonts: &'a Fonts,
    headings: Vec<&'a Heading>,
}

impl Page<'_> {
    fn blocks(&self, blocks: &[Block]) -> Markup {
        html! { @for block in blocks { (self.block(block)) } }
    }

    fn block(&self, block: &Block) -> Markup {
        match block {
            Block::Cover(page) => cover(page),
            Block::Heading(line) => heading(line),
            Block::Paragraph { spans: words, role } => html! {
                p.lead[*role == Role::Lead].quiet[*role == Role::Quiet] { (spans(words)) }
            },
            Block::List { items, numbered: true } => html! { ol { @for item in items { li { (spans(item)) } } } },
            Block::List { items, numbered: false } => html! { ul { @for item in items { li { (spans(item)) } } } },
            Block::Table(rows) => table(rows),
            Block::Entry { label, blocks } => html! {
                div.entry { div.label { (label) } div { (self.blocks(blocks)) } }
            },
            Block::Code(text) => html! { pre tabindex="0" { (text) } },
            Block::Callout { mark, title, blocks } => html! {
                div.callout.(tone(mark.tone)) { p { (status(mark)) " " strong { (spans(title)) } } (self.blocks(blocks)) }
            },
            Block::Figure(drawing) => svg::figure(self.fonts, drawing),
            Block::Contents(parts) => html! {
                nav aria-label="Contents" {
                    @for (title, headings) in listed(&self.headings, parts) {
                        div.part { p { (title) } ol { @for heading in headings {
                            li { a href=(format!("#{}", name(&heading.id))) { (heading.text) } }
                        } } }
                    }
                }
            },
            Block::Signatures(people) => html! {
                @for who in people { div.sign { span { (who) } span { "Signature" } span { "Date" } } }
            },
            Block::Together(blocks) => self.blocks(blocks),
            Block::PageBreak { .. } => html! {},
        }
    }
}

fn heading(line: &Heading) -> Markup {
    let id = name(&line.id);
    let words = html! { @if let Some(mark) = &line.mark { (svg::shape(mark)) } (line.text) };
    match line.level {
        1 => html! { h2 id=(id) { (words) } },
        2 => html! { h3 id=(id) { (words) } },
        _ => html! { h4 id=(id) { (words) } },
    }
}

fn cover(page: &Cover) -> Markup {
    html! {
        header {
            @if let Some(logo) = logo(page) { (logo) }
            @if !page.by.is_empty() { p { strong { (page.by) } } }
            p.kicker { (page.kicker) @if !page.client.is_empty() { " · " (page.client) } }
            h1 { (page.title) }
            p.lead { span.mark.(tone(page.mark.tone)) { (svg::shape(&page.mark)) (words::capital(&page.mark.word)) } " " (page.says) }
            ul { @for (stage, mark) in &page.stages { li { (stage) ": " (status(mark)) } } }
            div.wide tabindex="0" role="region" aria-label="About this document" {
                table { tbody { @for (label, value) in &page.rows { tr { th scope="row" { (label) } td { (spans(value)) } } } } }
            }
            p.quiet { (page.foot) }
        }
    }
}

fn table(table: &Table) -> Markup {
    let named = table.columns.iter().any(|column| !column.title.is_empty());
    html! {
        div.wide {
            table {
                @if named {
                    thead { tr { @for column in &table.columns {
                        @if column.title.is_empty() { td {} } @else { th.figures[column.right] scope="col" { (column.title) } }
                    } } }
                }
                tbody { @for row in &table.rows { tr { @for (cell, column) in row.iter().zip(&table.columns) {
                    td.figures[column.right] { (spans(cell)) }
                } } } }
            }
        }
    }
}
