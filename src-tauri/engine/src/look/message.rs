//! Messages that were given: examined once with the keys in DNS of this moment; what they proved is kept, they themselves are not.

use crate::letter::Letter;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use crate::sender::examine_by;
use audit::Why;
use audit::facts::{Fact, Flow, MessageSeen, Observation, Roundtrip, RoundtripEnd};
use audit::read::message::{DkimResult, Mail};
use futures::future::join_all;
use std::collections::BTreeSet;

/// Messages of one flow that are kept.
const MOST: usize = 20;

/// Enters what was seen before, ahead of everything else: other lookers take selectors from it.
pub(crate) fn enter(desk: &Desk<'_>) {
    for (key, fact) in desk.plan.kept.messages.clone() {
        desk.saw(Observation::Message { key, fact });
    }
    for (key, fact) in desk.plan.kept.roundtrips.clone() {
        desk.saw(Observation::Roundtrip { key, fact });
    }
}

/// Looks at every message of the plan.
pub(crate) async fn look(desk: &Desk<'_>) {
    let mut taken: BTreeSet<String> = desk.facts().messages.keys().cloned().collect();
    let keyed: Vec<(String, &Letter)> = desk
        .plan
        .messages
        .iter()
        .map(|letter| {
            let key = free(letter.flow, &taken);
            taken.insert(key.clone());
            (key, letter)
        })
        .collect();
    join_all(keyed.into_iter().map(|(key, letter)| Box::pin(one(desk, key, letter)))).await;
}

/// The first key of a flow that is free; the last one when all are taken.
fn free(flow: Flow, taken: &BTreeSet<String>) -> String {
    let word = flow.word();
    let mut numbered = (1..=MOST).map(|n| if n == 1 { word.to_owned() } else { format!("{word} {n}") });
    numbered.clone().find(|key| !taken.contains(key)).or_else(|| numbered.next_back()).unwrap_or_default()
}

async fn one(desk: &Desk<'_>, key: String, letter: &Letter) {
    let what = format!("received message ({key})");
    let fact = desk.job(&what, Box::pin(examined(desk, &what, letter.flow, &letter.mail))).await;
    if let (Fact::Seen { value, .. }, Some((flow, trip))) = (&fact, awaited(desk, &letter.mail)) {
        let fact = desk.seen(pasted(trip, value), "you");
        return desk.saw(Observation::Roundtrip { key: flow, fact });
    }
    desk.saw(Observation::Message { key, fact });
}

/// What a message proves, as it may be kept.
pub(super) async fn examined(desk: &Desk<'_>, what: &str, flow: Flow, mail: &Mail) -> Fact<MessageSeen> {
    match examine_by(&desk.net.dns, desk.world.now(), mail).await {
        Some(examined) => desk.seen(examined.kept(flow), "you"),
        None => Fact::Unseen(Trouble::new(Why::Garbled, "the message asks for more look-ups than any may").of(what)),
    }
}

/// The test message that this is, where one is still awaited.
fn awaited(desk: &Desk<'_>, mail: &Mail) -> Option<(String, Roundtrip)> {
    let facts = desk.facts();
    let waits = |trip: &Roundtrip| matches!(trip.end, RoundtripEnd::Underway { .. }) && mail.mentions(&trip.token);
    facts.roundtrips.iter().find_map(|(flow, fact)| match fact {
        Fact::Seen { value, .. } if waits(value) => Some((flow.clone(), value.clone())),
        _ => None,
    })
}

/// A test message that a person found; when it came is what the receiver's last server wrote.
fn pasted(trip: Roundtrip, seen: &MessageSeen) -> Roundtrip {
    let came = seen.hops.iter().rev().find_map(|hop| hop.at);
    let seconds = came.map_or(0, |at| at.as_second().saturating_sub(trip.sent.as_second()).max(0));
    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    let seen = Box::new(MessageSeen { flow: trip.flow, ..seen.clone() });
    Roundtrip { end: RoundtripEnd::Arrived { seconds, theirs: true, junk: None, seen }, ..trip }
}

/// Selectors that messages are signed with in the name of the domain itself.
pub(super) fn selectors(desk: &Desk<'_>) -> Vec<String> {
    let facts = desk.facts();
    let given = facts.messages.values().filter_map(|fact| fact.seen().ok());
    let sent = facts.roundtrips.values().filter_map(|fact| match &fact.seen().ok()?.end {
        RoundtripEnd::Arrived { seen, .. } => Some(seen.as_ref()),
        RoundtripEnd::Refused { .. } | RoundtripEnd::Underway { .. } => None,
    });
    let signed = given.chain(sent).flat_map(|seen| &seen.dkim).filter(|one| one.result != DkimResult::PermError);
    let mut found: Vec<_> = signed.map(|one| (one.domain.clone(), one.selector.clone())).collect();
    found.extend(desk.plan.messages.iter().flat_map(|letter| letter.mail.selectors()));
    found.into_iter().filter(|(domain, _)| domain == desk.apex()).map(|(_, selector)| selector).collect()
}
