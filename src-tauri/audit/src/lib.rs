//! Judge: turns what was seen (facts) into an audit by pure functions; same facts, roadmap and clock give the same audit.

pub mod audit;
pub mod case;
pub mod check;
pub mod checks;
pub mod compare;
mod conditions;
pub mod diff;
pub mod drift;
pub mod facts;
pub mod form;
pub mod fresh;
pub mod glance;
pub mod interval;
pub mod journeys;
pub mod judge;
pub mod kept;
pub mod keys;
pub mod own;
pub mod parties;
pub mod paste;
pub mod picture;
pub mod rank;
pub mod read;
mod reports;
pub mod roadmap;
pub mod settings;
pub mod sprint;
mod state;
pub mod terms;
#[cfg(test)]
mod testing;
pub mod vantage;
pub mod waive;
pub mod watch;

pub use audit::{Audit, State, Verdict as Launch};
pub use case::Case;
pub use check::{Check, Finding, Fix, Grade, Severity, Status, Verdict};
pub use facts::{Fact, Facts, Observation, Unseen, Why};
pub use judge::audit;
pub use reports::REPORTS;
