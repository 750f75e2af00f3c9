//! Releases: the note that one deploys by and the note that one writes after it, both filled as far as is known.

use super::{follow, product};
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::State;
use audit::parties::Role;
use audit::settings;

pub(super) const DEPLOY: &str = "Deploy note";
pub(super) const NOTES: &str = "Release notes";

/// Settings named in the note; the list of settings has them all.
const SETTINGS: usize = 24;

/// What somebody wrote, or that it is missing, with what to write.
fn told(note: Option<String>, missing: &str) -> Vec<Span> {
    match note {
        Some(note) => vec![Span::text(note)],
        None => vec![Span::Status(words::state(State::NeedsYou)), Span::text(format!("  {missing}"))],
    }
}

pub(super) fn deploy(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("deploy-note", DEPLOY);
    blocks.push(Block::lead(format!(
        "How {} is released, by whom, and how one goes back.",
        product(brief.options, brief.audit)
    )));
    let place = brief.company(Role::Hosting, "a company that was not recognised");
    let who = brief.answered("deploy.release_path").map(|answer| answer.owner.trim()).filter(|owner| !owner.is_empty());
    let rows = [
        (
            "Goes to",
            vec![
                Span::text(format!("{place}; customers open ")),
                Span::code(format!("https://{}", brief.audit.target.name)),
            ],
        ),
        (
            "Who may",
            told(
                who.or_else(|| brief.owner(&["deploy", "hosting"])).map(str::to_owned),
                "name the people who release.",
            ),
        ),
        (
            "Steps",
            told(
                brief.said("deploy.release_path"),
                "write the commands or clicks in their order, from a clean copy to live.",
            ),
        ),
        ("Before", told(brief.said("deploy.environments"), "say where a release is tried before customers get it.")),
        ("Needs", needs(brief)),
        (
            "Data",
            told(
                brief.said("deploy.migrations"),
                "say how a change of the database is released, and whether old code can read it.",
            ),
        ),
        (
            "After",
            vec![
                Span::text("Open each address and go through each flow of the "),
                Span::see("regression list", "regression"),
                Span::text("."),
            ],
        ),
        (
            "Way back",
            told(brief.said("deploy.rollback_path"), "write the exact steps that bring the last good release back."),
        ),
        (
            "Way back, tried",
            told(
                brief.said("deploy.rollback_drill"),
                "try it once on a harmless change and note the minutes; five are the limit.",
            ),
        ),
    ];
    let row = |(label, spans): (&str, Vec<Span>)| vec![vec![Span::Strong(label.to_owned())], spans];
    let columns = vec![Column::fit("", 0.2), Column::share("", 1.0)];
    blocks.push(Block::Table(Table { columns, rows: rows.into_iter().map(row).collect() }));
    blocks
}

/// Addresses of the product that a person can open: where it ends, then what was measured.
pub(super) fn live(brief: &Brief<'_>) -> Vec<String> {
    let mut urls = vec![format!("https://{}/", brief.audit.target.name)];
    for url in brief.facts.latency.keys() {
        if !urls.contains(url) {
            urls.push(url.clone());
        }
    }
    urls
}

fn needs(brief: &Brief<'_>) -> Vec<Span> {
    let inventory = brief.facts.inventory.as_ref().and_then(|fact| fact.seen().ok());
    let Some(inventory) = inventory else {
        return vec![
            Span::Status(words::state(State::NeedsYou)),
            Span::text("  give the folder of the code; its settings are read from it."),
        ];
    };
    let names: Vec<&str> = inventory
        .variables
        .iter()
        .filter(|(name, seen)| settings::required(name, seen).is_some())
        .map(|(name, _)| name.as_str())
        .collect();
    if names.is_empty() {
        return vec![Span::text("no setting")];
    }
    let mut spans = vec![
        Span::text(format!("{}: ", words::count(names.len(), "setting"))),
        Span::code(names[..names.len().min(SETTINGS)].join(", ")),
    ];
    if names.len() > SETTINGS {
        spans.extend([Span::text(" and more under "), Span::see("settings", "settings")]);
    }
    spans
}

pub(super) fn notes(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("release-notes", NOTES);
    blocks.push(Block::lead("Copy this for every release; five lines are enough, and nobody has to ask later."));
    let name = product(brief.options, brief.audit);
    let lines = [
        format!("{name}, release ____ of ____-__-__ __:__ UTC, by ________"),
        "What customers see: ".to_owned(),
        "What changed underneath (code, settings, database, records): ".to_owned(),
        "Tried before on: ____   Way back: the release before, ____".to_owned(),
        format!("Opened afterwards: {}", live(brief).into_iter().take(4).collect::<Vec<_>>().join("  ")),
        "Watched for 15 minutes: errors ____ %, slowest page ____ ms".to_owned(),
    ];
    blocks.push(Block::Code(lines.join("\n")));
    blocks
}
