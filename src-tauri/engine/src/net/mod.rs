//! One polite client: every packet of a run leaves through here, under one set of limits and one address policy.

mod aliases;
pub(crate) mod body;
pub(crate) mod denial;
pub(crate) mod descent;
pub(crate) mod dial;
pub(crate) mod dns;
#[cfg(test)]
mod dns_tests;
pub(crate) mod doors;
pub(crate) mod fetch;
pub(crate) mod hello;
pub(crate) mod http;
pub(crate) mod line;
pub(crate) mod pool;
pub(crate) mod public;
pub(crate) mod question;
pub(crate) mod record;
pub(crate) mod signed;
pub(crate) mod slow;
mod stamped;
pub(crate) mod tls;
pub(crate) mod trouble;
mod zstd;

use self::dial::Dialler;
use self::dns::Dns;
use self::http::Http;
use self::line::Lines;
use self::pool::Pool;
use self::tls::Tls;
use crate::plan::Plan;
use crate::world::World;
use std::sync::Arc;

/// The client of one run.
pub(crate) struct Net {
    pub(crate) dial: Arc<Dialler>,
    pub(crate) dns: Dns,
    pub(crate) tls: Arc<Tls>,
    pub(crate) http: Http,
    pub(crate) lines: Lines,
    /// Connections of a second client, which shares none with the first.
    pub(crate) second: Lines,
    pub(crate) pool: Pool,
}

impl Net {
    pub(crate) fn new(plan: &Plan, world: &World) -> Self {
        let dial = Arc::new(Dialler::new(world.wire.clone(), plan.allow_private, plan.limits, world.trace.clone()));
        let resolvers = if plan.resolvers.is_empty() { world.resolvers.clone() } else { Ok(plan.resolvers.clone()) };
        let dns = Dns::new(dial.clone(), resolvers, world.clock.clone(), &plan.target.domain);
        let tls = Arc::new(Tls::new(world, plan.limits.handshake));
        let mut http = Http::new(dial.clone(), tls.clone());
        http.slow = plan.slow;
        let pool = Pool::new(&dial, &tls);
        Self { dial, dns, tls, http, lines: Lines::default(), second: Lines::default(), pool }
    }
}
