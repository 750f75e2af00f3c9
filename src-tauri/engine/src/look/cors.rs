//! Cross-origin questions: asks a page in the name of foreign origins, by GET and by preflight, and notes what it allows them.

use super::probe::{Ask, look};
use crate::run::Desk;
use audit::facts::{Chain, End, Exchange, Fact};
use futures::future::join_all;
use futures::{StreamExt, stream};
use http::Method;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN};
use url::Url;

/// Addresses asked of one host.
const TARGETS: usize = 5;
/// Questions to one address at once.
const AT_ONCE: usize = 5;

/// The origins asked for, each with the words of its two probes.
fn origins(apex: &str) -> [(&'static str, &'static str, String); 4] {
    [
        ("cors-any", "cors-preflight", "https://cross-origin-probe.example".to_owned()),
        ("cors-null", "cors-preflight-null", "null".to_owned()),
        ("cors-suffix", "cors-preflight-suffix", format!("https://{apex}.cross-origin-probe.example")),
        ("cors-prefix", "cors-preflight-prefix", format!("https://cross-origin-probe{apex}")),
    ]
}

/// Asks the page that a host ends at, where that is its own, and its routes.
pub(crate) async fn look_at(desk: &Desk<'_>, host: &str, chain: &Fact<Chain>) {
    let own = |url: &Url| url.scheme() == "https" && url.host_str() == Some(host);
    let end = chain.seen().ok().filter(|chain| chain.end == End::Answered).and_then(|chain| chain.last().cloned());
    let Some(page) = end.and_then(|hop| Url::parse(&hop.url).ok()) else { return };
    let mut targets: Vec<Url> = vec![page];
    targets.extend(desk.plan.sampled_routes());
    targets.retain(own);
    targets.dedup();
    join_all(targets.iter().take(TARGETS).map(|url| Box::pin(ask(desk, url)))).await;
}

async fn ask(desk: &Desk<'_>, url: &Url) {
    let origins = origins(desk.apex());
    // An address that does not answer once is not asked eight times more.
    let first = question(origins[0].0, Method::GET, url, &origins[0].2);
    if patient(desk, &first).await.seen().is_err() {
        return;
    }
    let others = origins.iter().skip(1);
    let mut asks: Vec<Ask> = others.map(|(get, _, origin)| question(get, Method::GET, url, origin)).collect();
    asks.push(question("cors-own", Method::GET, url, &format!("https://{}", desk.apex())));
    asks.push(question("cors-preflight", Method::OPTIONS, url, &origins[0].2));
    let answered = together(desk, &asks).await;
    // Where OPTIONS is not answered at all, three more of them say nothing new.
    let understood = answered.last().and_then(|fact| fact.seen().ok()).is_some_and(|preflight| {
        preflight.status < 400 || preflight.header(ACCESS_CONTROL_ALLOW_ORIGIN.as_str()).next().is_some()
    });
    if understood {
        let others = origins.iter().skip(1);
        let more: Vec<Ask> = others.map(|(_, word, origin)| question(word, Method::OPTIONS, url, origin)).collect();
        together(desk, &more).await;
    }
}

async fn together(desk: &Desk<'_>, asks: &[Ask]) -> Vec<Fact<Exchange>> {
    stream::iter(asks.iter().map(|ask| Box::pin(patient(desk, ask)))).buffered(AT_ONCE).collect().await
}

fn question(probe: &'static str, method: Method, url: &Url, origin: &str) -> Ask {
    let mut headers = HeaderMap::new();
    // Names of hosts are always fit for a header.
    headers.extend(HeaderValue::from_str(origin).ok().map(|origin| (ORIGIN, origin)));
    if method == Method::OPTIONS {
        headers.insert(ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("GET"));
    }
    Ask { method, headers, ..Ask::get(probe, url.clone()) }
}

/// An error of the server says nothing about whom it trusts, so it is asked once more.
async fn patient(desk: &Desk<'_>, ask: &Ask) -> Fact<Exchange> {
    let fact = look(desk, ask).await;
    match fact.seen() {
        Ok(answer) if answer.status >= 500 => look(desk, ask).await,
        _ => fact,
    }
}
