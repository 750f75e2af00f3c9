//! Consents in a store of their own: kept, withdrawn by kind, run out, forged, and taken over from an older file.

use crate::Consent;
use crate::load::LoadConsent;
use crate::store::Store;
use crate::store::open::{self, MIGRATIONS};
use crate::store::tests::{begun, draft, folder};
use audit::facts::{Agreement, Cap, LoadCap};
use sqlx::migrate::Migrator;

#[tokio::test]
async fn a_consent_lasts_until_it_is_withdrawn_or_runs_out() {
    let dir = folder("consent");
    let store = Store::open(dir.path()).await.unwrap();
    let now = begun().started;
    let project = store.create_project(draft("juniperdesk.example"), now).await.unwrap();
    let host = "app.juniperdesk.example";
    let consent = |by: &str| Consent::record(&project.target, host, by, Cap::MOST, now).unwrap();
    store.keep_consent(project.id, &consent("Ada")).await.unwrap();
    store.keep_consent(project.id, &consent("Ben")).await.unwrap();
    store.close().await;
    let store = Store::open(dir.path()).await.unwrap();
    let held = store.consents(&project, now).await.unwrap();
    assert_eq!(held, [consent("Ben")]);
    assert_eq!(store.consents(&project, held[0].agreed().until).await.unwrap(), []);
    let journeys = Consent::to_write(host, "Ada", now).unwrap();
    store.keep_consent(project.id, &journeys).await.unwrap();
    assert_eq!(store.consents(&project, now).await.unwrap(), [consent("Ben"), journeys.clone()]);
    let load = LoadConsent::record(&project.target, host, "Ada", LoadCap::MOST, now).unwrap();
    store.keep_load_consent(project.id, &load).await.unwrap();
    // What is withdrawn is the one that was meant, and no other for the same host.
    store.withdraw_consent(project.id, Agreement::Tries, host, now).await.unwrap();
    assert_eq!(store.consents(&project, now).await.unwrap(), [journeys]);
    assert_eq!(store.load_consents(&project, now).await.unwrap(), [load]);
    store.withdraw_load_consent(project.id, host, now).await.unwrap();
    assert_eq!(store.load_consents(&project, now).await.unwrap(), []);
    store.withdraw_consent(project.id, Agreement::Journey, host, now).await.unwrap();
    assert_eq!(store.consents(&project, now).await.unwrap(), []);
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM consent").fetch_one(&store.pool).await.unwrap();
    assert_eq!(kept, 4);
}

#[tokio::test]
async fn a_record_that_was_tampered_with_is_no_consent() {
    let dir = folder("consent-tampered");
    let store = Store::open(dir.path()).await.unwrap();
    let now = begun().started;
    let project = store.create_project(draft("juniperdesk.example"), now).await.unwrap();
    let made = Consent::record(&project.target, "app.juniperdesk.example", "Ada", Cap::MOST, now).unwrap();
    store.keep_consent(project.id, &made).await.unwrap();
    for (from, to) in [("\"cap\":30", "\"cap\":200"), ("app.juniperdesk.example", "victim.test"), ("{", "[")] {
        let text = serde_json::to_string(made.agreed()).unwrap().replace(from, to);
        sqlx::query("UPDATE consent SET agreed = ?1").bind(text).execute(&store.pool).await.unwrap();
        assert_eq!(store.consents(&project, now).await.unwrap(), [], "{to}");
    }
}

#[tokio::test]
async fn consents_of_an_older_file_keep_their_kind() {
    let (dir, now) = (folder("consent-older"), begun().started);
    let older = MIGRATIONS.iter().filter(|step| step.version < 7).cloned().collect::<Vec<_>>();
    let store = open::open(dir.path(), &Migrator::with_migrations(older)).await.unwrap();
    let project = store.create_project(draft("juniperdesk.example"), now).await.unwrap();
    let host = "app.juniperdesk.example";
    let tries = Consent::record(&project.target, host, "Ada", Cap::MOST, now).unwrap();
    let journeys = Consent::to_write(host, "Ben", now).unwrap();
    let load = LoadConsent::record(&project.target, host, "Cleo", LoadCap::MOST, now).unwrap();
    let text = |agreed| serde_json::to_string(agreed).unwrap();
    let rows = [
        ("consent", text(tries.agreed()).replace("\"kind\":\"tries\",", "")),
        ("consent", text(journeys.agreed())),
        ("consent", "not json".to_owned()),
        ("load_consent", serde_json::to_string(load.agreed()).unwrap()),
    ];
    for (table, agreed) in rows {
        let insert = format!("INSERT INTO {table} (project, host, agreed) VALUES (?1, ?2, ?3)");
        let insert = sqlx::query(sqlx::AssertSqlSafe(insert)).bind(project.id.to_string()).bind(host).bind(agreed);
        insert.execute(&store.pool).await.unwrap();
    }
    store.close().await;
    let store = Store::open(dir.path()).await.unwrap();
    assert_eq!(store.consents(&project, now).await.unwrap(), [tries, journeys]);
    assert_eq!(store.load_consents(&project, now).await.unwrap(), [load]);
}

#[tokio::test]
async fn a_consent_to_load_is_withdrawn_runs_out_and_cannot_be_forged() {
    let dir = folder("load-consent");
    let store = Store::open(dir.path()).await.unwrap();
    let now = begun().started;
    let project = store.create_project(draft("juniperdesk.example"), now).await.unwrap();
    let host = "app.juniperdesk.example";
    let record = |by: &str| LoadConsent::record(&project.target, host, by, LoadCap::MOST, now).unwrap();
    for by in ["Ada", "Ben"] {
        store.keep_load_consent(project.id, &record(by)).await.unwrap();
    }
    let held = store.load_consents(&project, now).await.unwrap();
    assert_eq!(held, [record("Ben")]);
    assert_eq!(store.load_consents(&project, held[0].agreed().until).await.unwrap(), []);
    let text = serde_json::to_string(held[0].agreed()).unwrap();
    for (from, to) in [("\"users\":50", "\"users\":5000"), (host, "victim.test"), ("Ben", "")] {
        let forged = text.replace(from, to);
        assert_ne!(forged, text);
        sqlx::query("UPDATE consent SET agreed = ?1").bind(forged).execute(&store.pool).await.unwrap();
        assert_eq!(store.load_consents(&project, now).await.unwrap(), [], "{to}");
    }
    store.keep_load_consent(project.id, &record("Cleo")).await.unwrap();
    store.withdraw_load_consent(project.id, host, now).await.unwrap();
    assert_eq!(store.load_consents(&project, now).await.unwrap(), []);
}
