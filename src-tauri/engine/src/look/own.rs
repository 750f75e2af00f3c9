//! What lies on this machine: the project's folder, the product's log, DMARC reports. Read apart from the network's work, and only when named.

use super::{inventory, log, reports};
use crate::EngineError;
use crate::run::Desk;
use audit::facts::{Fact, Observation};
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
    let salt = desk.seed;
    let fact = apart(desk, "the product's log", move |stop| log::log(&path, &salt, stop)).await;
    desk.saw(Observation::Log { fact });
}

/// Looks at the reports that receivers sent about the domain's mail.
pub(crate) async fn reports(desk: &Desk<'_>) {
    let Some(path) = desk.plan.reports.clone() else { return };
    let fact = apart(desk, "DMARC reports", move |stop| reports::reports(&path, stop)).await;
    desk.saw(Observation::Reports { fact });
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
