//! Every finding in full: what was seen, why it matters, what to do, what to paste, how to check again.

use super::follow;
use crate::block::{Block, Column, Heading, Span, Table, To};
use crate::brief::{Brief, Ranked};
use crate::words;
use audit::read::fix::{self, FixStep, RecordLine};

pub(super) const TITLE: &str = "Findings in detail";

/// Lines of evidence that are printed; the evidence itself is not cut in the facts.
const EVIDENCE: usize = 30;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("findings", TITLE);
    if brief.audit.order.is_empty() {
        blocks.push(Block::lead("There are none."));
        return blocks;
    }
    blocks.push(Block::lead("In the order in which they are mended."));
    blocks.extend(brief.findings().flat_map(|ranked| one(&ranked)));
    blocks
}

fn one(ranked: &Ranked<'_>) -> Vec<Block> {
    let step = ranked.step;
    let mark = words::severity(step.grade, step.severity);
    let title = format!("Finding {} · {}", step.rank, step.subject);
    let heading = Heading { level: 2, text: title, id: format!("finding-{}", step.rank), mark: None };
    let mut first = vec![
        Block::Heading(heading),
        Block::body(vec![Span::Status(mark), Span::text("  "), Span::Strong(step.says.clone())]),
    ];
    let seen = ranked.finding.map(|finding| finding.evidence.as_slice()).unwrap_or_default();
    let mut blocks = vec![];
    if let Some(evidence) = evidence(seen) {
        blocks.push(Block::entry("What we saw", vec![evidence]));
    }
    if let Some(outcome) = ranked.outcome {
        blocks.push(Block::entry("Why it matters", vec![Block::text(outcome.why.clone())]));
    }
    let effort = format!("  About {}.", words::minutes(u32::from(step.fix.minutes)));
    let fix = Block::body(vec![Span::text(&step.fix.says), Span::Quiet(effort)]);
    // What is done and what is pasted are read as one.
    let mut last = vec![Block::entry("What to do", vec![fix])];
    if let Some(paste) = &step.fix.paste {
        last.push(Block::entry("To paste", paste_of(paste)));
    }
    if !blocks.is_empty() {
        first.push(blocks.remove(0));
    }
    let mut whole = vec![Block::Together(first)];
    whole.extend(blocks);
    whole.push(Block::Together(last));
    whole.push(Block::entry("To check again", vec![Block::body(check(ranked))]));
    whole
}

/// Records as the fields of the form at a DNS provider, then everything as the lines to paste.
fn paste_of(paste: &str) -> Vec<Block> {
    let row = |does: &str, line: &RecordLine| {
        let ttl = line.ttl.map_or_else(|| Span::Quiet("as it is".to_owned()), |ttl| Span::text(words::ttl(ttl)));
        vec![
            vec![Span::Strong(does.to_owned())],
            vec![Span::code(&line.name)],
            vec![Span::code(&line.rtype)],
            vec![Span::code(&line.value)],
            vec![ttl],
        ]
    };
    let rows: Vec<_> = fix::steps(paste)
        .iter()
        .filter_map(|step| match step {
            FixStep::Set(line) => Some(row("Set", line)),
            FixStep::Remove(line) => Some(row("Remove", line)),
            FixStep::Header { .. } | FixStep::Redirect { .. } | FixStep::Words { .. } => None,
        })
        .collect();
    let code = Block::Code(paste.to_owned());
    if rows.is_empty() {
        return vec![code];
    }
    let columns = vec![
        Column::fit("", 0.14),
        Column::fit("Name", 0.34),
        Column::fit("Type", 0.1),
        Column::share("Value", 1.0),
        Column { right: true, ..Column::fit("TTL", 0.14) },
    ];
    vec![Block::Table(Table { columns, rows }), code]
}

fn evidence(seen: &[String]) -> Option<Block> {
    if seen.is_empty() {
        return None;
    }
    let mut lines: Vec<String> = seen.iter().take(EVIDENCE).map(|line| line.replace(['\n', '\r'], " ")).collect();
    if seen.len() > EVIDENCE {
        lines.push(format!("… and {} more", seen.len() - EVIDENCE));
    }
    Some(Block::Code(lines.join("\n")))
}

fn check(ranked: &Ranked<'_>) -> Vec<Span> {
    let mut spans =
        vec![Span::text("Run "), Span::code(&ranked.step.check), Span::text(" again; it should then pass.")];
    if !ranked.step.items.is_empty() {
        spans.push(Span::text(" It holds open "));
        for (at, item) in ranked.step.items.iter().enumerate() {
            if at > 0 {
                spans.push(Span::text(", "));
            }
            spans.push(Span::see(item.clone(), format!("item-{item}")));
        }
        spans.push(Span::text("."));
    }
    let refs = ranked.outcome.map(|outcome| outcome.refs.as_slice()).unwrap_or_default();
    // A check may also rest on this product's own data; that is no standard.
    for (at, name) in refs.iter().filter(|name| !name.starts_with("assets/")).enumerate() {
        spans.push(Span::Quiet(if at == 0 { "  By " } else { ", " }.to_owned()));
        spans.push(match words::standard(name) {
            Some(url) => Span::Link { text: name.replace(' ', "\u{a0}"), to: To::Url(url) },
            None => Span::Quiet(name.clone()),
        });
    }
    spans
}
