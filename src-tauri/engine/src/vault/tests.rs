//! The vault in every state of a keychain: open, locked, refusing, hanging, missing.

use super::keychain::{Connect, Keychain};
use super::terminal::refusal;
use super::{Keeper, Kind, Sessions, Vault, VaultState};
use crate::Secret;
use crate::store::tests::{Folder, begun, draft, folder};
use crate::store::{Project, Store};
use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, CredentialStore, Entry, Error, mock};
use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const CANARY: &str = "sid=canary-4711-XYZ";

fn at() -> jiff::Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn secret() -> Secret<String> {
    Secret::new(CANARY.to_owned())
}

async fn sessions(connect: Connect) -> (Folder, Sessions, Project) {
    let dir = folder("vault");
    let store = Store::open(dir.path()).await.unwrap();
    let project = store.create_project(draft("juniperdesk.example"), begun().started).await.unwrap();
    let keychain = Keychain::new(connect).patient(Duration::from_secs(1));
    (dir, Sessions::new(store, Vault::with(keychain)), project)
}

fn working() -> Connect {
    let store: Arc<CredentialStore> = mock::Store::new().unwrap();
    Arc::new(move || Ok(store.clone()))
}

/// A keychain whose behaviour changes while it is used.
#[derive(Clone, Default)]
struct Moody {
    mood: Arc<AtomicU8>,
    kept: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    account: String,
}

const OPEN: u8 = 0;
const LOCKED: u8 = 1;
const HANGING: u8 = 2;
const REFUSING: u8 = 3;
const SMALL: u8 = 4;

impl Moody {
    fn set(&self, mood: u8) {
        self.mood.store(mood, Ordering::SeqCst);
    }

    fn connect(&self) -> Connect {
        let store = self.clone();
        Arc::new(move || Ok(Arc::new(store.clone())))
    }

    fn act<T>(
        &self,
        writing: bool,
        work: impl FnOnce(&mut HashMap<String, Vec<u8>>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.mood.load(Ordering::SeqCst) {
            // As gnome-keyring behaves: writing tells that it is locked, reading and deleting claim that nothing is there.
            LOCKED if writing => Err(Error::NoStorageAccess("locked".into())),
            LOCKED => Err(Error::NoEntry),
            HANGING => {
                while self.mood.load(Ordering::SeqCst) == HANGING {
                    std::thread::sleep(Duration::from_millis(5));
                }
                work(&mut self.kept.lock().unwrap())
            }
            REFUSING => Err(Error::BadEncoding(CANARY.into())),
            SMALL if writing && self.account.contains('/') => Err(Error::TooLong("secret".into(), 2_560)),
            _ => work(&mut self.kept.lock().unwrap()),
        }
    }
}

impl CredentialStoreApi for Moody {
    fn vendor(&self) -> String {
        "moody".into()
    }

    fn id(&self) -> String {
        "moody".into()
    }

