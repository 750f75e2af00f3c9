//! What changed, for people who are no engineers: area by area what was wrong, what is so now, and whom it touches.

use super::follow;
use crate::block::{Block, Column, Mark, Shape, Span, Table, Tone};
use crate::brief::Brief;
use crate::words;
use audit::check::Concern;
use audit::diff::{Diff, Kind, Row, word};
use audit::picture::{Compared, pairs};

pub(super) const TITLE: &str = "What changed";

/// Rows of one area that are printed; the rest is counted.
const ROWS: usize = 60;

/// What is at stake as a founder calls it, and whom it touches.
const AREAS: [(Concern, &str, &str); 6] = [
    (Concern::Reach, "Reaching the product", "everybody who types the address, follows a link or searches for it"),
    (
        Concern::Data,
        "Customers' data and your keys",
        "customers, whose data must stay theirs, and you, who answer for it",
    ),
    (Concern::Trust, "Trust in the product", "visitors and buyers, whose browsers tell them whether the site is safe"),
    (Concern::Mail, "Mail", "everybody who waits for a message: sign-up, password reset, receipt"),
    (Concern::Speed, "Speed", "everybody who waits for a page"),
    (Concern::Control, "Keeping it running", "whoever looks after the product, on good days and bad ones"),
];

/// One line of an area: what happened, what was, what is.
type Change = Vec<Vec<Span>>;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("what-changed", TITLE);
    let since = brief.options.since.as_ref();
    match since {
        Some(diff) => blocks.extend(told(diff)),
        None => blocks.extend([
            Block::lead("There is no earlier run to hold this one against."),
            Block::text(
                "Run the audit again after the work. This page then tells, area by area, what was wrong, what is so now and whom it touches.",
            ),
        ]),
    }
    for (concern, title, whom) in AREAS {
        let rows = since.into_iter().flat_map(|diff| &diff.rows).filter(|row| of(row) == Some(concern));
        let mut lines: Vec<Change> = rows.filter_map(change).collect();
        if concern == Concern::Speed {
            lines.extend(pairs(brief.facts).into_iter().map(|(was, now)| measured(&Compared::of(was, now))));
        }
        blocks.extend(area(concern, title, whom, lines));
    }
    blocks.extend(since.and_then(unchanged));
    blocks
}

/// The area in which a check stands; none where this version does not know it.
fn of(row: &Row) -> Option<Concern> {
    audit::checks::by_id(&row.check).map(|check| check.concern)
}

/// Then and now in one line each, and how far each stage came.
fn told(diff: &Diff) -> Vec<Block> {
    let moment = |of: &audit::diff::Moment, title: &str| {
        let cut = if of.cut_short { ", stopped before everything was looked at" } else { "" };
        vec![
            vec![Span::Strong(title.to_owned()), Span::Break, Span::Quiet(words::time(of.at))],
            vec![Span::Status(words::verdict(of.verdict))],
            vec![Span::text(format!("{}{cut}", words::count(of.blockers as usize, "blocker")))],
        ]
    };
    let columns = vec![Column::fit("", 0.3), Column::fit("Launch", 0.3), Column::share("Stands against it", 1.0)];
    let rows = vec![moment(&diff.was, "Then"), moment(&diff.now, "Now")];
    vec![Block::lead(diff.says.clone()), Block::Table(Table { columns, rows }), stages(diff)]
}

fn stages(diff: &Diff) -> Block {
    let row = |stage: &audit::diff::Moved| {
        vec![
            vec![Span::text(format!("{} {}", stage.number, stage.title))],
            vec![Span::text(stage.was.to_string())],
            vec![Span::text(stage.now.to_string())],
            vec![Span::text(stage.of.to_string())],
        ]
    };
    let mut columns = vec![Column::share("Stage", 1.0)];
    columns.extend(["Ready then", "Ready now", "Items"].map(Column::figures));
    Block::Table(Table { columns, rows: diff.stages.iter().map(row).collect() })
}

fn area(concern: Concern, title: &str, whom: &str, mut lines: Vec<Change>) -> Vec<Block> {
    if lines.is_empty() {
        return vec![];
    }
    let more = lines.len().saturating_sub(ROWS);
    lines.truncate(ROWS);
    let columns = vec![Column::fit("", 0.3), Column::share("What was", 1.0), Column::share("What is now", 1.0)];
    let mut blocks = vec![
        Block::heading(2, title, format!("what-changed-{}", words::concern(concern))),
        Block::body(vec![Span::Quiet(format!("It touches {whom}."))]),
        Block::Table(Table { columns, rows: lines }),
    ];
    if more > 0 {
        blocks.push(Block::quiet(format!("And {more} more, which the findings hold.")));
    }
    blocks
}

