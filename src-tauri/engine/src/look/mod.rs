//! The lookers: each looks at one kind of thing and notes what it saw. None has an opinion.

pub(crate) mod bundle;
pub(crate) mod claim;
pub(crate) mod cloudflare;
pub(crate) mod conduct;
pub(crate) mod cors;
pub(crate) mod database;
pub(crate) mod delegation;
pub(crate) mod dnssec;
pub(crate) mod found;
pub(crate) mod http;
#[cfg(test)]
mod http_tests;
pub(crate) mod inventory;
pub(crate) mod journey;
pub(crate) mod kept;
pub(crate) mod latency;
pub(crate) mod lighthouse;
pub(crate) mod load;
pub(crate) mod log;
pub(crate) mod mail;
pub(crate) mod mailhost;
pub(crate) mod message;
pub(crate) mod names;
pub(crate) mod oauth;
pub(crate) mod offer;
pub(crate) mod origin;
pub(crate) mod own;
mod pour;
pub(crate) mod probe;
#[cfg(test)]
mod probe_tests;
pub(crate) mod propagation;
pub(crate) mod queries;
pub(crate) mod rate_limit;
pub(crate) mod registration;
pub(crate) mod reports;
pub(crate) mod roundtrip;
pub(crate) mod signed;
pub(crate) mod signposts;
pub(crate) mod site;
pub(crate) mod transport;
#[cfg(test)]
mod transport_tests;
pub(crate) mod tree;
pub(crate) mod vantage;
pub(crate) mod wishes;
