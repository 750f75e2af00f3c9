//! What was seen of the world, and what could not be seen, each with when and from where. Facts hold no secret and no opinion.

mod claim;
mod cloudflare;
mod conduct;
mod consent;
mod dns;
mod dnssec;
mod exchange;
mod http;
mod inventory;
mod latency;
mod load;
mod log;
mod mailhost;
mod message;
mod oauth;
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
mod tls;
mod vantage;

pub use claim::Claim;
pub use cloudflare::{CloudflareRecord, CloudflareZone};
pub use conduct::{Conduct, Service, Timers};
pub use consent::{Agreed, Agreement, Burst, BurstEnd, Cap};
pub use dns::{Delegation, DnsAnswer, Rcode, Record, RecordData, ServerAnswer, ServerSeen};
pub use dnssec::{
    Absence, Denial, DenialKind, DigestSeen, Digests, Dnssec, KeySeen, Keys, Link, Proves, ServerSigned, Signature,
    SignedSet, Wish,
};
pub use exchange::{BodyKind, BodySeen, Exchange, ImageSeen};
pub use http::{Chain, End, Header, Hop};
pub use inventory::{Declared, Environment, Inventory, Need, OpenCall, Part, Read, ValueSeen, Variable};
pub use latency::{Bin, Percentile, Phase, Sampled};
pub use load::{LoadAgreed, LoadCap, LoadEnd, Loaded, Model, Spread};
pub use log::{Leak, LeakKind, LogForm, LogSeen, Spot, Topic};
pub use mailhost::{BrandFile, LogoSeen, Mailhost, StsAnswer};
pub use message::{DmarcResult, Flow, MessageSeen, Roundtrip, RoundtripEnd, SpfTold};
pub use oauth::{Discovery, OauthStart};
pub use offer::{Offer, SuiteSeen, TlsVersion, VersionAnswer, VersionSeen};
pub use origin::{OriginAnswer, OriginSeen};
pub use person::{Answer, Choice};
pub use propagation::{Propagation, SetSeen, Told, Way};
pub use registration::{Listed, Registered, Registration};
pub use reports::{ReportsSeen, Source};
pub use repository::{KeyFound, Place, Repository};
pub use scope::{Scope, Target};
pub use signpost::{Robots, Signposts, Sitemap};
pub use site::{Bundle, Linked, PageSeen, Resource, ResourceKind, ScriptMark, ScriptSeen, SecretMatch, Written};
pub use tls::{Handshake, KnownLog, LogEntries, LogEntry, LogProof, Reach, Trust, TrustProblem};
pub use vantage::Vantage;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// The version of the facts format; a reader refuses a newer one.
pub const FACTS_VERSION: u16 = 1;

/// One thing that was looked at: seen with its value, or unseen with the reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Fact<T> {
    /// The world answered.
    Seen {
        /// What was seen.
        value: T,
        /// When the answer came.
        #[ts(type = "string")]
        at: Timestamp,
        /// Who answered, as a person would name it: "9.9.9.9:53 over UDP", "104.18.20.10:443".
        from: String,
    },
    /// The world did not answer, or was not asked.
    Unseen(Unseen),
}

impl<T> Fact<T> {
    /// The value, or why there is none.
    ///
    /// # Errors
    /// The reason recorded by the looker.
    pub fn seen(&self) -> Result<&T, Unseen> {
        match self {
            Fact::Seen { value, .. } => Ok(value),
            Fact::Unseen(unseen) => Err(unseen.clone()),
        }
    }
}

/// Something that could not be seen: what, why, and the way to an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Unseen {
    /// What was looked at: "TXT _dmarc.example.com", "https://app.example.com/".
    pub what: String,
    /// The kind of reason.
    pub why: Why,
    /// The reason in one plain sentence.
    pub says: String,
    /// What a person can do to get an answer.
    pub way: String,
}

