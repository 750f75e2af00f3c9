//! Monitoring: what is watched and how it was tried, and who is called first when it speaks.

use super::{filled, follow};
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::{State, form};
use std::collections::BTreeSet;

pub(super) const TITLE: &str = "Monitoring";
pub(super) const MATRIX: &str = "Who is called first";

/// The question whose answer names who is alerted.
const ROUTING: &str = "alerts.routing";

/// The question whose answer names the pages to look at.
const LINKS: &str = "handover.links";

/// What can go wrong, what tells of it, and words of the systems whose owner is called.
const ALARMS: [(&str, &str, &[&str]); 8] = [
    ("The product does not answer", "the probe each minute", &["hosting", "server"]),
    ("More than 1 % of requests fail", "error reports or the log", &["app", "hosting"]),
    ("Pages take longer than the target", "the latency of the probe", &["app", "hosting"]),
    ("Nobody can sign in or pay", "the journey that is gone through by itself", &["app", "payment"]),
    ("Jobs fail or pile up", "the length of their queue", &["app", "database"]),
    ("Mail is refused or bounces", "the sending service's own alert", &["mail"]),
    ("A certificate or the domain runs out", "a warning two weeks before", &["domain", "dns"]),
    ("A key was seen, or somebody signs in who should not", "the issuer's alert", &["secrets", "repository"]),
];

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("monitoring", TITLE);
    blocks.push(Block::lead("What watches the product while nobody looks, and where it is seen."));
    let mut met = BTreeSet::new();
    let items = brief.audit.stages.iter().flat_map(|stage| &stage.items);
    let watched = items.filter(|item| {
        let watches =
            item.checks.iter().any(|id| id.starts_with("monitor.") || id == "http.health" || id == "logs.coverage");
        watches && met.insert(item.id.clone())
    });
    let row = |item: &audit::audit::Item| {
        let mut told = vec![Span::text(&item.title)];
        let check = item.checks.first().map_or(item.id.as_str(), String::as_str);
        told.extend(brief.said(check).into_iter().flat_map(|said| [Span::Break, Span::text(said)]));
        vec![vec![Span::code(&item.id)], told, vec![Span::Status(words::state(item.state))]]
    };
    let rows: Vec<_> = watched.map(row).collect();
    if rows.is_empty() {
        blocks.push(Block::text("This roadmap asks for no monitoring."));
        return blocks;
    }
    let columns = vec![Column::fit("Row", 0.14), Column::share("What is watched", 1.0), Column::fit("State", 0.2)];
    blocks.push(Block::Table(Table { columns, rows }));
    let links = brief.answered(LINKS).zip(form::of(LINKS));
    if let Some(table) = links.and_then(|(answer, form)| filled::links(form, answer)) {
        blocks.push(Block::heading(2, "Where to look", "monitoring-links"));
        blocks.push(table);
    }
    blocks
}

pub(super) fn matrix(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("alert-matrix", MATRIX);
    blocks.push(Block::lead("Each alarm has one person who hears it first. If that person does not answer within fifteen minutes, the next one is called."));
    let own = brief.facts.answers.get(ROUTING).zip(form::of(ROUTING));
    let filled = own.and_then(|(answer, form)| filled::table(form, answer));
    blocks.push(filled.unwrap_or_else(|| proposed(brief)));
    if let Some(drill) = brief.said("monitor.alert_drill") {
        blocks.push(Block::entry("Tried", vec![Block::text(drill)]));
    }
    blocks
}

fn proposed(brief: &Brief<'_>) -> Block {
    let row = |(what, by, calls): &(&str, &str, &[&str])| {
        let who = match brief.owner(calls) {
            Some(owner) => vec![Span::text(owner)],
            None => vec![Span::Status(words::state(State::NeedsYou))],
        };
        vec![vec![Span::text(*what)], vec![Span::text(*by)], who]
    };
    let columns = vec![
        Column::share("What goes wrong", 1.1),
        Column::share("What tells of it", 1.0),
        Column::share("Who is called first", 0.8),
    ];
    Block::Table(Table { columns, rows: ALARMS.iter().map(row).collect() })
}
