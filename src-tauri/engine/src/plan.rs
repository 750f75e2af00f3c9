//! What a run sets out to do: the target, the routes, the limits, and the session for signed-in routes.

use crate::consent::Consent;
use crate::journey::Trip;
use crate::letter::Letter;
use crate::look::lighthouse::Lighthouse;
use crate::postbox::{Mailbox, Postbox};
use crate::session::Session;
use crate::{Address, Secret};
use audit::facts::{
    Environment, Fact, Facts, LighthouseSeen, Loaded, MessageSeen, QueriesSeen, ReportsSeen, Roundtrip, SlowNetwork,
    Target,
};
use audit::own::Own;
use audit::read::resolver::Resolver;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Sub-domains that young products usually have; each is looked up, only those that exist are visited.
pub const USUAL_SUBDOMAINS: [&str; 20] = [
    "app",
    "api",
    "dashboard",
    "admin",
    "status",
    "staging",
    "dev",
    "docs",
    "blog",
    "mail",
    "cdn",
    "static",
    "assets",
    "help",
    "portal",
    "login",
    "auth",
    "test",
    "beta",
    "demo",
];

/// What a run sets out to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The domain.
    pub target: Target,
    /// The roadmap's id, `sd` … `io`.
    pub roadmap: String,
    /// Routes whose latency is sampled; none means the bare domain's page over https.
    pub routes: Vec<Url>,
    /// Recursive resolvers to ask; none means the world's own.
    pub resolvers: Vec<SocketAddr>,
    /// Public resolvers to compare; none means those of `assets/data/resolvers.toml`.
    pub public: Vec<Resolver>,
    /// Whether private and loopback addresses may be contacted like public ones (test networks).
    pub allow_private: bool,
    /// Requests sent to each route.
    pub requests: u32,
    /// Least time from the start of one request to the start of the next on one route.
    pub pace: Duration,
    /// Session for signed-in routes.
    pub session: Option<Session>,
    /// Session of somebody who may do less, for the addresses that must be closed to such people.
    pub lesser: Option<Session>,
    /// Who agreed to tries at forms, by host. Without one no form is tried.
    pub consents: Vec<Consent>,
    /// A read-only token of the Cloudflare account; sent to Cloudflare's API and nowhere else.
    pub cloudflare: Option<Arc<Secret<String>>>,
    /// The folder of the product's code.
    pub project: Option<PathBuf>,
    /// What each environment has, by its name.
    pub environments: BTreeMap<String, Environment>,
    /// The product's own log, a file or a folder.
    pub log: Option<PathBuf>,
    /// A log of the product's queries, a file or a folder.
    pub queries: Option<PathBuf>,
    /// The product's database, to be asked in a read-only session.
    pub database: Option<Arc<Address>>,
    /// DMARC aggregate reports, a file or a folder.
    pub reports: Option<PathBuf>,
    /// What reports told that somebody gave just now.
    pub given_reports: Option<ReportsSeen>,
    /// What a log of queries holds that somebody gave just now.
    pub given_queries: Option<QueriesSeen>,
    /// Where a report of Lighthouse comes from; without one none is made.
    pub lighthouse: Option<Lighthouse>,
    /// Messages that the product sent, to be examined.
    pub messages: Vec<Letter>,
    /// What messages proved that were given before.
    pub kept: Kept,
    /// The account to send test messages with; without one none is sent.
    pub postbox: Option<Arc<Postbox>>,
    /// Journeys to be gone through; those that write wait for a consent.
    pub journeys: Vec<Trip>,
    /// Where journeys find the mail that they wait for.
    pub mailbox: Option<Arc<Mailbox>>,
    /// The project's own rows, with what they expect of the product.
    pub own: Option<Own>,
    /// A poor connection that is laid over every web connection of the run.
    pub slow: Option<SlowNetwork>,
    /// Keys the fingerprints of keys that are found, so that a later run knows them again; none for a key that is thrown away with the run.
    pub fingerprints: Option<Arc<Secret<[u8; 32]>>>,
    /// Bounds of time.
    pub limits: Limits,
}

