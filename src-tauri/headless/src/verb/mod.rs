//! One file per verb.

pub mod audit;
pub mod demo;
pub mod env;
pub mod judge;
pub mod list;
pub mod logs;
pub mod mail;
pub mod reports;
pub mod secrets;
mod signed;
pub mod spf;
