//! What is looked at and in which order: everything begins as soon as its inputs are there.

use super::Desk;
use crate::look::http::Walked;
use crate::look::{
    bundle, claim, cloudflare, cors, delegation, dnssec, found, http, journey, kept, latency, lighthouse, load, mail,
    mailhost, message, names, oauth, offer, origin, own, propagation, rate_limit, registration, roundtrip, signed,
    signposts, site, transport, vantage, wishes,
};
use futures::future::join_all;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

/// Samples wait this long at most for all other looks to end, so that our own traffic and reading do not slow them.
const QUIET: Duration = Duration::from_secs(5);

/// Held by whoever may still meet names that nobody knew.
type Meets = mpsc::Sender<Infallible>;

/// Which lookers go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Order {
    records: bool,
    authorities: bool,
    claims: bool,
    apex: bool,
    www: bool,
    subdomains: bool,
    discovery: bool,
    transport: bool,
    offers: bool,
    origins: bool,
    cloudflare: bool,
    chains: bool,
    cors: bool,
    kept: bool,
    signposts: bool,
    bundle: bool,
    delegation: bool,
    registration: bool,
    dnssec: bool,
    propagation: bool,
    vantage: bool,
    mail: bool,
    mailhosts: bool,
    messages: bool,
    roundtrips: bool,
    latency: bool,
    lighthouse: bool,
    journeys: bool,
    load: bool,
    signed: Option<signed::Parts>,
    oauth: bool,
    rate_limit: bool,
    project: bool,
    keys: bool,
    log: bool,
    database: bool,
    reports: bool,
    wishes: bool,
    site: site::Parts,
}

impl Order {
    pub(crate) fn everything() -> Self {
        Self {
            records: true,
            authorities: true,
            claims: true,
            apex: true,
            www: true,
            subdomains: true,
            discovery: true,
            transport: true,
            offers: true,
            origins: true,
            cloudflare: true,
            chains: true,
            cors: true,
            kept: true,
            signposts: true,
            bundle: true,
            delegation: true,
            registration: true,
            dnssec: true,
            propagation: true,
            vantage: true,
            mail: true,
            mailhosts: true,
            messages: true,
            roundtrips: true,
            latency: true,
            lighthouse: true,
            journeys: true,
            load: true,
            signed: Some(signed::Parts::all()),
            oauth: true,
            rate_limit: true,
            project: true,
            keys: true,
            log: true,
            database: true,
            reports: true,
            wishes: true,
            site: site::Parts::all(),
        }
    }

    /// What tells whether the network of this machine answers in place of the domain.
    pub(crate) fn place() -> Self {
        Self { vantage: true, apex: true, ..Self::default() }
    }

