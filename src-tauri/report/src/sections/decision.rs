//! The decision: the verdict in words and shape, what blocks, what must be settled, the five largest risks, and lines to sign.

use super::open;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::Launch;
use audit::audit::{Condition, Open};
use audit::read::text::clean;

pub(super) const TITLE: &str = "Decision";

/// Blockers named here; the fix order has them all.
const BLOCKERS: usize = 10;

/// Characters of a sentence in the table of risks: two lines of it.
const SAYS: usize = 150;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let audit = brief.audit;
    let mut blocks = open("decision", TITLE);
    let mut told = vec![Block::text(clean(&audit.says.join(" "), 420))];
    told.extend(blockers(brief));
    blocks.push(Block::Callout {
        mark: words::verdict(audit.verdict),
        title: vec![Span::text(advice(audit.verdict))],
        blocks: told,
    });
    blocks.extend(top(brief));
    blocks.extend(conditions(brief));
    let author = brief.options.author.as_deref().map(str::trim).filter(|author| !author.is_empty());
    let by = author
        .map_or_else(|| "Name, for the audit".to_owned(), |author| format!("{}, for the audit", clean(author, 40)));
    blocks.push(Block::Together(vec![
        Block::heading(2, "Agreed", "decision-agreed"),
        Block::quiet("Both sides know the open points of this report and agree how the launch goes on."),
        Block::Signatures(vec!["Name, for the product".to_owned(), by]),
    ]));
    blocks
}

fn advice(verdict: Launch) -> &'static str {
    match verdict {
        Launch::Go => "Launch.",
        Launch::Conditional => "Launch once the conditions below are settled or accepted.",
        Launch::NoGo => "Do not launch before the blockers below are mended.",
    }
}

fn blockers(brief: &Brief<'_>) -> Option<Block> {
    let total = brief.blockers().count();
    if total == 0 {
        return None;
    }
    let stand = if total == 1 { "stands" } else { "stand" };
    let mut spans = vec![Span::text(format!("{} {stand} against a launch: ", words::count(total, "finding")))];
    for (at, step) in brief.blockers().take(BLOCKERS).enumerate() {
        if at > 0 {
            spans.push(Span::text(", "));
        }
        spans.push(Span::finding(step.rank));
    }
    let more = total.saturating_sub(BLOCKERS);
    if more > 0 {
        spans.push(Span::text(format!(" and {more} more in the ")));
        spans.push(Span::see("fix order", "fix-order"));
    }
    spans.push(Span::text("."));
    Some(Block::body(spans))
}

/// What stands between this and a go: what settles it too where nothing worse stands in the way.
fn conditions(brief: &Brief<'_>) -> Vec<Block> {
    let open = &brief.audit.conditions;
    if open.is_empty() {
        return vec![];
    }
    let link = |condition: &Condition| {
        let place = match condition.kind {
            Open::Findings => "fix-order",
            Open::NotBuilt | Open::Untold => "scope",
            Open::Confirm | Open::Questions | Open::Signals => "readiness",
        };
        Span::see(format!("{} {}", condition.count, condition.says), place)
    };
    if brief.stops() {
        let mut spans = vec![];
        for condition in open {
            spans.push(Span::text(if spans.is_empty() { "After the blockers there remain " } else { ", " }));
            spans.push(link(condition));
        }
        spans.push(Span::text("."));
        return vec![Block::heading(2, "Besides", "decision-conditions"), Block::body(spans)];
    }
    let items = open.iter().map(|one| vec![link(one), Span::text(format!(". {}", one.way))]).collect();
    vec![Block::heading(2, "Conditions", "decision-conditions"), Block::List { items, numbered: false }]
}

fn top(brief: &Brief<'_>) -> Vec<Block> {
    let mut steps: Vec<_> = brief.audit.order.iter().collect();
    steps.sort_by_key(|step| std::cmp::Reverse((step.grade, step.severity)));
    let row = |step: &&audit::audit::Step| {
        vec![
            vec![Span::Status(words::severity(step.grade, step.severity))],
            vec![Span::text(clean(&step.says, SAYS))],
            vec![Span::finding(step.rank)],
        ]
    };
    let rows: Vec<_> = steps.iter().take(5).map(row).collect();
    if rows.is_empty() {
        return vec![];
    }
    let columns = vec![Column::fit("Severity", 0.16), Column::share("What is", 1.0), Column::fit("Details", 0.16)];
    let number = ["", "", "two ", "three ", "four ", "five "].get(rows.len()).unwrap_or(&"");
    let title = if rows.len() == 1 { "The largest risk".to_owned() } else { format!("The {number}largest risks") };
    vec![Block::heading(2, title, "decision-risks"), Block::Table(Table { columns, rows })]
}
