//! The lab as a world for the engine, shared by the tests that run whole audits.

use audit::facts::{Answer, Cap, Choice, Facts};
use engine::{Consent, Kept, Limits, Plan, Secret, Session, Wire, World};
use lab::Lab;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The lab's wire, resolver and roots.
pub fn world(lab: &Lab) -> World {
    let (route, hold) = (lab.wire(), lab.wire());
    let wire = Wire { route: Arc::new(move |to| route.route(to)), hold: Arc::new(move |to| hold.hold(to)) };
    World::through(wire, lab.resolver(), lab.roots())
        .with_anchors(vec![lab.anchor()])
        .with_logs(lab.log_list(), lab.logs())
}

/// A plan for the lab's site that does not wait for politeness: the servers are ours.
pub fn plan(lab: &Lab) -> Plan {
    let target = audit::read::domain::parse(lab.domain()).unwrap();
    let mut plan = Plan::new(target, "sd");
    plan.routes = lab.routes().iter().map(|route| engine::route(&plan.target, route).unwrap()).collect();
    plan.pace = Duration::from_millis(5);
    let secret = |value: &str| Some(Secret::new(value.to_owned()));
    let ([cookie, _], [_, token]) = (lab.owner(), lab.worker());
    plan.session = Session::new(secret(cookie), None);
    plan.lesser = Session::new(None, secret(token));
    plan.consents = lab
        .hosts_of_forms()
        .iter()
        .map(|host| Consent::record(&plan.target, host, "Ada Alder", Cap::MOST, jiff::Timestamp::now()).unwrap())
        .collect();
    plan.cloudflare = Some(Arc::new(Secret::new(lab.cloudflare_token().to_owned())));
    plan.limits = Limits {
        dns: Duration::from_millis(1500),
        connect: Duration::from_secs(2),
        handshake: Duration::from_secs(2),
        exchange: Duration::from_secs(4),
        job: Duration::from_secs(20),
        scripts: Duration::from_secs(1),
    };
    plan
}

/// What a person said: where the signed-in area is, and where the secrets live.
pub fn answers(lab: &Lab) -> BTreeMap<String, Answer> {
    let rows = lab.places().into_iter().map(|(address, told)| (address, told.to_owned())).collect();
    let text = String::new;
    let at = jiff::Timestamp::now();
    let answer = |rows| Answer { choice: Choice::Yes, note: text(), evidence: text(), owner: text(), rows, at };
    BTreeMap::from([
        (audit::read::place::KEY.to_owned(), answer(rows)),
        (audit::kept::KEY.to_owned(), answer(lab.kept())),
    ])
}

/// The report of Lighthouse that the product's founder gave.
pub fn lighthouse(lab: &Lab) -> engine::Lighthouse {
    engine::Lighthouse::Given(Box::new(audit::read::lighthouse::read(lab.lighthouse().as_bytes()).unwrap()))
}

/// Looks at a lab as it is now.
pub async fn look(lab: &Lab) -> Facts {
    look_with(lab, Kept::default()).await
}

/// The same with what was recorded before.
pub async fn look_with(lab: &Lab, kept: Kept) -> Facts {
    let (send, _events) = tokio::sync::mpsc::unbounded_channel();
    let (mut plan, project) = (plan(lab), lab.project().unwrap());
    plan.kept = kept;
    let list = std::fs::read(project.settings()).unwrap();
    plan.project = Some(project.folder());
    plan.environments.insert("production".to_owned(), audit::read::env::given("production", &list).unwrap());
    plan.log = Some(project.log());
    plan.queries = Some(project.queries());
    let database = engine::Address::read(&Secret::new(lab.database())).unwrap();
    plan.database = Some(Arc::new(database));
    plan.reports = Some(project.reports());
    plan.lighthouse = Some(lighthouse(lab));
    let mut facts = engine::run(&plan, &world(lab), answers(lab), CancellationToken::new(), send).await;
    facts.watched = Some(serde_json::from_str(&lab.watched()).unwrap());
    facts
}
