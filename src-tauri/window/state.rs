//! What the window holds while it is open: the store, the sessions, the runs and the demo's small internet.

use crate::demo::Demo;
use crate::error::Trouble;
use crate::run::Runs;
use crate::watch::Watches;
use engine::store::Store;
use engine::vault::{Sessions, Vault};
use std::path::{Path, PathBuf};

/// The open store and all that works on it.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) store: Store,
    pub(crate) sessions: Sessions,
    pub(crate) runs: Runs,
    pub(crate) watches: Watches,
    pub(crate) demo: Demo,
    /// The folder of the store; published lists are kept there for a day.
    pub(crate) folder: PathBuf,
}

/// The core, or why it could not be opened; every command says so then, and the window still comes up.
pub(crate) struct App(Result<Core, Trouble>);

impl App {
    pub(crate) async fn open(data: Result<&Path, Trouble>) -> Self {
        let open = async {
            let folder = data?.to_owned();
            let store = Store::open(&folder).await?;
            let sessions = Sessions::new(store.clone(), Vault::new());
            Ok(Core {
                store,
                sessions,
                runs: Runs::default(),
                watches: Watches::default(),
                demo: Demo::default(),
                folder,
            })
        };
        Self(open.await)
    }

    pub(crate) fn core(&self) -> Result<&Core, Trouble> {
        self.0.as_ref().map_err(Clone::clone)
    }
}
