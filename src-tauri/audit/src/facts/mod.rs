//! What was seen of the world, and what could not be seen, each with when and from where. Facts hold no secret and no opinion.

mod claim;
mod cloudflare;
mod conduct;
mod consent;
mod database;
mod dns;
mod dnssec;
mod dossier;
mod exchange;
mod fact;
mod http;
mod inventory;
mod journey;
mod latency;
mod lighthouse;
mod load;
mod log;
mod mailhost;
mod message;
mod oauth;
mod observation;
mod offer;
mod origin;
mod person;
mod propagation;
mod registration;
mod reports;
mod repository;
mod scope;
mod signpost;
mod site;
mod sprint;
mod tls;
mod vantage;
mod waiver;
mod watched;

pub use claim::Claim;
pub use cloudflare::{CloudflareRecord, CloudflareZone};
pub use conduct::{Conduct, Service, Timers};
pub use consent::{Agreed, Agreement, Burst, BurstEnd, Cap};
pub use database::{
    DatabaseKind, DatabasePart, DatabaseSeen, ForeignKey, Index, Plan, QueriesSeen, Query, QueryForm, REPEATED,
    Statement, Table,
};
pub use dns::{Delegation, DnsAnswer, Rcode, Record, RecordData, ServerAnswer, ServerSeen};
pub use dnssec::{
    Absence, Denial, DenialKind, DigestSeen, Digests, Dnssec, KeySeen, Keys, Link, Proves, ServerSigned, Signature,
    SignedSet, Wish,
};
pub use dossier::{Comment, Dossier, Evidence, EvidenceKind};
pub use exchange::{BodyKind, BodySeen, Exchange, ImageSeen};
pub use fact::{Fact, Unseen, Why};
pub use http::{Chain, End, Header, Hop};
pub use inventory::{Declared, Environment, Inventory, Need, OpenCall, Part, Read, ValueSeen, Variable};
pub use journey::{JourneyEnd, JourneyKind, JourneySeen, Miss, Reached, StepHop, StepSeen, StepTimes, Stop};
pub use latency::{Bin, Percentile, Phase, Sampled};
pub use lighthouse::{Category, Cost, LighthouseSeen, Mark};
pub use load::{LoadAgreed, LoadCap, LoadEnd, Loaded, Measured, Model, SlowNetwork, Spread};
pub use log::{Leak, LeakKind, LogForm, LogSeen, Spot, Topic};
pub use mailhost::{BrandFile, LogoSeen, Mailhost, StsAnswer};
pub use message::{DmarcResult, Flow, MessageSeen, Roundtrip, RoundtripEnd, SpfTold};
pub use oauth::{Discovery, OauthStart};
pub use observation::Observation;
pub use offer::{Offer, SuiteSeen, TlsVersion, VersionAnswer, VersionSeen};
pub use origin::{OriginAnswer, OriginSeen};
pub use person::{Answer, Choice};
pub use propagation::{Propagation, SetSeen, Told, Way};
pub use registration::{Listed, Registered, Registration};
pub use reports::{ReportsSeen, Source};
pub use repository::{KeyFound, Place, Repository, WaivedFind};
pub use scope::{Scope, Target};
pub use signpost::{Robots, Signposts, Sitemap};
pub use site::{Bundle, Linked, PageSeen, Resource, ResourceKind, ScriptMark, ScriptSeen, SecretMatch, Written};
pub use sprint::{Pause, Sprint};
pub use tls::{Handshake, KnownLog, LogEntries, LogEntry, LogProof, Reach, Trust, TrustProblem};
pub use vantage::Vantage;
pub use waiver::Waiver;
pub use watched::{Watched, WatchedHour, kept};

use crate::own::Own;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the facts format; a reader refuses a newer one.
pub const FACTS_VERSION: u16 = 1;

