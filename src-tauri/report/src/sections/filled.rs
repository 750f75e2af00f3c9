//! What a person filled in into the form of a question, as a table or as lines.

use crate::block::{Block, Column, Span, Table, To};
use crate::words;
use audit::State;
use audit::facts::{Answer, Choice};
use audit::form::{self, Field, Form, Kind, Reading};

/// The table of an answer: its rows, and the columns in which anything stands.
pub(super) fn table(form: &Form, answer: &Answer) -> Option<Block> {
    let table = form.table.as_ref().filter(|_| answer.choice == Choice::Yes && !answer.rows.is_empty())?;
    let own = form::labels(&answer.rows).filter(|label| !table.rows.iter().any(|row| row == label));
    let labels: Vec<&str> = table.rows.iter().map(String::as_str).chain(own).collect();
    let text = |row: &str, column: &Field| answer.rows.get(&form::cell(row, &column.key)).map(|text| text.trim());
    let stands = |column: &&Field| labels.iter().any(|row| text(row, column).is_some_and(|text| !text.is_empty()));
    let shown: Vec<&Field> = table.columns.iter().filter(|column| column.key.is_empty() || stands(column)).collect();
    let cell = |row: &str, column: &Field| match text(row, column).filter(|text| !text.is_empty()) {
        Some(text) => vec![Span::text(text)],
        None if column.required => vec![Span::Status(words::state(State::NeedsYou))],
        None => vec![],
    };
    let line = |row: &&str| {
        let cells = shown.iter().map(|column| cell(row, column));
        std::iter::once(vec![Span::text(*row)]).chain(cells).collect()
    };
    let longest =
        |column: &Field| labels.iter().filter_map(|row| text(row, column)).map(|text| text.chars().count()).max();
    let share = |column: &&Field| Column::share(&column.label, part(longest(column).unwrap_or(0)));
    let columns = std::iter::once(Column::share(&table.label, 1.2)).chain(shown.iter().map(share)).collect();
    Some(Block::Table(Table { columns, rows: labels.iter().map(line).collect() }))
}

/// The part of a table that a column of so many characters gets: a column of sentences twice that of a column of words.
fn part(longest: usize) -> f32 {
    match longest {
        0..=8 => 0.7,
        9..=20 => 1.0,
        21..=40 => 1.5,
        _ => 2.0,
    }
}

/// The addresses of an answer, each to be opened.
pub(super) fn links(form: &Form, answer: &Answer) -> Option<Block> {
    if answer.choice != Choice::Yes {
        return None;
    }
    let row = |field: &Field| {
        let url = answer.rows.get(&field.key).map(|url| url.trim()).filter(|url| !url.is_empty())?;
        let link = Span::Link { text: url.to_owned(), to: To::Url(url.to_owned()) };
        Some(vec![vec![Span::text(&field.label)], vec![link]])
    };
    let rows: Vec<_> = form.fields.iter().filter(|field| field.kind == Kind::Link).filter_map(row).collect();
    let columns = vec![Column::fit("What", 0.3), Column::share("Address", 1.0)];
    (!rows.is_empty()).then_some(Block::Table(Table { columns, rows }))
}

/// The fields of an answer in one line.
pub(super) fn fields(form: &Form, answer: &Answer, roadmap: &str) -> Option<Block> {
    if form.table.is_some() || answer.choice != Choice::Yes {
        return None;
    }
    let today = answer.at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let lines = Reading::of(form, answer, roadmap, today).proof;
    (!lines.is_empty()).then(|| Block::quiet(format!("{}.", lines.join("; "))))
}
