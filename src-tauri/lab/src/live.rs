//! The world as it is shown right now, shared by all servers and exchanged as a whole when a fault is switched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rustls::ServerConfig;
use tokio::sync::watch;

use crate::LabError;
use crate::authority::Authority;
use crate::mend::Mend;
use crate::page::Book;
use crate::script::Bundles;
use crate::signer::Signer;
use crate::world::World;

/// Routes that are counted at once; hostile clients may ask for any path.
const COUNTED: usize = 4_096;

/// Messages that the mailbox holds.
const LETTERS: usize = 100;

/// A world, made ready to be served.
pub(crate) struct Live {
    pub world: World,
    pub configs: BTreeMap<String, Arc<ServerConfig>>,
    pub books: BTreeMap<String, Book>,
}

/// What lasts while worlds change.
pub(crate) struct Shared {
    now: SystemTime,
    seed: u64,
    pub authority: Authority,
    /// Signs the answers of signed zones.
    pub signer: Signer,
    /// The TLS answer to names nobody knows.
    pub unknown: Arc<ServerConfig>,
    /// The TLS answer of a network that opens all connections.
    pub gateway: Arc<ServerConfig>,
    bundles: Bundles,
    faults: Mutex<BTreeSet<&'static str>>,
    live: watch::Sender<Arc<Live>>,
    delay: AtomicU64,
    counts: Mutex<BTreeMap<String, u64>>,
    /// The founder's mailbox: what was taken, and from when it is there.
    mailbox: Mutex<Vec<(Instant, Vec<u8>)>>,
    /// Requests under way where only few may be.
    crowd: Arc<AtomicU32>,
    /// Held by the one request that is served where one is served after the other.
    pub turn: tokio::sync::Mutex<()>,
}

/// A request under way, for as long as it is kept.
pub(crate) struct UnderWay(Arc<AtomicU32>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Shared {
    pub fn new(now: SystemTime, seed: u64, faults: BTreeSet<&'static str>) -> Result<Shared, LabError> {
        let authority = Authority::new(now)?;
        let bundles = Bundles::new(seed);
        let live = ready(World::with(now, seed, &faults), &authority, &bundles)?;
        Ok(Shared {
            now,
            seed,
            authority,
            signer: Signer::new(now)?,
            unknown: Authority::unknown()?,
            gateway: Authority::gateway(now)?,
            bundles,
            faults: Mutex::new(faults),
            live: watch::Sender::new(Arc::new(live)),
            delay: AtomicU64::new(0),
            counts: Mutex::default(),
            mailbox: Mutex::default(),
            crowd: Arc::default(),
            turn: tokio::sync::Mutex::default(),
        })
    }

    /// The world of this moment.
    pub fn live(&self) -> Arc<Live> {
        Arc::clone(&self.live.borrow())
    }

    /// Rebuilds the world with a fault more or less; counters start afresh.
    pub fn switch(&self, fault: &'static str, on: bool) -> Result<(), LabError> {
        let mut faults = locked(&self.faults);
        let mut wanted = faults.clone();
        if on {
            wanted.insert(fault);
        } else {
            wanted.remove(fault);
        }
        let world = World::with(self.now, self.seed, &wanted);
        let live = ready(world, &self.authority, &self.bundles)?;
        *faults = wanted;
        locked(&self.counts).clear();
        self.live.send_replace(Arc::new(live));
        Ok(())
    }

    /// Changes the world as it is now; tells how many of the changes the lab could make. The next switch forgets them.
    pub fn mend(&self, mends: &[Mend]) -> Result<usize, LabError> {
        let mut world = self.live().world.clone();
        let made = mends.iter().filter(|mend| mend.make(&mut world)).count();
        let live = ready(world, &self.authority, &self.bundles)?;
        locked(&self.counts).clear();
        self.live.send_replace(Arc::new(live));
        Ok(made)
    }

    pub fn delay(&self, each: Duration) {
        let nanos = u64::try_from(each.as_nanos()).unwrap_or(u64::MAX);
        self.delay.store(nanos, Ordering::Relaxed);
    }

    /// When an exchange that begins now has had its delay.
    pub fn due(&self) -> tokio::time::Instant {
        tokio::time::Instant::now() + Duration::from_nanos(self.delay.load(Ordering::Relaxed))
    }

    /// Counts a request where only few may be under way.
    pub fn join(&self) -> UnderWay {
        self.crowd.fetch_add(1, Ordering::Relaxed);
        UnderWay(self.crowd.clone())
    }

    /// How many such requests there are.
    pub fn under_way(&self) -> u32 {
        self.crowd.load(Ordering::Relaxed)
    }

    /// Waits for the chosen delay of one exchange.
    pub async fn pause(&self) {
        let nanos = self.delay.load(Ordering::Relaxed);
        if nanos > 0 {
            tokio::time::sleep(Duration::from_nanos(nanos)).await;
        }
    }

    /// Puts a message into the mailbox, to be there after a while.
    pub fn deliver(&self, message: Vec<u8>, after: Duration) {
        let mut mailbox = locked(&self.mailbox);
        if mailbox.len() < LETTERS {
            mailbox.push((Instant::now() + after, message));
        }
    }

    /// The messages that are there by now, each under its number.
    pub fn mailbox(&self) -> Vec<(usize, Vec<u8>)> {
        let (mailbox, now) = (locked(&self.mailbox), Instant::now());
        let numbered = mailbox.iter().enumerate().filter(|(_, (from, _))| *from <= now);
        numbered.map(|(at, (_, message))| (at + 1, message.clone())).collect()
    }

    /// How many requests this route has had, this one included.
    pub fn count(&self, host: &str, path: &str) -> u64 {
        let mut counts = locked(&self.counts);
        if counts.len() >= COUNTED {
            counts.clear();
        }
        let count = counts.entry(format!("{host}{path}")).or_default();
        *count += 1;
        *count
    }

    /// How many requests this route has had.
    pub fn counted(&self, host: &str, path: &str) -> u64 {
        locked(&self.counts).get(&format!("{host}{path}")).copied().unwrap_or(0)
    }
}

fn ready(world: World, authority: &Authority, bundles: &Bundles) -> Result<Live, LabError> {
    let intermediate = authority.intermediate();
    let books = world
        .sites
        .iter()
        .map(|(host, site)| {
            let book = Book::new(&site.pages, bundles, &intermediate);
            (host.clone(), book)
        })
        .collect();
    Ok(Live { configs: authority.configs(&world)?, books, world })
}

/// A lock that a panic elsewhere cannot spoil: the maps behind it are never left half changed.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
