//! Look: one polite client, the lookers, the run, the store and the keychain. Nothing here has an opinion about what it sees.

pub mod consent;
mod error;
mod given;
pub mod journey;
mod letter;
pub mod load;
mod look;
mod net;
mod plan;
mod postbox;
pub mod repo;
mod run;
mod secret;
mod sender;
mod session;
pub mod store;
#[cfg(test)]
mod testing;
mod trace;
pub mod vault;
pub mod watch;
mod world;

pub use consent::Consent;
pub use error::EngineError;
pub use given::{certificates, route};
pub use journey::Trip;
pub use letter::Letter;
pub use look::database::{Address, database};
pub use look::inventory::inventory;
pub use look::lighthouse::{Lighthouse, lighthouse_given};
pub use look::log::{log, log_from};
pub use look::queries::{queries, queries_from, queries_given};
pub use look::reports::{reports, reports_from, reports_given};
pub use plan::{Kept, Limits, Plan, USUAL_SUBDOMAINS};
pub use postbox::{Account, Inbox, Mailbox, Postbox};
pub use run::{Event, look_again, look_again_at, run};
pub use secret::Secret;
pub use sender::{examine, spf};
pub use session::Session;
pub use trace::{Exchange, Kind, Purpose, Trace};
pub use world::{Clock, Seed, Wire, World};
