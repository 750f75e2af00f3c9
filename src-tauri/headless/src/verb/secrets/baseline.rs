//! The baseline that the command line names: read, or begun where finds are to be accepted, and written.

use crate::exit::Trouble;
use engine::repo::Baseline;
use std::path::Path;

/// Reads a baseline; `fresh` makes one where there is none.
pub fn read(path: &Path, fresh: bool) -> Result<Baseline, Trouble> {
    let trouble = |says: String| Trouble::new(format!("{} {says}", path.display()));
    let file = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    match Baseline::read(&file).map_err(trouble)? {
        Some(baseline) => Ok(baseline),
        None if fresh => Ok(Baseline::new(&super::fresh())),
        None => Err(trouble("is not there; write it with --accept REASON".to_owned())),
    }
}

/// Writes a baseline.
pub fn write(path: &Path, baseline: &Baseline) -> Result<(), Trouble> {
    let text = baseline.text().map_err(|error| Trouble::new(format!("failed to write the baseline: {error}")))?;
    crate::output::write(path, text.as_bytes())
}