/// Everything known about one target at the end (or in the middle) of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// [`FACTS_VERSION`] of the writer.
    pub version: u16,
    /// What is being audited.
    pub target: Target,
    /// The roadmap's id, `sd` … `io`.
    pub roadmap: String,
    /// What the run set out to look at.
    pub scope: Scope,
    /// When the run began.
    pub started: Timestamp,
    /// When the run ended; none while it is going on or when it was killed.
    pub finished: Option<Timestamp>,
    /// Whether the run was cancelled before everything was looked at.
    #[serde(default)]
    pub cut_short: bool,
    /// Answers of the recursive resolver by question, `"example.com TXT"` (name without final dot, lower case).
    #[serde(default)]
    pub dns: BTreeMap<String, Fact<DnsAnswer>>,
    /// The name servers, each asked directly, and the parent's view of them.
    #[serde(default)]
    pub delegation: Option<Fact<Delegation>>,
    /// What this network answers that nobody can answer.
    #[serde(default)]
    pub vantage: Option<Fact<Vantage>>,
    /// The same questions to the domain's own name servers and to public resolvers.
    #[serde(default)]
    pub propagation: Option<Fact<Propagation>>,
    /// What the registry says about the domain.
    #[serde(default)]
    pub registration: Option<Fact<Registration>>,
    /// Names that were met on the way, each with where.
    #[serde(default)]
    pub found: BTreeMap<String, String>,
    /// Names in certificate logs.
    #[serde(default)]
    pub logs: Option<Fact<Vec<String>>>,
    /// The zone as each of its own name servers shows it.
    #[serde(default)]
    pub service: Option<Fact<Service>>,
    /// The chain of signatures from the root to the domain.
    #[serde(default)]
    pub dnssec: Option<Fact<Dnssec>>,
    /// Whether each address accepts TCP connections on 443, by `"host|address"`.
    #[serde(default)]
    pub reach: BTreeMap<String, Fact<Reach>>,
    /// TLS handshakes by `"host|address"`.
    #[serde(default)]
    pub tls: BTreeMap<String, Fact<Handshake>>,
    /// TLS versions and weak suites that a server takes, by `"host|address"`.
    #[serde(default)]
    pub offers: BTreeMap<String, Fact<Offer>>,
    /// What Cloudflare's API says of the zone.
    #[serde(default)]
    pub cloudflare: Option<Fact<CloudflareZone>>,
    /// Addresses outside the delivery network that were asked for the site, by address.
    #[serde(default)]
    pub origins: BTreeMap<String, Fact<OriginSeen>>,
    /// Redirect chains by the URL they start from (`http://` and `https://`, each host, path `/`).
    #[serde(default)]
    pub http: BTreeMap<String, Fact<Chain>>,
    /// Single exchanges by `"<probe> <url>"`: what was asked for, in a short word of the looker, and where.
    #[serde(default)]
    pub exchanges: BTreeMap<String, Fact<Exchange>>,
    /// Conversations with mail hosts on port 25 by `"host|address"`.
    #[serde(default)]
    pub mailhosts: BTreeMap<String, Fact<Mailhost>>,
    /// The policy that asks other mail servers to encrypt.
    #[serde(default)]
    pub sts: Option<Fact<StsAnswer>>,
    /// The files that the record of the logo names, by its tag: `l` the logo, `a` its certificate.
    #[serde(default)]
    pub brand: BTreeMap<String, Fact<BrandFile>>,
    /// What messages of the product proved on arrival, by the word of their flow, numbered where there are several.
    #[serde(default)]
    pub messages: BTreeMap<String, Fact<MessageSeen>>,
    /// How messages that were sent on purpose fared, by the word of their flow.
    #[serde(default)]
    pub roundtrips: BTreeMap<String, Fact<Roundtrip>>,
    /// What services say of the names that are aliases to them, by name.
    #[serde(default)]
    pub claims: BTreeMap<String, Fact<Claim>>,
    /// Scripts of the canonical page, and the matches of secret rules in them.
    #[serde(default)]
    pub bundle: Option<Fact<Bundle>>,
    /// What the site tells search engines.
    #[serde(default)]
    pub signposts: Option<Fact<Signposts>>,
    /// The settings of the project, and its calls to other services.
    #[serde(default)]
    pub inventory: Option<Fact<Inventory>>,
    /// Keys in the files of the project's folder.
    #[serde(default)]
    pub tree: Option<Fact<Repository>>,
    /// Keys in the whole history of the project's repository.
    #[serde(default)]
    pub history: Option<Fact<Repository>>,
    /// What the product's own log holds.
    #[serde(default)]
    pub log: Option<Fact<LogSeen>>,
    /// What the database tells of itself.
    #[serde(default)]
    pub database: Option<Fact<DatabaseSeen>>,
    /// What query logs hold.
    #[serde(default)]
    pub queries: Option<Fact<QueriesSeen>>,
    /// What DMARC aggregate reports tell.
    #[serde(default)]
    pub reports: Option<Fact<ReportsSeen>>,
    /// Latency samples by route (absolute URL).
    #[serde(default)]
    pub latency: BTreeMap<String, Fact<Sampled>>,
    /// What Lighthouse says of the front page.
    #[serde(default)]
    pub lighthouse: Option<Fact<LighthouseSeen>>,
    /// Journeys that were gone through, by `"<kind> <name>"`.
    #[serde(default)]
    pub journeys: BTreeMap<String, Fact<JourneySeen>>,
    /// Load that was put on the product at some time, by what was asked and how ([`Loaded::key`]).
    #[serde(default)]
    pub load: BTreeMap<String, Fact<Loaded>>,
    /// Discovery documents of logins by URL; a document that is not there is seen as none.
    #[serde(default)]
    pub discoveries: BTreeMap<String, Fact<Option<Discovery>>>,
    /// Logins with another service by the URL where they begin.
    #[serde(default)]
    pub oauth: BTreeMap<String, Fact<OauthStart>>,
    /// Rows of tries at forms, by URL.
    #[serde(default)]
    pub bursts: BTreeMap<String, Fact<Burst>>,
    /// Measurements that somebody started: of each address the newest and the accepted baseline, of load as of a few requests; newest first.
    #[serde(default)]
    pub measured: Vec<Measured>,
    /// A person's answers by check or item id.
    #[serde(default)]
    pub answers: BTreeMap<String, Answer>,
    /// What people filed on rows, by the question or the row.
    #[serde(default)]
    pub dossiers: BTreeMap<String, Dossier>,
    /// The two days of work, once somebody began them.
    #[serde(default)]
    pub sprint: Option<Sprint>,
    /// Risks that somebody accepted, oldest first.
    #[serde(default)]
    pub waivers: Vec<Waiver>,
    /// The project's own rows and checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Own>,
    /// What the watch recorded in the last days, where one goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watched: Option<Watched>,
}

