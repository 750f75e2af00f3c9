//! DNS drift: what differs from the accepted records, and what public resolvers say of the domain today.

use super::follow;
use crate::block::{Block, Column, Mark, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::drift::{Change, Drift};
use audit::picture::{Asked, Expected, Voice};
use audit::read::text::clean;
use audit::{State, Unseen};

pub(super) const TITLE: &str = "DNS drift";

/// Differences and answers that are printed.
const ROWS: usize = 200;
/// Characters of an answer that are printed.
const VALUE: usize = 400;
/// Characters of the list of those who gave an answer.
const PEOPLE: usize = 400;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("dns-drift", TITLE);
    blocks.extend(drift(&brief.pictures.expected));
    let spread = &brief.pictures.spread;
    blocks.push(Block::heading(2, "What name servers and public resolvers say", "dns-resolvers"));
    if let Some(unseen) = &spread.unseen {
        blocks.push(Block::text(format!("Nobody could be compared: {}.", unseen.says.trim_end_matches('.'))));
    }
    if !spread.questions.is_empty() {
        blocks.push(legend());
        blocks.push(matrix(&spread.questions, &brief.audit.target.domain));
        blocks.extend(answers(&spread.questions));
    }
    blocks
}

fn drift(expected: &Expected) -> Vec<Block> {
    let Some(accepted) = &expected.accepted else {
        return vec![Block::lead("No records were accepted as right yet, so nothing is told of changes.")];
    };
    let day = words::day(accepted.at);
    let by = if accepted.by.is_empty() { String::new() } else { format!(" by {}", accepted.by) };
    let sets = words::count(accepted.sets as usize, "record set");
    let mut blocks = vec![Block::lead(match expected.drifts.len() {
        0 => format!("The records are those that were accepted on {day}{by} ({sets})."),
        changed => {
            let changed = words::count(changed, "record set");
            format!("Since {day}, when {sets} were accepted{by}, {changed} changed.")
        }
    })];
    if !expected.drifts.is_empty() {
        blocks.push(differences(&expected.drifts));
    }
    if !expected.unseen.is_empty() {
        blocks.push(Block::quiet("Not compared, because it could not be seen today:"));
        let item = |unseen: &Unseen| vec![Span::code(&unseen.what), Span::text(format!(": {}", unseen.says))];
        let items = expected.unseen.iter().take(ROWS).map(item).collect();
        blocks.push(Block::List { items, numbered: false });
    }
    blocks
}

fn differences(drifts: &[Drift]) -> Block {
    let row = |drift: &Drift| {
        let (word, state) = match drift.change {
            Change::Added => ("added", State::Attention),
            Change::Removed => ("removed", State::Failing),
            Change::Changed => ("changed", State::Attention),
        };
        let values = |values: &[String]| lines(values);
        vec![
            vec![Span::code(format!("{} {}", drift.name, drift.rtype))],
            vec![Span::Status(Mark { word: word.to_owned(), ..words::state(state) })],
            values(&drift.gone),
            values(&drift.new),
        ]
    };
    let columns = vec![
        Column::fit("Records", 0.3),
        Column::fit("Change", 0.14),
        Column::share("Accepted, gone", 1.0),
        Column::share("New", 1.0),
    ];
    Block::Table(Table { columns, rows: drifts.iter().take(ROWS).map(row).collect() })
}

/// Values, one a line.
fn lines(values: &[String]) -> Vec<Span> {
    let mut spans = vec![];
    for value in values {
        if !spans.is_empty() {
            spans.push(Span::Break);
        }
        spans.push(Span::code(clean(value, VALUE)));
    }
    spans
}

const STATES: [(State, &str); 3] = [
    (State::Done, "as the domain's own name servers say"),
    (State::Attention, "differs from them"),
    (State::Unsure, "could not tell"),
];

