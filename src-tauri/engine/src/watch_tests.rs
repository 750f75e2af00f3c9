//! Watches of the lab: what is down, why, and whose fault it is not.

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
        assert_eq!((told.len(), own), (1, Some((SELF, Standing::Unsure, Some(Cause::OwnNetwork)))), "{cell}: {told:?}");
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
