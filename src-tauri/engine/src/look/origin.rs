//! The way round a delivery network: every other address of the domain's names, mail hosts and SPF record, asked for the site directly.

use super::http::{Next, busy, next, read_page};
use crate::net::dial::Errand;
use crate::net::doors::Place;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use crate::trace::Purpose;
use audit::Why;
use audit::facts::{Fact, Observation, OriginAnswer, OriginSeen, RecordData};
use audit::read::provider;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::future::join_all;
use hickory_proto::rr::RecordType;
use http::header::HeaderMap;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use tokio::time::timeout;
use url::Url;

/// Names that often lead to the server itself, besides the usual sub-domains.
const LABELS: [&str; 7] = ["direct", "origin", "ftp", "cpanel", "webmail", "server", "old"];
/// Mail hosts and SPF addresses that are looked into.
const FEW: usize = 8;
/// Addresses that are asked.
const ADDRESSES: usize = 12;

/// Looks behind the network; nothing when the bare domain is not behind one that publishes its ranges.
pub(crate) async fn look(desk: &Desk<'_>) {
    let apex = desk.apex().to_owned();
    let front = desk.addresses(&apex).await.unwrap_or_default();
    if !front.iter().any(|address| behind(*address)) {
        return;
    }
    let mut found = candidates(desk, &apex).await;
    let www = desk.addresses(&format!("www.{apex}")).await.unwrap_or_default();
    // What the bare domain and www lead to is judged by itself.
    found.retain(|address, _| {
        !behind(*address)
            && !front.contains(address)
            && !www.contains(address)
            && desk.net.dial.allowed(*address).is_ok()
    });
    join_all(found.into_iter().take(ADDRESSES).map(|(address, names)| one(desk, &apex, address, names))).await;
}

/// Whether an address belongs to a delivery network by its published ranges.
fn behind(address: IpAddr) -> bool {
    let networks = provider::all().iter().filter(|provider| provider.does("cdn"));
    networks.flat_map(|network| &network.ranges).any(|range| range.contains(&address))
}

async fn candidates(desk: &Desk<'_>, apex: &str) -> BTreeMap<IpAddr, Vec<String>> {
    let extra = LABELS.iter().map(|label| format!("{label}.{apex}"));
    let names: Vec<String> = desk.known.iter().cloned().chain(extra).collect();
    let (own, (mx, texts)) = tokio::join!(
        join_all(names.into_iter().map(|name| async move {
            let found = desk.addresses_elsewhere(&name).await.unwrap_or_default();
            (name, found)
        })),
        async { tokio::join!(desk.ask(apex, RecordType::MX), desk.ask(apex, RecordType::TXT)) },
    );
    let hosts = crate::run::names(&mx, |data| match data {
        RecordData::Mx { exchange, .. } if exchange != "." => Some(exchange),
        _ => None,
    });
    // The mail hosts of a mail company are not the product's servers.
    let hosts = hosts.into_iter().filter(|host| provider::by_name(host, |provider| &provider.mail).is_none());
    let mail = join_all(hosts.take(FEW).map(|host| async move {
        let found = desk.addresses_elsewhere(&host).await.unwrap_or_default();
        (format!("mail host {host}"), found)
    }))
    .await;
    let mut all: BTreeMap<IpAddr, Vec<String>> = BTreeMap::new();
    for (name, addresses) in own.into_iter().chain(mail) {
        for address in addresses {
            all.entry(address).or_default().push(name.clone());
        }
    }
    if let Ok(answer) = texts.seen() {
        for address in answer.texts().filter(|text| text.starts_with("v=spf1")).flat_map(|text| single(&text)) {
            all.entry(address).or_default().push(format!("SPF record of {apex}"));
        }
    }
    all
}

/// Single addresses of an SPF record; ranges belong to mail services.
fn single(record: &str) -> Vec<IpAddr> {
    let terms = record.split_ascii_whitespace().map(|term| term.trim_start_matches(['+', '?', '~']));
    let addresses = terms.filter_map(|term| {
        let text = term.strip_prefix("ip4:").or_else(|| term.strip_prefix("ip6:"))?;
        let (address, length) = text.split_once('/').unwrap_or((text, ""));
        let address: IpAddr = address.parse().ok()?;
        let whole = if address.is_ipv4() { "32" } else { "128" };
        (length.is_empty() || length == whole).then_some(address)
    });
    addresses.take(FEW).collect()
}