    fn build(&self, _: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> keyring_core::Result<Entry> {
        let entry = Self { account: user.to_owned(), ..self.clone() };
        Ok(Entry::new_with_credential(Arc::new(entry)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl CredentialApi for Moody {
    fn set_secret(&self, secret: &[u8]) -> keyring_core::Result<()> {
        self.act(true, |kept| {
            kept.insert(self.account.clone(), secret.to_vec());
            Ok(())
        })
    }

    fn get_secret(&self) -> keyring_core::Result<Vec<u8>> {
        self.act(false, |kept| kept.get(&self.account).cloned().ok_or(Error::NoEntry))
    }

    fn delete_credential(&self) -> keyring_core::Result<()> {
        self.act(false, |kept| kept.remove(&self.account).map(drop).ok_or(Error::NoEntry))
    }

    fn get_credential(&self) -> keyring_core::Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[tokio::test]
async fn an_open_keychain_keeps_gives_back_and_lets_go() {
    let (_dir, sessions, project) = sessions(working()).await;
    assert_eq!(sessions.vault_status().await.state, VaultState::Available);
    let status = sessions.set(&project, Kind::Cookie, secret(), at()).await.unwrap();
    assert_eq!((status.cookie, status.token, status.keeper), (true, false, Keeper::Keychain));
    assert!(sessions.session(project.id).await.unwrap().is_some());
    let status = sessions.clear(project.id, Kind::Cookie).await.unwrap();
    assert!(!status.cookie);
    assert!(sessions.session(project.id).await.unwrap().is_none());
}

#[tokio::test]
async fn no_keychain_means_memory_only() {
    let (dir, sessions, project) = sessions(Arc::new(|| Err(Error::NoDefaultStore))).await;
    assert_eq!(sessions.vault_status().await.state, VaultState::Missing);
    let status = sessions.set(&project, Kind::Token, secret(), at()).await.unwrap();
    assert_eq!((status.token, status.keeper), (true, Keeper::Memory));
    assert!(sessions.session(project.id).await.unwrap().is_some());
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()));
    }
    sessions.delete_project(project.id).await.unwrap();
    assert!(!sessions.status(project.id).await.unwrap().token);
}

#[tokio::test]
async fn a_locked_keychain_loses_nothing_and_is_found_open_again() {
    let moody = Moody::default();
    let (_dir, sessions, project) = sessions(moody.connect()).await;
    sessions.set(&project, Kind::Cookie, secret(), at()).await.unwrap();
    moody.set(LOCKED);
    assert_eq!(sessions.vault_retry().await.state, VaultState::Locked);
    // "No such entry" of a locked keychain is not believed.
    assert!(sessions.session(project.id).await.unwrap().is_none());
    let status = sessions.status(project.id).await.unwrap();
    assert!(
        status.cookie && status.trouble.unwrap().contains("the keychain is locked, and the session is in it; unlock")
    );
    assert_eq!(sessions.clear(project.id, Kind::Cookie).await.unwrap_err().code, "vault-locked");
    moody.set(OPEN);
    assert_eq!(sessions.vault_retry().await.state, VaultState::Available);
    assert!(sessions.session(project.id).await.unwrap().is_some());
    assert_eq!(sessions.status(project.id).await.unwrap().trouble, None);
    // Open and empty is another thing: somebody took it out.
    moody.kept.lock().unwrap().clear();
    assert!(sessions.session(project.id).await.unwrap().is_none());
    let told = sessions.status(project.id).await.unwrap().trouble.unwrap();
    assert!(told.contains("was removed from the keychain") && !told.contains("locked"), "{told}");
}

#[tokio::test]
async fn a_command_tells_a_locked_keychain_from_an_empty_one() {
    let moody = Moody::default();
    let vault = Vault::with(Keychain::new(moody.connect()));
    assert_eq!(refusal(&vault).await, None, "it is open, and nothing is kept in it");
    for (state, word) in [(LOCKED, "locked"), (REFUSING, "refused")] {
        moody.set(state);
        drop(vault.retry().await);
        let told = refusal(&vault).await.unwrap();
        assert!(told.says.contains(word) && !told.way.is_empty() && !told.says.contains("window"), "{told:?}");
    }
    let none = Vault::with(Keychain::new(Arc::new(|| Err(Error::NoDefaultStore))));
    assert_eq!(refusal(&none).await, None, "in CI there is none, and nobody misses it");
}

#[tokio::test]
async fn secrets_of_a_deleted_project_go_once_the_keychain_is_open() {
    let moody = Moody::default();
    let (_dir, sessions, project) = sessions(moody.connect()).await;
    sessions.set(&project, Kind::Cookie, secret(), at()).await.unwrap();
    moody.set(LOCKED);
    sessions.delete_project(project.id).await.unwrap();
    let keeps = || moody.kept.lock().unwrap().values().any(|kept| kept == CANARY.as_bytes());
    assert!(keeps());
    moody.set(OPEN);
    sessions.vault_retry().await;
    assert!(!keeps());
    assert!(sessions.store.left_secrets().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_hanging_keychain_stops_nobody_and_a_late_success_is_undone() {
    let moody = Moody::default();
    let (_dir, sessions, project) = sessions(moody.connect()).await;
    assert_eq!(sessions.vault_status().await.state, VaultState::Available);
    moody.set(HANGING);
    let began = Instant::now();
    let status = sessions.set(&project, Kind::Cookie, secret(), at()).await.unwrap();
    assert_eq!(status.keeper, Keeper::Memory);
    assert!(began.elapsed() < Duration::from_secs(3));
    assert_eq!(sessions.vault_status().await.state, VaultState::Locked);
    moody.set(OPEN);
    let deadline = Instant::now() + Duration::from_secs(5);
    while Arc::strong_count(&moody.kept) > 2 && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(moody.kept.lock().unwrap().is_empty(), "the abandoned write must be taken back");
    assert_eq!(sessions.vault_retry().await.state, VaultState::Available);
}

#[tokio::test]
async fn threads_that_hang_are_counted() {
    let moody = Moody::default();
    moody.set(HANGING);
    let vault = Vault::with(Keychain::new(moody.connect()).patient(Duration::from_millis(20)));
    for _ in 0..12 {
        assert_eq!(vault.retry().await.state, VaultState::Locked);
    }
    assert!(vault.keychain.threads() <= 4);
    moody.set(OPEN);
}

#[tokio::test]
async fn no_error_holds_what_the_keychain_said() {
    let moody = Moody::default();
    let (_dir, sessions, project) = sessions(moody.connect()).await;
    sessions.set(&project, Kind::Cookie, secret(), at()).await.unwrap();
    moody.set(REFUSING);
    let error = sessions.vault.get(project.id, Kind::Cookie).await.unwrap_err();
    let status = sessions.vault_retry().await;
    assert_eq!(status.state, VaultState::Denied);
    let told = format!("{error:?} {error} {status:?} {:?}", sessions);
    assert!(!told.contains("canary"));
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_in_words() {
    let moody = Moody::default();
    let (_dir, sessions, project) = sessions(moody.connect()).await;
    for (text, code) in [
        (String::new(), "bad-secret"),
        ("  ".into(), "bad-secret"),
        ("sid=1\r\nX-Evil: 1".into(), "bad-secret"),
        ("sid=ü".into(), "bad-secret"),
        ("x".repeat(8_001), "secret-too-long"),
    ] {
        let refused = sessions.set(&project, Kind::Cookie, Secret::new(text), at()).await.unwrap_err();
        assert_eq!(refused.code, code);
    }
    moody.set(SMALL);
    let refused = sessions.set(&project, Kind::Cookie, secret(), at()).await.unwrap_err();
    assert_eq!(refused.code, "secret-too-long");
    assert!(!sessions.status(project.id).await.unwrap().cookie);
}

#[tokio::test]
async fn a_cloudflare_token_is_kept_beside_sessions_with_its_date_and_goes_alone() {
    let (_dir, sessions, project) = sessions(working()).await;
    let token = || Secret::new("vR3xk0_read-only-canary-8846".to_owned());
    for wrong in ["", "Bearer abc", "a\nb", "0123456789abcdef0123456789abcdef01234"] {
        let refused = sessions.set(&project, Kind::Cloudflare, Secret::new(wrong.to_owned()), at()).await.unwrap_err();
        assert!(
            refused.code == "bad-secret" && (wrong.is_empty() || !format!("{refused:?}").contains(wrong)),
            "{refused:?}"
        );
    }
    sessions.set(&project, Kind::Cookie, secret(), at()).await.unwrap();
    let kept = sessions.set(&project, Kind::Cloudflare, token(), at()).await.unwrap();
    assert_eq!(
        (kept.cloudflare.stored, kept.cloudflare.since, kept.cloudflare.keeper),
        (true, Some(at()), Keeper::Keychain)
    );
    assert!(!format!("{kept:?}").contains("canary"));
    assert_eq!(sessions.cloudflare(project.id).await.unwrap().unwrap().reveal(), token().reveal());
    let left = sessions.clear(project.id, Kind::Cloudflare).await.unwrap();
    assert!(!left.cloudflare.stored && left.cloudflare.since.is_none() && left.cookie);
    assert!(sessions.cloudflare(project.id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_token_that_a_locked_keychain_holds_back_is_told_apart_from_a_session() {
    let moody = Moody::default();
    let (_dir, sessions, project) = sessions(moody.connect()).await;
    let token = Secret::new("vR3xk0_read-only-canary-8846".to_owned());
    sessions.set(&project, Kind::Cloudflare, token, at()).await.unwrap();
    moody.set(LOCKED);
    assert!(sessions.cloudflare(project.id).await.unwrap().is_none());
    let status = sessions.status(project.id).await.unwrap();
    assert!(status.cloudflare.stored && status.trouble.is_none());
    assert!(status.cloudflare.trouble.unwrap().contains("the keychain is locked, and the token is in it; unlock"));
}

#[tokio::test]
async fn the_key_of_fingerprints_is_drawn_once_and_found_again() {
    let moody = Moody::default();
    let (_dir, first, _) = sessions(moody.connect()).await;
    let (_other, second, _) = sessions(moody.connect()).await;
    let key = first.fingerprints().await;
    assert_ne!(*key.reveal(), [0; 32]);
    assert_eq!(second.fingerprints().await.reveal(), key.reveal());
}

#[tokio::test]
async fn a_locked_keychain_gives_a_key_for_this_program_and_keeps_its_own() {
    let moody = Moody::default();
    let (_dir, first, _) = sessions(moody.connect()).await;
    let key = first.fingerprints().await;
    moody.set(LOCKED);
    let (_other, second, _) = sessions(moody.connect()).await;
    let passing = second.fingerprints().await;
    assert_ne!(passing.reveal(), key.reveal());
    assert_eq!(second.fingerprints().await.reveal(), passing.reveal());
    moody.set(OPEN);
    let (_third, third, _) = sessions(moody.connect()).await;
    assert_eq!(third.fingerprints().await.reveal(), key.reveal());
}

#[tokio::test]
async fn a_project_file_is_written_without_a_word_to_the_keychain() {
    let moody = Moody::default();
    let (dir, sessions, project) = sessions(moody.connect()).await;
    for kind in [Kind::Cookie, Kind::Token, Kind::Cloudflare, Kind::Smtp] {
        sessions.set(&project, kind, secret(), at()).await.ok();
    }
    moody.set(REFUSING);
    let path = dir.path().join("a.launchready");
    let parcel = sessions.store.export_project(project.id, &path, true).await.unwrap();
    assert!(parcel.left[0].contains("in the keychain of the computer"), "{:?}", parcel.left);
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
    for at in 0..archive.len() {
        let mut held = String::new();
        std::io::Read::read_to_string(&mut archive.by_index(at).unwrap(), &mut held).unwrap();
        assert!(held.contains("juniperdesk.example") && !held.contains(CANARY) && !held.contains("canary-4711"));
    }
    // The second computer has none of them, and does not think that it had.
    let taken = sessions.store.import_project(&path).await.unwrap().project;
    moody.set(OPEN);
    assert!(sessions.session(taken).await.unwrap().is_none() && sessions.session(project.id).await.unwrap().is_some());
    assert!(!sessions.status(taken).await.unwrap().cookie);
}
