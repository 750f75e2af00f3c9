//! What is filled in into a form: the lines that it gives, what is wanting, and what is not as it should be.

use super::{Field, Form, Kind, Table, cell, labels};
use crate::check::Grade;
use crate::facts::{Answer, Choice};
use crate::read::text::clean;
use jiff::civil::Date;
use std::collections::BTreeMap;
use url::Url;

/// Characters of one cell that are shown.
const SHOWN: usize = 300;

/// What a form says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What was filled in, one line each.
    pub proof: Vec<String>,
    /// What is wanting, each as a noun.
    pub wanting: Vec<String>,
    /// What is not as it should be.
    pub slips: Vec<Slip>,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The field, or the row and column.
    pub subject: String,
    /// How bad it is.
    pub grade: Grade,
    /// What is, as one plain sentence.
    pub says: String,
}

impl Reading {
    /// Reads what was filled in; a day counts against today (UTC).
    #[must_use]
    pub fn of(form: &Form, answer: &Answer, roadmap: &str, today: Date) -> Self {
        let mut reading = Self::default();
        for field in &form.fields {
            reading.field(field, &field.label, answer.rows.get(&field.key), roadmap, today);
            let [from, to] = ["from", "to"].map(|end| answer.rows.get(&cell(&field.key, end)));
            if let (Kind::Stopwatch, Some(from), Some(to)) = (field.kind, from, to) {
                reading.proof.push(format!("started {}, stopped {}", clean(from, 40), clean(to, 40)));
            }
        }
        if let Some(table) = &form.table {
            reading.table(table, &table.columns, &answer.rows, roadmap, today);
        }
        reading
    }

    /// Reads these columns of a table.
    pub(super) fn table(
        &mut self,
        table: &Table,
        columns: &[Field],
        rows: &BTreeMap<String, String>,
        roadmap: &str,
        today: Date,
    ) {
        let own = labels(rows).filter(|label| !table.rows.iter().any(|row| row == label));
        for row in table.rows.iter().map(String::as_str).chain(own) {
            for column in columns {
                let subject = format!("{}: {}", clean(row, 100), column.label.to_lowercase());
                self.field(column, &subject, rows.get(&cell(row, &column.key)), roadmap, today);
            }
        }
    }

    fn field(&mut self, field: &Field, subject: &str, text: Option<&String>, roadmap: &str, today: Date) {
        let text = text.map(|text| text.trim()).unwrap_or_default();
        if text.is_empty() {
            self.wanting.extend(field.required.then(|| subject.to_owned()));
            return;
        }
        self.proof.push(format!("{subject}: {}", shown(field.kind, text)));
        let slip = slip(field, text, roadmap, today);
        self.slips.extend(slip.map(|(grade, end)| Slip {
            subject: subject.to_owned(),
            grade,
            says: format!("{subject}: {}", clean(&end, SHOWN)),
        }));
    }
}

fn shown(kind: Kind, text: &str) -> String {
    match (kind, text.parse::<u32>(), text.parse::<Date>()) {
        (Kind::Stopwatch, Ok(seconds), _) => span(seconds),
        (Kind::Date | Kind::Coming, _, Ok(day)) => written(day),
        _ => clean(text, SHOWN),
    }
}

/// What is not well about a cell, as the end of a sentence.
fn slip(field: &Field, text: &str, roadmap: &str, today: Date) -> Option<(Grade, String)> {
    let limited = field.most_in.is_empty() || field.most_in.iter().any(|id| id == roadmap);
    let most = field.most.filter(|_| limited);
    match field.kind {
        Kind::Stopwatch => {
            let (took, most) = (text.parse::<u32>().ok()?, most?);
            let end = format!("{}, where less than {} is asked for.", span(took), span(most));
            (took >= most).then_some((Grade::Warn, end))
        }
        Kind::Count => {
            let (count, most) = (text.parse::<u32>().ok()?, most?);
            (count > most).then(|| (Grade::Warn, format!("{count}, where at most {most} is asked for.")))
        }
        Kind::Coming => {
            let day = text.parse::<Date>().ok()?;
            (day < today).then(|| (Grade::Fail, format!("{} has passed.", written(day))))
        }
        Kind::Date => {
            let day = text.parse::<Date>().ok()?;
            // A day of difference is the zone of whoever typed it.
            let later = today.tomorrow().is_ok_and(|tomorrow| day > tomorrow);
            later.then(|| (Grade::Warn, format!("{} is still to come.", written(day))))
        }
        Kind::Choice => {
            let good = field.good.as_deref()?;
            (text != good).then(|| (Grade::Warn, format!("{text}, where it should be {good}.")))
        }
        Kind::Link | Kind::Person | Kind::Text => None,
    }
}

/// Refuses what cannot be what a field asks for, and a yes without what makes it one.
///
/// # Errors
/// What is wrong with it, as a sentence for whoever typed it.
pub fn refuse(key: &str, answer: &Answer) -> Result<(), String> {
    let Some(form) = super::of(key) else { return Ok(()) };
    if answer.choice == Choice::NotApplicable {
        return Ok(());
    }
    for field in &form.fields {
        let text = answer.rows.get(&field.key).map(|text| text.trim()).unwrap_or_default();
        if text.is_empty() && field.required && answer.choice == Choice::Yes {
            return Err(format!("still wanting: {}", field.label.to_lowercase()));
        }
        fits(field, &field.label, text)?;
    }
    for column in form.table.iter().flat_map(|table| &table.columns) {
        for row in labels(&answer.rows) {
            if let Some(text) = answer.rows.get(&cell(row, &column.key)) {
                fits(column, &format!("{row}: {}", column.label), text.trim())?;
            }
        }
    }
    Ok(())
}

fn fits(field: &Field, subject: &str, text: &str) -> Result<(), String> {
    let subject = clean(subject, 100);
    let wants = match field.kind {
        _ if text.is_empty() => return Ok(()),
        Kind::Choice if !field.options.iter().any(|option| option == text) => field.options.join(" or "),
        Kind::Count if text.parse::<u32>().is_err() => "a whole number".to_owned(),
        Kind::Stopwatch if text.parse::<u32>().is_err() => "minutes and seconds".to_owned(),
        Kind::Coming | Kind::Date if text.parse::<Date>().is_err() => "a day, such as 2026-12-31".to_owned(),
        Kind::Link if !is_link(text) => "an address that begins with https://".to_owned(),
        _ => return Ok(()),
    };
    Err(format!("{subject}: write {wants}"))
}

fn is_link(text: &str) -> bool {
    Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.password().is_none())
}

fn span(seconds: u32) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds:02} s"),
    }
}

fn written(day: Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}