/// The closed list of reasons why something could not be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export_to = "bindings.ts")]
pub enum Why {
    /// Nobody looked yet, or the run was cut short.
    NotLooked,
    /// No answer within the time allowed.
    Timeout,
    /// The other side refused: a closed port, DNS REFUSED.
    Refused,
    /// The connection broke before the answer was whole.
    Broken,
    /// The other side said that it is overloaded or limits us (HTTP 429, 503; DNS SERVFAIL).
    Busy,
    /// The certificate is not trusted, so nothing more was sent.
    Untrusted,
    /// The address is private or otherwise not to be contacted from here.
    Forbidden,
    /// This machine has no way there (no network, no IPv6).
    NoRoute,
    /// The answer broke a limit of size, count or depth, or the protocol.
    Garbled,
    /// It rests on something else that could not be seen.
    Depends,
    /// Too few samples for the claim.
    TooFew,
    /// A credential or session that was not given.
    NoSession,
    /// Something that may only be done to a host whose owner agreed, and nobody recorded that.
    NoConsent,
    /// A bot challenge answered in place of the site.
    Challenged,
    /// A person was not asked, or did not answer yet.
    NotAnswered,
    /// Beyond what this version looks at.
    Beyond,
}

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
    /// What DMARC aggregate reports tell.
    #[serde(default)]
    pub reports: Option<Fact<ReportsSeen>>,
    /// Latency samples by route (absolute URL).
    #[serde(default)]
    pub latency: BTreeMap<String, Fact<Sampled>>,
    /// Discovery documents of logins by URL; a document that is not there is seen as none.
    #[serde(default)]
    pub discoveries: BTreeMap<String, Fact<Option<Discovery>>>,
    /// Logins with another service by the URL where they begin.
    #[serde(default)]
    pub oauth: BTreeMap<String, Fact<OauthStart>>,
    /// Rows of tries at forms, by URL.
    #[serde(default)]
    pub bursts: BTreeMap<String, Fact<Burst>>,
    /// A person's answers by check or item id.
    #[serde(default)]
    pub answers: BTreeMap<String, Answer>,
}

/// One new fact, as lookers report it while a run streams.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Observation {
    /// An answer of the recursive resolver.
    Dns {
        /// Question, `"example.com TXT"`.
        key: String,
        /// What was seen.
        fact: Fact<DnsAnswer>,
    },
    /// The name servers.
    Delegation {
        /// What was seen.
        fact: Fact<Delegation>,
    },
    /// What this network answers that nobody can answer.
    Vantage {
        /// What was seen.
        fact: Fact<Vantage>,
    },
    /// The answers of public resolvers.
    Propagation {
        /// What was seen.
        fact: Fact<Propagation>,
    },
    /// The registry's answer.
    Registration {
        /// What was seen.
        fact: Fact<Registration>,
    },
    /// Names that were met on the way.
    Found {
        /// Each with where.
        names: BTreeMap<String, String>,
    },
    /// Names in certificate logs.
    Logs {
        /// What was seen.
        fact: Fact<Vec<String>>,
    },
    /// The conduct of the name servers.
    Service {
        /// What was seen.
        fact: Fact<Service>,
    },
    /// The chain of signatures.
    Dnssec {
        /// What was seen.
        fact: Fact<Dnssec>,
    },
    /// A TCP connection on 443.
    Reach {
        /// `"host|address"`.
        key: String,
        /// What was seen.
        fact: Fact<Reach>,
    },
    /// A TLS handshake.
    Tls {
        /// `"host|address"`.
        key: String,
        /// What was seen.
        fact: Fact<Handshake>,
    },
    /// TLS versions and weak suites that a server takes.
    Offer {
        /// `"host|address"`.
        key: String,
        /// What was seen.
        fact: Fact<Offer>,
    },
    /// Cloudflare's own word.
    Cloudflare {
        /// What was seen.
        fact: Fact<CloudflareZone>,
    },
    /// An address outside the delivery network.
    Origin {
        /// The address.
        key: String,
        /// What was seen.
        fact: Fact<OriginSeen>,
    },
    /// A redirect chain.
    Http {
        /// The URL it starts from.
        key: String,
        /// What was seen.
        fact: Fact<Chain>,
    },
    /// One exchange.
    Exchange {
        /// `"<probe> <url>"`.
        key: String,
        /// What was seen.
        fact: Fact<Exchange>,
    },
    /// A conversation with a mail host.
    Mailhost {
        /// `"host|address"`.
        key: String,
        /// What was seen.
        fact: Fact<Mailhost>,
    },
    /// The policy of MTA-STS.
    Sts {
        /// What was seen.
        fact: Fact<StsAnswer>,
    },
    /// A file that the record of the logo names.
    Brand {
        /// The tag of the record that names it.
        key: String,
        /// What was seen.
        fact: Fact<BrandFile>,
    },
    /// What a message proved.
    Message {
        /// The word of its flow, with a number.
        key: String,
        /// What was seen.
        fact: Fact<MessageSeen>,
    },
    /// How a message that was sent on purpose fared.
    Roundtrip {
        /// The word of its flow.
        key: String,
        /// What was seen.
        fact: Fact<Roundtrip>,
    },
    /// What a service says of a name.
    Claim {
        /// The name.
        key: String,
        /// What was seen.
        fact: Fact<Claim>,
    },
    /// The scripts of the page.
    Bundle {
        /// What was seen.
        fact: Fact<Bundle>,
    },
    /// What the site tells search engines.
    Signposts {
        /// What was seen.
        fact: Fact<Signposts>,
    },
    /// The discovery document of a login.
    Discovery {
        /// Its URL.
        key: String,
        /// What was seen.
        fact: Fact<Option<Discovery>>,
    },
    /// A login with another service.
    Oauth {
        /// The URL where it begins.
        key: String,
        /// What was seen.
        fact: Fact<OauthStart>,
    },
    /// A row of tries at a form.
    Burst {
        /// The form's URL.
        key: String,
        /// What was seen.
        fact: Fact<Burst>,
    },
    /// The settings of the project.
    Inventory {
        /// What was seen.
        fact: Fact<Inventory>,
    },
    /// Keys in the files of the project's folder.
    Tree {
        /// What was seen.
        fact: Fact<Repository>,
    },
    /// Keys in the history of the project's repository.
    History {
        /// What was seen.
        fact: Fact<Repository>,
    },
    /// What the product's own log holds.
    Log {
        /// What was seen.
        fact: Fact<LogSeen>,
    },
    /// What DMARC aggregate reports tell.
    Reports {
        /// What was seen.
        fact: Fact<ReportsSeen>,
    },
    /// The samples of a route.
    Latency {
        /// The route's URL.
        key: String,
        /// What was seen.
        fact: Fact<Sampled>,
    },
}

