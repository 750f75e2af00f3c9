//! Pure readers of hostile text: bounded, total, without opinion.

pub mod address;
pub mod body;
pub mod caa;
pub mod certificate;
pub mod cookie;
pub mod csp;
pub mod ct;
pub mod dkim;
pub mod dmarc;
pub mod domain;
pub mod fix;
pub mod issuer;
pub mod observatory;
pub mod page;
pub mod party;
pub mod provider;
pub mod rdap;
pub mod record_set;
pub mod resolver;
pub mod secret;
pub mod signpost;
pub mod spf;
pub mod staple;
pub mod suite;
pub mod takeover;
pub mod text;
