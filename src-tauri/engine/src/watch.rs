//! One round of a watch: every address and journey of a plan is gone through once, and whether this machine itself reaches anybody.

use crate::journey::Trip;
use crate::net::Net;
use crate::plan::Plan;
use crate::run::{look_again, look_at_place, random_label};
use crate::world::World;
use audit::facts::{Fact, Facts, JourneyEnd, JourneyKind, JourneySeen, Scope};
use audit::read::journey::{Body, Expect, Journey, Step, Template};
use audit::watch::{Change, Watch};
use hickory_proto::rr::RecordType;
use jiff::Timestamp;
use std::collections::BTreeMap;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Milliseconds after which an address counts as slow: most visitors have left by then.
const SLOW: u32 = 5_000;
/// What one check needs to look again at; any of them has all journeys gone through.
const CHECK: &str = "journey.core";

/// What one round saw.
#[derive(Clone, Debug)]
pub struct Round {
    /// Each address or journey by its name.
    pub seen: Vec<(String, Fact<JourneySeen>)>,
    /// Whether this machine reached anybody.
    pub online: bool,
    /// When it ended.
    pub at: Timestamp,
}

impl Round {
    /// What is new about it to a watch.
    pub fn tell(&self, watch: &mut Watch) -> Vec<Change> {
        let own = watch.hear_self(self.online, self.at);
        let seen = self.seen.iter().filter_map(|(subject, fact)| watch.hear(subject, fact, self.online, self.at));
        own.into_iter().chain(seen).collect()
    }
}

/// Goes through every sampled route and every journey of the plan; none when it was stopped.
pub async fn round(plan: &Plan, world: &World, cancel: &CancellationToken) -> Option<Round> {
    let mut plan = plan.clone();
    let routes = plan.sampled_routes();
    plan.journeys.splice(0..0, routes.iter().filter_map(visit));
    let facts = Facts::begin(plan.target.clone(), &plan.roadmap, Scope::default(), world.now());
    let (send, _nobody) = unbounded_channel();
    let facts = look_again(facts, CHECK, &plan, world, cancel.clone(), send).await;
    if facts.cut_short {
        return None;
    }
    let name = |key: &str| key.split_once(' ').map_or(key, |(_, name)| name).to_owned();
    let lost = |fact: &Fact<JourneySeen>| matches!(fact, Fact::Seen { value, .. } if matches!(value.end, JourneyEnd::Lost { .. }));
    let online = !facts.journeys.values().any(lost) || online(&plan, world).await;
    let seen = facts.journeys.into_iter().map(|(key, fact)| (name(&key), fact)).collect();
    Some(Round { seen, online, at: world.now() })
}

/// An address as the one step of a journey.
fn visit(url: &Url) -> Option<Trip> {
    let step = Step {
        name: "Open it".to_owned(),
        method: "GET",
        path: Template::read(url.as_str()).ok()?,
        headers: vec![],
        body: Body::None,
        follow: true,
        expect: Expect::default(),
        captures: vec![],
    };
    let journey = Journey {
        name: url.to_string(),
        kind: JourneyKind::Core,
        base: url.clone(),
        hosts: vec![url.host_str()?.to_owned()],
        within_ms: Some(SLOW),
        session: None,
        mailbox: None,
        steps: vec![step],
    };
    Some(Trip::with(journey, BTreeMap::new()))
}

/// Whether the name servers above the product's domain still tell anything: they are asked for a name that nobody has, because a resolver
/// nearby goes on answering from its memory for what was asked before, when the line behind it is long gone.
async fn online(plan: &Plan, world: &World) -> bool {
    let above = plan.target.domain.split_once('.').map_or("", |(_, above)| above);
    let nobody = format!("{}.{above}", random_label(&(world.seed)()));
    let told = Net::new(plan, world).dns.ask(&nobody, RecordType::A).await;
    // A login page on the way, such as a hotel's, answers for everybody.
    told.seen().is_ok() && !audit::vantage::in_the_way(&look_at_place(plan, world).await)
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
