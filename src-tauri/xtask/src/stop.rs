//! Why a command ends early, and the exit code that says so.

use std::{fmt, io, path::Path};

/// The end of a command before its time.
#[derive(Debug)]
pub enum Stop {
    /// A step was tried and did not succeed.
    Failed(String),
    /// Something has to be there first; the text says how to get it.
    Missing(String),
}

impl Stop {
    /// 1 for a failure, 2 for something missing.
    pub fn code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Missing(_) => 2,
        }
    }

    /// A file or folder that the system would not let us use.
    pub fn file(path: &Path, error: &io::Error) -> Self {
        Self::Failed(format!("failed to use {}: {error}", path.display()))
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(why) | Self::Missing(why) => out.write_str(why),
        }
    }
}
