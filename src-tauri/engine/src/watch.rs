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
mod tests {
    use super::round;
    use crate::run::lab_tests::open;
    use crate::{Wire, World};
    use audit::watch::{Cause, SELF, Standing, Watch};
    use std::net::SocketAddr;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
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

    /// What two rounds with this fault tell of the page of a host that was well before.
    async fn after(fault: &'static str, host: &str) -> Vec<(String, Standing, Option<Cause>, String)> {
        let (lab, world, mut plan) = open(&[]).await;
        plan.routes = vec![format!("https://{host}{}/", lab.domain()).parse().unwrap()];
        let (cancel, mut watch) = (CancellationToken::new(), Watch::default());
        let mut told = vec![];
        for on in [false, true, true] {
            lab.switch(fault, on).unwrap();
            told = round(&plan, &world, &cancel).await.unwrap().tell(&mut watch);
        }
        told.into_iter().map(|change| (change.subject, change.standing, change.cause, change.says)).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn each_kind_of_outage_has_its_name() {
        for (fault, host, cause, words) in [
            ("servfail-zone", "app.", Cause::Dns, "SERVFAIL"),
            ("apex-no-address", "", Cause::Dns, "has no address in DNS"),
            ("tls-reset-app", "app.", Cause::Tls, "the connection broke"),
            ("http-503", "", Cause::Status, "503"),
        ] {
            let told = after(fault, host).await;
            assert_eq!(told.len(), 1, "{fault}: {told:?}");
            assert_eq!((told[0].1, told[0].2), (Standing::Down, Some(cause)), "{fault}: {told:?}");
            assert!(told[0].3.contains(words), "{fault}: {told:?}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_network_that_answers_for_everybody_accuses_nobody() {
        for cell in ["captive-portal/everything", "captive-portal/all-names"] {
            let told = after(cell, "app.").await;
            let own = told.first().map(|told| (told.0.as_str(), told.1, told.2));
            assert_eq!(
                (told.len(), own),
                (1, Some((SELF, Standing::Unsure, Some(Cause::OwnNetwork)))),
                "{cell}: {told:?}"
            );
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_machine_without_a_line_accuses_nobody() {
        let (lab, _, mut plan) = open(&[]).await;
        plan.routes = vec![format!("https://app.{}/", lab.domain()).parse().unwrap()];
        plan.limits.dns = std::time::Duration::from_millis(100);
        let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let (nobody, dead) = (silent.local_addr().unwrap(), Arc::new(AtomicBool::new(false)));
        let (way, gate, cut) = (lab.wire(), lab.wire(), dead.clone());
        let route = move |to: SocketAddr| if cut.load(Ordering::Relaxed) { nobody } else { way.route(to) };
        let wire = Wire { route: Arc::new(route), hold: Arc::new(move |to| gate.hold(to)) };
        let world = World::through(wire, lab.resolver(), lab.roots());
        let (cancel, mut watch) = (CancellationToken::new(), Watch::default());
        let mut told = vec![];
        for line in [true, false, false, true, true] {
            dead.store(!line, Ordering::Relaxed);
            let changes = round(&plan, &world, &cancel).await.unwrap().tell(&mut watch);
            told.extend(changes.into_iter().map(|change| (change.subject, change.standing)));
        }
        let app = plan.routes[0].to_string();
        let own = |standing| (SELF.to_owned(), standing);
        assert_eq!(told, [(app, Standing::Well), own(Standing::Unsure), own(Standing::Well)]);
    }
}
