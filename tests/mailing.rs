//! The lab as a world in which mail is sent and waited for: messages of the product, its account, and time that goes faster.

use super::world;
use audit::facts::{Facts, Flow};
use engine::{Account, Consent, Inbox, Letter, Plan, Postbox, Secret};
use lab::Lab;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How much faster time goes where mail is waited for: minutes pass in seconds.
const HASTE: i32 = 30;

/// Looks at a lab as it is now, with messages of the product and the account that it sends with.
pub async fn look(lab: &Lab) -> Facts {
    let mut plan = sending(lab);
    let flow = |word: &str| Flow::of(word).unwrap();
    let letters = lab.letters().into_iter();
    plan.messages = letters.map(|(word, file)| Letter::open(flow(word), &file).unwrap()).collect();
    run(lab, &plan).await
}

/// A plan with the account alone.
pub fn sending(lab: &Lab) -> Plan {
    let mut plan = world::plan(lab);
    plan.postbox = Some(postbox(lab, jiff::Timestamp::now()));
    plan
}

/// Carries out a plan while time goes faster.
pub async fn run(lab: &Lab, plan: &Plan) -> Facts {
    let (send, _events) = tokio::sync::mpsc::unbounded_channel();
    let begun = jiff::Timestamp::now();
    let hasty = move || begun + jiff::Timestamp::now().duration_since(begun) * HASTE;
    let world = world::world(lab).with_clock(hasty);
    engine::run(plan, &world, world::answers(lab), CancellationToken::new(), send).await
}

/// The account of the lab's product, for one message that stands for a password reset.
fn postbox(lab: &Lab, now: jiff::Timestamp) -> Arc<Postbox> {
    let ([(host, port, user, password), (there, at, name, key)], [from, to]) = (lab.account(), lab.addresses());
    let inbox = Inbox { host: there.to_owned(), port: at, user: name.to_owned() };
    let (host, user, from, to) = (host.to_owned(), user.to_owned(), from.to_owned(), to.to_owned());
    let account = Account { host, port, user, from, to, inbox: Some(inbox) };
    let consent = Consent::to_send(&account.server(), "Ada Alder", now).unwrap();
    let secret = |text: &str| Secret::new(text.to_owned());
    let postbox = Postbox::open(account, secret(password), Some(secret(key)), consent, &[Flow::Reset], now).unwrap();
    postbox.waiting(Duration::from_secs(10), Duration::from_millis(300))
}
