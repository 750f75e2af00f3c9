//! One round of a watch: every address and journey of a plan is gone through once, and whether this machine itself reaches anybody.

use crate::journey::Trip;
use crate::net::Net;
use crate::plan::Plan;
use crate::run::look_again;
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
        self.seen.iter().filter_map(|(subject, fact)| watch.hear(subject, fact, self.online, self.at)).collect()
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

/// Whether anybody answers a question that has nothing to do with the product: who serves the domain above it.
async fn online(plan: &Plan, world: &World) -> bool {
    let above = plan.target.domain.rsplit('.').next().unwrap_or_default();
    Net::new(plan, world).dns.ask(above, RecordType::NS).await.seen().is_ok()
}

#[cfg(test)]
mod tests {
    use super::round;
    use crate::run::lab_tests::open;
    use audit::watch::{Standing, Watch};
    use tokio_util::sync::CancellationToken;

    #[tokio::test(flavor = "multi_thread")]
    async fn an_outage_is_told_after_two_rounds_with_its_cause_and_its_end_too() {
        let (lab, world, mut plan) = open(&[]).await;
        plan.routes = vec![format!("https://app.{}/", lab.domain()).parse().unwrap()];
        let (cancel, mut watch) = (CancellationToken::new(), Watch::default());
        let mut told = vec![];
        for fault in [false, false, true, true, true, false, false] {
            lab.switch("certificate-expired", fault).unwrap();
            let changes = round(&plan, &world, &cancel).await.unwrap().tell(&mut watch);
            told.push(changes.into_iter().map(|change| (change.standing, change.says)).collect::<Vec<_>>());
        }
        let shown: Vec<Vec<Standing>> =
            told.iter().map(|changes| changes.iter().map(|(standing, _)| *standing).collect()).collect();
        let (none, well, down) = (vec![], vec![Standing::Well], vec![Standing::Down]);
        assert_eq!(shown, [well.clone(), none.clone(), none.clone(), down, none.clone(), none, well], "{told:?}");
        assert!(told[3][0].1.contains("certificate is not trusted"), "{told:?}");
        cancel.cancel();
        assert!(round(&plan, &world, &cancel).await.is_none());
    }
}