    /// The lookers that one check reads; none for a check that only a person can answer.
    pub(crate) fn of(check: &str) -> Self {
        let none = Self::default();
        let hosts = Self { apex: true, www: true, subdomains: true, ..none };
        match check {
            "dns.apex" => Self { apex: true, transport: true, ..none },
            "dns.www" => Self { www: true, transport: true, ..none },
            "dns.records" => Self { records: true, transport: true, ..hosts },
            "dns.caa" => Self { authorities: true, transport: true, ..hosts },
            "dns.dangling" => Self { claims: true, ..hosts },
            "dns.dnssec" => Self { dnssec: true, ..none },
            "dns.nameservers" => Self { delegation: true, ..none },
            "domain.registration" => Self { delegation: true, apex: true, registration: true, ..none },
            "dns.expected" => Self { records: true, mail: true, dnssec: true, registration: true, ..hosts },
            "dns.propagation" => Self { propagation: true, ..none },
            "dns.subdomains" => Self { subdomains: true, discovery: true, transport: true, ..none },
            "tls.certificate" | "tls.renewal" => Self { transport: true, ..hosts },
            "edge.cloudflare" => Self { cloudflare: true, ..none },
            "edge.proxy" => Self { chains: true, origins: true, ..hosts },
            "edge.providers" => Self { records: true, chains: true, transport: true, registration: true, ..hosts },
            "tls.protocols" => Self { transport: true, offers: true, ..hosts },
            "http.canonical" => Self { apex: true, www: true, chains: true, signposts: true, ..none },
            "http.security_headers" => {
                Self { apex: true, chains: true, cors: true, transport: true, site: site::Parts::of(check), ..none }
            }
            "http.cors" => Self { chains: true, cors: true, ..hosts },
            "http.https_only" | "http.redirects" => Self { chains: true, kept: true, ..hosts },
            "auth.callback" => Self { chains: true, oauth: true, ..hosts },
            "http.rate_limit" => Self { rate_limit: true, ..none },
            "http.private_cache" => Self { chains: true, signed: signed::Parts::of(check), ..hosts },
            _ if signed::Parts::of(check).is_some() => Self { signed: signed::Parts::of(check), ..none },
            _ if site::Parts::of(check) != site::Parts::default() => {
                Self { apex: true, chains: true, bundle: true, site: site::Parts::of(check), ..none }
            }
            "bundle.debug" | "bundle.secrets" | "bundle.source_maps" => {
                Self { apex: true, chains: true, bundle: true, ..none }
            }
            "code.timeouts" => Self { project: true, ..none },
            "secrets.storage" => Self { project: true, ..none },
            _ if check.starts_with("secrets.") => Self { keys: true, ..none },
            _ if check.starts_with("env.") => Self { project: true, ..none },
            _ if check.starts_with("db.") => Self { database: true, ..none },
            _ if check.starts_with("logs.") => Self { log: true, ..none },
            _ if check.starts_with("journey.") => Self { journeys: true, ..none },
            "page.lighthouse" => Self { lighthouse: true, ..none },
            "latency.routes" => Self { latency: true, ..none },
            // The message may be signed under a selector that nobody knew: its key is judged at once.
            "mail.received" => Self { messages: true, mail: true, ..none },
            _ if check.starts_with("load.") => Self { load: true, ..none },
            "mail.roundtrip" => Self { messages: true, roundtrips: true, ..none },
            "mail.mx" | "mail.transport" => Self { mailhosts: true, ..none },
            "mail.bimi" => Self { mail: true, mailhosts: true, ..none },
            "mail.dmarc" => Self { mail: true, reports: true, ..none },
            _ if audit::own::is_own(check) => Self { wishes: true, ..none },
            _ if check.starts_with("mail.") => Self { mail: true, ..none },
            _ if check.starts_with("http.") || check.starts_with("edge.") => Self { chains: true, ..hosts },
            _ => none,
        }
    }

    /// The lookers that any of these checks reads.
    pub(crate) fn of_all(checks: &[String]) -> Self {
        checks.iter().map(|check| Self::of(check)).fold(Self::default(), Self::and)
    }

    /// Whether names are held against one that nobody has, which is then asked for.
    pub(crate) fn asks_for_nobody(self) -> bool {
        self.subdomains
    }

    fn and(self, other: Self) -> Self {
        Self {
            records: self.records || other.records,
            authorities: self.authorities || other.authorities,
            claims: self.claims || other.claims,
            apex: self.apex || other.apex,
            www: self.www || other.www,
            subdomains: self.subdomains || other.subdomains,
            discovery: self.discovery || other.discovery,
            transport: self.transport || other.transport,
            offers: self.offers || other.offers,
            origins: self.origins || other.origins,
            cloudflare: self.cloudflare || other.cloudflare,
            chains: self.chains || other.chains,
            cors: self.cors || other.cors,
            kept: self.kept || other.kept,
            signposts: self.signposts || other.signposts,
            bundle: self.bundle || other.bundle,
            delegation: self.delegation || other.delegation,
            registration: self.registration || other.registration,
            dnssec: self.dnssec || other.dnssec,
            propagation: self.propagation || other.propagation,
            vantage: self.vantage || other.vantage,
            mail: self.mail || other.mail,
            mailhosts: self.mailhosts || other.mailhosts,
            messages: self.messages || other.messages,
            roundtrips: self.roundtrips || other.roundtrips,
            latency: self.latency || other.latency,
            lighthouse: self.lighthouse || other.lighthouse,
            journeys: self.journeys || other.journeys,
            load: self.load || other.load,
            signed: match (self.signed, other.signed) {
                (Some(one), Some(two)) => Some(one.and(two)),
                (one, two) => one.or(two),
            },
            oauth: self.oauth || other.oauth,
            rate_limit: self.rate_limit || other.rate_limit,
            project: self.project || other.project,
            keys: self.keys || other.keys,
            log: self.log || other.log,
            database: self.database || other.database,
            reports: self.reports || other.reports,
            wishes: self.wishes || other.wishes,
            site: self.site.and(other.site),
        }
    }

