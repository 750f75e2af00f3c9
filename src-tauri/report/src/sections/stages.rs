//! The seven stages, one section each: every item with its state, evidence and owner, the deliverables, the failure signals.

use crate::block::{Block, Column, Heading, Span, Table, To};
use crate::brief::{Brief, stage_id};
use crate::words;
use audit::State;
use audit::audit::{Item, Stage};
use audit::facts::{Comment, Evidence, EvidenceKind};

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    brief.audit.stages.iter().flat_map(|stage| one(brief, stage)).collect()
}

fn one(brief: &Brief<'_>, stage: &Stage) -> Vec<Block> {
    let mark = words::state(stage.state);
    let mut blocks = vec![
        Block::PageBreak { unless_left: 0.35 },
        Block::heading(1, format!("Stage {} · {}", stage.number, stage.title), stage_id(stage.number)),
        Block::lead(stage.goal.clone()),
        Block::body(vec![
            Span::Status(mark),
            Span::Quiet(format!("   {} of {} items need nothing more", stage.ready, stage.items.len())),
        ]),
        Block::heading(2, "Items", format!("stage-{}-items", stage.number)),
    ];
    blocks.extend(stage.items.iter().map(|item| entry(brief, item)));
    blocks.extend(deliverables(stage));
    blocks.extend(signals(stage));
    blocks.extend(also(brief, stage));
    blocks
}

fn entry(brief: &Brief<'_>, item: &Item) -> Block {
    let title = Heading { level: 3, text: item.title.clone(), id: format!("item-{}", item.id), mark: None };
    let mut says = vec![Span::Status(words::state(item.state)), Span::text(format!("  {}", item.says))];
    let steps = brief.audit.order.iter().filter(|step| step.items.contains(&item.id));
    for (at, step) in steps.enumerate() {
        says.push(Span::text(if at == 0 { "  See " } else { ", " }));
        says.push(Span::finding(step.rank));
    }
    let mut blocks = vec![Block::Heading(title), Block::body(says)];
    if let Some(question) = &item.question
        && matches!(item.state, State::NeedsYou | State::Proposed)
    {
        blocks.push(Block::body(vec![Span::Quiet("To answer: ".to_owned()), Span::text(question)]));
    }
    blocks.extend(proof(brief, item));
    blocks.extend(answer(item));
    blocks.extend(form(brief, item));
    blocks.extend(filed(brief, item));
    if !item.own {
        return Block::entry(item.id.clone(), blocks);
    }
    let told = vec![Span::Quiet("Not of the roadmap: this project added it, as ".to_owned()), Span::code(&item.id)];
    blocks.insert(1, Block::body(told));
    Block::entry("own row", blocks)
}

/// What was seen that supports a good state.
fn proof(brief: &Brief<'_>, item: &Item) -> Option<Block> {
    let outcomes = item.checks.iter().filter_map(|id| brief.audit.outcome(id));
    let seen: Vec<&str> =
        outcomes.flat_map(|outcome| &outcome.proof).map(String::as_str).filter(|line| *line != item.says).collect();
    if seen.is_empty() || !matches!(item.state, State::Done | State::Proposed | State::Waived) {
        return None;
    }
    let more = seen.len().saturating_sub(4);
    let mut text = format!("Seen: {}", seen.iter().take(4).copied().collect::<Vec<_>>().join("; "));
    if more > 0 {
        text.push_str(&format!("; and {more} more in the evidence"));
    }
    Some(Block::quiet(text))
}

/// Who does it until when, what proves it, and what was said of it.
fn filed(brief: &Brief<'_>, item: &Item) -> Vec<Block> {
    let Some(filed) = brief.facts.dossiers.get(item.answers_to.as_ref().unwrap_or(&item.id)) else { return vec![] };
    let mut blocks = vec![];
    let due = filed.due.map(|due| format!("due on {}", words::date(due)));
    let late = item.overdue.then(|| "overdue".to_owned());
    let who = (!filed.owner.is_empty()).then(|| format!("to be done by {}", filed.owner));
    let charge: Vec<String> = who.into_iter().chain(due).chain(late).collect();
    blocks.extend((!charge.is_empty()).then(|| Block::quiet(format!("In hand: {}.", charge.join(", ")))));
    let piece = |piece: &Evidence| {
        let by = if piece.by.is_empty() { String::new() } else { format!(", by {}", piece.by) };
        let about = format!("  {}{by}, {} bytes, SHA-256 ", words::time(piece.at), piece.bytes);
        let name = match piece.kind {
            EvidenceKind::Link => Span::Link { text: piece.name.clone(), to: To::Url(piece.name.clone()) },
            _ => Span::text(&piece.name),
        };
        vec![name, Span::Quiet(about), Span::code(&piece.hash)]
    };
    if !filed.evidence.is_empty() {
        blocks.push(Block::quiet("Evidence:"));
        blocks.push(Block::List { items: filed.evidence.iter().map(piece).collect(), numbered: false });
    }
    let said = |one: &Comment| Block::quiet(format!("{}, {}: {}", one.by, words::time(one.at), one.says));
    blocks.extend(filed.comments.iter().map(said));
    blocks
}

/// What was filled in besides, where it does not stand in a section of its own.
fn form(brief: &Brief<'_>, item: &Item) -> Vec<Block> {
    let key = item.answers_to.as_deref().filter(|key| *key != crate::brief::OWNERS);
    let Some((form, answer)) = key.and_then(audit::form::of).zip(item.answer.as_ref()) else { return vec![] };
    super::filled::table(form, answer)
        .into_iter()
        .chain(super::filled::fields(form, answer, &brief.audit.roadmap))
        .collect()
}

