//! Prints the lists of the report as CSV (RFC 4180), for those who go on working with them in a table.

use crate::brief::OWNERS;
use crate::{Error, words};
use audit::facts::Facts;
use audit::{Audit, form, kept, picture, roadmap, settings};

/// Longest cell, characters: spreadsheets cut what is longer.
const LONGEST: usize = 32_000;

/// The files, by name.
pub fn files(audit: &Audit, facts: &Facts) -> Result<Vec<(&'static str, String)>, Error> {
    Ok(vec![
        (
            "findings.csv",
            print(
                &["rank", "severity", "grade", "check", "subject", "finding", "fix", "minutes", "now", "rows"],
                findings(audit),
            )?,
        ),
        (
            "rows.csv",
            print(
                &["row", "stage", "title", "state", "says", "answer", "note", "evidence", "owner", "own row"],
                rows(audit),
            )?,
        ),
        ("records.csv", print(&["name", "type", "value", "ttl", "from"], records(audit, facts))?),
        (
            "settings.csv",
            print(
                &["name", "required by", "purpose", "owner", "where its value lives", "last replaced"],
                inventory(facts),
            )?,
        ),
        (
            "owners.csv",
            print(
                &[
                    "system",
                    "owner",
                    "company",
                    "second person",
                    "login kept in",
                    "second factor",
                    "only needed rights",
                ],
                owners(facts),
            )?,
        ),
        ("accepted.csv", print(&["of", "subject", "reason", "approver", "until"], accepted(facts))?),
    ])
}

fn findings(audit: &Audit) -> Vec<Vec<String>> {
    let row = |step: &audit::audit::Step| {
        vec![
            step.rank.to_string(),
            words::severity(step.grade, step.severity).word,
            if step.grade == audit::Grade::Fail { "fail" } else { "warning" }.to_owned(),
            step.check.clone(),
            step.subject.clone(),
            step.says.clone(),
            step.fix.says.clone(),
            step.fix.minutes.to_string(),
            if step.now { "yes" } else { "no" }.to_owned(),
            step.items.join(" "),
        ]
    };
    audit.order.iter().map(row).collect()
}

fn rows(audit: &Audit) -> Vec<Vec<String>> {
    let items = audit.stages.iter().flat_map(|stage| stage.items.iter().map(move |item| (stage, item)));
    let row = |(stage, item): (&audit::audit::Stage, &audit::audit::Item)| {
        let answer = item.answer.as_ref();
        let text = |part: fn(&audit::facts::Answer) -> &String| answer.map(part).cloned().unwrap_or_default();
        vec![
            item.id.clone(),
            format!("{} {}", stage.number, stage.title),
            item.title.clone(),
            words::state(item.state).word,
            item.says.clone(),
            answer.map(|answer| words::choice(answer.choice).to_owned()).unwrap_or_default(),
            text(|answer| &answer.note),
            text(|answer| &answer.evidence),
            text(|answer| &answer.owner),
            if item.own { "yes" } else { "no" }.to_owned(),
        ]
    };
    items.map(row).collect()
}

fn records(audit: &Audit, facts: &Facts) -> Vec<Vec<String>> {
    let pictures = roadmap::by_id(&audit.roadmap).map(|roadmap| picture::of(facts, roadmap, audit)).unwrap_or_default();
    let row = |row: picture::RecordRow| vec![row.name, row.rtype, row.value, row.ttl.to_string(), row.from];
    pictures.records.into_iter().map(row).collect()
}

fn inventory(facts: &Facts) -> Vec<Vec<String>> {
    let Some(inventory) = facts.inventory.as_ref().and_then(|fact| fact.seen().ok()) else { return vec![] };
    let row = |(name, seen): (&String, &audit::facts::Variable)| {
        let kept = kept::of(facts, name);
        let needed = settings::required(name, seen).map(|at| format!("{}:{}", at.path, at.line));
        let told = [kept.purpose, kept.owner, kept::title(kept.home), kept.rotated].map(str::to_owned);
        [name.clone(), needed.unwrap_or_default()].into_iter().chain(told).collect()
    };
    inventory.variables.iter().map(row).collect()
}

/// Systems with every column of their form.
fn owners(facts: &Facts) -> Vec<Vec<String>> {
    let Some((answer, table)) = facts.answers.get(OWNERS).zip(form::of(OWNERS).and_then(|form| form.table.as_ref()))
    else {
        return vec![];
    };
    let row = |system: &str| {
        let cell =
            |column: &form::Field| answer.rows.get(&form::cell(system, &column.key)).cloned().unwrap_or_default();
        std::iter::once(system.to_owned()).chain(table.columns.iter().map(cell)).collect()
    };
    form::labels(&answer.rows).map(row).collect()
}

fn accepted(facts: &Facts) -> Vec<Vec<String>> {
    let row = |waiver: &audit::facts::Waiver| {
        vec![
            waiver.of.clone(),
            waiver.subject.clone().unwrap_or_default(),
            waiver.reason.clone(),
            waiver.approver.clone(),
            waiver.until.to_string(),
        ]
    };
    facts.waivers.iter().map(row).collect()
}

fn print(head: &[&str], rows: Vec<Vec<String>>) -> Result<String, Error> {
    let failed = |error: &dyn std::fmt::Display| Error::Csv(error.to_string());
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(vec![]);
    writer.write_record(head).map_err(|error| failed(&error))?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| safe(cell))).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

/// What a spreadsheet would run as a formula is kept as text (OWASP, CSV injection).
fn safe(cell: &str) -> String {
    let text = audit::read::text::clean(cell, LONGEST);
    let opens = text.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r']);
    if opens { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::{print, safe};

    #[test]
    fn a_cell_is_quoted_and_never_a_formula() {
        let rows = vec![
            vec!["=HYPERLINK(\"http://x\")".to_owned(), "a, \"b\"\nc".to_owned()],
            vec!["@x".to_owned(), "-1".to_owned()],
        ];
        let text = print(&["one", "two"], rows).unwrap();
        assert!(text.starts_with("one,two\r\n\"'=HYPERLINK(\"\"http://x\"\")\",\"a, \"\"b\"\""), "{text}");
        assert!(text.ends_with("'@x,'-1\r\n"), "{text}");
        assert_eq!(safe("plain"), "plain");
    }
}
