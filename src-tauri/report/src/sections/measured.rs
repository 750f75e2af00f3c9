//! Speed and load as somebody measured them: figures, bars, curve, and what did not end well; before and after side by side.

use super::follow;
use crate::block::{Block, Column, Curves, Figure, Histogram, Mark, Shape, Span, Table, Tone};
use crate::brief::Brief;
use crate::words;
use audit::compare::Change;
use audit::facts::{Measured, Percentile, Phase};
use audit::picture::{Compared, MeasuredRow, pairs};

pub(super) const SPEED: &str = "Speed and load";
pub(super) const BEFORE_AFTER: &str = "Before and after";

/// The newest measurement of each address and kind.
pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("speed", SPEED);
    let mut seen: Vec<(&str, bool, bool)> = Vec::new();
    let newest = brief.facts.measured.iter().filter(|one| {
        let new = !seen.contains(&one.kind());
        seen.push(one.kind());
        new
    });
    let newest: Vec<&Measured> = newest.collect();
    if newest.is_empty() {
        blocks.push(Block::lead("Nobody measured an address on purpose, and no load was put on the product."));
        return blocks;
    }
    blocks.push(Block::lead(
        "How long people wait, as it was measured on purpose, and how the product held when many came.",
    ));
    blocks.push(Block::text(
        "“Waited” counts from the moment a request was due, so that waiting behind slow answers counts; “once sent” counts from when it was really sent. A range is the interval that holds the true value 95 times of 100.",
    ));
    for (at, measured) in newest.into_iter().enumerate() {
        blocks.extend(one(brief, at, measured));
    }
    blocks
}

fn one(brief: &Brief<'_>, at: usize, measured: &Measured) -> Vec<Block> {
    let row = MeasuredRow::of(measured);
    let mut blocks = vec![Block::heading(2, row.what.clone(), format!("speed-{}", at + 1))];
    let session = if row.signed_in { "with a session" } else { "without a session" };
    let mut told = format!(
        "{}: {}. {} sent in {} s, {} answered, {} under way at once at most, {session}.",
        words::time(row.at),
        row.how,
        row.sent,
        row.took_ms.div_ceil(1_000),
        row.answered,
        row.at_once
    );
    if let Some(agreed) = &measured.loaded.agreed {
        told.push_str(&format!(
            " {} agreed to it for {}, to {} users, {} requests a second and {} s at most.",
            agreed.by, agreed.host, agreed.cap.users, agreed.cap.per_second, agreed.cap.seconds
        ));
    }
    blocks.push(Block::text(told));
    blocks.extend(row.end.as_ref().map(|end| Block::text(format!("{}.", words::capital(end)))));
    let errors: Vec<String> = row.errors.iter().map(|error| format!("{} × {}", error.count, error.says)).collect();
    blocks.push(Block::quiet(match errors.as_slice() {
        [] => "Every request was answered as expected.".to_owned(),
        _ => format!("Did not end well: {}.", errors.join("; ")),
    }));
    if row.response.samples > 0 {
        blocks.push(histogram(brief, &row, vec![]));
        blocks.push(curves(brief, vec![("Waited".to_owned(), row.curve.clone())]));
    }
    blocks.push(table(&row));
    blocks
}

/// Each baseline with what came after it.
pub(super) fn before_after(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("before-after", BEFORE_AFTER);
    let pairs = pairs(brief.facts);
    if pairs.is_empty() {
        let how = "No address was measured before and after a change. Measure one on the page Speed and load, accept it as baseline, and measure it again after the work.";
        blocks.push(Block::lead(how));
        return blocks;
    }
    blocks.push(Block::lead("What the work on speed changed, told with the certainty that the samples give."));
    blocks.push(Block::text(
        "“Surely” means that the whole interval of the difference, at 95 %, lies on one side. Bars and curve are the later measurement; the dashed outlines and the dashed curve are the earlier one.",
    ));
    for (at, (before, after)) in pairs.into_iter().enumerate() {
        blocks.extend(pair(brief, at, &Compared::of(before, after)));
    }
    blocks
}

