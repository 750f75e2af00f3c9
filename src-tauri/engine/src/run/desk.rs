//! The desk of a run: the client, the facts so far, the progress, and the line to whoever listens.

use super::{Event, Turns};
use crate::look::offer::Asked;
use crate::net::Net;
use crate::net::trouble::{Trouble, seconds};
use crate::plan::Plan;
use crate::world::World;
use audit::facts::{DnsAnswer, Fact, Facts, Observation, RecordData};
use audit::{Unseen, Why};
use hickory_proto::rr::RecordType;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// What lookers work at.
pub(crate) struct Desk<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) world: &'a World,
    pub(crate) net: Net,
    pub(crate) turns: Turns,
    pub(crate) asked: Asked,
    pub(crate) seed: [u8; 32],
    /// Sub-domains that were in scope at the beginning; those that are met later join the scope at no certain time.
    pub(crate) known: Vec<String>,
    facts: Mutex<Facts>,
    told: Mutex<BTreeSet<String>>,
    progress: Mutex<(u32, u32)>,
    on: mpsc::UnboundedSender<Event>,
}

impl<'a> Desk<'a> {
    pub(crate) fn open(
        facts: Facts,
        plan: &'a Plan,
        world: &'a World,
        seed: [u8; 32],
        on: mpsc::UnboundedSender<Event>,
    ) -> Self {
        let desk = Self {
            plan,
            world,
            net: Net::new(plan, world),
            turns: Turns::new(),
            asked: Asked::default(),
            seed,
            known: facts.scope.subdomains.clone(),
            facts: Mutex::new(facts),
            told: Mutex::default(),
            progress: Mutex::default(),
            on,
        };
        desk.tell(Event::Scoped(desk.facts().scope.clone()));
        desk
    }

    /// The facts so far, at the end.
    pub(crate) fn close(self) -> Facts {
        self.facts.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The audited domain.
    pub(crate) fn apex(&self) -> &str {
        &self.plan.target.domain
    }

    /// Notes a fact and passes it on.
    pub(crate) fn saw(&self, seen: Observation) {
        self.facts().add(seen.clone());
        self.tell(Event::Saw(Box::new(seen)));
    }

    /// Passes on a change of what the run is about.
    pub(crate) fn rescope(&self, change: impl FnOnce(&mut audit::facts::Scope)) {
        let mut facts = self.facts();
        change(&mut facts.scope);
        self.tell(Event::Scoped(facts.scope.clone()));
    }

    /// A value as a fact of this moment.
    pub(crate) fn seen<T>(&self, value: T, from: impl Into<String>) -> Fact<T> {
        Fact::Seen { value, at: self.world.now(), from: from.into() }
    }

    /// Keys the fingerprints of keys that are found: with the plan's own key a later run knows them again, else they tell nothing outside of it.
    pub(crate) fn salt(&self) -> [u8; 32] {
        let passing = || Sha256::new().chain_update(b"secret fingerprints").chain_update(self.seed).finalize().into();
        self.plan.fingerprints.as_ref().map_or_else(passing, |key| *key.reveal())
    }

    /// Tells how far a job is.
    pub(crate) fn mark(&self, what: &str) {
        self.step(what, 0, 0);
    }

    /// Counts a job, tells its begin and its end, and holds it to the deadline of jobs.
    pub(crate) async fn job<T>(&self, what: &str, work: impl Future<Output = Fact<T>>) -> Fact<T> {
        self.job_within(what, self.plan.limits.job, work).await
    }

    /// The same with a deadline of its own.
    pub(crate) async fn job_within<T>(
        &self,
        what: &str,
        limit: Duration,
        work: impl Future<Output = Fact<T>>,
    ) -> Fact<T> {
        self.step(what, 0, 1);
        let fact = timeout(limit, work).await.unwrap_or_else(|_| {
            Fact::Unseen(Trouble::new(Why::Timeout, format!("it took longer than {}", seconds(limit))).of(what))
        });
        self.step(what, 1, 0);
        fact
    }

    fn step(&self, what: &str, done: u32, total: u32) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.0 += done;
        progress.1 += total;
        self.tell(Event::Looking { what: what.to_owned(), done: progress.0, total: progress.1 });
    }

    fn tell(&self, event: Event) {
        // Nobody listening is no reason to stop: the facts are handed back at the end as well.
        drop(self.on.send(event));
    }

    /// Asks the resolver and notes the answer as a fact, once a question.
    pub(crate) async fn ask(&self, name: &str, rtype: RecordType) -> Fact<DnsAnswer> {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let key = format!("{name} {}", crate::net::record::mnemonic(rtype));
        let first = self.told.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone());
        if !first {
            return self.net.dns.ask(&name, rtype).await;
        }
        let fact = self.job(&key, Box::pin(self.net.dns.ask(&name, rtype))).await;
        self.saw(Observation::Dns { key, fact: fact.clone() });
        fact
    }

    /// The addresses of a name, both families, IPv4 first.
    ///
    /// # Errors
    /// When no address is known and an answer that could have held one was not seen.
    pub(crate) async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Unseen> {
        let (v4, v6) =
            tokio::join!(Box::pin(self.ask(name, RecordType::A)), Box::pin(self.ask(name, RecordType::AAAA)));
        both(&v4, &v6)
    }

    /// The same for a host that is not part of the audited domain: nothing is noted.
    pub(crate) async fn addresses_elsewhere(&self, name: &str) -> Result<Vec<IpAddr>, Unseen> {
        let dns = &self.net.dns;
        let (v4, v6) = tokio::join!(dns.ask(name, RecordType::A), dns.ask(name, RecordType::AAAA));
        both(&v4, &v6)
    }

    /// Whether a host is the audited domain or below it.
    pub(crate) fn ours(&self, host: &str) -> bool {
        host.strip_suffix(self.apex()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

fn both(v4: &Fact<DnsAnswer>, v6: &Fact<DnsAnswer>) -> Result<Vec<IpAddr>, Unseen> {
    let mut found = Vec::new();
    let mut unseen = None;
    for fact in [v4, v6] {
        match fact.seen() {
            Ok(answer) => found.extend(answer.addresses()),
            Err(why) => unseen = unseen.or(Some(why)),
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|address| seen.insert(*address));
    match unseen {
        Some(why) if found.is_empty() => Err(why),
        _ => Ok(found),
    }
}

/// The texts of the records that `pick` knows.
pub(crate) fn names(fact: &Fact<DnsAnswer>, pick: impl Fn(&RecordData) -> Option<&String>) -> Vec<String> {
    let mut found: Vec<String> = match fact {
        Fact::Seen { value, .. } => value.records.iter().filter_map(|record| pick(&record.data)).cloned().collect(),
        Fact::Unseen(_) => Vec::new(),
    };
    found.sort();
    found.dedup();
    found
}
