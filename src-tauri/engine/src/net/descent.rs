//! The way down from the root: where no resolver of this machine answers, the servers of each zone are asked, from the root's own to
//! those of the zone that holds the name (RFC 1034 §5.3.3).

use super::dns::Dns;
use super::question::{How, Reply, failing};
use super::record;
use super::trouble::Trouble;
use audit::Why;
use audit::read::roots;
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{RData, RecordType};
use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::time::{sleep, timeout};

/// Servers of a zone that are tried for one question.
const TRIED: usize = 3;
/// Head start of each of them over the next.
const HEAD_START: Duration = Duration::from_millis(400);
/// Zones entered for one question below those that lead to its name.
const CUTS: usize = 4;
/// Labels of a name that zones are looked for at.
const LABELS: usize = 8;
/// Name servers of one zone that are looked up when the zone above tells no addresses, and how deep such look-ups may follow one another.
const HOSTS: usize = 3;
const DEPTH: usize = 3;
/// Addresses kept of one zone.
const ADDRESSES: usize = 8;
/// Records read of one section.
const RECORDS: usize = 64;
/// The way to one zone takes no longer.
const PATIENCE: Duration = Duration::from_secs(6);

/// A zone with where its servers answer.
#[derive(Debug)]
struct Zone {
    name: String,
    servers: Vec<SocketAddr>,
}

type Cut = Arc<OnceCell<Result<Option<Arc<Zone>>, Trouble>>>;

/// The zones that were found so far.
#[derive(Default)]
pub(crate) struct Descent {
    cuts: Mutex<HashMap<String, Cut>>,
    /// Whose turn it is among the servers of a zone.
    next: AtomicUsize,
    /// Whether any server answered at all.
    reached: AtomicBool,
}

impl Dns {
    /// Asks down from the root; none when not even the root's servers answer, as on a machine without a network.
    pub(super) async fn descend(&self, name: &str, rtype: RecordType, signed: bool) -> Option<Result<Reply, Trouble>> {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let answer = self.resolve(&name, rtype, signed, 0).await;
        (answer.is_ok() || self.descent.reached.load(Ordering::Relaxed)).then_some(answer)
    }

    fn resolve<'a>(
        &'a self,
        name: &'a str,
        rtype: RecordType,
        signed: bool,
        depth: usize,
    ) -> BoxFuture<'a, Result<Reply, Trouble>> {
        Box::pin(self.down(name, rtype, signed, depth))
    }

    async fn down(&self, name: &str, rtype: RecordType, signed: bool, depth: usize) -> Result<Reply, Trouble> {
        let how = How { recurse: false, edns: true, signed };
        let mut zone = self.above(name, rtype, depth).await?;
        for _ in 0..CUTS {
            let mut reply = self.put(&zone, name, rtype, how).await?;
            match referral(&reply.message, &zone.name, name) {
                Some(cut) => zone = self.enter(&zone, &cut, &reply.message, depth).await?,
                None => {
                    let of = if zone.name.is_empty() { "the root" } else { &zone.name };
                    reply.from = format!("{}, a name server of {of}", reply.from);
                    return Ok(reply);
                }
            }
        }
        Err(Trouble::new(Why::Garbled, format!("the name servers above {name} send on and on to others")))
    }

    /// The closest zone above a name: one step for each label, each taken once a run.
    async fn above(&self, name: &str, rtype: RecordType, depth: usize) -> Result<Arc<Zone>, Trouble> {
        let hints = roots::all().iter().flat_map(|root| &root.addresses).map(|address| SocketAddr::new(*address, 53));
        let (v4, v6): (Vec<_>, Vec<_>) = hints.partition(SocketAddr::is_ipv4);
        let mut zone = Arc::new(Zone { name: String::new(), servers: v4.into_iter().chain(v6).collect() });
        let labels: Vec<&str> = name.split('.').collect();
        // The domain itself is asked for everything, so its own zone is worth a step. Its digest is held by the zone above.
        let whole = name == self.apex && rtype != RecordType::DS;
        let first = usize::from(!whole);
        for from in (first..labels.len()).rev().take(LABELS) {
            let step = labels[from..].join(".");
            let cell = {
                let mut cuts = self.descent.cuts.lock().unwrap_or_else(PoisonError::into_inner);
                cuts.entry(step.clone()).or_default().clone()
            };
            let found = cell.get_or_init(|| async { Box::pin(self.cut(&zone, &step, depth)).await });
            // Two zones may each keep the other's servers, so no wait is without an end.
            let found = timeout(PATIENCE, found).await.map_err(|_| {
                Trouble::new(Why::Timeout, format!("the way to the name servers of {step} took too long"))
            })?;
            if let Some(below) = found.clone()? {
                zone = below;
            }
        }
        Ok(zone)
    }

    /// The zone that begins at `name`; none when no zone does.
    async fn cut(&self, above: &Zone, name: &str, depth: usize) -> Result<Option<Arc<Zone>>, Trouble> {
        let how = How { recurse: false, edns: true, signed: false };
        let reply = self.put(above, name, RecordType::NS, how).await?;
        match referral(&reply.message, &above.name, name) {
            Some(cut) if cut.name == name => self.enter(above, &cut, &reply.message, depth).await.map(Some),
            Some(_) => Ok(None),
            // One server holds the zone and the one above it.
            None => {
                let hosts = hosts(&reply.message.answers, name);
                if hosts.is_empty() {
                    return Ok(None);
                }
                let cut = Found { name: name.to_owned(), hosts };
                self.enter(above, &cut, &reply.message, depth).await.map(Some)
            }
        }
    }

    /// A zone with the addresses of its servers: those that come with the referral, or else looked up.
    async fn enter(&self, above: &Zone, cut: &Found, message: &Message, depth: usize) -> Result<Arc<Zone>, Trouble> {
        // Only what lies in its own zone may a server tell the addresses of.
        let own = |host: &str| within(host, &above.name) && cut.hosts.contains(host);
        let told = message.additionals.iter().take(RECORDS).filter(|held| own(&record::name(&held.name)));
        let mut found: Vec<IpAddr> = told.filter_map(|held| address(&held.data)).collect();
        if found.is_empty() && depth < DEPTH {
            for host in cut.hosts.iter().take(HOSTS) {
                for rtype in [RecordType::A, RecordType::AAAA] {
                    let asked = self.resolve(host, rtype, false, depth + 1).await;
                    let answers = asked.map(|reply| reply.message.answers).unwrap_or_default();
                    found.extend(answers.iter().take(RECORDS).filter_map(|held| address(&held.data)));
                }
            }
        }
        found.retain(|address| self.dial.allowed(*address).is_ok());
        found.sort_by_key(IpAddr::is_ipv6);
        found.dedup();
        if found.is_empty() {
            let says = format!("no address of the name servers of {} could be found", cut.name);
            return Err(Trouble::new(Why::Depends, says));
        }
        let servers = found.into_iter().take(ADDRESSES).map(|address| SocketAddr::new(address, 53)).collect();
        Ok(Arc::new(Zone { name: cut.name.clone(), servers }))
    }

    /// What the servers of a zone say, each with a head start over the next; the first of their troubles when none answers.
    async fn put(&self, zone: &Zone, name: &str, rtype: RecordType, how: How) -> Result<Reply, Trouble> {
        let turn = self.descent.next.fetch_add(1, Ordering::Relaxed);
        // The root is asked a handful of questions, always by its first servers; others share the work.
        let first = if zone.name.is_empty() { 0 } else { turn % zone.servers.len().max(1) };
        let tried = zone.servers.iter().cycle().skip(first).take(TRIED.min(zone.servers.len())).enumerate();
        let asked = if name.is_empty() { "." } else { name };
        let mut race: FuturesUnordered<_> = tried
            .map(|(place, server)| async move {
                sleep(HEAD_START * u32::try_from(place).unwrap_or(0)).await;
                let reply = Box::pin(self.exchange(*server, asked, rtype, how)).await;
                (place, reply.and_then(|reply| told(reply, zone, name)))
            })
            .collect();
        let mut troubles = Vec::new();
        while let Some((place, answer)) = race.next().await {
            match answer {
                Ok(reply) => {
                    self.descent.reached.store(true, Ordering::Relaxed);
                    return Ok(reply);
                }
                Err(trouble) => troubles.push((place, trouble)),
            }
        }
        let first = troubles.into_iter().min_by_key(|(place, _)| *place);
        Err(first.map_or_else(|| Trouble::new(Why::Depends, "there is no name server to ask"), |(_, trouble)| trouble))
    }
}

