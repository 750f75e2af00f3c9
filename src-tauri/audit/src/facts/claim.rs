//! Facts of names that are aliases to a service: what the service says of them.

use serde::{Deserialize, Serialize};

/// What the page behind an alias to a known service showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The service, as `assets/data/takeover.toml` calls it.
    pub service: String,
    /// The name that it was known by.
    pub alias: String,
    /// URL whose page was read.
    pub url: String,
    /// Status of the page.
    pub status: u16,
    /// The words of the page by which the service says that nobody has claimed the name.
    pub unclaimed: Option<String>,
}
