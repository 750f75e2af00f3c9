//! Claims: whether a service still knows a name that is an alias to it, and whether names that records lead to can be registered.

use super::probe::{Ask, look_into};
use crate::net::trouble::Trouble;
use crate::run::{Desk, names};
use audit::Why;
use audit::facts::{Claim, Fact, Observation, Rcode, RecordData};
use audit::read::{domain, takeover};
use futures::future::join_all;
use hickory_proto::rr::RecordType;
use url::Url;

/// Bytes of a page that are searched.
const PAGE: usize = 64 * 1024;
/// Name servers of one name that are looked into.
const SERVERS: usize = 13;

/// Looks at what a host's alias leads to.
pub(crate) async fn look(desk: &Desk<'_>, host: &str) {
    let answer = desk.ask(host, RecordType::A).await;
    let Ok(answer) = answer.seen() else { return };
    let aliases: Vec<&str> = answer.aliases().collect();
    let Some(end) = aliases.last() else { return };
    if answer.rcode == Rcode::NxDomain {
        registered(desk, end).await;
        return;
    }
    let known = aliases.iter().find_map(|alias| Some((*alias, takeover::service(alias)?)));
    if let Some((alias, service)) = known.filter(|(_, service)| service.has_words()) {
        let fact = page(desk, host, alias, service).await;
        desk.saw(Observation::Claim { key: host.to_owned(), fact });
    }
}

/// Looks whether the domains of name servers that do not exist are there at all.
pub(crate) async fn servers(desk: &Desk<'_>, host: &str) {
    let answer = desk.ask(host, RecordType::NS).await;
    let servers = names(&answer, |data| match data {
        RecordData::Ns(name) => Some(name),
        _ => None,
    });
    join_all(servers.iter().take(SERVERS).map(|server| {
        Box::pin(async move {
            let answer = desk.ask(server, RecordType::A).await;
            if answer.seen().is_ok_and(|answer| answer.rcode == Rcode::NxDomain) {
                registered(desk, server).await;
            }
        })
    }))
    .await;
}

/// Asks for the name servers of the registered domain of a name: without it, anybody may register it.
async fn registered(desk: &Desk<'_>, name: &str) {
    if let Some(domain) = domain::registered(name).filter(|domain| !desk.ours(domain)) {
        desk.ask(&domain, RecordType::NS).await;
    }
}

async fn page(desk: &Desk<'_>, host: &str, alias: &str, service: &takeover::Service) -> Fact<Claim> {
    // Services answer for unclaimed names over http: they have no certificate for them.
    let plain = read(desk, host, &format!("http://{host}/"), alias, service).await;
    match plain {
        Ok((_, Some(next))) if next.starts_with(&format!("https://{host}/")) => {
            read(desk, host, &next, alias, service).await.map_or_else(Fact::Unseen, |(fact, _)| fact)
        }
        Ok((fact, _)) => fact,
        Err(unseen) => Fact::Unseen(unseen),
    }
}

/// One page, and where it sends visitors on to.
async fn read(
    desk: &Desk<'_>,
    host: &str,
    url: &str,
    alias: &str,
    service: &takeover::Service,
) -> Result<(Fact<Claim>, Option<String>), audit::Unseen> {
    let unfit = || Trouble::new(Why::Garbled, format!("{host} cannot be asked for over HTTP")).of(url);
    let mut ask = Ask::get("claim", Url::parse(url).map_err(|_| unfit())?);
    ask.cap = PAGE;
    let mut page = Vec::new();
    let exchange = look_into(desk, &ask, |part| page.extend_from_slice(part)).await;
    let seen = exchange.seen()?;
    let claim = Claim {
        service: service.name.clone(),
        alias: alias.to_owned(),
        url: seen.url.clone(),
        status: seen.status,
        unclaimed: service.unclaimed(&page).map(str::to_owned),
    };
    Ok((desk.seen(claim, seen.address.clone()), seen.location.clone()))
}