fn answer(item: &Item) -> Vec<Block> {
    let Some(answer) = &item.answer else { return vec![] };
    let mut text = format!("Answered {} on {}", words::choice(answer.choice), words::day(answer.at));
    if !answer.owner.is_empty() {
        text.push_str(&format!("; looked after by {}", answer.owner));
    }
    text.push('.');
    for (label, words) in [("", &answer.note), ("Evidence: ", &answer.evidence)] {
        if !words.is_empty() {
            text.push_str(&format!(" {label}{words}"));
        }
    }
    vec![Block::quiet(text)]
}

fn deliverables(stage: &Stage) -> Vec<Block> {
    let row = |deliverable: &audit::audit::Deliverable| {
        let built = deliverable.report.as_deref().filter(|_| deliverable.state != State::NotBuilt);
        let place = built.and_then(place).map(|(title, id)| Span::see(title, id));
        vec![
            vec![Span::code(&deliverable.id)],
            vec![Span::text(&deliverable.title)],
            vec![Span::Status(words::state(deliverable.state))],
            place.into_iter().collect(),
        ]
    };
    if stage.deliverables.is_empty() {
        return vec![];
    }
    let columns = vec![
        Column::fit("Id", 0.15),
        Column::share("What the stage hands over", 1.0),
        Column::fit("State", 0.22),
        Column::fit("Where", 0.2),
    ];
    let rows = stage.deliverables.iter().map(row).collect();
    vec![
        Block::heading(2, "Deliverables", format!("stage-{}-deliverables", stage.number)),
        Block::Table(Table { columns, rows }),
    ]
}

/// The heading of the section that holds a deliverable.
fn place(report: &str) -> Option<(&'static str, &'static str)> {
    Some(match report {
        "report.access" => (super::owners::TITLE, "owners"),
        "report.alert_matrix" => (super::monitoring::MATRIX, "alert-matrix"),
        "report.before_after" => (super::measured::BEFORE_AFTER, "before-after"),
        "report.caching_rules" => (super::protection::CACHING, "caching-rules"),
        "report.demo_day" => (super::demo_day::TITLE, "demo-day"),
        "report.deploy_note" => (super::release::DEPLOY, "deploy-note"),
        "report.dns_map" => (super::dns_map::TITLE, "dns-map"),
        "report.env_inventory" => (super::settings::TITLE, "settings"),
        "report.evidence" => (super::evidence::TITLE, "evidence"),
        "report.fix_order" => (super::fix_order::TITLE, "fix-order"),
        "report.go_no_go" | "report.summary" => (super::decision::TITLE, "decision"),
        "report.handover" => ("this report", "contents"),
        "report.mail_auth" => (super::mail_auth::TITLE, "mail-auth"),
        "report.mail_flows" => (super::end_state::FLOWS, "mail-flows"),
        "report.monitoring" => (super::monitoring::TITLE, "monitoring"),
        "report.protection_policy" => (super::protection::POLICY, "protection-policy"),
        "report.redirect_map" => (super::redirect_map::TITLE, "redirect-map"),
        "report.regression" => (super::demo_day::REGRESSION, "regression"),
        "report.release_notes" => (super::release::NOTES, "release-notes"),
        "report.risks" => (super::risks::TITLE, "risks"),
        "report.runbook" => (super::runbook::TITLE, "runbook"),
        "report.secrets" => (super::secrets::TITLE, "secrets"),
        "report.what_changed" => (super::what_changed::TITLE, "what-changed"),
        _ => return None,
    })
}

fn signals(stage: &Stage) -> Vec<Block> {
    if stage.signals.is_empty() {
        return vec![];
    }
    let rows = stage.signals.iter().map(|signal| {
        vec![
            vec![Span::code(&signal.id)],
            vec![Span::text(&signal.says)],
            vec![Span::Status(words::signal(signal.state))],
        ]
    });
    let columns = vec![
        Column::fit("Id", 0.15),
        Column::share("If this is true, the stage is not done", 1.0),
        Column::fit("State", 0.22),
    ];
    vec![
        Block::heading(2, "Signs that the stage is not done", format!("stage-{}-signals", stage.number)),
        Block::Table(Table { columns, rows: rows.collect() }),
    ]
}

fn also(brief: &Brief<'_>, stage: &Stage) -> Vec<Block> {
    let outcomes = stage.also.iter().filter_map(|id| brief.audit.outcome(id));
    let rows: Vec<_> = outcomes
        .map(|outcome| {
            vec![
                vec![Span::code(&outcome.check)],
                vec![Span::text(&outcome.title)],
                vec![Span::Status(words::status(outcome.status))],
            ]
        })
        .collect();
    if rows.is_empty() {
        return vec![];
    }
    let columns = vec![Column::fit("Check", 0.25), Column::share("The good state", 1.0), Column::fit("Result", 0.22)];
    vec![
        Block::heading(2, "Also checked", format!("stage-{}-also", stage.number)),
        Block::Table(Table { columns, rows }),
    ]
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn every_report_that_a_stage_hands_over_has_its_place() {
        let lost: Vec<_> = crate::built().iter().filter(|id| place(id).is_none()).collect();
        assert_eq!(lost, Vec::<&&str>::new());
    }
}