/// A row in plain sentences; none where nothing changed.
fn change(row: &Row) -> Option<Change> {
    let was = row.was.as_ref().map(|side| side.says.as_str());
    let now = row.now.as_ref().map(|side| side.says.as_str());
    let good = row.title.as_str();
    let unseen = |when: &str| format!("It could not be seen {when}: {}.", row.note.trim_end_matches('.'));
    let (then, is) = match row.kind {
        Kind::Unchanged => return None,
        Kind::Fixed => (sentence(was.unwrap_or(good)), sentence(good)),
        Kind::Better | Kind::Worse => (sentence(was.unwrap_or(good)), sentence(now.unwrap_or(good))),
        Kind::New => ("It was looked at, and nothing was wrong.".to_owned(), sentence(now.unwrap_or(good))),
        Kind::CountsAgain => {
            (format!("{} It was accepted for a time.", sentence(was.unwrap_or(good))), sentence(now.unwrap_or(good)))
        }
        Kind::Accepted => (
            was.map_or_else(|| "It was not there.".to_owned(), sentence),
            format!("It is known and left as it is: {}.", row.note),
        ),
        Kind::UntoldNow => (sentence(was.unwrap_or(good)), unseen("this time")),
        Kind::UntoldThen => (unseen("then"), sentence(now.unwrap_or(good))),
    };
    let mut is = vec![Span::text(is)];
    if !row.subject.is_empty() {
        is.extend([Span::Break, Span::Quiet(row.subject.clone())]);
    }
    Some(vec![vec![Span::Status(mark(row.kind))], vec![Span::text(then)], is])
}

/// Words as a whole sentence; one that opens with a name keeps it as it is written.
fn sentence(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    let name = first.trim_end_matches(['.', ',', ':']).contains(['.', '/', '@', '_']);
    let text = if name { text.trim().to_owned() } else { words::capital(text.trim()) };
    if text.ends_with(['.', '?', '\u{201d}']) { text } else { format!("{text}.") }
}

/// What work on speed brought, as somebody measured it before and after.
fn measured(compared: &Compared) -> Change {
    let slow = compared.rows.iter().find(|row| (row.difference.percentile - 95.0).abs() < 0.001);
    let waited = |micros: u32| format!("Of 100 who asked, 95 had their answer within {}.", words::millis(micros));
    let was = slow.map_or_else(|| "It was measured before the work.".to_owned(), |row| waited(row.difference.before));
    let is = slow.map_or_else(String::new, |row| format!("{} ", waited(row.difference.after)));
    vec![
        vec![Span::Status(super::measured::mark(compared.change))],
        vec![Span::text(was)],
        vec![
            Span::text(format!("{is}{}.", words::capital(&compared.says))),
            Span::Break,
            Span::Quiet(compared.after.what.clone()),
        ],
    ]
}

/// How much is as it was.
fn unchanged(diff: &Diff) -> Option<Block> {
    let count = diff.counts.iter().find(|count| count.kind == Kind::Unchanged)?.count as usize;
    let (stand, as_it) = if count == 1 { ("stands", "is as it was") } else { ("stand", "are as they were") };
    Some(Block::quiet(format!("{} {as_it} and {stand} in the fix order.", words::count(count, "finding"))))
}

/// A kind as word, shape and colour.
pub(crate) fn mark(kind: Kind) -> Mark {
    let (shape, tone) = match kind {
        Kind::New | Kind::Worse => (Shape::Octagon, Tone::Fail),
        Kind::CountsAgain => (Shape::Triangle, Tone::Warn),
        Kind::UntoldNow | Kind::UntoldThen => (Shape::Question, Tone::Unsure),
        Kind::Accepted => (Shape::Bar, Tone::Waived),
        Kind::Better | Kind::Fixed => (Shape::Tick, Tone::Pass),
        Kind::Unchanged => (Shape::Dash, Tone::Quiet),
    };
    Mark { word: word(kind).trim_start_matches("that ").to_owned(), shape, tone }
}