/// Whether a reply tells anything: an answer with authority, or where to ask next.
fn told(reply: Reply, zone: &Zone, name: &str) -> Result<Reply, Trouble> {
    let (said, from) = (reply.message.metadata.response_code, &reply.from);
    let answered = matches!(said, ResponseCode::NoError | ResponseCode::NXDomain);
    if answered && (reply.message.metadata.authoritative || referral(&reply.message, &zone.name, name).is_some()) {
        return Ok(reply);
    }
    Err(match said {
        ResponseCode::ServFail => failing(from),
        ResponseCode::Refused => Trouble::new(Why::Refused, format!("{from} refuses to answer for {name}")),
        _ => Trouble::new(Why::Garbled, format!("{from} does not answer for {name} with authority ({said})")),
    })
}

/// A zone that a server sends on to.
struct Found {
    name: String,
    hosts: BTreeSet<String>,
}

/// Where a server sends on to: to a zone below its own that the name lies in.
fn referral(message: &Message, zone: &str, name: &str) -> Option<Found> {
    if message.metadata.authoritative || !message.answers.is_empty() {
        return None;
    }
    let owners = message.authorities.iter().take(RECORDS).filter(|held| held.record_type() == RecordType::NS);
    let mut owners = owners.map(|held| record::name(&held.name));
    let cut = owners.find(|owner| owner != "." && owner != zone && within(owner, zone) && within(name, owner))?;
    let hosts = hosts(&message.authorities, &cut);
    Some(Found { name: cut, hosts })
}

fn hosts(section: &[hickory_proto::rr::Record], zone: &str) -> BTreeSet<String> {
    let own = section.iter().take(RECORDS).filter(|held| record::name(&held.name) == zone);
    own.filter_map(|held| match &held.data {
        RData::NS(host) => Some(record::name(&host.0)),
        _ => None,
    })
    .collect()
}

fn address(data: &RData) -> Option<IpAddr> {
    match data {
        RData::A(address) => Some(IpAddr::V4(address.0)),
        RData::AAAA(address) => Some(IpAddr::V6(address.0)),
        _ => None,
    }
}

/// Whether a name is a zone's own or lies below it; the root holds all.
fn within(name: &str, zone: &str) -> bool {
    zone.is_empty() || name.strip_suffix(zone).is_some_and(|head| head.is_empty() || head.ends_with('.'))
}
