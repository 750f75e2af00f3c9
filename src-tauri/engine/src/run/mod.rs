//! A run: looks at everything the plan names, reports each fact as it comes, and answers a cancel at once.

mod desk;
#[cfg(test)]
pub(crate) mod lab_tests;
mod order;
mod turns;

pub(crate) use desk::{Desk, names};
pub(crate) use turns::Turns;

use crate::plan::{Plan, USUAL_SUBDOMAINS};
use crate::world::World;
use audit::facts::{Answer, Facts, Observation, Scope};
use order::Order;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// What a run reports while it goes on.
#[derive(Clone, Debug)]
pub enum Event {
    /// What the run set out to look at: sent first, and again when it learns more (DKIM selectors).
    Scoped(Scope),
    /// How far it is. Both numbers only grow.
    Looking {
        /// What is being looked at.
        what: String,
        /// Jobs that ended.
        done: u32,
        /// Jobs known so far.
        total: u32,
    },
    /// A new fact.
    Saw(Box<Observation>),
}

/// Looks at everything in the plan. On cancel it returns at once with what was seen so far, `cut_short` set.
pub async fn run(
    plan: &Plan,
    world: &World,
    answers: BTreeMap<String, Answer>,
    cancel: CancellationToken,
    on: mpsc::UnboundedSender<Event>,
) -> Facts {
    let seed = (world.seed)();
    let mut facts = Facts::begin(plan.target.clone(), &plan.roadmap, scope(plan, &seed), world.now());
    facts.answers = answers;
    facts.own.clone_from(&plan.own);
    go(facts, Order::everything(), plan, world, seed, cancel, on).await
}

/// Looks again at what one check reads; all other facts stay as they are.
pub async fn look_again(
    facts: Facts,
    check: &str,
    plan: &Plan,
    world: &World,
    cancel: CancellationToken,
    on: mpsc::UnboundedSender<Event>,
) -> Facts {
    look_again_at(facts, &[check.to_owned()], plan, world, cancel, on).await
}

/// Looks again at what any of these checks reads, once for all of them.
pub async fn look_again_at(
    mut facts: Facts,
    checks: &[String],
    plan: &Plan,
    world: &World,
    cancel: CancellationToken,
    on: mpsc::UnboundedSender<Event>,
) -> Facts {
    let seed = (world.seed)();
    let mut scope = scope(plan, &seed);
    scope.selectors = std::mem::take(&mut facts.scope.selectors);
    scope.subdomains.extend(facts.found.keys().cloned());
    let order = Order::of_all(checks);
    // A name that is not asked for would take away what the one before it told.
    if !order.asks_for_nobody() && !facts.scope.random_name.is_empty() {
        scope.random_name = std::mem::take(&mut facts.scope.random_name);
    }
    facts.scope = scope;
    facts.own.clone_from(&plan.own);
    go(facts, order, plan, world, seed, cancel, on).await
}

/// Looks at the network that this machine is in, and at nothing else.
pub(crate) async fn look_at_place(plan: &Plan, world: &World) -> Facts {
    let seed = (world.seed)();
    let facts = Facts::begin(plan.target.clone(), &plan.roadmap, scope(plan, &seed), world.now());
    let (send, _nobody) = mpsc::unbounded_channel();
    go(facts, Order::place(), plan, world, seed, CancellationToken::new(), send).await
}

async fn go(
    facts: Facts,
    order: Order,
    plan: &Plan,
    world: &World,
    seed: [u8; 32],
    cancel: CancellationToken,
    on: mpsc::UnboundedSender<Event>,
) -> Facts {
    let desk = Desk::open(facts, plan, world, seed, on);
    let whole = tokio::select! {
        biased;
        () = cancel.cancelled() => false,
        () = order.carry_out(&desk) => true,
    };
    let mut facts = desk.close();
    facts.finished = Some(world.now());
    facts.cut_short = !whole;
    facts
}

fn scope(plan: &Plan, seed: &[u8; 32]) -> Scope {
    let apex = &plan.target.domain;
    let routes = plan.sampled_routes();
    let mut subdomains: Vec<String> = USUAL_SUBDOMAINS.iter().map(|label| format!("{label}.{apex}")).collect();
    let www = format!("www.{apex}");
    for host in routes.iter().filter_map(|route| route.host_str()) {
        let below = host.strip_suffix(apex.as_str()).is_some_and(|rest| rest.ends_with('.'));
        if below && host != www && !subdomains.iter().any(|known| known == host) {
            subdomains.push(host.to_owned());
        }
    }
    Scope {
        subdomains,
        random_name: format!("{}.{apex}", random_label(seed)),
        selectors: Vec::new(),
        routes: routes.iter().map(ToString::to_string).collect(),
        allow_private: plan.allow_private,
        signed_in: plan.session.is_some(),
        agreed: plan.consents.iter().map(|consent| consent.agreed().clone()).collect(),
        resolvers: plan.resolvers.iter().map(ToString::to_string).collect(),
    }
}

/// A label that nobody has a record for, unless a wildcard answers.
pub(crate) fn random_label(seed: &[u8; 32]) -> String {
    let digest = Sha256::new().chain_update(b"random name").chain_update(seed).finalize();
    digest.iter().take(8).fold("lr".to_owned(), |label, byte| format!("{label}{byte:02x}"))
}
