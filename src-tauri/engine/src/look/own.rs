//! What lies on this machine: the project's folder, the product's log, DMARC reports. Read apart from the network's work, and only when named.

use super::{database, inventory, log, queries, reports};
use crate::EngineError;
use crate::repo::{self, Progress, Reading};
use crate::run::Desk;
use audit::facts::{Fact, KeyFound, Observation, Repository};
use audit::{Unseen, Why};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Large projects and logs take their time; they disturb nobody.
const LONGEST: Duration = Duration::from_secs(300);

/// Tells a reader that nobody waits for it any more.
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Looks at the project's folder.
pub(crate) async fn project(desk: &Desk<'_>) {
    let Some(folder) = desk.plan.project.clone() else { return };
    let environments = desk.plan.environments.clone();
    let fact =
        apart(desk, "settings of the project", move |stop| inventory::inventory(&folder, environments, stop)).await;
    desk.saw(Observation::Inventory { fact });
}

/// Looks at the product's log.
pub(crate) async fn records(desk: &Desk<'_>) {
    let Some(path) = desk.plan.log.clone() else { return };
    let salt = desk.salt();
    let fact = apart(desk, "the product's log", move |stop| log::log(&path, &salt, stop)).await;
    desk.saw(Observation::Log { fact });
}

/// Looks at the log of queries, then at the database: what the log holds is planned there.
pub(crate) async fn database(desk: &Desk<'_>) {
    let mut held = desk.plan.given_queries.clone();
    if let Some(given) = held.clone() {
        desk.saw(Observation::Queries { fact: desk.seen(given, "you") });
    } else if let Some(path) = desk.plan.queries.clone() {
        let fact = apart(desk, "the query log", move |stop| queries::queries(&path, stop)).await;
        held = fact.seen().ok().cloned();
        desk.saw(Observation::Queries { fact });
    } else if let Some(fact) = desk.plan.kept.queries.clone() {
        held = fact.seen().ok().cloned();
        desk.saw(Observation::Queries { fact });
    }
    let Some(address) = &desk.plan.database else { return };
    let work = async {
        match database::database(address, held.as_ref(), desk.plan.limits.connect).await {
            Ok(seen) => desk.seen(seen, "the database itself"),
            Err(unseen) => Fact::Unseen(unseen),
        }
    };
    let fact = desk.job(database::WHAT, work).await;
    desk.saw(Observation::Database { fact });
}

/// Looks at the reports that receivers sent about the domain's mail.
pub(crate) async fn reports(desk: &Desk<'_>) {
    if let Some(fact) = desk.plan.kept.reports.clone() {
        desk.saw(Observation::Reports { fact });
    }
    if let Some(given) = desk.plan.given_reports.clone() {
        let fact = desk.seen(given, "you");
        return desk.saw(Observation::Reports { fact });
    }
    let Some(path) = desk.plan.reports.clone() else { return };
    let fact = apart(desk, "DMARC reports", move |stop| reports::reports(&path, stop)).await;
    desk.saw(Observation::Reports { fact });
}

/// Looks for keys in the project's files, then in its whole history.
pub(crate) async fn keys(desk: &Desk<'_>) {
    let Some(folder) = desk.plan.project.clone() else { return };
    let cache = desk.world.kept.as_ref().map(|kept| kept.join("histories"));
    let reading = Reading { cache, ..Reading::new(desk.salt()) };
    let now = desk.world.now();
    let versioned = repo::root(&folder).is_some();
    let (root, how) = (folder.clone(), reading.clone());
    let read = move |progress: &Progress| {
        let mut seen = repo::tree(&root, &how, progress)?;
        repo::waive(&root, &mut seen, now);
        if !versioned {
            seen.idle = repo::idle(&root, &seen.leaks, now);
        }
        Ok(seen)
    };
    let fact = counted(desk, "keys in the project's files", "files", read).await;
    let here: Vec<KeyFound> = fact.seen().map(|tree| tree.leaks.clone()).unwrap_or_default();
    desk.saw(Observation::Tree { fact });
    let what = "keys in the project's history";
    let fact = if versioned {
        let read = move |progress: &Progress| {
            let mut seen = repo::history(&folder, &reading, progress)?;
            repo::waive(&folder, &mut seen, now);
            let all: Vec<KeyFound> = here.into_iter().chain(seen.leaks.iter().cloned()).collect();
            seen.idle = repo::idle(&folder, &all, now);
            Ok(seen)
        };
        counted(desk, what, "objects", read).await
    } else {
        Fact::Unseen(Unseen {
            what: what.to_owned(),
            why: Why::NotAnswered,
            says: "the folder is no git repository, nor inside one".to_owned(),
            way: "name the folder of the repository that the product is released from".to_owned(),
        })
    };
    desk.saw(Observation::History { fact });
}

/// Ends a reading that nobody waits for any more.
struct End(Arc<Progress>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.cancel.store(true, Ordering::Relaxed);
    }
}

/// The time between two words on how far a reading is.
const TOLD: Duration = Duration::from_millis(150);

async fn counted(
    desk: &Desk<'_>,
    what: &str,
    of: &str,
    read: impl FnOnce(&Progress) -> Result<Repository, String> + Send + 'static,
) -> Fact<Repository> {
    let work = async {
        let progress = Arc::new(Progress::default());
        let end = End(Arc::clone(&progress));
        let mut ended = tokio::task::spawn_blocking({
            let progress = Arc::clone(&progress);
            move || read(&progress)
        });
        let ended = loop {
            tokio::select! {
                ended = &mut ended => break ended,
                () = tokio::time::sleep(TOLD) => {
                    let (done, all) = (progress.done.load(Ordering::Relaxed), progress.all.load(Ordering::Relaxed));
                    if all > 0 {
                        desk.mark(&format!("{what}: {done} of {all} {of}"));
                    }
                }
            }
        };
        drop(end);
        let says = match ended {
            Ok(Ok(seen)) => return desk.seen(seen, "this machine"),
            Ok(Err(says)) => says,
            Err(_) => "the reader gave up".to_owned(),
        };
        let way = "name a folder that can be read, or read it with `launch-ready secrets PATH`".to_owned();
        Fact::Unseen(Unseen { what: what.to_owned(), why: Why::Refused, says, way })
    };
    desk.job_within(what, LONGEST, work).await
}

async fn apart<T: Send + 'static>(
    desk: &Desk<'_>,
    what: &str,
    read: impl FnOnce(&dyn Fn() -> bool) -> Result<T, EngineError> + Send + 'static,
) -> Fact<T> {
    let work = async {
        let told = Arc::new(AtomicBool::new(false));
        let stop = Stop(Arc::clone(&told));
        let ended = tokio::task::spawn_blocking(move || read(&|| told.load(Ordering::Relaxed))).await;
        drop(stop);
        let says = match ended {
            Ok(Ok(value)) => return desk.seen(value, "this machine"),
            Ok(Err(error)) => error.message,
            Err(_) => "the reader gave up".to_owned(),
        };
        Fact::Unseen(Unseen {
            what: what.to_owned(),
            why: Why::Refused,
            says,
            way: "name a folder or file that can be read".to_owned(),
        })
    };
    desk.job_within(what, LONGEST, work).await
}
