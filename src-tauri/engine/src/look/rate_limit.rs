//! Tries at a form, one after another, until something slows them down: only with the consent of whoever answers for the host, never
//! more than was agreed to, never to another host, and none after the first limit.

use super::http::{addresses, busy, millis};
use crate::consent::Consent;
use crate::net::body;
use crate::net::http::{Connection, host};
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::facts::{Burst, BurstEnd, End, Fact, Observation};
use audit::read::place::{self, Kind};
use audit::read::text::clean;
use audit::{Unseen, Why};
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};
use url::Url;

/// Decoded bytes read of one answer: only its status counts.
const GLANCE: usize = 64 * 1024;
/// Answers in a row that show that a form does not take what a program sends.
const UNFIT: usize = 3;
/// Name and password in the spellings that forms use. The address can belong to nobody (RFC 6761 §6.4), so no account is made or locked.
const LOGIN: &str = "email=launch-ready-check%40probe.invalid&username=launch-ready-check%40probe.invalid&login=launch-ready-check%40probe.invalid&password=not-a-password";
const RESET: &str = "email=launch-ready-check%40probe.invalid&username=launch-ready-check%40probe.invalid";

/// A form, and what it is.
pub(crate) struct Form {
    url: Url,
    kind: Kind,
}

impl Form {
    fn word(&self) -> &'static str {
        Kind::ALL.iter().find(|(kind, _)| *kind == self.kind).map_or("form", |(_, word)| word)
    }

    /// What is sent: media type, body, and both in words.
    fn content(&self) -> (&'static str, &'static str, &'static str) {
        const FIELDS: &str = "application/x-www-form-urlencoded";
        match self.kind {
            Kind::Login => (FIELDS, LOGIN, "an address at probe.invalid and a wrong password"),
            Kind::Reset => (FIELDS, RESET, "an address at probe.invalid"),
            // Without its boundary no server can read it (RFC 2046 §5.1.1), so there is nothing to store or to mail.
            _ => ("multipart/form-data", "", "an empty form that cannot be read"),
        }
    }
}

/// Tries every form that somebody agreed to.
pub(crate) async fn look_at_all(desk: &Desk<'_>) {
    for form in forms(desk) {
        if let Some(consent) = consent(desk, &form) {
            look(desk, consent, &form).await;
        }
    }
}

/// Notes every form that nobody agreed to.
pub(crate) fn leave(desk: &Desk<'_>) {
    for form in forms(desk).into_iter().filter(|form| consent(desk, form).is_none()) {
        let host = host(&form.url);
        let trouble = if desk.ours(&host) {
            Trouble::new(Why::NoConsent, format!("nobody agreed to tries at forms of {host}"))
        } else {
            Trouble::new(Why::Beyond, format!("the form is sent to {host}, which is not part of the domain"))
        };
        let fact = Fact::Unseen(trouble.of(clean(form.url.as_str(), 400)));
        desk.saw(Observation::Burst { key: form.url.to_string(), fact });
    }
}

fn consent<'d>(desk: &Desk<'d>, form: &Form) -> Option<&'d Consent> {
    desk.plan.consents.iter().find(|consent| consent.covers(&form.url, desk.world.now()))
}

/// The forms that a person named, or the log-in forms of the pages that were seen.
fn forms(desk: &Desk<'_>) -> Vec<Form> {
    let facts = desk.facts();
    let named =
        place::of(&facts).into_iter().filter(|place| matches!(place.kind, Kind::Form | Kind::Login | Kind::Reset));
    let mut forms: Vec<Form> = named.map(|place| Form { url: place.url, kind: place.kind }).collect();
    if forms.is_empty() {
        let chains = facts.http.values().filter_map(|fact| fact.seen().ok()).filter(|chain| chain.end == End::Answered);
        let pages = chains.filter_map(|chain| chain.last()?.page.as_ref());
        for url in pages.filter_map(|page| Url::parse(page.linked.login.as_deref()?).ok()) {
            if forms.iter().all(|form| form.url != url) && forms.len() < 4 {
                forms.push(Form { url, kind: Kind::Login });
            }
        }
    }
    forms
}

/// Tries one form as often as was agreed to at most.
pub(crate) async fn look(desk: &Desk<'_>, consent: &Consent, form: &Form) {
    let key = form.url.to_string();
    let limits = &desk.plan.limits;
    let tries = u32::from(consent.agreed().cap.count());
    let time = limits.job + desk.plan.pace * tries;
    let work = async {
        match see(desk, consent, form).await {
            Ok((burst, from)) => desk.seen(burst, from),
            Err(unseen) => Fact::Unseen(unseen),
        }
    };
    let fact = desk.job_within(&key, time, Box::pin(work)).await;
    desk.saw(Observation::Burst { key, fact });
}

