//! Latency: for each route a histogram with percentiles and target, the same figures as a table, and how they were taken.

use super::follow;
use crate::block::{Block, Column, Figure, Histogram, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::facts::{Phase, Sampled};
use audit::picture::LatencyRow;

pub(super) const TITLE: &str = "Response times";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("latency", TITLE);
    if brief.pictures.latency.is_empty() {
        blocks.push(Block::lead("No route was timed."));
        return blocks;
    }
    if let Some(place) = blocks.first_mut() {
        // The first drawing stands below its heading, and not on the next page alone.
        *place = Block::PageBreak { unless_left: 0.45 };
    }
    blocks.push(Block::lead("How long visitors wait, from the start of a request to its last byte."));
    blocks.push(Block::text(
        "Requests go one after another from the machine that ran the audit. p50 means that half of them were faster, p95 that 95 of 100 were. A percentile is only stated where enough samples bear it.",
    ));
    blocks.extend(brief.pictures.latency.iter().enumerate().flat_map(|(at, row)| route(at, row)));
    blocks
}

fn route(at: usize, row: &LatencyRow) -> Vec<Block> {
    let mut blocks = vec![Block::heading(2, row.route.clone(), format!("latency-{}", at + 1))];
    let Some(sampled) = &row.sampled else {
        let why = row.unseen.clone().unwrap_or_else(|| "it was not timed".to_owned());
        blocks.push(Block::body(vec![
            Span::Status(words::status(audit::Status::CouldNotTell)),
            Span::text(format!("  {}", words::capital(&why))),
        ]));
        return blocks;
    };
    let target = ("target p95".to_owned(), row.target_ms.saturating_mul(1000));
    let total = sampled.phase("total");
    let markers = [50.0, 95.0].into_iter().filter_map(|percentile| {
        total.and_then(|phase| phase.claim(percentile)).map(|micros| (format!("p{percentile:.0}"), micros))
    });
    if !sampled.bins.is_empty() {
        let (route, bins) = (row.route.clone(), sampled.bins.clone());
        blocks.push(Block::Figure(Figure::Latency(Histogram {
            route,
            bins,
            before: vec![],
            markers: markers.collect(),
            target,
        })));
    }
    blocks.push(Block::quiet(method(sampled)));
    blocks.push(table(sampled));
    blocks
}

fn table(sampled: &Sampled) -> Block {
    let names = [
        ("dns", "Name looked up"),
        ("connect", "Connection opened"),
        ("tls", "Encryption agreed"),
        ("ttfb", "First byte after the request"),
        ("cold", "Whole request, new connection"),
        ("warm", "Whole request, kept connection"),
        ("total", "Whole request"),
    ];
    let row = |phase: &Phase| {
        let name = names.iter().find(|(key, _)| *key == phase.name).map_or(phase.name.as_str(), |(_, name)| name);
        let mut cells = vec![vec![Span::text(name)], vec![Span::text(phase.samples.to_string())]];
        cells.extend([50.0, 90.0, 95.0, 99.0, 100.0].map(|percentile| match phase.claim(percentile) {
            Some(micros) => vec![Span::text(words::millis(micros))],
            None => vec![Span::Quiet("too few".to_owned())],
        }));
        cells
    };
    let mut columns = vec![Column::share("Phase", 1.0)];
    columns.extend(["Samples", "p50", "p90", "p95", "p99", "Longest"].map(Column::figures));
    Block::Table(Table { columns, rows: sampled.phases.iter().map(row).collect() })
}

fn method(sampled: &Sampled) -> String {
    let mut text =
        format!("{} of {} sent", sampled.sent, words::count(usize::try_from(sampled.wanted).unwrap_or(0), "request"));
    text.push_str(if sampled.signed_in { ", signed in." } else { ", not signed in." });
    let statuses: Vec<String> = sampled.statuses.iter().map(|(code, times)| format!("{times} × {code}")).collect();
    if !statuses.is_empty() {
        text.push_str(&format!(" Answers: {}.", statuses.join(", ")));
    }
    let failures: Vec<String> = sampled.failures.iter().map(|(kind, times)| format!("{times} × {kind}")).collect();
    if !failures.is_empty() {
        text.push_str(&format!(" Failures: {}.", failures.join(", ")));
    }
    text
}
