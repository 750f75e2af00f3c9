//! The demo project: a fictional product on a small internet inside this program, with its faults.

use crate::error::Trouble;
use engine::store::{Draft, Project, Store};
use engine::{Wire, World};
use jiff::Timestamp;
use lab::Lab;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::sync::OnceCell;

/// The same small internet at every start.
const SEED: u64 = 1;

/// The small internet, started when it is first needed.
#[derive(Default)]
pub(crate) struct Demo(OnceCell<Lab>);

impl std::fmt::Debug for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Demo").field(&self.0.initialized()).finish()
    }
}

impl Demo {
    async fn lab(&self) -> Result<&Lab, Trouble> {
        let start = async || Lab::start(SystemTime::now(), SEED, &lab::showcase()).await;
        Ok(self.0.get_or_try_init(start).await?)
    }

    /// The demo project, made at the first call.
    pub(crate) async fn project(&self, store: &Store) -> Result<Project, Trouble> {
        if let Some(project) = store.demo_project().await? {
            return Ok(project);
        }
        let lab = self.lab().await?;
        let draft = Draft {
            client: "Demo".to_owned(),
            name: "Juniper Desk".to_owned(),
            target: audit::read::domain::parse(lab.domain())?,
            roadmap: "sd".to_owned(),
            demo: true,
        };
        let project = store.create_project(draft, Timestamp::now()).await?;
        store.set_routes(project.id, &lab.routes()).await?;
        Ok(store.project(project.id).await?)
    }

    /// The way into the small internet.
    pub(crate) async fn world(&self) -> Result<World, Trouble> {
        let lab = self.lab().await?;
        let (route, hold) = (lab.wire(), lab.wire());
        let wire = Wire { route: Arc::new(move |to| route.route(to)), hold: Arc::new(move |to| hold.hold(to)) };
        Ok(World::through(wire, lab.resolver(), lab.roots())
            .with_anchors(vec![lab.anchor()])
            .with_logs(lab.log_list(), lab.logs()))
    }
}
