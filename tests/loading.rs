//! The lab as a world that load is put on before it is looked at: many users at once, or few over a poor connection.

use super::world;
use audit::facts::{Fact, Facts, LoadCap, Loaded, Model, SlowNetwork};
use engine::Kept;
use engine::load::{Load, LoadConsent, Permit, load};
use lab::Lab;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What a run over a poor connection is made over.
const POOR: SlowNetwork = SlowNetwork { delay_ms: 600, loss: 0.0, kilobits: Some(1_600) };

/// Puts load on the lab's first route, then looks at the lab.
pub async fn look(lab: &Lab, slow: bool) -> Facts {
    let mut run = measure(lab, slow).await;
    run.parts.clear();
    let fact = Fact::Seen { value: run.clone(), at: jiff::Timestamp::now(), from: "you".to_owned() };
    world::look_with(lab, Kept { load: [(run.key(), fact)].into(), ..Kept::default() }).await
}

async fn measure(lab: &Lab, slow: bool) -> Loaded {
    let (plan, there) = (world::plan(lab), world::world(lab));
    let url = plan.routes[0].clone();
    let host = url.host_str().unwrap().to_owned();
    let consent = LoadConsent::record(&plan.target, &host, "Ada Alder", LoadCap::MOST, there.now()).unwrap();
    let (users, requests) = if slow { (10, 20) } else { (20, 160) };
    let model = Model::Users { users, think_ms: 0 };
    let what = Load { requests: Some(requests), ..Load::new(url, model, Duration::from_secs(20)) };
    let what = Load { slow: slow.then_some(POOR), ..what };
    let (send, _ticks) = tokio::sync::mpsc::unbounded_channel();
    load(&plan, &there, &what, Permit::Agreed(&consent), CancellationToken::new(), send).await.unwrap()
}
