//! Readiness by stage: one shape for each item, the same as a table, how much of the minimum bar is met, and the two days of work.

use super::follow;
use crate::block::{Block, Column, Figure, Span, StageBar, Table};
use crate::brief::{Brief, stage_id};
use crate::words;
use audit::State;
use audit::audit::{Light, Stage};
use audit::sprint::{Half, Standing, timeline};

pub(super) const TITLE: &str = "Readiness by stage";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let audit = brief.audit;
    let ready: usize = audit.stages.iter().map(|stage| usize::from(stage.ready)).sum();
    let all: usize = audit.stages.iter().map(|stage| stage.items.len()).sum();
    let mut blocks = follow("readiness", TITLE);
    if let Some(roadmap) = brief.roadmap {
        blocks.push(Block::lead(roadmap.question.clone()));
    }
    blocks.push(Block::text(format!(
        "{ready} of {all} items need nothing more. Each shape below is one item, the worst first."
    )));
    blocks.push(Block::Figure(Figure::Stages(audit.stages.iter().map(bar).collect())));
    blocks.push(table(&audit.stages));
    blocks.extend(bar_met(&audit.bar));
    blocks.extend(sprint(brief));
    blocks
}

/// How much of the minimum bar is met; its points stand where they are signed for.
fn bar_met(bar: &[Light]) -> Option<Block> {
    let met = bar.iter().filter(|light| light.state.ready()).count();
    (!bar.is_empty()).then(|| {
        Block::body(vec![
            Span::text(format!(
                "Of the minimum bar, {met} of {} points are met. Below it, a launch costs more than it brings; ",
                bar.len()
            )),
            Span::see("point by point", "handover-points"),
            Span::text("."),
        ])
    })
}

/// The two days of work: what each half-day was for, and how it stands.
fn sprint(brief: &Brief<'_>) -> Vec<Block> {
    let audit = brief.audit;
    let began = brief.facts.sprint.as_ref();
    let line = began.and_then(|sprint| timeline(sprint, &audit.roadmap, &audit.stages, audit.judged));
    let Some(line) = line else { return vec![] };
    let row = |half: &Half| {
        let state = match half.standing {
            Standing::Done => Span::Status(words::state(State::Done)),
            Standing::Slipped => Span::Status(words::state(State::Attention)),
            Standing::Now => Span::text("under way"),
            Standing::Ahead => Span::text("to come"),
        };
        let open = if half.open.is_empty() { "nothing".to_owned() } else { half.open.join(", ") };
        vec![
            vec![Span::text(&half.title), Span::Break, Span::Quiet(words::time(half.from))],
            vec![Span::text(&half.does)],
            vec![state],
            vec![Span::Quiet(open)],
        ]
    };
    let columns = vec![
        Column::fit("Half-day", 0.25),
        Column::share("What it is for", 1.0),
        Column::fit("State", 0.2),
        Column::share("Still open", 1.0),
    ];
    let paused = line.paused.map(|since| format!(" The clock is paused since {}.", words::time(since)));
    vec![
        Block::heading(2, "The two days", "sprint"),
        Block::text(format!("Begun {}.{}", words::time(line.began), paused.unwrap_or_default())),
        Block::Table(Table { columns, rows: line.halves.iter().map(row).collect() }),
    ]
}

fn bar(stage: &Stage) -> StageBar {
    let mut states: Vec<State> = stage.items.iter().map(|item| item.state).collect();
    states.sort_by_key(|state| std::cmp::Reverse(state.weight()));
    StageBar {
        number: stage.number,
        title: stage.title.clone(),
        marks: states.into_iter().map(words::state).collect(),
        ready: stage.ready,
        id: stage_id(stage.number),
    }
}

fn table(stages: &[Stage]) -> Block {
    let row = |stage: &Stage| {
        let of = |wanted: &[State]| stage.items.iter().filter(|item| wanted.contains(&item.state)).count();
        let figure = |number: usize| {
            vec![if number == 0 { Span::Quiet("0".to_owned()) } else { Span::text(number.to_string()) }]
        };
        vec![
            vec![Span::see(format!("{} {}", stage.number, stage.title), stage_id(stage.number))],
            vec![Span::Status(words::state(stage.state))],
            figure(usize::from(stage.ready)),
            figure(of(&[State::Failing])),
            figure(of(&[State::Attention])),
            figure(of(&[State::Unsure])),
            figure(of(&[State::NeedsYou, State::Proposed, State::Stale])),
            figure(of(&[State::NotBuilt])),
        ]
    };
    let mut columns = vec![Column::share("Stage", 1.0), Column::fit("Worst state", 0.22)];
    columns.extend(["Ready", "Failing", "Attention", "Untold", "For you", "Not built"].map(Column::figures));
    Block::Table(Table { columns, rows: stages.iter().map(row).collect() })
}
