//! What SQLite and the disk complain about, as a code and a sentence with a way out.

use crate::EngineError;
use std::io;
use std::path::Path;

/// SQLite's primary result codes (sqlite.org/rescode.html) that a person can do something about.
const BUSY: i64 = 5;
const LOCKED: i64 = 6;
const READ_ONLY: i64 = 8;
const IO: i64 = 10;
const CORRUPT: i64 = 11;
const FULL: i64 = 13;
const CANNOT_OPEN: i64 = 14;
const NOT_A_DATABASE: i64 = 26;

/// An error of SQLite.
pub(super) fn of(error: sqlx::Error) -> EngineError {
    let sqlx::Error::Database(told) = &error else {
        return EngineError::new("store", format!("failed to use the project file: {error}"));
    };
    // The extended code keeps the primary one in its low byte.
    let code = told.code().and_then(|code| code.parse::<i64>().ok()).map(|code| code & 0xff);
    let (code, says) = match code {
        Some(BUSY | LOCKED) => ("store-busy", "another program holds the project file; close it and try again"),
        Some(READ_ONLY | CANNOT_OPEN) => {
            ("store-closed", "the project file cannot be written; check the permissions of its folder")
        }
        Some(FULL) => ("store-full", "the disk is full, so nothing more can be kept; free some space and try again"),
        Some(IO) => ("store-disk", "the disk did not take what was written; check it, then try again"),
        Some(CORRUPT | NOT_A_DATABASE) => ("store-damaged", "the project file is damaged and was left as it is"),
        _ => return EngineError::new("store", format!("failed to use the project file: {told}")),
    };
    EngineError::new(code, says)
}

/// An error of a folder or file.
pub(super) fn of_file(what: &str, path: &Path, error: &io::Error) -> EngineError {
    EngineError::new("store-folder", format!("failed to {what} {}: {error}", path.display()))
}

/// Something stored that this version cannot read.
pub(super) fn unreadable(what: &str, error: impl std::fmt::Display) -> EngineError {
    EngineError::new("store-damaged", format!("failed to read a stored {what}: {error}"))
}
