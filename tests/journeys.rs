//! The lab as a world in which the product's recorded journeys are gone through.

use super::world;
use audit::facts::Facts;
use engine::{Consent, Inbox, Mailbox, Secret, Trip};
use lab::Lab;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Looks at a lab as it is now, with the journeys of its product.
pub async fn look(lab: &Lab) -> Facts {
    looked(lab, true).await
}

/// The same where nobody agreed to journeys.
pub async fn look_without_consent(lab: &Lab) -> Facts {
    looked(lab, false).await
}

async fn looked(lab: &Lab, agreed: bool) -> Facts {
    let (send, _events) = tokio::sync::mpsc::unbounded_channel();
    let mut plan = world::plan(lab);
    plan.journeys = trips(lab);
    plan.mailbox = Some(mailbox(lab));
    let now = jiff::Timestamp::now();
    if agreed {
        plan.consents.extend(lab.hosts_of_forms().map(|host| Consent::to_write(host, "Ada Alder", now).unwrap()));
    }
    engine::run(&plan, &world::world(lab), world::answers(lab), CancellationToken::new(), send).await
}

/// The founder's mailbox; a mail of the lab comes at once.
fn mailbox(lab: &Lab) -> std::sync::Arc<Mailbox> {
    let [_, (host, port, user, password)] = lab.account();
    let inbox = Inbox { host: host.to_owned(), port, user: user.to_owned() };
    Mailbox::new(inbox, Secret::new(password.to_owned()), Duration::from_millis(150), Duration::from_millis(50))
}

fn trips(lab: &Lab) -> Vec<Trip> {
    let secret = |(name, value): (&str, &str)| (name.to_owned(), Secret::new(value.to_owned()));
    let secrets = || lab.secrets_of_journeys().into_iter().map(secret).collect();
    let journeys = audit::read::journey::read(lab.journeys()).unwrap();
    journeys.into_iter().map(|journey| Trip::new(journey, secrets()).unwrap()).collect()
}
