//! Evidence is kept once, proved by its hash, bounded, and refused where it holds a key.

use super::Attachment;
use crate::store::tests::{begun, draft, folder};
use crate::store::{ProjectId, Store};
use audit::facts::EvidenceKind;
use std::fs;
use std::path::Path;

fn text(name: &str, says: &str) -> Attachment {
    Attachment { name: name.to_owned(), content: Some(says.as_bytes().to_vec()), by: "Ada".to_owned() }
}

fn files(dir: &Path) -> usize {
    fs::read_dir(dir.join("evidence")).map_or(0, Iterator::count)
}

async fn opened(dir: &Path) -> (Store, ProjectId, ProjectId) {
    let store = Store::open(dir).await.unwrap();
    let at = begun().started;
    let one = store.create_project(draft("a.example"), at).await.unwrap().id;
    let two = store.create_project(draft("b.example"), at).await.unwrap().id;
    (store, one, two)
}

#[tokio::test]
async fn the_same_content_is_kept_once_and_goes_with_its_last_row() {
    let dir = folder("evidence");
    let (store, one, two) = opened(dir.path()).await;
    let at = begun().started;
    store.attach(one, "SD3.5", text("C:\\notes\\drill.txt", "went back in 4 minutes"), at).await.unwrap();
    store.attach(one, "SD3.5", text("again.txt", "went back in 4 minutes"), at).await.unwrap();
    store.attach(two, "SD1.1", text("drill.txt", "went back in 4 minutes"), at).await.unwrap();
    let link = Attachment { name: "https://status.example/".into(), content: None, by: String::new() };
    store.attach(one, "SD3.5", link, at).await.unwrap();
    // Not closed: as if the window had been killed. What a killed window left half written is taken away with the next piece.
    fs::write(dir.path().join("evidence/left.part"), "half").unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let pieces = store.dossiers(one).await.unwrap()["SD3.5"].evidence.clone();
    let told: Vec<_> = pieces.iter().map(|piece| (piece.name.as_str(), piece.kind)).collect();
    assert_eq!(told, [("drill.txt", EvidenceKind::Text), ("https://status.example/", EvidenceKind::Link)]);
    assert_eq!(store.evidence(one, &pieces[0].hash).await.unwrap(), b"went back in 4 minutes");
    assert!(store.evidence(two, &pieces[1].hash).await.is_err());

    // Some time later: what is done at once is undone at once.
    sqlx::query("UPDATE edit SET at = at - 1000").execute(&store.pool).await.unwrap();
    store.detach(one, "SD3.5", &pieces[0].hash).await.unwrap();
    assert_eq!(files(dir.path()), 2);
    store.delete_project(two).await.unwrap();
    assert_eq!(files(dir.path()), 2, "what can be brought back is still there");
    store.undo(Some(one), false, at).await.unwrap().unwrap();
    assert_eq!(store.evidence(one, &pieces[0].hash).await.unwrap(), b"went back in 4 minutes");
    store.undo(Some(one), true, at).await.unwrap().unwrap();
    store.forget_edits(one, None).await.unwrap();
    store.sweep_evidence().await.unwrap();
    assert_eq!(files(dir.path()), 1);

    fs::write(dir.path().join("evidence").join(&pieces[1].hash), "https://elsewhere.example/").unwrap();
    assert_eq!(store.evidence(one, &pieces[1].hash).await.unwrap_err().code, "evidence");
}

#[tokio::test]
async fn what_is_too_large_a_key_or_no_address_is_refused() {
    let dir = folder("refused");
    let (store, one, _) = opened(dir.path()).await;
    let key = format!("the key is {}_{}", "sk_live", "4eC39HqLyjWDarjtT1zdp7dc");
    let large = Attachment { name: "a.bin".into(), content: Some(vec![0; super::LARGEST + 1]), by: String::new() };
    let odd = Attachment { name: "javascript:alert(1)".into(), content: None, by: String::new() };
    for (attachment, code) in [
        (text("a.env", &key), "secret"),
        (text(&key, "x"), "secret"),
        (large, "too-large"),
        (odd, "link"),
        (text("a", ""), "evidence"),
    ] {
        let refused = store.attach(one, "SD1.1", attachment, begun().started).await.unwrap_err();
        assert_eq!(refused.code, code);
    }
    assert_eq!(files(dir.path()), 0);
    // A project that is full says so before anything is written.
    sqlx::query("INSERT INTO evidence (project, key, hash, bytes, piece) VALUES (?1, 'SD1.1', 'aa', ?2, '{}')")
        .bind(one.to_string())
        .bind(super::ALL)
        .execute(&store.pool)
        .await
        .unwrap();
    let full = store.attach(one, "SD1.2", text("a.txt", "x"), begun().started).await.unwrap_err();
    assert_eq!((full.code, files(dir.path())), ("too-large", 0));
}

#[tokio::test]
async fn charge_and_comments_survive_reopening() {
    let dir = folder("dossier");
    let (store, one, _) = opened(dir.path()).await;
    let at = begun().started;
    let due = "2026-11-30".parse().unwrap();
    store.set_charge(one, "SD1.1", " Ada ", Some(due)).await.unwrap();
    store.add_comment(one, "SD1.1", "Bo", "asked the registrar", at).await.unwrap();
    store.add_comment(one, "SD1.1", "Ada", "they answered", at).await.unwrap();
    assert_eq!(store.add_comment(one, "SD1.1", "", "who", at).await.unwrap_err().code, "comment");
    let key = format!("{}_{}", "sk_live", "4eC39HqLyjWDarjtT1zdp7dc");
    assert_eq!(store.add_comment(one, "SD1.1", "Bo", &key, at).await.unwrap_err().code, "secret");
    let store = Store::open(dir.path()).await.unwrap();
    let filed = store.dossiers(one).await.unwrap().remove("SD1.1").unwrap();
    assert_eq!((filed.owner.as_str(), filed.due), ("Ada", Some(due)));
    assert_eq!(
        filed.comments.iter().map(|one| one.says.as_str()).collect::<Vec<_>>(),
        ["asked the registrar", "they answered"]
    );
    store.remove_comment(one, filed.comments[0].id).await.unwrap();
    store.set_charge(one, "SD1.1", "", None).await.unwrap();
    let filed = store.dossiers(one).await.unwrap().remove("SD1.1").unwrap();
    assert_eq!((filed.owner.as_str(), filed.due, filed.comments.len()), ("", None, 1));
}

#[tokio::test]
async fn a_comment_that_would_not_be_shown_is_refused() {
    let dir = folder("comments");
    let (store, one, other) = opened(dir.path()).await;
    let many = "WITH RECURSIVE n (at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < 4999)
                INSERT INTO comment (project, key, by, says, at) SELECT ?1, 'SD1.1', 'Bo', 'note ' || at, ?2 FROM n";
    let at = begun().started;
    sqlx::query(many).bind(one.to_string()).bind(at.to_string()).execute(&store.pool).await.unwrap();
    store.add_comment(one, "SD1.1", "Bo", "the last one", at).await.unwrap();
    assert_eq!(store.add_comment(one, "SD1.2", "Bo", "one more", at).await.unwrap_err().code, "too-many");
    store.add_comment(other, "SD1.1", "Bo", "of another project", at).await.unwrap();
    let filed = store.dossiers(one).await.unwrap().remove("SD1.1").unwrap();
    assert_eq!((filed.comments.len(), filed.comments[4999].says.as_str()), (5_000, "the last one"));
}
