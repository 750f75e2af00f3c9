//! The questions to one server: every version, the suites that are right for today, the weak ones, and what older versions bring along.

use super::spent;
use crate::net::hello::{Greeting, Heard, alert, closed, greet};
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::Why;
use audit::facts::{Fact, LogEntry, Offer, SuiteSeen, TlsVersion, VersionAnswer, VersionSeen};
use audit::read::{suite, transparency};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};

/// Weak suites that are told by name in one version.
const WEAK: usize = 10;

struct Interview<'a, 'd> {
    desk: &'a Desk<'d>,
    host: &'a str,
    address: SocketAddr,
    connections: AtomicU32,
}

type Reply = Result<Heard, Trouble>;
/// Version, suite, compression, bound renegotiation, entries of public logs.
type Agreed = (TlsVersion, u16, bool, bool, Vec<u8>);

impl<'a, 'd> Interview<'a, 'd> {
    fn new(desk: &'a Desk<'d>, host: &'a str, address: IpAddr) -> Self {
        Self { desk, host, address: SocketAddr::new(address, 443), connections: AtomicU32::new(0) }
    }

    /// One question. A connection that breaks off is tried once more, so that a passing fault is not taken for a refusal.
    async fn ask(&self, version: TlsVersion, suites: &[u16], fallback: bool) -> Reply {
        self.twice(version, suites, fallback, false).await
    }

    /// One question for suites whose keys are agreed on over a group, heard out until the group is named.
    async fn ask_group(&self) -> Reply {
        self.twice(TlsVersion::Tls12, suite::grouped(), false, true).await
    }

    async fn twice(&self, version: TlsVersion, suites: &[u16], fallback: bool, group: bool) -> Reply {
        let mut heard = self.once(version, suites, fallback, group).await;
        if heard == Ok(Heard::Closed) {
            heard = self.once(version, suites, fallback, group).await;
        }
        heard
    }

    async fn once(&self, version: TlsVersion, suites: &[u16], fallback: bool, group: bool) -> Reply {
        if !self.desk.asked.spend(self.address.ip()) {
            return Err(spent(self.address.ip()));
        }
        let count = self.connections.fetch_add(1, Ordering::Relaxed);
        let random = Sha256::new()
            .chain_update(self.desk.seed)
            .chain_update(format!("{}|{}|{count}", self.host, self.address))
            .finalize();
        let greeting = Greeting { host: self.host, version, suites, fallback, group, random: random.into() };
        let _turn = self.desk.turns.to_greet(self.address.ip()).await;
        greet(&self.desk.net.dial, self.address, &greeting).await
    }

    fn connections(&self) -> u32 {
        self.connections.load(Ordering::Relaxed)
    }
}

/// Everything.
pub(super) async fn whole(desk: &Desk<'_>, host: &str, address: IpAddr) -> Fact<Offer> {
    let with = Interview::new(desk, host, address);
    let what = format!("TLS versions of {host} at {address}");
    let every = [suite::modern(), suite::older(), suite::weak_ones()].concat();
    let (newest, modern, eleven, ten, three, weak, group) = tokio::join!(
        with.ask(TlsVersion::Tls13, &[], false),
        with.ask(TlsVersion::Tls12, suite::modern(), false),
        with.ask(TlsVersion::Tls11, &every, false),
        with.ask(TlsVersion::Tls10, &every, false),
        with.ask(TlsVersion::Ssl3, &every, false),
        with.ask(TlsVersion::Tls12, suite::weak_ones(), false),
        with.ask_group(),
    );
    let older = match &modern {
        Ok(Heard::Hello { version: TlsVersion::Tls12, .. }) => None,
        _ => Some(with.ask(TlsVersion::Tls12, suite::older(), false).await),
    };
    let replies = [&newest, &modern, &eleven, &ten, &three, &weak].into_iter().chain(&older);
    let hellos: Vec<Agreed> = replies.clone().filter_map(hello).collect();
    if hellos.is_empty() {
        return Fact::Unseen(nothing(&with, replies).of(what));
    }
    let mut versions: Vec<VersionSeen> =
        [(TlsVersion::Ssl3, &three), (TlsVersion::Tls10, &ten), (TlsVersion::Tls11, &eleven)]
            .map(|(version, reply)| VersionSeen { version, answer: answer(&with, version, reply, &hellos) })
            .into();
    let twelve = older.as_ref().unwrap_or(&modern);
    versions
        .push(VersionSeen { version: TlsVersion::Tls12, answer: answer(&with, TlsVersion::Tls12, twelve, &hellos) });
    versions
        .push(VersionSeen { version: TlsVersion::Tls13, answer: answer(&with, TlsVersion::Tls13, &newest, &hellos) });
    let plain: Vec<_> = hellos.iter().filter(|(version, ..)| *version < TlsVersion::Tls13).collect();
    let timestamps = hellos.iter().map(|(.., list)| list).find(|list| !list.is_empty());
    let mut offer = Offer {
        connections: 0,
        seen_at: None,
        modern: hellos.iter().any(|(version, ..)| *version == TlsVersion::Tls12).then(|| hello(&modern).is_some()),
        weak: vec![],
        more_weak: false,
        compression: (!plain.is_empty()).then(|| plain.iter().any(|(_, _, compressed, ..)| *compressed)),
        secure_renegotiation: (!plain.is_empty()).then(|| plain.iter().all(|(_, _, _, secure, _)| *secure)),
        group: None,
        refuses_fallback: None,
        timestamps: timestamps.is_some(),
        entries: timestamps.map(|list| entries(desk, host, address, list)).unwrap_or_default(),
        unseen: vec![],
        versions,
    };
    group_of(&with, &mut offer, group);
    weak_suites(&with, &mut offer, &weak).await;
    fallback(&with, &mut offer, &every).await;
    offer.connections = with.connections();
    desk.seen(offer, with.address.to_string())
}

