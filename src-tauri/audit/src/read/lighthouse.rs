//! The JSON of Lighthouse (github.com/GoogleChrome/lighthouse, docs/understanding-results.md), within bounds.

use crate::facts::{Category, Cost, LighthouseSeen, Mark};
use crate::read::text::clean;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Bytes of a report; those of large pages with pictures of the screen in them have a few megabytes.
pub const LONGEST: usize = 32 * 1024 * 1024;
/// Things that cost points, of one category.
const COSTS: usize = 12;
/// Notes of a run.
const NOTES: usize = 5;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    lighthouse_version: String,
    requested_url: Option<String>,
    final_url: Option<String>,
    final_displayed_url: Option<String>,
    fetch_time: Option<String>,
    runtime_error: Option<RuntimeError>,
    #[serde(default)]
    run_warnings: Vec<serde_json::Value>,
    #[serde(default)]
    config_settings: Settings,
    #[serde(default)]
    categories: BTreeMap<String, RawCategory>,
    #[serde(default)]
    audits: BTreeMap<String, RawAudit>,
}

#[derive(Deserialize)]
struct RuntimeError {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    form_factor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawCategory {
    score: Option<f64>,
    #[serde(default)]
    audit_refs: Vec<Ref>,
}

#[derive(Deserialize)]
struct Ref {
    id: String,
    #[serde(default)]
    weight: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAudit {
    #[serde(default)]
    title: String,
    score: Option<f64>,
    display_value: Option<String>,
}

/// Reads a report.
///
/// # Errors
/// It is none.
pub fn read(bytes: &[u8]) -> Result<LighthouseSeen, String> {
    if bytes.len() > LONGEST {
        return Err("this is larger than any report of Lighthouse".to_owned());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let report: Report = serde_json::from_slice(bytes)
        .map_err(|error| format!("this is no report of Lighthouse as JSON ({})", clean(&error.to_string(), 160)))?;
    let url = report.final_displayed_url.or(report.final_url).or(report.requested_url).unwrap_or_default();
    let trouble = report.runtime_error.filter(|error| error.code != "NO_ERROR");
    let marks = Category::ALL.iter().filter_map(|(category, id)| {
        let raw = report.categories.get(*id)?;
        Some(Mark { category: *category, points: raw.score.and_then(points), costs: costs(raw, &report.audits) })
    });
    Ok(LighthouseSeen {
        url: clean(&url, 300),
        version: clean(&report.lighthouse_version, 40),
        device: clean(&report.config_settings.form_factor.unwrap_or_default(), 20),
        ran: report.fetch_time.and_then(|at| at.parse().ok()),
        trouble: trouble.map(|error| clean(&format!("{}: {}", error.code, error.message), 300)),
        marks: marks.collect(),
        notes: report
            .run_warnings
            .iter()
            .filter_map(|note| note.as_str())
            .take(NOTES)
            .map(|note| clean(note, 300))
            .collect(),
    })
}

/// A score of 0 … 1 as points of 100.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held within 0 and 100 before")]
fn points(score: f64) -> Option<u8> {
    (0.0..=1.0).contains(&score).then(|| (score * 100.0).round() as u8)
}

/// What cost points of a category: each audit takes its share of the weight, by how far it is from a full score.
fn costs(category: &RawCategory, audits: &BTreeMap<String, RawAudit>) -> Vec<Cost> {
    let counts = |one: &&Ref| one.weight > 0.0 && one.weight.is_finite();
    let scored = |one: &Ref| audits.get(&one.id).and_then(|audit| audit.score).is_some();
    let whole: f64 = category.audit_refs.iter().filter(counts).filter(|one| scored(one)).map(|one| one.weight).sum();
    let cost = |one: &Ref| {
        let audit = audits.get(&one.id)?;
        let lost = (1.0 - audit.score?).clamp(0.0, 1.0) * one.weight / whole;
        let points = points(lost).filter(|_| audit.score < Some(0.9))?;
        Some(Cost {
            id: clean(&one.id, 80),
            title: clean(&audit.title, 200),
            shown: clean(audit.display_value.as_deref().unwrap_or_default(), 120),
            points,
        })
    };
    let mut costs: Vec<Cost> = category.audit_refs.iter().filter(counts).filter_map(cost).collect();
    costs.sort_by(|one, other| other.points.cmp(&one.points).then_with(|| one.id.cmp(&other.id)));
    costs.truncate(COSTS);
    costs
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::facts::Category;

    const REPORT: &str = r#"{"lighthouseVersion":"13.0.1","requestedUrl":"https://a.example/","finalDisplayedUrl":"https://a.example/home","fetchTime":"2026-11-21T12:00:00.000Z",
        "configSettings":{"formFactor":"mobile"},"runWarnings":["The page loaded too slowly"],
        "categories":{"performance":{"score":0.61,"auditRefs":[{"id":"lcp","weight":25},{"id":"tbt","weight":30},{"id":"hint","weight":0}]},"seo":{"score":null,"auditRefs":[]}},
        "audits":{"lcp":{"title":"Largest Contentful Paint","score":0.2,"scoreDisplayMode":"numeric","displayValue":"5.1 s"},"tbt":{"title":"Total Blocking Time","score":0.95},"hint":{"title":"Hint","score":0}}}"#;

    #[test]
    fn marks_and_what_cost_them_are_read() {
        let seen = read(REPORT.as_bytes()).unwrap();
        assert_eq!(
            (seen.url.as_str(), seen.device.as_str(), seen.marks.len()),
            ("https://a.example/home", "mobile", 2)
        );
        let mark = &seen.marks[0];
        assert_eq!((mark.category, mark.points, mark.costs.len()), (Category::Performance, Some(61), 1));
        assert_eq!((mark.costs[0].points, mark.costs[0].shown.as_str()), (36, "5.1 s"));
        assert_eq!((seen.marks[1].points, seen.notes.len()), (None, 1));
        assert!(seen.trouble.is_none() && seen.ran.is_some());
    }

    #[test]
    fn what_is_no_report_is_told_so() {
        for wrong in ["", "[]", "{}", "{\"lighthouseVersion\":1}", "<html>"] {
            assert!(read(wrong.as_bytes()).unwrap_err().contains("no report"), "{wrong}");
        }
        let failed = r#"{"lighthouseVersion":"13","runtimeError":{"code":"NO_FCP","message":"nothing was painted"},"categories":{"seo":{"score":7,"auditRefs":[{"id":"x","weight":1e999}]}}}"#;
        assert!(read(failed.as_bytes()).is_err() || read(failed.as_bytes()).unwrap().trouble.is_some());
    }
}