impl Facts {
    /// Facts of a run that has not looked at anything yet.
    #[must_use]
    pub fn begin(target: Target, roadmap: &str, scope: Scope, started: Timestamp) -> Self {
        Self {
            version: FACTS_VERSION,
            target,
            roadmap: roadmap.to_owned(),
            scope,
            started,
            finished: None,
            cut_short: false,
            dns: BTreeMap::new(),
            delegation: None,
            vantage: None,
            propagation: None,
            registration: None,
            found: BTreeMap::new(),
            logs: None,
            service: None,
            dnssec: None,
            reach: BTreeMap::new(),
            tls: BTreeMap::new(),
            offers: BTreeMap::new(),
            origins: BTreeMap::new(),
            cloudflare: None,
            http: BTreeMap::new(),
            exchanges: BTreeMap::new(),
            mailhosts: BTreeMap::new(),
            sts: None,
            brand: BTreeMap::new(),
            messages: BTreeMap::new(),
            roundtrips: BTreeMap::new(),
            claims: BTreeMap::new(),
            bundle: None,
            signposts: None,
            inventory: None,
            tree: None,
            history: None,
            log: None,
            database: None,
            queries: None,
            reports: None,
            latency: BTreeMap::new(),
            lighthouse: None,
            journeys: BTreeMap::new(),
            load: BTreeMap::new(),
            discoveries: BTreeMap::new(),
            oauth: BTreeMap::new(),
            bursts: BTreeMap::new(),
            measured: Vec::new(),
            answers: BTreeMap::new(),
            dossiers: BTreeMap::new(),
            sprint: None,
            waivers: Vec::new(),
            own: None,
            watched: None,
        }
    }

