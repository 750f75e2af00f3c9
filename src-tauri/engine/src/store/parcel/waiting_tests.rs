//! While a project comes in, the store serves everybody else, and nobody takes away what has arrived so far.

use super::aside;
use super::tests::{Bench, bench, hashes};
use crate::store::tests::folder;
use crate::store::{ProjectId, Store};
use std::fs;
use std::process::Command;

/// A disk that is slow for as long as the test wants: a pipe in the place of the first piece of evidence, which is read before it is written.
#[cfg(unix)]
#[tokio::test]
async fn nothing_waits_while_evidence_reaches_the_disk() {
    let Bench { file, dir, .. } = &bench("parcel-waits").await;
    let fresh = Store::open(&dir.join("two")).await.unwrap();
    let folder = dir.join("two/evidence");
    fs::create_dir_all(&folder).unwrap();
    let (hash, content) = hashes(file).remove(0);
    let pipe = folder.join(hash);
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (importing, path) = (fresh.clone(), file.clone());
    let import = tokio::spawn(async move { importing.import_project(&path).await });

    // Opens as soon as the import reads it, which waits from then on.
    let reached = pipe.clone();
    let open = tokio::task::spawn_blocking(move || fs::OpenOptions::new().write(true).open(reached).unwrap());
    let mut slow = open.await.unwrap();
    assert!(fresh.projects().await.unwrap().is_empty(), "nothing of it is there before all of it is");
    fresh.prefer("theme", "dark").await.unwrap();
    fresh.sweep_evidence().await.unwrap();
    assert!(pipe.exists(), "what is on its way in was swept away");
    std::io::Write::write_all(&mut slow, &content).unwrap();
    drop(slow);
    let taken = import.await.unwrap().unwrap();
    assert_eq!((taken.runs, taken.pieces), (2, 3));
    assert_eq!(fresh.projects().await.unwrap().len(), 1);
    let aside: i64 = sqlx::query_scalar("SELECT count(*) FROM temp.aside").fetch_one(&fresh.pool).await.unwrap();
    assert_eq!(aside, 0, "runs wait although they were taken");
}

#[tokio::test]
async fn what_waited_and_is_not_whole_any_more_is_refused() {
    let dir = folder("parcel-aside");
    let store = Store::open(dir.path()).await.unwrap();
    let (one, other) = (ProjectId::fresh(), ProjectId::fresh());
    for project in [one, other] {
        aside::put(&store.pool, project, 1, &["{}".to_owned(), "[]".to_owned()]).await.unwrap();
    }
    let mut connection = store.pool.acquire().await.unwrap();
    aside::clear(&mut connection, one).await.unwrap();
    let gone = aside::take(&mut connection, one, 1, 2, 1).await.unwrap_err();
    assert_eq!(gone.code, "store");
    // Nothing that waits is nothing that is lost.
    aside::take(&mut connection, one, 1, 0, 1).await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM temp.aside").fetch_one(&mut *connection).await.unwrap();
    assert_eq!(left, 2, "what waits of another project stays");
}