/// Two questions to another name of a server that was asked already; everything when one of them is answered.
pub(super) async fn brief(desk: &Desk<'_>, host: &str, address: IpAddr, known: &str, like: &Offer) -> Fact<Offer> {
    let with = Interview::new(desk, host, address);
    let every = [suite::modern(), suite::older(), suite::weak_ones()].concat();
    let (old, weak) = tokio::join!(
        with.ask(TlsVersion::Tls11, &every, false),
        with.ask(TlsVersion::Tls12, suite::weak_ones(), false),
    );
    // Groups are set for a server as a whole.
    let clean = like.weak.is_empty() && like.taken().all(|version| version >= TlsVersion::Tls12);
    if !clean || [&old, &weak].into_iter().any(|reply| hello(reply).is_some()) {
        return Box::pin(whole(desk, host, address)).await;
    }
    let trouble = [&old, &weak].into_iter().find_map(|reply| reply.as_ref().err());
    match trouble {
        Some(trouble) => Fact::Unseen(trouble.of(format!("TLS versions of {host} at {address}"))),
        None => {
            let offer = Offer { connections: with.connections(), seen_at: Some(known.to_owned()), ..like.clone() };
            desk.seen(offer, with.address.to_string())
        }
    }
}

fn hello(reply: &Reply) -> Option<Agreed> {
    match reply {
        Ok(Heard::Hello { version, suite, compressed, secure_renegotiation, timestamps, .. }) => {
            Some((*version, *suite, *compressed, *secure_renegotiation, timestamps.clone()))
        }
        _ => None,
    }
}

/// The entries of a greeting, held against the certificate that this address shows.
fn entries(desk: &Desk<'_>, host: &str, address: IpAddr, list: &[u8]) -> Vec<LogEntry> {
    let leaf =
        desk.facts().tls.get(&format!("{host}|{address}")).and_then(|fact| fact.seen().ok()?.chain.first().cloned());
    let der = leaf.and_then(|leaf| STANDARD.decode(leaf).ok()).unwrap_or_default();
    transparency::greeted(list, &der, &desk.net.tls.logs)
}

/// Why a server that agreed to nothing cannot be judged.
fn nothing<'r>(with: &Interview<'_, '_>, mut replies: impl Iterator<Item = &'r Reply> + Clone) -> Trouble {
    if let Some(trouble) = replies.clone().find_map(|reply| reply.as_ref().err()) {
        return trouble.clone();
    }
    let refusal = replies.clone().find_map(|reply| match reply {
        Ok(Heard::Alert(number)) => Some(alert(*number)),
        _ => None,
    });
    match refusal {
        Some(how) => {
            Trouble::new(Why::Refused, format!("{} refused every TLS version for {} ({how})", with.address, with.host))
        }
        None if replies.any(|reply| *reply == Ok(Heard::Nonsense)) => {
            Trouble::new(Why::Garbled, format!("{} does not speak proper TLS for {}", with.address, with.host))
        }
        None => closed(with.address),
    }
}