    pub(crate) async fn carry_out(self, desk: &Desk<'_>) {
        if self.messages {
            message::enter(desk);
        }
        if self.load {
            load::enter(desk);
        }
        let (settled, quiet) = watch::channel(false);
        tokio::join!(
            Box::pin(async {
                self.all_but_samples(desk).await;
                if self.rate_limit {
                    rate_limit::leave(desk);
                }
                // Nobody waits for it when latency is not sampled.
                let _ = settled.send(true);
            }),
            Box::pin(async {
                if self.latency {
                    self.latency(desk, quiet).await;
                }
            }),
        );
        // Chrome, and then journeys, come when nothing else of ours slows them down.
        if self.lighthouse {
            lighthouse::look(desk).await;
        }
        if self.journeys {
            journey::look(desk).await;
        }
        // Tries at forms come last: a server that locks us out for them has told everything else by then.
        if self.rate_limit {
            rate_limit::look_at_all(desk).await;
        }
    }

    async fn all_but_samples(self, desk: &Desk<'_>) {
        let www = format!("www.{}", desk.apex());
        // Dropped by everybody who may still meet a name: when the last one is gone, the names are complete.
        let (meets, mut met) = mpsc::channel::<Infallible>(1);
        let (apex, others, logs) = (meets.clone(), meets.clone(), meets.clone());
        tokio::join!(
            Box::pin(async {
                if self.apex {
                    self.host(desk, desk.apex(), Some(apex)).await;
                }
            }),
            Box::pin(async {
                if self.www {
                    self.host(desk, &www, Some(meets)).await;
                }
            }),
            Box::pin(async {
                if self.records {
                    names::records(desk).await;
                }
            }),
            Box::pin(async {
                if self.wishes {
                    wishes::look(desk).await;
                }
            }),
            Box::pin(async {
                if self.delegation {
                    delegation::look(desk).await;
                }
            }),
            Box::pin(async {
                if self.vantage {
                    vantage::look(desk).await;
                }
            }),
            Box::pin(async {
                if self.propagation {
                    propagation::look(desk).await;
                }
            }),
            Box::pin(async {
                if self.registration {
                    registration::look(desk).await;
                }
            }),
            Box::pin(async {
                if self.dnssec {
                    dnssec::look(desk).await;
                }
            }),
            Box::pin(async {
                if self.cloudflare {
                    cloudflare::look(desk).await;
                }
            }),
            Box::pin(async {
                if self.origins {
                    origin::look(desk).await;
                }
            }),
            Box::pin(async {
                if self.project {
                    own::project(desk).await;
                }
            }),
            Box::pin(async {
                if self.keys {
                    own::keys(desk).await;
                }
            }),
            Box::pin(async {
                if self.log {
                    own::records(desk).await;
                }
            }),
            Box::pin(async {
                if self.database {
                    own::database(desk).await;
                }
            }),
            Box::pin(async {
                // Reports name selectors that the look for keys asks for.
                if self.reports {
                    own::reports(desk).await;
                }
                if self.mail {
                    mail::look(desk).await;
                }
            }),
            Box::pin(async {
                if self.messages {
                    message::look(desk).await;
                }
            }),
            Box::pin(async {
                if self.roundtrips {
                    roundtrip::look(desk).await;
                }
            }),
            Box::pin(async {
                if self.oauth {
                    oauth::look(desk).await;
                }
            }),
            Box::pin(async {
                if let Some(parts) = self.signed {
                    signed::look(desk, parts).await;
                }
            }),
            Box::pin(async {
                if self.mailhosts {
                    mailhost::look(desk).await;
                }
            }),
            Box::pin(async {
                if self.subdomains {
                    self.subdomains(desk, &desk.known, Some(others)).await;
                }
            }),
            Box::pin(async {
                if self.discovery {
                    found::logs(desk).await;
                    drop(logs);
                }
            }),
            Box::pin(async {
                if self.discovery {
                    // Nothing is ever sent: it ends when nobody is left.
                    met.recv().await;
                    self.subdomains(desk, &found::further(desk), None).await;
                }
            }),
        );
    }

    async fn latency(self, desk: &Desk<'_>, mut quiet: watch::Receiver<bool>) {
        drop(timeout(QUIET, quiet.wait_for(|quiet| *quiet)).await);
        latency::look(desk).await;
    }

    async fn subdomains(self, desk: &Desk<'_>, names: &[String], meets: Option<Meets>) {
        let random = desk.facts().scope.random_name.clone();
        join_all(names.iter().map(|name| {
            let (random, meets) = (&random, meets.clone());
            Box::pin(async move {
                let (wild, found) = tokio::join!(desk.addresses(random), desk.addresses(name));
                let wild: BTreeSet<_> = wild.unwrap_or_default().into_iter().collect();
                let found = found.unwrap_or_default();
                if self.records {
                    names::chain(desk, name).await;
                }
                let wildcard = !wild.is_empty() && found.iter().copied().collect::<BTreeSet<_>>() == wild;
                if !wildcard && names::exists(desk, name).await {
                    self.host(desk, name, meets).await;
                }
            })
        }))
        .await;
    }

