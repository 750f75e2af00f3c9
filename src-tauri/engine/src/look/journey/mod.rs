//! Journeys: the recorded steps of a visitor, gone through one after another with cookies of their own. One that writes is only begun with
//! a consent; one that fails is gone through once more before it counts.

mod jar;
mod mail;
#[cfg(test)]
mod tests;
mod trade;
mod walk;

use crate::consent::Consent;
use crate::journey::Trip;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::facts::{Fact, JourneyEnd, JourneySeen, Observation};
use audit::read::journey::{Journey, Who};
use audit::{Unseen, Why};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::sleep;
use url::Url;
use walk::Walk;

/// Goes through every journey of the plan, one after another.
pub(crate) async fn look(desk: &Desk<'_>) {
    // Hosts that asked to be left alone, or did not even answer a first step.
    let mut quiet: BTreeMap<String, Unseen> = BTreeMap::new();
    for trip in &desk.plan.journeys {
        let journey = trip.journey();
        let host = journey.base.host_str().unwrap_or_default().to_owned();
        let what = format!("journey \"{}\"", journey.name);
        let work = Box::pin(async {
            match quiet.get(&host) {
                Some(unseen) => Fact::Unseen(Unseen { what: what.clone(), ..unseen.clone() }),
                None => see(desk, trip, &what).await,
            }
        });
        let fact = desk.job_within(&what, time_needed(desk, journey), work).await;
        if let Fact::Seen { value: JourneySeen { steps, end: JourneyEnd::Lost { unseen, .. }, .. }, .. } = &fact
            && (unseen.why == Why::Busy || steps.is_empty() && unseen.why == Why::Timeout)
        {
            quiet.insert(host, unseen.clone());
        }
        desk.saw(Observation::Journey { key: format!("{} {}", journey.kind.word(), journey.name), fact });
    }
}

/// Two rounds, each step with its pause and one slow exchange.
fn time_needed(desk: &Desk<'_>, journey: &Journey) -> Duration {
    let steps = u32::try_from(journey.steps.len()).unwrap_or(u32::MAX);
    let mails = u32::try_from(journey.mails()).unwrap_or(u32::MAX);
    // Opening a mailbox and the last look into it take their time as well.
    let mail =
        desk.plan.mailbox.as_ref().map_or(Duration::ZERO, |mailbox| mailbox.patience + desk.plan.limits.exchange * 4);
    desk.plan.limits.job + (desk.plan.pace + desk.plan.limits.exchange) * steps * 2 + mail * mails * 2
}

async fn see(desk: &Desk<'_>, trip: &Trip, what: &str) -> Fact<JourneySeen> {
    let by = match allowed(desk, trip) {
        Ok(by) => by,
        Err(trouble) => return Fact::Unseen(trouble.of(what)),
    };
    let first = Walk::new(desk, trip, by.clone(), 1).all().await;
    let (mut seen, mut from) = first;
    if seen.end == JourneyEnd::Failed {
        // What passes by itself is no fault of the product, and what stays is there a moment later.
        sleep(desk.plan.pace).await;
        let earlier = seen.steps.last().map(|step| step.name.clone());
        (seen, from) = Walk::new(desk, trip, by, 2).all().await;
        seen.earlier = earlier;
    }
    desk.seen(seen, from)
}

/// Whether the journey may be begun; who agreed to its writing, where it writes.
fn allowed(desk: &Desk<'_>, trip: &Trip) -> Result<Option<String>, Trouble> {
    let journey = trip.journey();
    if let Some(name) = trip.lacks() {
        let says = format!("it needs the secret {name}, and none is kept");
        return Err(Trouble::new(Why::NoSession, says).with_way(trip.way_to(&name)));
    }
    may_ask(desk, journey, &journey.base)?;
    let session = match journey.session {
        Some(Who::Owner) => Some((&desk.plan.session, "cookie or token")),
        Some(Who::Lesser) => Some((&desk.plan.lesser, "cookie or token of an ordinary user")),
        None => None,
    };
    if let Some((None, given)) = session {
        let says = format!("it begins with a session, and none was given ({given})");
        return Err(Trouble::new(Why::NoSession, says));
    }
    let mut by = None;
    for host in journey.written() {
        by = Some(consent(desk, &host)?.agreed().by.clone());
    }
    Ok(by)
}

/// Who agreed that journeys write to a host.
fn consent<'d>(desk: &Desk<'d>, host: &str) -> Result<&'d Consent, Trouble> {
    let now = desk.world.now();
    desk.plan.consents.iter().find(|consent| consent.lets_write(host, now)).ok_or_else(|| {
        Trouble::new(Why::NoConsent, format!("it writes to {host}, and nobody agreed to that"))
            .with_way("record who agreed: `launch-ready journey FILE --agreed-by NAME`, or the same with `launch-ready audit --journey FILE`")
    })
}

/// Whether a journey may ask this address at all: hosts of the product and those of its file, and never unencrypted but on test machines.
fn may_ask(desk: &Desk<'_>, journey: &Journey, url: &Url) -> Result<(), Trouble> {
    let host = crate::net::http::host(url);
    if !desk.ours(&host) && !journey.hosts.contains(&host) {
        let says = format!("it leads to {host}, which is neither part of {} nor named in its file", desk.apex());
        return Err(Trouble::new(Why::Beyond, says).with_way(
            "name the host under hosts in the file of the journey, if it is meant; else correct the redirect",
        ));
    }
    if url.scheme() != "https" && !desk.plan.allow_private {
        let says = "a journey is never gone through without encryption";
        return Err(Trouble::new(Why::Forbidden, says).with_way(
            "name its addresses with https; for a test machine of your own allow private addresses (in a terminal: --allow-private)",
        ));
    }
    Ok(())
}
