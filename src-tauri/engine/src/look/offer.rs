//! TLS versions and weak suites: what a server takes, asked by greetings of our own, few of them and never more than four at once.

mod interview;

use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::facts::{Fact, Observation, Offer};
use audit::read::provider;
use audit::{Unseen, Why};
use futures::future::join_all;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// Connections spent on one address, whatever names it serves.
const BUDGET: u32 = 40;

type First = Arc<OnceCell<(String, Fact<Offer>)>>;

/// What was asked already in this run: edges that many addresses share are asked once, and no address is asked too much.
#[derive(Default)]
pub(crate) struct Asked {
    firsts: Mutex<HashMap<String, First>>,
    spent: Mutex<HashMap<IpAddr, u32>>,
}

impl Asked {
    fn first(&self, of: String) -> First {
        self.firsts.lock().unwrap_or_else(PoisonError::into_inner).entry(of).or_default().clone()
    }

    /// Whether one more connection to this address is within bounds; counts it.
    pub(crate) fn spend(&self, address: IpAddr) -> bool {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let count = spent.entry(address).or_default();
        *count += 1;
        *count <= BUDGET
    }
}

/// Looks at every address of a host whose handshake was looked at.
pub(crate) async fn look(desk: &Desk<'_>, host: &str, addresses: &[IpAddr]) {
    join_all(addresses.iter().map(|address| one(desk, host, *address))).await;
}

async fn one(desk: &Desk<'_>, host: &str, address: IpAddr) {
    let key = format!("{host}|{address}");
    let what = format!("TLS versions of {host} at {address}");
    let fact = match silent(desk, &key) {
        Some(Silent::Closed) => return,
        Some(Silent::Why(unseen)) => Fact::Unseen(Unseen { what, ..unseen }),
        None => desk.job(&what, Box::pin(shared(desk, host, address, &key))).await,
    };
    desk.saw(Observation::Offer { key, fact });
}

enum Silent {
    /// Nobody listens there; that is told by the address itself.
    Closed,
    Why(Unseen),
}

/// Why there is no use in asking: the handshake showed that nothing answers.
fn silent(desk: &Desk<'_>, key: &str) -> Option<Silent> {
    let facts = desk.facts();
    let open = facts.reach.get(key).map(|fact| fact.seen().map(|reach| reach.open));
    match open {
        Some(Ok(true)) => {}
        Some(Ok(false)) | None => return Some(Silent::Closed),
        Some(Err(unseen)) => return Some(Silent::Why(unseen)),
    }
    match facts.tls.get(key)?.seen() {
        // A refused or misunderstood handshake may be one of a server that speaks older versions only.
        Err(unseen) if !matches!(unseen.why, Why::Refused | Why::Garbled) => Some(Silent::Why(unseen)),
        _ => None,
    }
}

async fn shared(desk: &Desk<'_>, host: &str, address: IpAddr, key: &str) -> Fact<Offer> {
    let edge = provider::all()
        .iter()
        .find(|provider| provider.does("cdn") && provider.ranges.iter().any(|range| range.contains(&address)));
    let of = edge.map_or_else(|| address.to_string(), |edge| format!("{host}|{}", edge.name));
    let first = desk.asked.first(of);
    let (known, fact) =
        first.get_or_init(|| async { (key.to_owned(), Box::pin(interview::whole(desk, host, address)).await) }).await;
    match fact {
        _ if known == key => fact.clone(),
        Fact::Seen { value, at, from } if edge.is_some() || same_leaf(desk, known, key) => Fact::Seen {
            value: Offer { connections: 0, seen_at: Some(known.clone()), ..value.clone() },
            at: *at,
            from: from.clone(),
        },
        // Another name on the same server: two questions tell whether it is set up in the same way.
        Fact::Seen { value, .. } => Box::pin(interview::brief(desk, host, address, known, value)).await,
        Fact::Unseen(_) => Box::pin(interview::whole(desk, host, address)).await,
    }
}

fn same_leaf(desk: &Desk<'_>, one: &str, other: &str) -> bool {
    let facts = desk.facts();
    let leaf = |key: &str| facts.tls.get(key).and_then(|fact| fact.seen().ok()).and_then(|shown| shown.chain.first());
    leaf(one).is_some() && leaf(one) == leaf(other)
}

pub(crate) fn spent(address: IpAddr) -> Trouble {
    let says = format!("{address} was asked {BUDGET} times about its TLS, which is as much as we ask one server");
    Trouble::new(Why::Beyond, says)
}
