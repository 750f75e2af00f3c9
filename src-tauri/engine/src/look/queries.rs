//! A log of the queries that a product sends to its database.

use super::pour;
use crate::EngineError;
use audit::facts::QueriesSeen;
use audit::read::query::Reader;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::Read;
use std::path::Path;

/// Characters of a given file: 25 MB of it.
const LONGEST: usize = 34 * 1024 * 1024;

/// Reads the query log at a path, a file or a folder of files; `stop` is asked again and again.
///
/// # Errors
/// The path cannot be opened, or is neither a file nor a folder.
pub fn queries(path: &Path, stop: &dyn Fn() -> bool) -> Result<QueriesSeen, EngineError> {
    let mut reader = Reader::new();
    pour::path(path, &mut reader, stop)?;
    Ok(reader.finish())
}

/// Reads a query log that somebody gave: a file in base64.
///
/// # Errors
/// It is no file, or larger than a window hands over.
pub fn queries_given(file: &str) -> Result<QueriesSeen, EngineError> {
    if file.len() > LONGEST {
        let says = "a log is given by its path where it has more than 25 MB; name the path above";
        return Err(EngineError::new("queries", says));
    }
    let bytes = STANDARD.decode(file).map_err(|_| EngineError::new("queries", "this is no file"))?;
    let seen = queries_from(bytes.as_slice(), &|| false);
    if seen.statements == 0 {
        return Err(EngineError::new("queries", "no statement of a database was found in this file"));
    }
    Ok(seen)
}

/// Reads the query log that comes through a pipe.
pub fn queries_from(source: impl Read, stop: &dyn Fn() -> bool) -> QueriesSeen {
    let mut reader = Reader::new();
    pour::pipe(source, &mut reader, stop);
    reader.finish()
}
