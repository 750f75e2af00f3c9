//! The vault on the real keychain of this session, where there is one, and what is left to do where there is none.

use audit::facts::Target;
use engine::Secret;
use engine::store::{Draft, Store};
use engine::vault::{Keeper, Kind, Sessions, Vault, VaultState, cloudflare_for_domain, session_for_domain};

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
