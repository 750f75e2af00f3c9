//! The vault on the real keychain of this session, where there is one, and what is left to do where there is none.

use audit::Status;
use audit::facts::{Answer, Cap, Choice, Target};
use engine::store::{Draft, Store};
use engine::vault::{Keeper, Kind, Sessions, Vault, VaultState};
use engine::vault::{cloudflare_for_domain, lesser_for_domain, session_for_domain};
use engine::{Consent, Plan, Secret, Wire, World};
use lab::Lab;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio_util::sync::CancellationToken;

/// Set to `available` by whoever started a keychain for this test, so that its absence is a failure and not the other branch.
const PROMISE: &str = "LAUNCH_READY_TEST_KEYCHAIN";

#[tokio::test]
async fn a_session_goes_into_the_keychain_and_out_again() {
    let dir = std::env::temp_dir().join(format!("launch-ready-keychain-{}", std::process::id()));
    let store = Store::open(&dir).await.unwrap();
    // A domain of its own: the keychain may be that of a person.
    let domain = format!("test-{}.example", std::process::id());
    let target = Target { name: domain.clone(), domain: domain.clone() };
    let draft = Draft { client: String::new(), name: String::new(), target, roadmap: "sd".into(), demo: false };
    let project = store.create_project(draft, jiff::Timestamp::now()).await.unwrap();
    let sessions = Sessions::new(store.clone(), Vault::new());
    let state = sessions.vault_status().await.state;
    println!("the keychain of this session: {state:?}");
    if std::env::var(PROMISE).is_ok_and(|promised| promised == "available") {
        assert_eq!(state, VaultState::Available);
    }
    let kept = sessions
        .set(&project, Kind::Cookie, Secret::new("sid=canary-81524".into()), jiff::Timestamp::now())
        .await
        .unwrap();
    let in_keychain = state == VaultState::Available;
    assert_eq!(kept.keeper, if in_keychain { Keeper::Keychain } else { Keeper::Memory });
    assert!(kept.cookie && !kept.token);
    assert!(sessions.session(project.id).await.unwrap().is_some());
    // Another program finds it by the domain, and only in a keychain.
    assert_eq!(session_for_domain(&domain).await.is_some(), in_keychain);
    assert!(cloudflare_for_domain(&domain).await.is_none());
    let token = Secret::new("canary-token-81525".into());
    sessions.set(&project, Kind::Cloudflare, token, jiff::Timestamp::now()).await.unwrap();
    assert_eq!(cloudflare_for_domain(&domain).await.is_some(), in_keychain);
    // A program that starts later knows as much.
    let later = Sessions::new(store.clone(), Vault::new());
    assert_eq!(later.session(project.id).await.unwrap().is_some(), in_keychain);
    sessions.delete_project(project.id).await.unwrap();
    assert!(session_for_domain(&domain).await.is_none());
    assert!(cloudflare_for_domain(&domain).await.is_none());
    assert!(store.left_secrets().await.unwrap().is_empty());
    store.close().await;
    std::fs::remove_dir_all(dir).unwrap();
}

/// What is only seen by somebody who is signed in, or who agreed to tries at forms.
const SIGNED_IN: [&str; 7] = [
    "auth.anonymous",
    "auth.callback",
    "auth.roles",
    "http.health",
    "http.pagination",
    "http.private_cache",
    "http.rate_limit",
];

#[tokio::test]
async fn what_the_keychain_holds_opens_the_signed_in_area() {
    let dir = std::env::temp_dir().join(format!("launch-ready-signed-in-{}", std::process::id()));
    let store = Store::open(&dir).await.unwrap();
    let lab = Lab::start(SystemTime::now(), 1, &[]).await.unwrap();
    let (target, now) = (audit::read::domain::parse(lab.domain()).unwrap(), jiff::Timestamp::now());
    let draft = Draft { client: String::new(), name: String::new(), target, roadmap: "sd".into(), demo: false };
    let project = store.create_project(draft, now).await.unwrap();
    let sessions = Sessions::new(store.clone(), Vault::new());
    if sessions.vault_status().await.state != VaultState::Available {
        println!("there is no keychain to sign in from");
        return;
    }
    for (kind, secret) in [(Kind::Cookie, lab.owner()[0]), (Kind::LesserToken, lab.worker()[1])] {
        sessions.set(&project, kind, Secret::new(secret.to_owned()), now).await.unwrap();
    }
    let mut plan = Plan::new(project.target.clone(), "sd").on_loopback();
    plan.pace = Duration::from_millis(5);
    plan.routes = lab.routes().iter().map(|route| engine::route(&plan.target, route).unwrap()).collect();
    plan.session = session_for_domain(lab.domain()).await;
    plan.lesser = lesser_for_domain(lab.domain()).await;
    let agreed = |host: &&str| Consent::record(&plan.target, host, "Ada Alder", Cap::MOST, now).unwrap();
    plan.consents = lab.hosts_of_forms().iter().map(agreed).collect();
    let (route, hold) = (lab.wire(), lab.wire());
    let wire = Wire { route: Arc::new(move |to| route.route(to)), hold: Arc::new(move |to| hold.hold(to)) };
    let world = World::through(wire, lab.resolver(), lab.roots());
    let rows: BTreeMap<_, _> = lab.places().into_iter().map(|(address, told)| (address, told.to_owned())).collect();
    let (note, evidence, owner) = (String::new(), String::new(), String::new());
    let places = Answer { choice: Choice::Yes, note, evidence, owner, rows, at: now };
    let answers = BTreeMap::from([(audit::read::place::KEY.to_owned(), places)]);
    let (send, _events) = tokio::sync::mpsc::unbounded_channel();
    let facts = engine::run(&plan, &world, answers, CancellationToken::new(), send).await;
    let told = audit::audit(&facts, audit::roadmap::by_id("sd").unwrap(), facts.finished.unwrap());
    for check in SIGNED_IN {
        let outcome = told.outcome(check).unwrap();
        assert_eq!(outcome.status, Status::Pass, "{check}: {:?} {:?}", outcome.findings, outcome.unseen);
    }
    sessions.delete_project(project.id).await.unwrap();
    assert!(session_for_domain(lab.domain()).await.is_none());
    store.close().await;
    std::fs::remove_dir_all(dir).unwrap();
}
