//! One file per verb.

pub mod audit;
pub mod db;
pub mod demo;
pub mod diff;
pub mod env;
pub mod handover;
pub mod journey;
pub mod judge;
pub mod latency;
pub mod list;
pub mod load;
pub mod logs;
pub mod mail;
mod measure;
mod outcome;
pub mod project;
pub mod reports;
pub mod roundtrip;
pub mod secrets;
mod senders;
mod signed;
pub mod spf;
pub mod watch;
