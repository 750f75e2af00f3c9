//! Every finding in full: what was seen, why it matters, what to do, what to paste, how to check again.

use super::open;
use crate::block::{Block, Heading, Span, To};
use crate::brief::{Brief, Ranked};
use crate::words;

pub(super) const TITLE: &str = "Findings in detail";

/// Lines of evidence that are printed; the evidence itself is not cut in the facts.
const EVIDENCE: usize = 30;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = open("findings", TITLE);
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
    blocks.push(Block::entry("What to do", vec![fix]));
    if let Some(paste) = &step.fix.paste {
        blocks.push(Block::entry("To paste", vec![Block::Code(paste.clone())]));
    }
    blocks.push(Block::entry("To check again", vec![Block::body(check(ranked))]));
    let opening = blocks.remove(0);
    first.push(opening);
    let mut whole = vec![Block::Together(first)];
    whole.extend(blocks);
    whole
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
