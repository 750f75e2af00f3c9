//! The decision: the verdict in words and shape, what blocks, what must be settled, the five largest risks, and lines to sign.

use super::open;
use crate::block::{Block, Column, Span, Table};
use crate::brief::{Brief, stage_id};
use crate::words;
use audit::Launch;
use audit::audit::{Condition, Open};

pub(super) const TITLE: &str = "Decision";

/// Blockers named here; the fix order has them all.
const BLOCKERS: usize = 12;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let audit = brief.audit;
    let mut blocks = open("decision", TITLE);
    blocks.push(Block::Callout {
        mark: words::verdict(audit.verdict),
        title: vec![Span::text(advice(audit.verdict))],
        blocks: vec![Block::text(audit.says.join(" "))],
    });
    blocks.extend(blockers(brief));
    blocks.extend(top(brief));
    blocks.extend(conditions(brief));
    blocks.push(Block::Together(vec![
        Block::heading(2, "Agreed", "decision-agreed"),
        Block::quiet("Both sides know the open points of this report and agree how the launch goes on."),
        Block::Signatures(vec!["Name, for the product".to_owned(), "Name, for the audit".to_owned()]),
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

fn blockers(brief: &Brief<'_>) -> Vec<Block> {
    let total = brief.blockers().count();
    if total == 0 {
        return vec![];
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
    vec![Block::heading(2, "Blockers", "decision-blockers"), Block::body(spans)]
}

/// What stands between a conditional go and a go, one row for each kind.
fn conditions(brief: &Brief<'_>) -> Vec<Block> {
    let row = |condition: &Condition| {
        let place = match condition.kind {
            Open::Findings => "fix-order",
            Open::NotBuilt | Open::Untold => "scope",
            Open::Confirm | Open::Questions | Open::Signals => "readiness",
        };
        vec![
            vec![Span::Strong(condition.count.to_string())],
            vec![Span::see(condition.says.clone(), place)],
            vec![Span::text(&condition.way)],
        ]
    };
    let rows: Vec<_> = brief.audit.conditions.iter().map(row).collect();
    if rows.is_empty() {
        return vec![];
    }
    let columns = vec![Column::figures(""), Column::fit("Open", 0.34), Column::share("What settles it", 1.0)];
    let title = if brief.stops() { "Besides" } else { "Conditions" };
    vec![Block::heading(2, title, "decision-conditions"), Block::Table(Table { columns, rows })]
}

fn top(brief: &Brief<'_>) -> Vec<Block> {
    let audit = brief.audit;
    let mut steps: Vec<_> = audit.order.iter().collect();
    steps.sort_by_key(|step| std::cmp::Reverse((step.grade, step.severity)));
    let row = |step: &&audit::audit::Step| {
        let stage = audit.stages.iter().find(|stage| stage.items.iter().any(|item| item.checks.contains(&step.check)));
        let place = stage.map(|stage| Span::see(stage.title.clone(), stage_id(stage.number)));
        vec![
            vec![Span::Status(words::severity(step.grade, step.severity))],
            vec![Span::text(format!("{} ", step.says)), Span::finding(step.rank)],
            place.into_iter().collect(),
        ]
    };
    let rows: Vec<_> = steps.iter().take(5).map(row).collect();
    if rows.is_empty() {
        return vec![];
    }
    let columns = vec![Column::fit("Severity", 0.16), Column::share("What is", 1.0), Column::fit("Stage", 0.24)];
    let title =
        format!("The {} largest risks", ["", "one", "two", "three", "four", "five"].get(rows.len()).unwrap_or(&"five"));
    let title = if rows.len() == 1 { "The largest risk".to_owned() } else { title };
    vec![Block::heading(2, title, "decision-risks"), Block::Table(Table { columns, rows })]
}