    /// One host: its further records, its connections, its redirects; the scripts when it is the bare domain.
    async fn host(self, desk: &Desk<'_>, host: &str, meets: Option<Meets>) {
        let (plainly, securely) = (meets.clone(), meets.clone());
        let addresses = desk.addresses(host).await;
        tokio::join!(
            Box::pin(async {
                if self.records {
                    names::chain(desk, host).await;
                }
                if self.records && host != desk.apex() {
                    names::further(desk, host).await;
                }
            }),
            Box::pin(async {
                if self.authorities {
                    names::authorities(desk, host).await;
                }
            }),
            Box::pin(async {
                if self.claims {
                    tokio::join!(claim::look(desk, host), claim::servers(desk, host));
                }
            }),
            Box::pin(async {
                if self.transport {
                    let addresses = addresses.as_deref().unwrap_or_default();
                    transport::look(desk, host, addresses).await;
                    drop(meets);
                    if self.offers {
                        offer::look(desk, host, addresses).await;
                    }
                }
            }),
            Box::pin(async {
                let known = host == desk.apex() || addresses.as_ref().is_ok_and(|found| !found.is_empty());
                if self.chains && known {
                    tokio::join!(
                        Box::pin(async {
                            let plain = http::look(desk, "http", host).await;
                            drop(plainly);
                            if self.kept {
                                kept::look_at(desk, "http", host, &plain.fact).await;
                            }
                        }),
                        Box::pin(async {
                            let secure = http::look(desk, "https", host).await;
                            drop(securely);
                            self.further(desk, host, secure).await;
                        }),
                    );
                }
            }),
        );
    }

    /// What is asked of a host once its redirects are known.
    async fn further(self, desk: &Desk<'_>, host: &str, secure: Walked) {
        let (apex, fact) = (host == desk.apex(), secure.fact.clone());
        let front = site::Front::of(desk, &secure).filter(|_| apex);
        tokio::join!(
            Box::pin(async {
                let (scripts, ()) = tokio::join!(
                    Box::pin(async {
                        match self.bundle && apex {
                            true => Some(bundle::look(desk, secure).await),
                            false => None,
                        }
                    }),
                    Box::pin(async {
                        if let Some(front) = &front {
                            site::look_at_files(desk, front, self.site).await;
                        }
                    }),
                );
                tokio::join!(
                    Box::pin(async {
                        if let Some(scripts) = scripts {
                            bundle::look_at_maps(desk, scripts).await;
                        }
                    }),
                    Box::pin(async {
                        if let Some(front) = &front {
                            site::look_at_files_again(desk, front, self.site).await;
                        }
                    }),
                );
            }),
            Box::pin(async {
                if let Some(front) = &front {
                    site::look_inside(desk, front, self.site).await;
                }
            }),
            Box::pin(async {
                if self.kept {
                    kept::look_at(desk, "https", host, &fact).await;
                }
            }),
            Box::pin(async {
                if self.signposts && apex {
                    signposts::look_at(desk, &fact).await;
                }
            }),
            Box::pin(async {
                if self.cors {
                    cors::look_at(desk, host, &fact).await;
                }
            }),
            Box::pin(async {
                if self.oauth {
                    oauth::look_at(desk, host, &fact).await;
                }
            }),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::Order;

    #[test]
    fn every_built_look_has_an_order() {
        for check in ["dns.apex", "dns.records", "http.redirects", "edge.proxy", "mail.spf", "latency.routes"] {
            assert_ne!(Order::of(check), Order::default(), "{check}");
        }
        assert_eq!(Order::of("handover.owners"), Order::default());
    }

    #[test]
    fn several_checks_are_looked_at_as_one() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let both = Order::of_all(&names(&["dns.caa", "mail.spf", "http.caching", "http.images"]));
        for one in ["dns.caa", "mail.spf", "http.caching", "http.images"] {
            assert_eq!(both.and(Order::of(one)), both, "{one}");
            assert_ne!(both, Order::of(one), "{one}");
        }
        let sd = audit::roadmap::by_id("sd").unwrap();
        let mut all: Vec<String> = (1..=7).flat_map(|stage| sd.checks_of(stage)).collect();
        all.push("own.pricing".to_owned());
        assert_eq!(Order::everything().and(Order::of_all(&all)), Order::everything());
        assert_eq!(Order::of_all(&[]), Order::default());
    }
}