/// What came of a version; a server that answers with an older one has refused this and agreed to that.
fn answer(with: &Interview<'_, '_>, version: TlsVersion, reply: &Reply, hellos: &[Agreed]) -> VersionAnswer {
    if let Some((_, suite, ..)) = hellos.iter().find(|(agreed, ..)| *agreed == version) {
        return VersionAnswer::Taken { suite: *suite };
    }
    let what = format!("{} of {} at {}", version.says(), with.host, with.address.ip());
    match reply {
        Ok(Heard::Hello { version, .. }) => VersionAnswer::Refused { how: format!("answers with {}", version.says()) },
        Ok(Heard::Alert(number)) => VersionAnswer::Refused { how: alert(*number) },
        Ok(Heard::Closed) => VersionAnswer::Refused { how: "closes the connection, twice".to_owned() },
        Ok(Heard::Nonsense) => {
            let says = format!("{} answers this version with something that is not TLS", with.address);
            VersionAnswer::Unseen(Trouble::new(Why::Garbled, says).of(what))
        }
        Err(trouble) => VersionAnswer::Unseen(trouble.of(what)),
    }
}

/// What came of asking for suites with a group: most servers take none.
fn group_of(with: &Interview<'_, '_>, offer: &mut Offer, reply: Reply) {
    let trouble = match reply {
        Ok(Heard::Hello { version: TlsVersion::Tls12, group: Some(bits), .. }) => {
            offer.group = Some(bits);
            return;
        }
        Ok(Heard::Hello { version: TlsVersion::Tls12, .. } | Heard::Nonsense) => {
            Trouble::new(Why::Garbled, format!("{} names no group for a suite that needs one", with.address))
        }
        // An older version has its finding already.
        Ok(Heard::Hello { .. } | Heard::Alert(_) | Heard::Closed) => return,
        Err(trouble) => trouble,
    };
    offer.unseen.push(trouble.of(format!("group for keys of {} at {}", with.host, with.address.ip())));
}

/// Asks for the weak suites again and again without those that were chosen, in TLS 1.2 and in the oldest version that is taken.
async fn weak_suites(with: &Interview<'_, '_>, offer: &mut Offer, first: &Reply) {
    let what = format!("weak cipher suites of {} at {}", with.host, with.address.ip());
    let oldest = offer.taken().next().filter(|version| *version < TlsVersion::Tls12);
    for version in [Some(TlsVersion::Tls12), oldest].into_iter().flatten() {
        let mut left = suite::weak_ones().to_vec();
        left.retain(|id| offer.weak.iter().all(|seen| seen.suite != *id));
        let mut reply = match version {
            TlsVersion::Tls12 => first.clone(),
            _ => with.ask(version, &left, false).await,
        };
        for round in 0.. {
            match reply {
                Err(trouble) => {
                    offer.unseen.push(trouble.of(&what));
                    break;
                }
                Ok(Heard::Nonsense) => {
                    let says = format!("{} answers weak suites with something that is not TLS", with.address);
                    offer.unseen.push(Trouble::new(Why::Garbled, says).of(&what));
                    break;
                }
                Ok(Heard::Hello { version, suite, .. }) if left.contains(&suite) => {
                    offer.weak.push(SuiteSeen { suite, version });
                    left.retain(|id| *id != suite);
                    if round + 1 == WEAK {
                        offer.more_weak = true;
                        break;
                    }
                }
                Ok(Heard::Hello { .. } | Heard::Alert(_) | Heard::Closed) => break,
            }
            reply = with.ask(version, &left, false).await;
        }
    }
}

/// Whether a fall-back to the newest of the old versions is noticed; only of interest where an old one is taken beside a newer.
async fn fallback(with: &Interview<'_, '_>, offer: &mut Offer, every: &[u16]) {
    let newest = offer.taken().next_back();
    let Some(old) = offer.taken().rfind(|version| *version < TlsVersion::Tls12) else { return };
    if newest <= Some(old) {
        return;
    }
    match with.ask(old, every, true).await {
        Ok(Heard::Alert(86)) => offer.refuses_fallback = Some(true),
        Ok(Heard::Hello { .. }) => offer.refuses_fallback = Some(false),
        // Advice only: no answer here leaves nothing of the verdict open.
        _ => {}
    }
}
