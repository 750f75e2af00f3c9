//! The lab on real sockets.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;
mod faults;
mod healthy;
