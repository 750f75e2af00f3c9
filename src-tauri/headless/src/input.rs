//! What is typed at the terminal and read from named files, checked before anything is looked at.

use crate::exit::Trouble;
use audit::facts::{Answer, Facts, Target, Waiver};
use audit::read::text::clean;
use audit::roadmap::{self, Roadmap};
use std::path::Path;
use std::str::FromStr;

/// Facts files are small; a larger file is something else.
const FACTS_LIMIT: u64 = 64 * 1024 * 1024;

/// The roadmap with this id.
pub fn roadmap(id: &str) -> Result<&'static Roadmap, Trouble> {
    roadmap::by_id(id).ok_or_else(|| {
        let ids: Vec<&str> = roadmap::all().iter().map(|roadmap| roadmap.id.as_str()).collect();
        Trouble::new(format!("there is no roadmap {}; choose one of {}", clean(id, 20), ids.join(", ")))
    })
}

/// The bytes of a named file.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Trouble> {
    let trouble = |error: std::io::Error| Trouble::new(format!("failed to read {}: {error}", path.display()));
    let length = std::fs::metadata(path).map_err(trouble)?.len();
    if length > FACTS_LIMIT {
        return Err(Trouble::new(format!("{} is larger than 64 MB, which no such file is", path.display())));
    }
    std::fs::read(path).map_err(trouble)
}

/// The facts in a named file.
pub fn facts(path: &Path) -> Result<Facts, Trouble> {
    let text = bytes(path)?;
    let version =
        serde_json::from_slice::<serde_json::Value>(&text).ok().and_then(|value| value.get("version")?.as_u64());
    match version {
        Some(version) if version > u64::from(audit::facts::FACTS_VERSION) => Err(Trouble::new(format!(
            "{} was written by a newer version (facts format {version}); update launch-ready to read it",
            path.display()
        ))),
        Some(_) => serde_json::from_slice(&text)
            .map_err(|error| Trouble::new(format!("{} is not a whole facts file: {error}", path.display()))),
        None => Err(Trouble::new(format!(
            "{} is {}; `launch-ready audit DOMAIN --facts FILE` writes facts",
            path.display(),
            if text.starts_with(b"PK") {
                "a project file, of which only `launch-ready handover` writes documents, and no facts"
            } else {
                "neither facts nor a project file"
            }
        ))),
    }
}

/// The own rows in a named file.
pub fn own(path: &Path, target: &Target) -> Result<audit::own::Own, Trouble> {
    let text = String::from_utf8_lossy(&bytes(path)?).into_owned();
    audit::own::read(&text, target).map_err(|why| Trouble::new(format!("{}: {why}", path.display())))
}

/// The accepted risks in a named file.
pub fn waivers(path: &Path, now: jiff::Timestamp) -> Result<Vec<Waiver>, Trouble> {
    let text = String::from_utf8_lossy(&bytes(path)?).into_owned();
    audit::read::waivers::parse(&text, now)
        .map_err(|why| Trouble::new(format!("{} is not a list of accepted risks: {why}", path.display())))
}

/// The accepted records in a named file: as `--save-expected` wrote them, or the facts of an earlier run of the same domain.
pub fn expected(path: &Path, target: &Target) -> Result<Answer, Trouble> {
    let text = bytes(path)?;
    if let Ok(saved) = serde_json::from_slice::<Saved>(&text) {
        return same(path, &saved.domain, target).map(|()| saved.accepted);
    }
    let earlier = facts(path)?;
    same(path, &earlier.target.domain, target)?;
    Ok(audit::drift::accept(&earlier, earlier.finished.unwrap_or(earlier.started)))
}

/// A file of accepted records.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// Whose records they are.
    pub domain: String,
    /// The records by question, with the day of acceptance.
    pub accepted: Answer,
}

fn same(path: &Path, domain: &str, target: &Target) -> Result<(), Trouble> {
    if domain == target.domain {
        return Ok(());
    }
    let (held, wanted) = (clean(domain, 80), &target.domain);
    Err(Trouble::new(format!("{} holds the records of {held}, not of {wanted}", path.display())))
}

/// A time such as 2026-11-21T12:00:00Z.
pub fn time(text: &str) -> Result<jiff::Timestamp, Trouble> {
    jiff::Timestamp::from_str(text)
        .map_err(|_| Trouble::new(format!("{} is not a time; write it like 2026-11-21T12:00:00Z", clean(text, 40))))
}

#[cfg(test)]
mod tests {
    use super::{Saved, expected};
    use audit::drift::accept;
    use audit::facts::{Facts, Scope, Target};

    #[test]
    fn accepted_records_are_read_back_from_both_kinds_of_file() {
        let target = Target { name: "example.com".to_owned(), domain: "example.com".to_owned() };
        let at = "2026-11-21T12:00:00Z".parse().unwrap();
        let mut facts = Facts::begin(target.clone(), "sd", Scope::default(), at);
        let answer = r#"{"seen":{"value":{"rcode":"noerror","records":[{"name":"example.com","ttl":300,"data":{"A":"5.9.1.1"}}]},"at":"2026-11-21T12:00:00Z","from":"x"}}"#;
        facts.dns.insert("example.com A".to_owned(), serde_json::from_str(answer).unwrap());
        let accepted = accept(&facts, at);
        assert_eq!(accepted.rows["example.com A"], "5.9.1.1");
        let folder = std::env::temp_dir().join(format!("launch-ready-expected-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (saved, earlier) = (folder.join("saved.json"), folder.join("facts.json"));
        let whole = Saved { domain: target.domain.clone(), accepted: accepted.clone() };
        std::fs::write(&saved, serde_json::to_vec(&whole).unwrap()).unwrap();
        std::fs::write(&earlier, serde_json::to_vec(&facts).unwrap()).unwrap();
        assert_eq!(expected(&saved, &target).unwrap(), accepted);
        assert_eq!(expected(&earlier, &target).unwrap(), accepted);
        let other = Target { name: "other.test".to_owned(), domain: "other.test".to_owned() };
        assert!(expected(&saved, &other).unwrap_err().to_string().contains("example.com"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
