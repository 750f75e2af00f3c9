//! What a person filled in into the form of a question, as a table or as lines.

use crate::block::{Block, Column, Span, Table};
use crate::words;
use audit::State;
use audit::facts::{Answer, Choice};
use audit::form::{self, Field, Form, Reading};

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
    let columns = std::iter::once(Column::share(&table.label, 1.2));
    let columns = columns.chain(shown.iter().map(|column| Column::share(&column.label, 1.0))).collect();
    Some(Block::Table(Table { columns, rows: labels.iter().map(line).collect() }))
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