async fn one(desk: &Desk<'_>, apex: &str, address: IpAddr, found: Vec<String>) {
    let what = format!("the site at {address}");
    let fact = desk.job(&what, Box::pin(ask(desk, apex, address, found, &what))).await;
    desk.saw(Observation::Origin { key: address.to_string(), fact });
}

async fn ask(desk: &Desk<'_>, apex: &str, address: IpAddr, found: Vec<String>, what: &str) -> Fact<OriginSeen> {
    let target = SocketAddr::new(address, 443);
    let _turn = desk.turns.with(&address.to_string()).await;
    let mut seen = OriginSeen { found, ..OriginSeen::default() };
    let place = match desk.net.http.enter(address).await {
        Ok(place) => place,
        Err(trouble) => return Fact::Unseen(trouble.of(what)),
    };
    match desk.net.dial.tcp(target, Errand::new(Purpose::Http, &target.ip().to_string())).await {
        // A firewall that lets only the network in refuses us or is silent: that is how it should be.
        Err(trouble) if [Why::Refused, Why::Timeout].contains(&trouble.why) => desk.seen(seen, target.to_string()),
        Err(trouble) => Fact::Unseen(trouble.of(what)),
        Ok(stream) => {
            seen.open = true;
            let within = desk.plan.limits.exchange;
            match timeout(within, Box::pin(talk(desk, apex, stream, (target, place), &mut seen))).await {
                Ok(Err(trouble)) if passing(trouble.why) => Fact::Unseen(trouble.of(what)),
                // A server that does not know the name says so in many ways; none of them shows the site.
                Ok(Ok(()) | Err(_)) => desk.seen(seen, target.to_string()),
                Err(_) => Fact::Unseen(Trouble::silent(&target.to_string(), "finish its answer", within).of(what)),
            }
        }
    }
}

/// Whether a trouble in the middle of an answer says nothing of what the server shows at other times.
fn passing(why: Why) -> bool {
    matches!(why, Why::Timeout | Why::Broken | Why::Busy | Why::Challenged)
}

async fn talk(
    desk: &Desk<'_>,
    apex: &str,
    stream: tokio::net::TcpStream,
    (target, place): (SocketAddr, Place),
    seen: &mut OriginSeen,
) -> Result<(), Trouble> {
    let url =
        Url::parse(&format!("https://{apex}/")).map_err(|_| Trouble::new(Why::Garbled, "the domain makes no URL"))?;
    let (mut connection, leaf) = desk.net.http.unjudged(stream, apex, target, place).await?;
    seen.certificate = leaf.map(|der| STANDARD.encode(der));
    let response = connection.get(&url, &HeaderMap::new()).await?;
    let (head, body) = response.into_parts();
    busy(head.status, &head.headers, &target.to_string())?;
    let location = match next(&url, head.status, &head.headers) {
        Next::There(to) => Some(audit::read::text::clean(to.as_str(), 4_096)),
        Next::Here | Next::Nowhere(_) => None,
    };
    let page = match read_page(&url, &head.headers, body).await {
        Ok((page, _)) => page,
        Err(trouble) if passing(trouble.why) => return Err(trouble),
        Err(_) => None,
    };
    seen.answer = Some(OriginAnswer {
        status: head.status.as_u16(),
        location,
        title: page.as_ref().and_then(|page| page.title.clone()),
        sha256: page.map(|page| page.sha256).unwrap_or_default(),
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::single;

    #[test]
    fn only_single_addresses_of_spf_are_candidates() {
        let record = "v=spf1 ip4:5.161.44.10 ip4:5.161.0.0/16 ip6:2a01:4ff::1/128 include:x.test +ip4:1.2.3.4/32 -all";
        let found: Vec<String> = single(record).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["5.161.44.10", "2a01:4ff::1", "1.2.3.4"]);
    }
}