/// What is taken over from an earlier run, because nobody could see it again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// What messages proved.
    pub messages: BTreeMap<String, Fact<MessageSeen>>,
    /// How test messages fared.
    pub roundtrips: BTreeMap<String, Fact<Roundtrip>>,
    /// What DMARC reports told.
    pub reports: Option<Fact<ReportsSeen>>,
    /// What query logs held.
    pub queries: Option<Fact<QueriesSeen>>,
    /// What Lighthouse said of the front page.
    pub lighthouse: Option<Fact<LighthouseSeen>>,
    /// Load that was put on the product.
    pub load: BTreeMap<String, Fact<Loaded>>,
}

impl Kept {
    /// What is to be taken over from these facts.
    #[must_use]
    pub fn from(facts: &Facts) -> Self {
        let mut kept = Self {
            messages: facts.messages.clone(),
            roundtrips: facts.roundtrips.clone(),
            reports: facts.reports.clone().filter(|fact| fact.seen().is_ok()),
            queries: facts.queries.clone().filter(|fact| fact.seen().is_ok()),
            lighthouse: facts.lighthouse.clone().filter(|fact| fact.seen().is_ok()),
            load: facts.load.clone(),
        };
        kept.messages.retain(|_, fact| fact.seen().is_ok());
        kept.roundtrips.retain(|_, fact| fact.seen().is_ok());
        kept
    }
}

impl Plan {
    /// A plan with the usual limits: 30 requests a route, at most five a second.
    #[must_use]
    pub fn new(target: Target, roadmap: &str) -> Self {
        Self {
            target,
            roadmap: roadmap.to_owned(),
            routes: Vec::new(),
            resolvers: Vec::new(),
            public: Vec::new(),
            allow_private: false,
            requests: 30,
            pace: Duration::from_millis(200),
            session: None,
            lesser: None,
            consents: Vec::new(),
            cloudflare: None,
            project: None,
            environments: BTreeMap::new(),
            log: None,
            queries: None,
            database: None,
            reports: None,
            given_reports: None,
            given_queries: None,
            lighthouse: None,
            messages: Vec::new(),
            kept: Kept::default(),
            postbox: None,
            journeys: Vec::new(),
            mailbox: None,
            own: None,
            slow: None,
            fingerprints: None,
            limits: Limits::default(),
        }
    }

    /// The same plan for servers of our own on this machine: they need no politeness, and are silent only when they mean it.
    #[must_use]
    pub fn on_loopback(mut self) -> Self {
        self.pace = Duration::from_millis(40);
        self.limits.dns = Duration::from_millis(600);
        self
    }

    /// The routes to sample: those given, or the bare domain's page.
    #[must_use]
    pub fn sampled_routes(&self) -> Vec<Url> {
        if self.routes.is_empty() {
            Url::parse(&format!("https://{}/", self.target.domain)).into_iter().collect()
        } else {
            self.routes.clone()
        }
    }
}

/// How long anything may take before it counts as silent.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// One DNS attempt; a question is asked at most twice.
    pub dns: Duration,
    /// One TCP connection.
    pub connect: Duration,
    /// One TLS handshake.
    pub handshake: Duration,
    /// One HTTP exchange, from the connection to the end of the body.
    pub exchange: Duration,
    /// One job as a whole: a chain of redirects, all scripts of a page, the name servers.
    pub job: Duration,
    /// Looking for keys in all scripts and maps of one page, without the time until they came; usual ones take a fraction of a second.
    pub scripts: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            dns: Duration::from_secs(2),
            connect: Duration::from_secs(4),
            handshake: Duration::from_secs(4),
            exchange: Duration::from_secs(10),
            job: Duration::from_secs(60),
            scripts: Duration::from_secs(5),
        }
    }
}
