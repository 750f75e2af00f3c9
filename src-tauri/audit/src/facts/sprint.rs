//! The two days of work on a product: when they began, and when they were paused.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A sprint as somebody started it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sprint {
    /// When its first half-day begins.
    pub began: Timestamp,
    /// When nothing was done, oldest first; one that goes on has no end.
    #[serde(default)]
    pub pauses: Vec<Pause>,
}

/// A time in which nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Its begin.
    pub from: Timestamp,
    /// Its end; none while it goes on.
    pub to: Option<Timestamp>,
}