fn pair(brief: &Brief<'_>, at: usize, compared: &Compared) -> Vec<Block> {
    let mut blocks = vec![Block::heading(2, compared.after.what.clone(), format!("before-after-{}", at + 1))];
    let says = vec![Span::text(format!("{}.", words::capital(&compared.says)))];
    let (before, after) = (&compared.before, &compared.after);
    let told = format!(
        "Before: {}, {} good answers. After: {}, {}.",
        words::time(before.at),
        before.response.samples,
        words::time(after.at),
        after.response.samples
    );
    blocks.push(Block::Callout { mark: mark(compared.change), title: says, blocks: vec![Block::quiet(told)] });
    blocks.push(histogram(brief, after, before.bins.clone()));
    blocks.push(curves(
        brief,
        vec![("After".to_owned(), after.curve.clone()), ("Before".to_owned(), before.curve.clone())],
    ));
    let row = |change: &audit::picture::ChangeRow| {
        vec![
            vec![Span::text(format!("p{}", change.difference.percentile))],
            vec![Span::text(words::millis(change.difference.before))],
            vec![Span::text(words::millis(change.difference.after))],
            vec![Span::text(format!("{}.", words::capital(&change.says)))],
        ]
    };
    let columns = vec![
        Column::fit("Percentile", 0.15),
        Column::figures("Before"),
        Column::figures("After"),
        Column::share("Change", 1.0),
    ];
    if !compared.rows.is_empty() {
        blocks.push(Block::Table(Table { columns, rows: compared.rows.iter().map(row).collect() }));
    }
    blocks.extend(compared.notes.iter().map(|note| Block::quiet(format!("{}.", words::capital(note)))));
    blocks
}

pub(super) fn mark(change: Change) -> Mark {
    let (word, shape, tone) = match change {
        Change::Faster => ("faster", Shape::Tick, Tone::Pass),
        Change::Slower => ("slower", Shape::Octagon, Tone::Fail),
        Change::None => ("no difference", Shape::Dash, Tone::Quiet),
        Change::Unsure => ("too few samples", Shape::Dash, Tone::Quiet),
    };
    Mark { word: word.to_owned(), shape, tone }
}

fn target(brief: &Brief<'_>) -> (String, u32) {
    ("target p95".to_owned(), brief.roadmap.map_or(0, |roadmap| roadmap.latency.p95_ms).saturating_mul(1_000))
}

fn histogram(brief: &Brief<'_>, row: &MeasuredRow, before: Vec<audit::facts::Bin>) -> Block {
    let marker = |percentile: f64| row.response.claim(percentile).map(|micros| (format!("p{percentile}"), micros));
    let markers = [50.0, 95.0].into_iter().filter_map(marker).collect();
    let (route, bins) = (row.what.clone(), row.bins.clone());
    Block::Figure(Figure::Latency(Histogram { route, bins, before, markers, target: target(brief) }))
}

fn curves(brief: &Brief<'_>, lines: Vec<(String, Vec<audit::picture::CurvePoint>)>) -> Block {
    Block::Figure(Figure::Curves(Curves { lines, target: target(brief) }))
}

fn table(row: &MeasuredRow) -> Block {
    let names = [
        ("response", "Waited"),
        ("service", "Once sent"),
        ("dns", "Name looked up"),
        ("connect", "Connection opened"),
        ("tls", "Encryption agreed"),
        ("ttfb", "First byte"),
        ("cold", "New connection, whole"),
        ("warm", "Kept connection, whole"),
    ];
    let cell = |phase: &Phase, wanted: f64| {
        let found = phase.percentiles.iter().find(|one| (one.percentile - wanted).abs() < 0.001);
        match found {
            Some(one) if one.needs <= phase.samples => claimed(one),
            Some(one) => vec![Span::Quiet(format!("{} more needed", one.needs - phase.samples))],
            None => vec![Span::Quiet("–".to_owned())],
        }
    };
    let line = |phase: &Phase| {
        let name = names.iter().find(|(key, _)| *key == phase.name).map_or(phase.name.as_str(), |(_, name)| name);
        let mut cells = vec![vec![Span::text(name)], vec![Span::text(phase.samples.to_string())]];
        cells.extend([50.0, 95.0, 99.0, 99.9, 100.0].map(|percentile| cell(phase, percentile)));
        cells
    };
    let mut columns = vec![Column::share("Stretch", 1.0)];
    columns.extend(["Samples", "p50", "p95", "p99", "p99.9", "Longest"].map(Column::figures));
    let phases = [&row.response, &row.service].into_iter().chain(&row.phases);
    Block::Table(Table { columns, rows: phases.map(line).collect() })
}

fn claimed(one: &Percentile) -> Vec<Span> {
    let mut spans = vec![Span::text(words::millis(one.micros))];
    if let (Some(low), Some(high)) = (one.low, one.high) {
        spans.extend([Span::Break, Span::Quiet(format!("{} to {}", words::millis(low), words::millis(high)))]);
    }
    spans
}
