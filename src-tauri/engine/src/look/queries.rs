//! A log of the queries that a product sends to its database.

use super::pour;
use crate::EngineError;
use audit::facts::QueriesSeen;
use audit::read::query::Reader;
use std::io::Read;
use std::path::Path;

/// Reads the query log at a path, a file or a folder of files; `stop` is asked again and again.
///
/// # Errors
/// The path cannot be opened, or is neither a file nor a folder.
pub fn queries(path: &Path, stop: &dyn Fn() -> bool) -> Result<QueriesSeen, EngineError> {
    let mut reader = Reader::new();
    pour::path(path, &mut reader, stop)?;
    Ok(reader.finish())
}

/// Reads the query log that comes through a pipe.
pub fn queries_from(source: impl Read, stop: &dyn Fn() -> bool) -> QueriesSeen {
    let mut reader = Reader::new();
    pour::pipe(source, &mut reader, stop);
    reader.finish()
}
