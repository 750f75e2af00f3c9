//! What a check may look into: the facts, the roadmap and the clock, as questions that say why when there is no answer.

use crate::facts::{
    Answer, BrandFile, Bundle, Chain, Choice, Claim, CloudflareZone, DatabaseSeen, Delegation, DnsAnswer, Dnssec, End,
    Exchange, Fact, Facts, Handshake, Hop, Inventory, JourneyKind, JourneySeen, LighthouseSeen, Loaded, LogSeen,
    Mailhost, MessageSeen, Offer, PageSeen, Propagation, QueriesSeen, Rcode, Reach, Registration, ReportsSeen,
    Repository, Roundtrip, Sampled, Service, Signposts, StsAnswer,
};
use crate::read::place;
use crate::roadmap::Roadmap;
use crate::{Unseen, Why};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::net::IpAddr;
use url::Url;

/// One judgement's view of the world.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// Everything that was seen.
    pub facts: &'a Facts,
    /// The business that it is judged for.
    pub roadmap: &'a Roadmap,
    /// The time to judge by.
    pub now: Timestamp,
}

impl<'a> Case<'a> {
    /// The bare domain, A-labels.
    #[must_use]
    pub fn apex(&self) -> &'a str {
        &self.facts.target.domain
    }

    /// The www name.
    #[must_use]
    pub fn www(&self) -> String {
        format!("www.{}", self.apex())
    }

    /// The recursive resolver's answer to `name rtype`.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn dns(&self, name: &str, rtype: &str) -> Result<&'a DnsAnswer, Unseen> {
        let key = format!("{name} {rtype}");
        seen(self.facts.dns.get(&key), &key)
    }

    /// All addresses of a name, both families.
    ///
    /// # Errors
    /// When neither family, or an answer that could have held the only address, was seen.
    pub fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Unseen> {
        let (v4, v6) = (self.dns(name, "A"), self.dns(name, "AAAA"));
        match (v4, v6) {
            (Err(why), Err(_)) => Err(why),
            (Ok(answer), Err(why)) | (Err(why), Ok(answer)) => {
                let found: Vec<_> = answer.addresses().collect();
                if found.is_empty() { Err(why) } else { Ok(found) }
            }
            (Ok(a), Ok(b)) => Ok(a.addresses().chain(b.addresses()).collect()),
        }
    }

    /// Whether the name is in DNS at all: something other than NXDOMAIN was answered.
    ///
    /// # Errors
    /// When no answer was seen.
    pub fn exists(&self, name: &str) -> Result<bool, Unseen> {
        self.dns(name, "A")
            .or_else(|_| self.dns(name, "AAAA"))
            .map(|answer| answer.rcode == Rcode::NoError || !answer.records.is_empty())
    }

    /// Every host of the scope with at least one address: apex, www, then the sub-domains, wildcard answers left out.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        let mut names = vec![self.apex().to_owned(), self.www()];
        names.extend(self.found_subdomains());
        names.retain(|name| self.addresses(name).is_ok_and(|found| !found.is_empty()));
        names
    }

    /// The sub-domains that were found and are not merely the wildcard's answer.
    #[must_use]
    pub fn found_subdomains(&self) -> Vec<String> {
        // Servers turn the order of addresses round, so sets are compared.
        let set = |name: &str| self.addresses(name).map(BTreeSet::from_iter).unwrap_or_default();
        let wild: BTreeSet<IpAddr> = set(&self.facts.scope.random_name);
        let found = |name: &&String| {
            let answer = self.dns(name, "A").or_else(|_| self.dns(name, "AAAA"));
            let there = answer.is_ok_and(|answer| !answer.records.is_empty())
                || self.dns(name, "AAAA").is_ok_and(|answer| !answer.records.is_empty());
            let same = !wild.is_empty() && set(name) == wild;
            there && !same
        };
        self.facts.scope.subdomains.iter().filter(found).cloned().collect()
    }

    /// Whether the address of a host takes connections on 443.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn reach(&self, host: &str, address: IpAddr) -> Result<&'a Reach, Unseen> {
        let key = format!("{host}|{address}");
        seen(self.facts.reach.get(&key), &format!("port 443 of {host} at {address}"))
    }

    /// The handshake with one address of a host.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn tls(&self, host: &str, address: IpAddr) -> Result<&'a Handshake, Unseen> {
        let key = format!("{host}|{address}");
        seen(self.facts.tls.get(&key), &format!("certificate of {host} at {address}"))
    }

    /// The TLS versions and weak suites that one address of a host takes.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn offer(&self, host: &str, address: IpAddr) -> Result<&'a Offer, Unseen> {
        let key = format!("{host}|{address}");
        seen(self.facts.offers.get(&key), &format!("TLS versions of {host} at {address}"))
    }

    /// What Cloudflare's API says of the zone.
    ///
    /// # Errors
    /// Not looked at yet, no token, or the reason why there is no answer.
    pub fn cloudflare(&self) -> Result<&'a CloudflareZone, Unseen> {
        seen(self.facts.cloudflare.as_ref(), "Cloudflare's settings")
    }

    /// The chain of redirects that starts at a URL.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn chain(&self, url: &str) -> Result<&'a Chain, Unseen> {
        seen(self.facts.http.get(url), url)
    }

    /// The pages that the hosts of the domain end at over HTTPS, each once, and why others could not be seen.
    #[must_use]
    pub fn pages(&self) -> (Vec<&'a Hop>, Vec<Unseen>) {
        let (mut pages, mut unseen): (Vec<&'a Hop>, Vec<Unseen>) = (vec![], vec![]);
        for host in self.hosts() {
            let start = format!("https://{host}/");
            match self.chain(&start).map(|chain| (&chain.end, chain.last())) {
                Ok((End::Answered, Some(hop))) => {
                    if self.ours(&hop.url) && pages.iter().all(|page| page.url != hop.url) {
                        pages.push(hop);
                    }
                }
                Ok((End::Lost { unseen: why, .. }, _)) => unseen.push(why.clone()),
                Err(why) => unseen.push(why),
                Ok(_) => unseen.push(Unseen {
                    says: format!("{start} never ends at a page"),
                    what: start,
                    why: Why::Depends,
                    way: "mend the redirects first".to_owned(),
                }),
            }
        }
        (pages, unseen)
    }

    /// Why a page cannot be judged as a whole, where it is longer than what was read of it.
    #[must_use]
    pub fn cut(hop: &Hop) -> Option<Unseen> {
        let page = hop.page.as_ref().filter(|page| page.truncated)?;
        Some(Unseen {
            what: hop.url.clone(),
            why: Why::Garbled,
            says: format!("the page is too long to read as a whole; only its first {} kB were read", page.bytes / 1000),
            way: "shorten the page, or look at its end by hand".to_owned(),
        })
    }

    /// The page that the bare domain ends at over HTTPS, itself part of the domain.
    ///
    /// # Errors
    /// Not looked at yet, the reason why it could not be seen, or that there is no such page.
    pub fn home(&self) -> Result<(&'a Hop, &'a PageSeen), Unseen> {
        let start = format!("https://{}/", self.apex());
        let chain = self.chain(&start)?;
        if let End::Lost { unseen, .. } = &chain.end {
            return Err(unseen.clone());
        }
        let last = chain.last().filter(|hop| chain.end == End::Answered && hop.status < 400 && self.ours(&hop.url));
        last.and_then(|hop| Some((hop, hop.page.as_ref()?))).ok_or_else(|| Unseen {
            says: format!("{start} does not end at a page of the domain"),
            what: start,
            why: Why::Depends,
            way: "mend the redirects or the server first".to_owned(),
        })
    }

    /// What the host of the front page answers for an address that nobody has.
    ///
    /// # Errors
    /// Not asked yet, or the reason why there is no answer.
    pub fn nonsense(&self) -> Result<&'a Exchange, Unseen> {
        let (home, _) = self.home()?;
        self.exchanges("nonsense").map(|(_, exchange)| exchange).next().unwrap_or_else(|| seen(None, &home.url))
    }

    /// Whether a URL's host is the domain or below it.
    #[must_use]
    pub fn ours(&self, url: &str) -> bool {
        let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        host.strip_suffix(self.apex()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// One exchange, by the probe's word and its URL.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn exchange(&self, probe: &str, url: &str) -> Result<&'a Exchange, Unseen> {
        seen(self.facts.exchanges.get(&format!("{probe} {url}")), url)
    }

    /// All exchanges of a probe with their URLs.
    pub fn exchanges(&self, probe: &'a str) -> impl Iterator<Item = (&'a str, Result<&'a Exchange, Unseen>)> + 'a {
        let of = move |(key, fact): (&'a String, &'a Fact<Exchange>)| {
            let (word, url) = key.split_once(' ')?;
            (word == probe).then(|| (url, fact.seen()))
        };
        self.facts.exchanges.iter().filter_map(of)
    }

    /// The name servers.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn delegation(&self) -> Result<&'a Delegation, Unseen> {
        seen(self.facts.delegation.as_ref(), "name servers")
    }

    /// The same questions to the domain's own name servers and to public resolvers.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn propagation(&self) -> Result<&'a Propagation, Unseen> {
        seen(self.facts.propagation.as_ref(), "answers of public resolvers")
    }

    /// The registry's answer.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn registration(&self) -> Result<&'a Registration, Unseen> {
        seen(self.facts.registration.as_ref(), "registration of the domain")
    }

    /// The conversations with a mail host on port 25, with the address of each.
    pub fn mailhosts(&self, host: &'a str) -> impl Iterator<Item = (&'a str, &'a Fact<Mailhost>)> + 'a {
        let of = move |(key, fact): (&'a String, &'a Fact<Mailhost>)| {
            let (name, address) = key.split_once('|')?;
            (name == host).then_some((address, fact))
        };
        self.facts.mailhosts.iter().filter_map(of)
    }

    /// The messages that were given, by their keys.
    pub fn messages(&self) -> impl Iterator<Item = (&'a str, &'a Fact<MessageSeen>)> + 'a {
        self.facts.messages.iter().map(|(key, fact)| (key.as_str(), fact))
    }

    /// The messages that were sent on purpose, by the words of their flows.
    pub fn roundtrips(&self) -> impl Iterator<Item = (&'a str, &'a Fact<Roundtrip>)> + 'a {
        self.facts.roundtrips.iter().map(|(key, fact)| (key.as_str(), fact))
    }

    /// The answer to the question for the policy of MTA-STS.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn sts(&self) -> Result<&'a StsAnswer, Unseen> {
        seen(self.facts.sts.as_ref(), "MTA-STS policy")
    }

    /// A file that the record of the logo names, by its tag.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn brand(&self, tag: &str) -> Result<&'a BrandFile, Unseen> {
        seen(self.facts.brand.get(tag), "logo for mailboxes")
    }

    /// What a service says of a name that is an alias to it.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn claim(&self, host: &str) -> Result<&'a Claim, Unseen> {
        seen(self.facts.claims.get(host), &format!("what {host} leads to"))
    }

    /// The zone as each of its own name servers shows it.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn service(&self) -> Result<&'a Service, Unseen> {
        seen(self.facts.service.as_ref(), "records at each name server")
    }

    /// The chain of signatures from the root to the domain.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn dnssec(&self) -> Result<&'a Dnssec, Unseen> {
        seen(self.facts.dnssec.as_ref(), "DNSSEC")
    }

    /// The scripts of the canonical page.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn bundle(&self) -> Result<&'a Bundle, Unseen> {
        seen(self.facts.bundle.as_ref(), "scripts of the page")
    }

    /// What the site tells search engines.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn signposts(&self) -> Result<&'a Signposts, Unseen> {
        seen(self.facts.signposts.as_ref(), "robots.txt and sitemaps")
    }

    /// The settings of the project and its calls to other services.
    ///
    /// # Errors
    /// No project was named, or the reason why it could not be read.
    pub fn inventory(&self) -> Result<&'a Inventory, Unseen> {
        named(self.facts.inventory.as_ref(), "settings of the project", NO_FOLDER, FOLDER_WAY)
    }

    /// Keys in the files of the project's folder.
    ///
    /// # Errors
    /// No project was named, or the reason why it could not be read.
    pub fn tree(&self) -> Result<&'a Repository, Unseen> {
        named(self.facts.tree.as_ref(), "keys in the project's files", NO_FOLDER, FOLDER_WAY)
    }

    /// Keys in the history of the project's repository.
    ///
    /// # Errors
    /// No project was named, or the reason why it could not be read.
    pub fn history(&self) -> Result<&'a Repository, Unseen> {
        named(self.facts.history.as_ref(), "keys in the project's history", NO_FOLDER, FOLDER_WAY)
    }

    /// What the product's own log holds.
    ///
    /// # Errors
    /// No log was named, or the reason why it could not be read.
    pub fn log(&self) -> Result<&'a LogSeen, Unseen> {
        let way = "choose it on the page Code and keys, or run `launch-ready audit` with --log FILE";
        named(self.facts.log.as_ref(), "the product's log", "no log was named", way)
    }

    /// What the database tells of itself.
    ///
    /// # Errors
    /// No database was named, or the reason why it could not be asked.
    pub fn database(&self) -> Result<&'a DatabaseSeen, Unseen> {
        let way = "put its connection string into LAUNCH_READY_DATABASE_URL and run `launch-ready audit` or `launch-ready db`";
        named(self.facts.database.as_ref(), "the database", "no database was named", way)
    }

    /// What query logs hold.
    ///
    /// # Errors
    /// No query log was named, or the reason why it could not be read.
    pub fn queries(&self) -> Result<&'a QueriesSeen, Unseen> {
        let way = "run `launch-ready audit` with --queries FILE, or `launch-ready db --log FILE`";
        named(self.facts.queries.as_ref(), "the query log", "no query log was named", way)
    }

    /// What DMARC aggregate reports tell.
    ///
    /// # Errors
    /// No reports were named, or the reason why they could not be read.
    pub fn reports(&self) -> Result<&'a ReportsSeen, Unseen> {
        let way = "drop them on the page Records, or run `launch-ready audit` with --reports PATH";
        named(self.facts.reports.as_ref(), "DMARC reports", "no reports were named", way)
    }

    /// What Lighthouse says of the front page.
    ///
    /// # Errors
    /// Nobody gave a report or had one made, or the reason why there is none.
    pub fn lighthouse(&self) -> Result<&'a LighthouseSeen, Unseen> {
        let way = "where Chrome and Lighthouse (npm install -g lighthouse) are installed, press Check again here or run `launch-ready audit` with --lighthouse; or give its JSON";
        named(self.facts.lighthouse.as_ref(), "the report of Lighthouse", "no report of Lighthouse was given", way)
    }

    /// The samples of a route.
    ///
    /// # Errors
    /// Not looked at yet, or the reason why there is no answer.
    pub fn latency(&self, route: &str) -> Result<&'a Sampled, Unseen> {
        seen(self.facts.latency.get(route), route)
    }

    /// The journeys of these kinds that were gone through, by their names.
    pub fn journeys(&self, kinds: &'a [JourneyKind]) -> impl Iterator<Item = (&'a str, &'a Fact<JourneySeen>)> + 'a {
        let of = move |(key, fact): (&'a String, &'a Fact<JourneySeen>)| {
            let (word, name) = key.split_once(' ')?;
            kinds.iter().any(|kind| kind.word() == word).then_some((name, fact))
        };
        self.facts.journeys.iter().filter_map(of)
    }

    /// What was recorded of load on the product, over its network as it is or over a slow one.
    ///
    /// # Errors
    /// Nobody put load on it yet.
    pub fn load(&self, slow: bool) -> Result<Vec<(&'a Loaded, Timestamp)>, Unseen> {
        let told = |fact: &'a Fact<Loaded>| match fact {
            Fact::Seen { value, at, .. } => {
                (value.slow.is_some() == slow && (slow || value.agreed.is_some())).then_some((value, *at))
            }
            Fact::Unseen(_) => None,
        };
        let found: Vec<_> = self.facts.load.values().filter_map(told).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let (what, why, says, way) = if slow {
            (
                "the product over a slow network",
                Why::NotAnswered,
                "no run over a slow network was recorded yet",
                "run `launch-ready latency URL --slow delay=300ms,loss=2% --save FILE`, then `launch-ready audit` with --load FILE",
            )
        } else {
            (
                "load on the product",
                Why::NoConsent,
                "no run with many users was recorded yet",
                "run `launch-ready load URL --consent NAME --save FILE`, then `launch-ready audit` with --load FILE",
            )
        };
        Err(Unseen { what: what.to_owned(), why, says: says.to_owned(), way: way.to_owned() })
    }

    /// The addresses of these kinds that a person named, and the routes of a project with a session where those count as such.
    ///
    /// # Errors
    /// There is none.
    pub fn places(&self, kinds: &[place::Kind]) -> Result<Vec<place::Place>, Unseen> {
        let mut places = place::of(self.facts);
        places.retain(|place| kinds.contains(&place.kind));
        if places.is_empty() {
            let words: Vec<&str> =
                place::Kind::ALL.iter().filter(|(kind, _)| kinds.contains(kind)).map(|(_, word)| *word).collect();
            return Err(Unseen {
                what: "addresses of the signed-in area".to_owned(),
                why: Why::NotAnswered,
                says: format!("nobody named an address of this kind yet ({})", words.join(", ")),
                way: format!(
                    "name them under Addresses and sessions, or by --place {}=/path in the terminal",
                    words.first().unwrap_or(&"data")
                ),
            });
        }
        Ok(places)
    }

    /// Why a person said that the product has no signed-in area at all, where one did.
    #[must_use]
    pub fn without_login(&self) -> Option<String> {
        let answer = self.facts.answers.get(place::KEY).filter(|answer| answer.choice == Choice::NotApplicable)?;
        Some(if answer.note.is_empty() { "nobody signs in to this product".to_owned() } else { answer.note.clone() })
    }

    /// What was asked for at a place by this probe.
    ///
    /// # Errors
    /// No session was given for it, not looked at yet, or the reason why there is no answer.
    pub fn visit(&self, probe: &str, place: &place::Place) -> Result<&'a Exchange, Unseen> {
        self.exchange(probe, place.url.as_str())
    }

    /// A person's answer to a check's or item's question.
    ///
    /// # Errors
    /// Nobody answered yet.
    pub fn answer(&self, id: &str) -> Result<&'a Answer, Unseen> {
        self.facts.answers.get(id).ok_or_else(|| Unseen {
            what: id.to_owned(),
            why: Why::NotAnswered,
            says: UNANSWERED.to_owned(),
            way: "answer the question on this item".to_owned(),
        })
    }
}

/// What is said of a question that waits for its answer.
pub(crate) const UNANSWERED: &str = "nobody answered this question yet";
const NO_FOLDER: &str = "no project folder was named";
const FOLDER_WAY: &str = "choose it on the page Code and keys, or run `launch-ready audit` with --repo PATH";

/// The same for what is only looked at when a person names it.
fn named<'a, T>(fact: Option<&'a Fact<T>>, what: &str, says: &str, way: &str) -> Result<&'a T, Unseen> {
    fact.ok_or_else(|| Unseen {
        what: what.to_owned(),
        why: Why::NotAnswered,
        says: says.to_owned(),
        way: way.to_owned(),
    })?
    .seen()
}

fn seen<'a, T>(fact: Option<&'a Fact<T>>, what: &str) -> Result<&'a T, Unseen> {
    match fact {
        Some(fact) => fact.seen(),
        None => Err(Unseen {
            what: what.to_owned(),
            why: Why::NotLooked,
            says: "it was not looked at yet".to_owned(),
            way: "run the audit".to_owned(),
        }),
    }
}
