//! Pure readers of hostile text: bounded, total, without opinion.

pub mod address;
pub mod certificate;
// waits: pub mod dmarc;
pub mod dkim;
pub mod domain;
// waits: pub mod page;
pub mod provider;
// waits: pub mod secret;
pub mod spf;
pub mod text;
