//! What a receiver would say of a sender or a message: pure evaluations, whose questions are asked of real DNS.

use crate::net::Net;
use crate::net::dns::Dns;
use crate::plan::Plan;
use crate::world::World;
use audit::facts::{DnsAnswer, Fact};
use audit::read::message::{Examination, Examined, Mail};
use audit::read::spf::{SpfChecked, SpfProgress, SpfQuery, check_host};
use futures::future::join_all;
use hickory_proto::rr::RecordType;
use std::collections::BTreeMap;

/// Questions for one sender or message; the limits of RFC 7208 §4.6.4 and of the readers end each long before.
const QUESTIONS: usize = 1_000;

type Known = BTreeMap<(String, &'static str), Fact<DnsAnswer>>;

/// Evaluates SPF for a sender by the resolvers of the plan, or the world's own; none if it had no end.
pub async fn spf(plan: &Plan, world: &World, query: &SpfQuery) -> Option<SpfChecked> {
    follow(&Net::new(plan, world).dns, |known| {
        match check_host(query, &|name, rtype| known.get(&(name.to_owned(), rtype))) {
            SpfProgress::Ended(checked) => Ok(checked),
            SpfProgress::Asks(asks) => Err(asks),
        }
    })
    .await
}

/// Examines a message in the same way.
pub async fn examine(plan: &Plan, world: &World, mail: &Mail) -> Option<Examined> {
    examine_by(&Net::new(plan, world).dns, world.now(), mail).await
}

/// The same by a resolver that is there already.
pub(crate) async fn examine_by(dns: &Dns, now: jiff::Timestamp, mail: &Mail) -> Option<Examined> {
    let now = now.as_second();
    follow(dns, |known| match mail.examine(now, &|name, rtype| known.get(&(name.to_owned(), rtype))) {
        Examination::Ended(examined) => Ok(*examined),
        Examination::Asks(asks) => Err(asks),
    })
    .await
}

async fn follow<T>(dns: &Dns, mut step: impl FnMut(&Known) -> Result<T, Vec<(String, &'static str)>>) -> Option<T> {
    let mut known = Known::new();
    while known.len() < QUESTIONS {
        let asks = match step(&known) {
            Ok(ended) => return Some(ended),
            Err(asks) => asks,
        };
        let answers = join_all(asks.iter().map(|(name, rtype)| dns.ask(name, record_type(rtype)))).await;
        known.extend(asks.into_iter().zip(answers));
    }
    None
}

fn record_type(rtype: &str) -> RecordType {
    match rtype {
        "A" => RecordType::A,
        "AAAA" => RecordType::AAAA,
        "MX" => RecordType::MX,
        "PTR" => RecordType::PTR,
        _ => RecordType::TXT,
    }
}
