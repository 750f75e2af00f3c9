//! Journeys in the lab: what only reads needs nobody's consent, a session begins one, and none leaves the hosts that it names.

use crate::{Plan, Secret, Session, Trip, Wire, World, look_again};
use audit::Why;
use audit::facts::{Fact, Facts, JourneyEnd, JourneySeen, Scope, Target};
use audit::read::journey::read;
use lab::Lab;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Goes through one journey of these lines, signed in as the lab's owner where it asks for that.
async fn go(head: &str, steps: &str) -> Fact<JourneySeen> {
    let lab = Lab::start(SystemTime::now(), 7, &[]).await.unwrap();
    let (way, gate) = (lab.wire(), lab.wire());
    let wire = Wire { route: Arc::new(move |to| way.route(to)), hold: Arc::new(move |to| gate.hold(to)) };
    let world = World::through(wire, lab.resolver(), lab.roots());
    let target = Target { name: lab.domain().to_owned(), domain: lab.domain().to_owned() };
    let mut plan = Plan::new(target.clone(), "sd");
    plan.pace = Duration::from_millis(5);
    plan.session = Session::new(Some(Secret::new(lab.owner()[0].to_owned())), None);
    let base = if head.contains("base") { "" } else { "base = \"https://desk.juniperdesk.example\"\n" };
    let text = format!("version = 1\n[[journey]]\nname = \"One\"\nkind = \"core\"\n{base}{head}\n{steps}");
    plan.journeys = vec![Trip::new(read(&text).unwrap().remove(0), BTreeMap::new()).unwrap()];
    let (on, _events) = mpsc::unbounded_channel();
    let facts = Facts::begin(target, "sd", Scope::default(), world.now());
    let mut facts = look_again(facts, "journey.core", &plan, &world, CancellationToken::new(), on).await;
    let kept = serde_json::to_string(&facts).unwrap();
    assert!(!kept.contains("lab-owner-5d1f0c") && !kept.contains("lab-state-canary"), "{kept}");
    facts.journeys.remove("core One").unwrap()
}

fn whole(fact: &Fact<JourneySeen>) -> &JourneySeen {
    let seen = fact.seen().unwrap();
    assert_eq!(seen.end, JourneyEnd::Whole, "{seen:#?}");
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journey_that_only_reads_begins_with_a_session_and_needs_no_consent() {
    let steps = "[[journey.step]]\npath = \"/boards\"\nexpect = { contains = \"Boards of Alder Studio\", cookies = \"desk_session\" }\n[[journey.step]]\npath = \"/v1/account\"\nexpect = { json = { \"/seats\" = 4 } }";
    let fact = go("session = \"owner\"", steps).await;
    let seen = whole(&fact);
    assert_eq!((seen.steps.len(), seen.by.clone()), (2, None));
    let times = seen.steps[0].times;
    assert!(times.connect.is_some() && times.tls.is_some() && times.ttfb <= times.total);
    assert!(seen.steps[1].times.connect.is_none(), "the second step uses the same connection");
    let stranger = go("", steps).await;
    assert_eq!(stranger.seen().unwrap().end, JourneyEnd::Failed);
    assert_eq!(stranger.seen().unwrap().earlier.as_deref(), Some("GET /boards"));
}

#[tokio::test(flavor = "multi_thread")]
async fn none_leaves_the_hosts_that_it_names() {
    let on = go("", "[[journey.step]]\npath = \"/login/lantern\"").await;
    let JourneyEnd::Lost { unseen, .. } = &on.seen().unwrap().end else { panic!("{on:?}") };
    assert!(unseen.why == Why::Beyond && unseen.says.contains("accounts.lantern-id.example"), "{unseen:?}");
    let stays = go("", "[[journey.step]]\npath = \"/login/lantern\"\nfollow = false\nexpect = { status = 302, headers_has = \"location\" }").await;
    whole(&stays);
    for (base, why) in [("https://evil.test", Why::Beyond), ("http://desk.juniperdesk.example", Why::Forbidden)] {
        let fact = go(&format!("base = \"{base}\""), "[[journey.step]]\npath = \"/\"").await;
        let unseen = fact.seen().unwrap_err();
        let way = if why == Why::Beyond { "under hosts" } else { "with https" };
        assert!(unseen.why == why && unseen.way.contains(way), "{base}: {unseen:?}");
    }
    let writes = go("", "[[journey.step]]\npath = \"/hooks/payments\"\njson = '{}'").await;
    assert_eq!(writes.seen().unwrap_err().why, Why::NoConsent);
}