impl Observation {
    /// What was looked at, for a progress line: "example.com TXT", "https://example.com/".
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::Dns { key, .. } => key.clone(),
            Self::Delegation { .. } => "name servers".to_owned(),
            Self::Vantage { .. } => "this network".to_owned(),
            Self::Propagation { .. } => "answers of public resolvers".to_owned(),
            Self::Registration { .. } => "registration of the domain".to_owned(),
            Self::Found { names } => format!("{} further names", names.len()),
            Self::Logs { .. } => "certificate logs".to_owned(),
            Self::Service { .. } => "records at each name server".to_owned(),
            Self::Dnssec { .. } => "DNSSEC".to_owned(),
            Self::Mailhost { key, .. } => format!("port 25 of {}", key.replace('|', " at ")),
            Self::Sts { .. } => "MTA-STS policy".to_owned(),
            Self::Brand { .. } => "logo for mailboxes".to_owned(),
            Self::Message { key, .. } => format!("received message ({key})"),
            Self::Roundtrip { key, .. } => format!("test message ({key})"),
            Self::Claim { key, .. } => format!("what {key} leads to"),
            Self::Reach { key, .. } => format!("port 443 of {}", key.replace('|', " at ")),
            Self::Tls { key, .. } => format!("certificate of {}", key.replace('|', " at ")),
            Self::Cloudflare { .. } => "Cloudflare's settings".to_owned(),
            Self::Origin { key, .. } => format!("the site at {key}"),
            Self::Offer { key, .. } => format!("TLS versions of {}", key.replace('|', " at ")),
            Self::Http { key, .. } | Self::Latency { key, .. } => key.clone(),
            Self::Discovery { key, .. } | Self::Oauth { key, .. } | Self::Burst { key, .. } => key.clone(),
            Self::Exchange { key, .. } => key.split_once(' ').map_or(key.as_str(), |(_, url)| url).to_owned(),
            Self::Bundle { .. } => "scripts of the page".to_owned(),
            Self::Inventory { .. } => "settings of the project".to_owned(),
            Self::Tree { .. } => "keys in the project's files".to_owned(),
            Self::History { .. } => "keys in the project's history".to_owned(),
            Self::Log { .. } => "the product's log".to_owned(),
            Self::Reports { .. } => "DMARC reports".to_owned(),
            Self::Signposts { .. } => "robots.txt and sitemaps".to_owned(),
        }
    }

    /// Why it could not be seen, when it could not.
    #[must_use]
    pub fn unseen(&self) -> Option<Unseen> {
        match self {
            Self::Dns { fact, .. } => fact.seen().err(),
            Self::Delegation { fact } => fact.seen().err(),
            Self::Vantage { fact } => fact.seen().err(),
            Self::Propagation { fact } => fact.seen().err(),
            Self::Registration { fact } => fact.seen().err(),
            Self::Found { .. } => None,
            Self::Logs { fact } => fact.seen().err(),
            Self::Service { fact } => fact.seen().err(),
            Self::Dnssec { fact } => fact.seen().err(),
            Self::Mailhost { fact, .. } => fact.seen().err(),
            Self::Sts { fact } => fact.seen().err(),
            Self::Brand { fact, .. } => fact.seen().err(),
            Self::Message { fact, .. } => fact.seen().err(),
            Self::Roundtrip { fact, .. } => fact.seen().err(),
            Self::Claim { fact, .. } => fact.seen().err(),
            Self::Reach { fact, .. } => fact.seen().err(),
            Self::Tls { fact, .. } => fact.seen().err(),
            Self::Offer { fact, .. } => fact.seen().err(),
            Self::Cloudflare { fact } => fact.seen().err(),
            Self::Origin { fact, .. } => fact.seen().err(),
            Self::Http { fact, .. } => fact.seen().err(),
            Self::Exchange { fact, .. } => fact.seen().err(),
            Self::Bundle { fact } => fact.seen().err(),
            Self::Signposts { fact } => fact.seen().err(),
            Self::Inventory { fact } => fact.seen().err(),
            Self::Tree { fact } | Self::History { fact } => fact.seen().err(),
            Self::Log { fact } => fact.seen().err(),
            Self::Reports { fact } => fact.seen().err(),
            Self::Latency { fact, .. } => fact.seen().err(),
            Self::Discovery { fact, .. } => fact.seen().err(),
            Self::Oauth { fact, .. } => fact.seen().err(),
            Self::Burst { fact, .. } => fact.seen().err(),
        }
    }
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
            reports: None,
            latency: BTreeMap::new(),
            discoveries: BTreeMap::new(),
            oauth: BTreeMap::new(),
            bursts: BTreeMap::new(),
            answers: BTreeMap::new(),
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
            Observation::Reports { fact } => self.reports = Some(fact),
            Observation::Latency { key, fact } => drop(self.latency.insert(key, fact)),
            Observation::Discovery { key, fact } => drop(self.discoveries.insert(key, fact)),
            Observation::Oauth { key, fact } => drop(self.oauth.insert(key, fact)),
            Observation::Burst { key, fact } => drop(self.bursts.insert(key, fact)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, Observation, Sampled};

    #[test]
    fn an_observation_of_latency_is_read_back_as_it_was_written() {
        // A tag inside the object would buffer it, and number keys do not survive that.
        let statuses = std::collections::BTreeMap::from([(200, 30), (503, 1)]);
        let failures = std::collections::BTreeMap::new();
        let sampled =
            Sampled { wanted: 31, sent: 31, statuses, failures, signed_in: false, phases: vec![], bins: vec![] };
        let at = "2026-11-21T12:00:00Z".parse().unwrap();
        let fact = Fact::Seen { value: sampled, at, from: "x".to_owned() };
        let seen = Observation::Latency { key: "https://example.com/".to_owned(), fact };
        let text = serde_json::to_string(&seen).unwrap();
        assert_eq!(serde_json::from_str::<Observation>(&text).unwrap(), seen);
    }
}