    /// Takes the newest load on each address out of what was measured.
    pub fn take_load(&mut self) {
        for measured in self.measured.iter().rev() {
            let (loaded, at) = (&measured.loaded, measured.at);
            if loaded.agreed.is_some() || loaded.slow.is_some() {
                let fact = Fact::Seen { value: loaded.clone(), at, from: "this machine".to_owned() };
                drop(self.load.insert(loaded.key(), fact));
            }
        }
    }

    /// Takes in one observation; a later one of the same thing replaces the earlier.
    pub fn add(&mut self, seen: Observation) {
        match seen {
            Observation::Dns { key, fact } => drop(self.dns.insert(key, fact)),
            Observation::Delegation { fact } => self.delegation = Some(fact),
            Observation::Vantage { fact } => self.vantage = Some(fact),
            Observation::Propagation { fact } => self.propagation = Some(fact),
            Observation::Registration { fact } => self.registration = Some(fact),
            Observation::Found { names } => self.found.extend(names),
            Observation::Logs { fact } => self.logs = Some(fact),
            Observation::Service { fact } => self.service = Some(fact),
            Observation::Dnssec { fact } => self.dnssec = Some(fact),
            Observation::Mailhost { key, fact } => drop(self.mailhosts.insert(key, fact)),
            Observation::Sts { fact } => self.sts = Some(fact),
            Observation::Brand { key, fact } => drop(self.brand.insert(key, fact)),
            Observation::Message { key, fact } => drop(self.messages.insert(key, fact)),
            Observation::Roundtrip { key, fact } => drop(self.roundtrips.insert(key, fact)),
            Observation::Claim { key, fact } => drop(self.claims.insert(key, fact)),
            Observation::Reach { key, fact } => drop(self.reach.insert(key, fact)),
            Observation::Tls { key, fact } => drop(self.tls.insert(key, fact)),
            Observation::Cloudflare { fact } => self.cloudflare = Some(fact),
            Observation::Origin { key, fact } => drop(self.origins.insert(key, fact)),
            Observation::Offer { key, fact } => drop(self.offers.insert(key, fact)),
            Observation::Http { key, fact } => drop(self.http.insert(key, fact)),
            Observation::Exchange { key, fact } => drop(self.exchanges.insert(key, fact)),
            Observation::Bundle { fact } => self.bundle = Some(fact),
            Observation::Signposts { fact } => self.signposts = Some(fact),
            Observation::Inventory { fact } => self.inventory = Some(fact),
            Observation::Tree { fact } => self.tree = Some(fact),
            Observation::History { fact } => self.history = Some(fact),
            Observation::Log { fact } => self.log = Some(fact),
            Observation::Database { fact } => self.database = Some(fact),
            Observation::Queries { fact } => self.queries = Some(fact),
            Observation::Reports { fact } => self.reports = Some(fact),
            Observation::Latency { key, fact } => drop(self.latency.insert(key, fact)),
            Observation::Lighthouse { fact } => self.lighthouse = Some(fact),
            Observation::Journey { key, fact } => drop(self.journeys.insert(key, fact)),
            Observation::Load { key, fact } => drop(self.load.insert(key, fact)),
            Observation::Discovery { key, fact } => drop(self.discoveries.insert(key, fact)),
            Observation::Oauth { key, fact } => drop(self.oauth.insert(key, fact)),
            Observation::Burst { key, fact } => drop(self.bursts.insert(key, fact)),
        }
    }
}
