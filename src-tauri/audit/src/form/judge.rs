//! Judges a question that only a person can answer by what was filled in into its form.

use super::{Form, Reading, kept, of};
use crate::check::{Finding, Fix, Grade, Severity, Verdict};
use crate::facts::{Answer, Choice};
use crate::journeys::{No, said};
use crate::{Case, Unseen, Why, waive};

/// Judges the answer to the question of a check by its form; `columns` are those of a shared table that this check is about, all
/// where it names none.
///
/// # Errors
/// Nobody answered yet.
pub fn judge(case: &Case<'_>, id: &str, no: &No, columns: &[&str]) -> Result<Verdict, Unseen> {
    let key = kept(id);
    let answer = case.answer(key)?;
    let Some(form) = of(id).filter(|_| answer.choice == Choice::Yes) else { return said(case, key, no) };
    let reading = read(case, form, answer, columns);
    let notes = [&answer.note, &answer.evidence];
    let notes = notes.into_iter().filter(|text| !text.is_empty()).map(|text| crate::read::text::clean(text, 300));
    let findings = reading.slips.iter().map(|slip| Finding {
        subject: slip.subject.clone(),
        grade: slip.grade,
        severity: if slip.grade == Grade::Fail { no.severity } else { no.severity.min(Severity::Medium) },
        says: slip.says.clone(),
        evidence: vec![slip.says.clone()],
        fix: Fix { says: no.fix.to_owned(), paste: None, minutes: no.minutes, after: vec![] },
    });
    let unseen = (!reading.wanting.is_empty()).then(|| Unseen {
        what: reading.wanting.join(", "),
        why: Why::NotAnswered,
        says: "a part of the answer is still wanting".to_owned(),
        way: format!("fill in {}", few(&reading.wanting)),
    });
    Ok(Verdict::judged(
        reading.proof.iter().cloned().chain(notes).collect(),
        findings.collect(),
        unseen.into_iter().collect(),
    ))
}

fn read(case: &Case<'_>, form: &Form, answer: &Answer, columns: &[&str]) -> Reading {
    let today = waive::day(case.now);
    match form.table.as_ref().filter(|_| !columns.is_empty()) {
        None => Reading::of(form, answer, &case.roadmap.id, today),
        Some(table) => {
            let about = table.columns.iter().filter(|column| columns.contains(&column.key.as_str()));
            let about: Vec<_> = about.cloned().collect();
            let mut reading = Reading::default();
            reading.table(table, &about, &answer.rows, &case.roadmap.id, today);
            reading
        }
    }
}

/// The first few of a list, and how many more there are.
pub(crate) fn few(names: &[String]) -> String {
    let shown = names.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > 3 { format!("{shown} and {} more", names.len() - 3) } else { shown }
}
