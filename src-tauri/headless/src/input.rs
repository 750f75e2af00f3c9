//! What is typed at the terminal and read from named files, checked before anything is looked at.

use crate::exit::Trouble;
use audit::facts::Facts;
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
            "{} is not a facts file; make one with `launch-ready audit DOMAIN --facts FILE`",
            path.display()
        ))),
    }
}

/// A time such as 2026-11-21T12:00:00Z.
pub fn time(text: &str) -> Result<jiff::Timestamp, Trouble> {
    jiff::Timestamp::from_str(text)
        .map_err(|_| Trouble::new(format!("{} is not a time; write it like 2026-11-21T12:00:00Z", clean(text, 40))))
}
