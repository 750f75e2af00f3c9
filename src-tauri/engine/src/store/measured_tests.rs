//! Measurements are kept with their baseline and go with their project.

use crate::load::LoadConsent;
use crate::store::Store;
use crate::store::tests::{begun, draft, folder};
use audit::facts::{LoadAgreed, LoadCap, LoadEnd, Loaded, Model, Phase};
use std::collections::BTreeMap;

fn loaded(what: &str, sent: u32, agreed: Option<LoadAgreed>) -> Loaded {
    let phase = |name: &str| Phase { name: name.to_owned(), samples: 0, percentiles: vec![] };
    Loaded {
        what: what.to_owned(),
        model: Model::Rate { per_second: 5.0, users: 4 },
        planned_ms: 1_000,
        took_ms: 1_000,
        sent,
        answered: sent,
        statuses: [(200, sent)].into(),
        errors: BTreeMap::new(),
        connections: 1,
        protocol: "HTTP/1.1".to_owned(),
        at_once: 1,
        response: phase("response"),
        service: phase("service"),
        phases: vec![],
        parts: vec![vec![(1_000, sent)]],
        late_us: 1,
        end: LoadEnd::Whole,
        signed_in: false,
        slow: None,
        agreed,
    }
}

#[tokio::test]
async fn the_newest_and_the_baseline_of_each_address_are_told() {
    let dir = folder("measured");
    let store = Store::open(dir.path()).await.unwrap();
    let now = begun().started;
    let project = store.create_project(draft("juniperdesk.example"), now).await.unwrap();
    let consent = LoadConsent::record(&project.target, "juniperdesk.example", "Ada", LoadCap::MOST, now).unwrap();
    let [home, login] = ["GET https://juniperdesk.example/", "GET https://juniperdesk.example/login"];
    let mut ids = Vec::new();
    for sent in 1..=3 {
        ids.push(store.keep_measured(project.id, now, &loaded(home, sent, None)).await.unwrap());
    }
    let load = loaded(home, 4, Some(consent.agreed().clone()));
    let load = store.keep_measured(project.id, now, &load).await.unwrap();
    store.keep_measured(project.id, now, &loaded(login, 5, None)).await.unwrap();
    // A baseline of load leaves that of a few requests alone, and the other way round.
    store.set_baseline(project.id, load).await.unwrap();
    store.set_baseline(project.id, ids[1]).await.unwrap();
    store.set_baseline(project.id, ids[0]).await.unwrap();
    store.close().await;
    let store = Store::open(dir.path()).await.unwrap();
    let told: Vec<_> = store.measured_facts(project.id).await.unwrap();
    let told: Vec<_> = told.iter().map(|one| (one.loaded.sent, one.baseline)).collect();
    assert_eq!(told, [(5, false), (4, true), (3, false), (1, true)]);
    store.forget_measured(project.id, ids[0]).await.unwrap();
    for gone in [store.forget_measured(project.id, ids[0]).await, store.set_baseline(project.id, ids[0]).await] {
        assert_eq!(gone.unwrap_err().code, "measured-gone");
    }
    assert_eq!(store.measured(project.id).await.unwrap().len(), 4);
    store.delete_project(project.id).await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM measured").fetch_one(&store.pool).await.unwrap();
    assert_eq!(left, 0);
}
