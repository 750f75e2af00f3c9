//! What a receiver would say of one sender: SPF asked of real DNS, question by question.

use crate::net::Net;
use crate::plan::Plan;
use crate::world::World;
use audit::facts::{DnsAnswer, Fact};
use audit::read::spf::{SpfChecked, SpfProgress, SpfQuery, SpfResult, check_host};
use futures::future::join_all;
use hickory_proto::rr::RecordType;
use std::collections::BTreeMap;

/// Rounds of questions; the limits of RFC 7208 §4.6.4 end every evaluation long before.
const ROUNDS: usize = 200;

/// Evaluates SPF for a sender by the resolvers of the plan, or the world's own.
pub async fn spf(plan: &Plan, world: &World, query: &SpfQuery) -> SpfChecked {
    let net = Net::new(plan, world);
    let mut known: BTreeMap<(String, &'static str), Fact<DnsAnswer>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let asks = match check_host(query, &|name, rtype| known.get(&(name.to_owned(), rtype))) {
            SpfProgress::Ended(checked) => return checked,
            SpfProgress::Asks(asks) => asks,
        };
        let answers = join_all(asks.iter().map(|(name, rtype)| net.dns.ask(name, record_type(rtype)))).await;
        known.extend(asks.into_iter().zip(answers));
    }
    SpfChecked {
        result: SpfResult::TempError,
        because: format!("the evaluation did not end within {ROUNDS} rounds of questions"),
        domain: plan.target.domain.clone(),
        explanation: None,
        lookups: 0,
        void: 0,
        trace: Vec::new(),
    }
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
