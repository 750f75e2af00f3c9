//! A file of accepted risks, as a team keeps it beside its code: TOML, one `[[waiver]]` each.

use crate::check::Severity;
use crate::checks;
use crate::facts::Waiver;
use crate::read::secret;
use crate::read::text::clean;
use crate::waive;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

/// Longest file, bytes.
const LONGEST: usize = 1 << 20;
/// Most waivers of one file.
const MOST: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    waiver: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    of: String,
    #[serde(default)]
    subject: Option<String>,
    #[serde(default)]
    severity: Option<Severity>,
    reason: String,
    approver: String,
    until: String,
}

/// Reads the file. A waiver whose last day has passed is read too, so that the audit can tell that it ran out.
///
/// # Errors
/// A sentence that says which waiver cannot be used, and why.
pub fn parse(text: &str, at: Timestamp) -> Result<Vec<Waiver>, String> {
    if text.len() > LONGEST {
        return Err("it is larger than 1 MiB".to_owned());
    }
    let file: File = toml::from_str(text).map_err(|error| clean(&error.to_string(), 400))?;
    if file.waiver.len() > MOST {
        return Err("it holds more than 1,000 waivers".to_owned());
    }
    file.waiver
        .into_iter()
        .enumerate()
        .map(|(at_row, row)| one(row, at).map_err(|why| format!("waiver {}: {why}", at_row + 1)))
        .collect()
}

fn one(row: Row, at: Timestamp) -> Result<Waiver, String> {
    let until: Date =
        row.until.parse().map_err(|_| format!("{:?} is no day; write it like 2026-12-31", clean(&row.until, 40)))?;
    let waiver = Waiver {
        of: clean(&row.of, 200),
        subject: row.subject.map(|subject| clean(&subject, 2_000)),
        severity: row.severity,
        reason: clean(&row.reason, 2_001),
        approver: clean(&row.approver, 200),
        until,
        at,
    };
    if checks::by_id(&waiver.of).is_none() && !waive::is_row(&waiver.of) {
        return Err(format!(
            "{:?} is neither a check nor a row of a roadmap; `launch-ready list` names them",
            waiver.of
        ));
    }
    if let Some(title) = [&waiver.reason, &waiver.approver].into_iter().find_map(|text| secret::pasted(text)) {
        return Err(format!("it holds a key itself ({title}); take it out, and replace it if others saw it"));
    }
    // One that ran out is told by the audit, not refused.
    let given = Waiver { until: until.max(waive::day(at)), ..waiver.clone() };
    waive::refuse(&given).map(|()| waiver)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::testing::now;

    #[test]
    fn a_file_of_waivers_is_read_and_a_bad_one_is_explained() {
        let good = "[[waiver]]\nof = \"mail.spf\"\nsubject = \"https://example.com/\"\nreason = \"the new site replaces it\"\napprover = \"Dana Rivera\"\nuntil = \"2026-12-31\"\n\n[[waiver]]\nof = \"SD1.1\"\nreason = \"held by the parent company\"\napprover = \"Dana Rivera\"\nuntil = \"2026-01-01\"\n";
        let read = parse(good, now()).unwrap();
        assert_eq!((read.len(), read[0].subject.as_deref()), (2, Some("https://example.com/")));
        assert_eq!(read[1].until.to_string(), "2026-01-01");
        for (from, to, told) in [
            ("until = \"2026-12-31\"", "until = \"soon\"", "waiver 1: \"soon\" is no day"),
            ("until = \"2026-12-31\"", "until = \"2036-12-31\"", "a year at most"),
            ("\"mail.spf\"", "\"mail.spff\"", "neither a check nor a row"),
            ("the new site replaces it", " ", "say why it can stay"),
            ("approver = \"Dana Rivera\"\nuntil = \"2026-12-31\"", "until = \"2026-12-31\"", "approver"),
        ] {
            let why = parse(&good.replacen(from, to, 1), now()).unwrap_err();
            assert!(why.contains(told), "{why}");
        }
        let body = "51KxqZ7wK3xV9tB5nM2rQ8pL4";
        let key = ["sk", "live", body].join("_");
        let why = parse(&good.replacen("the new site", &key, 1), now()).unwrap_err();
        assert!(why.contains("waiver 1: it holds a key itself (Stripe") && !why.contains(body), "{why}");
    }
}