/// What the shapes of the matrix mean.
fn legend() -> Block {
    let mut spans = vec![Span::text("Beside each shape stands how long the answer may still be kept. ")];
    for (state, word) in STATES {
        spans.extend([Span::Status(Mark { word: word.to_owned(), ..words::state(state) }), Span::text("  ")]);
    }
    Block::body(spans)
}

/// Everybody on the left, the questions across.
fn matrix(questions: &[Asked], domain: &str) -> Block {
    let mut people: Vec<(&str, &str)> = vec![];
    for voice in questions.iter().flat_map(|asked| &asked.voices) {
        if !people.contains(&(&voice.who, &voice.way)) {
            people.push((&voice.who, &voice.way));
        }
    }
    let cell = |asked: &Asked, (who, way): (&str, &str)| {
        let found = asked.voices.iter().find(|voice| voice.who == who && voice.way == way);
        found.map_or_else(Vec::new, |voice| {
            let left = voice.ttl.map_or_else(|| "–".to_owned(), words::ttl);
            vec![Span::Shape(words::state(voice.state)), Span::text(left)]
        })
    };
    let row = |one: &(&str, &str)| {
        let who = vec![Span::text(one.0), Span::Quiet(format!(" {}", one.1))];
        std::iter::once(who).chain(questions.iter().map(|asked| cell(asked, *one))).collect()
    };
    let mut columns = vec![Column::fit("Who, and how", 0.36)];
    columns.extend(questions.iter().map(|asked| Column::share(&short(&asked.question, domain), 1.0)));
    Block::Table(Table { columns, rows: people.iter().take(ROWS).map(row).collect() })
}

/// A question without the domain, which is the same for all: `A`, `www A`.
fn short(question: &str, domain: &str) -> String {
    let (name, rtype) = question.split_once(' ').unwrap_or((question, ""));
    let label = name.strip_suffix(domain).map_or(name, |label| label.trim_end_matches('.'));
    format!("{label} {rtype}").trim().to_owned()
}

fn name(voice: &Voice) -> String {
    format!("{} {}", voice.who, voice.way)
}

/// Each answer that was given, and by whom, where not all gave the same one: that one stands in the DNS map.
fn answers(questions: &[Asked]) -> Vec<Block> {
    let mut rows = vec![];
    for asked in questions {
        let mut told: Vec<(&Voice, Vec<String>)> = vec![];
        for voice in &asked.voices {
            let who = name(voice);
            // Reasons differ in their addresses only; each silent one is named all the same.
            let same = |one: &Voice| {
                one.state == voice.state && one.answer == voice.answer && one.ttl.is_some() == voice.ttl.is_some()
            };
            match told.iter_mut().find(|(one, _)| same(one)) {
                Some((_, people)) => people.push(who),
                None => told.push((voice, vec![who])),
            }
        }
        if told.len() < 2 {
            continue;
        }
        for (voice, people) in told {
            let mut answer = vec![Span::Shape(words::state(voice.state))];
            match voice.ttl {
                Some(_) if voice.answer.is_empty() => answer.push(Span::Quiet("no such record".to_owned())),
                Some(_) => answer.extend(lines(&voice.answer)),
                None => answer.push(Span::text(words::capital(&voice.says))),
            }
            let all = asked.voices.iter().map(name);
            let others: Vec<String> = all.filter(|who| !people.contains(who)).collect();
            let who = match others.len() {
                0 => "all of them".to_owned(),
                few if few < people.len() => format!("all but {}", others.join(", ")),
                _ => people.join(", "),
            };
            let who = clean(&who, PEOPLE);
            rows.push(vec![vec![Span::code(&asked.question)], answer, vec![Span::text(who)]]);
        }
    }
    let columns = vec![Column::fit("Question", 0.26), Column::share("Answer", 1.3), Column::share("Given by", 1.0)];
    rows.truncate(ROWS);
    if rows.is_empty() {
        return vec![Block::quiet("Everybody who was asked gave the same answers; the DNS map has them.")];
    }
    vec![Block::heading(3, "Where the answers differ", "dns-answers"), Block::Table(Table { columns, rows })]
}
