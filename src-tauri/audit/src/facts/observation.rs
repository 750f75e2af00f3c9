//! What lookers report while a run streams: one new fact at a time.

use super::{
    BrandFile, Bundle, Burst, Chain, Claim, CloudflareZone, DatabaseSeen, Delegation, Discovery, DnsAnswer, Dnssec,
    Exchange, Fact, Handshake, Inventory, JourneySeen, LighthouseSeen, Loaded, LogSeen, Mailhost, MessageSeen,
    OauthStart, Offer, OriginSeen, Propagation, QueriesSeen, Reach, Registration, ReportsSeen, Repository, Roundtrip,
    Sampled, Service, Signposts, StsAnswer, Unseen, Vantage,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// What the database tells of itself.
    Database {
        /// What was seen.
        fact: Fact<DatabaseSeen>,
    },
    /// What Lighthouse says of the front page.
    Lighthouse {
        /// What was seen.
        fact: Fact<LighthouseSeen>,
    },
    /// What query logs hold.
    Queries {
        /// What was seen.
        fact: Fact<QueriesSeen>,
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
    /// A journey that was gone through.
    Journey {
        /// `"<kind> <name>"`.
        key: String,
        /// What was seen.
        fact: Fact<JourneySeen>,
    },
    /// Load that was put on the product.
    Load {
        /// What was asked and how.
        key: String,
        /// What was seen.
        fact: Fact<Loaded>,
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
            Self::Journey { key, .. } => {
                format!("the journey \"{}\"", key.split_once(' ').map_or(key.as_str(), |(_, name)| name))
            }
            Self::Load { key, .. } => format!("load on {key}"),
            Self::Discovery { key, .. } | Self::Oauth { key, .. } | Self::Burst { key, .. } => key.clone(),
            Self::Exchange { key, .. } => key.split_once(' ').map_or(key.as_str(), |(_, url)| url).to_owned(),
            Self::Bundle { .. } => "scripts of the page".to_owned(),
            Self::Inventory { .. } => "settings of the project".to_owned(),
            Self::Tree { .. } => "keys in the project's files".to_owned(),
            Self::History { .. } => "keys in the project's history".to_owned(),
            Self::Log { .. } => "the product's log".to_owned(),
            Self::Database { .. } => "the database".to_owned(),
            Self::Queries { .. } => "the query log".to_owned(),
            Self::Lighthouse { .. } => "the report of Lighthouse".to_owned(),
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
            Self::Database { fact } => fact.seen().err(),
            Self::Queries { fact } => fact.seen().err(),
            Self::Lighthouse { fact } => fact.seen().err(),
            Self::Reports { fact } => fact.seen().err(),
            Self::Latency { fact, .. } => fact.seen().err(),
            Self::Journey { fact, .. } => fact.seen().err(),
            Self::Load { fact, .. } => fact.seen().err(),
            Self::Discovery { fact, .. } => fact.seen().err(),
            Self::Oauth { fact, .. } => fact.seen().err(),
            Self::Burst { fact, .. } => fact.seen().err(),
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