async fn see(desk: &Desk<'_>, consent: &Consent, form: &Form) -> Result<(Burst, String), Unseen> {
    let agreed = consent.agreed();
    let what = clean(form.url.as_str(), 400);
    if !consent.covers(&form.url, desk.world.now()) {
        return Err(Trouble::new(Why::NoConsent, format!("{} agreed for {} only", agreed.by, agreed.host)).of(what));
    }
    if form.url.scheme() != "https" && !desk.plan.allow_private {
        return Err(Trouble::new(Why::Forbidden, "a form is never tried over plain http").of(what));
    }
    let addresses = addresses(desk, &form.url).await?;
    let _turn = desk.turns.with(&host(&form.url)).await;
    let mut burst = Burst {
        form: form.word().to_owned(),
        sent: form.content().2.to_owned(),
        by: agreed.by.clone(),
        cap: agreed.cap,
        statuses: Vec::new(),
        first_ms: 0,
        last_ms: 0,
        end: BurstEnd::Cap,
    };
    let (mut kept, mut from): (Option<Connection>, String) = (None, String::new());
    for _ in 0..agreed.cap.count() {
        let begun = Instant::now();
        let limit = desk.plan.limits.exchange;
        let connection = match kept.take().filter(Connection::alive) {
            Some(connection) => Ok(connection),
            None => desk.net.http.open(&form.url, &addresses).await,
        };
        let tried = match connection {
            Ok(connection) => timeout(limit, attempt(connection, form)).await,
            Err(trouble) => Ok(Err(trouble)),
        };
        let answer = tried.unwrap_or_else(|_| Err(Trouble::silent(&host(&form.url), "finish its answer", limit)));
        let (connection, status, headers) = answer.map_err(|trouble| trouble.of(what.clone()))?;
        burst.last_ms = millis(begun.elapsed());
        if burst.statuses.is_empty() {
            burst.first_ms = burst.last_ms;
        }
        burst.statuses.push(status.as_u16());
        from = connection.address.to_string();
        kept = Some(connection);
        if let Some(end) = end(form, &burst, status, &headers) {
            burst.end = end;
            break;
        }
        sleep(desk.plan.pace.min(Duration::from_millis(200))).await;
    }
    Ok((burst, from))
}

async fn attempt(mut connection: Connection, form: &Form) -> Result<(Connection, StatusCode, HeaderMap), Trouble> {
    let (kind, content, _) = form.content();
    let extra = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
    let response = connection.post(&form.url, &extra, content).await?;
    let (head, incoming) = response.into_parts();
    let taken = body::stream(incoming, "", GLANCE, |_| {}).await?;
    if taken.truncated {
        connection.retire();
    }
    Ok((connection, head.status, head.headers))
}

/// Why nothing more is sent; none when the form took it as an ordinary try.
fn end(form: &Form, burst: &Burst, status: StatusCode, headers: &HeaderMap) -> Option<BurstEnd> {
    if let Err(trouble) = busy(status, headers, &host(&form.url))
        && trouble.why == Why::Challenged
    {
        return Some(BurstEnd::Challenged);
    }
    let before = &burst.statuses[..burst.statuses.len() - 1];
    let barred = !before.is_empty() && before.iter().all(|earlier| *earlier != status.as_u16());
    match status.as_u16() {
        429 => {
            let after = headers.get("retry-after").and_then(|value| value.to_str().ok()?.trim().parse().ok());
            Some(BurstEnd::Limited { retry_after: after })
        }
        423 => Some(BurstEnd::Locked),
        503 => Some(BurstEnd::Unavailable),
        403 | 418 if barred => Some(BurstEnd::Barred),
        300..=399 => away(form, headers),
        // What a form says to a program that lacks its mark, or that came to the wrong address: no try was made.
        403 | 404 | 405 | 406 | 410 | 415 | 419 | 500..=599 if burst.statuses.len() >= UNFIT => Some(BurstEnd::Unfit),
        _ => None,
    }
}

/// A form that hands over to another host ends the row: nobody agreed for that one.
fn away(form: &Form, headers: &HeaderMap) -> Option<BurstEnd> {
    let to = form.url.join(headers.get("location")?.to_str().ok()?).ok()?;
    (to.host_str() != form.url.host_str()).then(|| BurstEnd::Elsewhere { host: clean(&host(&to), 200) })
}
