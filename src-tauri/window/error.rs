//! What a command says when it fails: a stable code and one plain sentence.

use engine::EngineError;
use serde::Serialize;

/// Trouble on our own side, for a person to read. What the audited site does wrong is never an error.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Trouble {
    /// The stable name.
    pub(crate) code: String,
    /// The sentence.
    pub(crate) message: String,
}

impl Trouble {
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }
}

impl From<EngineError> for Trouble {
    fn from(error: EngineError) -> Self {
        Self::new(error.code, error.message)
    }
}

impl From<audit::read::domain::DomainError> for Trouble {
    fn from(error: audit::read::domain::DomainError) -> Self {
        Self::new("domain", error.to_string())
    }
}

impl From<lab::LabError> for Trouble {
    fn from(error: lab::LabError) -> Self {
        Self::new("demo", format!("failed to start the demo: {error}"))
    }
}

impl From<report::Error> for Trouble {
    fn from(error: report::Error) -> Self {
        Self::new("report", format!("failed to write the handover document: {error}"))
    }
}

impl From<tauri_plugin_clipboard_manager::Error> for Trouble {
    fn from(error: tauri_plugin_clipboard_manager::Error) -> Self {
        Self::new("clipboard", format!("failed to copy: {error}"))
    }
}

impl From<tauri_plugin_opener::Error> for Trouble {
    fn from(error: tauri_plugin_opener::Error) -> Self {
        Self::new("link", format!("failed to open the link in the browser: {error}"))
    }
}

impl From<tauri::Error> for Trouble {
    /// Work on another thread ended without an answer.
    fn from(error: tauri::Error) -> Self {
        Self::new("window", format!("failed to finish this: {error}"))
    }
}
