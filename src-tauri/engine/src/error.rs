//! Trouble on our own side (disk, keychain, a trust store that cannot be read): a stable code and a plain sentence.

/// An error of this machine, never of the audited site: what the site does wrong is a fact or unseen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EngineError {
    /// Stable name that callers may match: `trust-store`, `store-full` …
    pub code: &'static str,
    /// One plain sentence for a person.
    pub message: String,
}

impl EngineError {
    /// An error with its stable code and its sentence.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}
