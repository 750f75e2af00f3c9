//! Vantage: whether the network that the run looks from answers what nobody can answer, as login pages and filters do.

use crate::net::dial::Errand;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use crate::trace::Purpose;
use audit::Why;
use audit::facts::{Fact, Observation, Vantage};
use audit::read::certificate::Certificate;
use audit::read::text::clean;
use futures::future::join3;
use hickory_proto::rr::RecordType;
use http::header::{HeaderMap, LOCATION};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::time::timeout;
use url::Url;

/// An address that belongs to nobody (RFC 5737 §3): whoever answers there stands in the way.
const NOBODY: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
/// A network in the way is near and answers at once.
const NEAR: Duration = Duration::from_secs(2);

/// Looks at the network itself.
pub(crate) async fn look(desk: &Desk<'_>) {
    let label = desk.facts().scope.random_name.split('.').next().unwrap_or("nobody").to_owned();
    // RFC 6761 §6.4: nothing below "invalid" exists anywhere.
    let name = format!("{label}.invalid");
    let (answer, intercepted, sealed) = join3(
        Box::pin(desk.net.dns.ask(&name, RecordType::A)),
        Box::pin(intercepted(desk)),
        Box::pin(sealed(desk, &name)),
    )
    .await;
    let decoy = match answer {
        Fact::Seen { value, at, from } => Fact::Seen { value: value.addresses().collect::<Vec<IpAddr>>(), at, from },
        Fact::Unseen(unseen) => Fact::Unseen(unseen),
    };
    let unheard = desk.net.dns.unheard().await.map(|trouble| trouble.says);
    let fact = desk.seen(Vantage { decoy, intercepted, sealed, unheard }, "this machine");
    desk.saw(Observation::Vantage { fact });
}

async fn intercepted(desk: &Desk<'_>) -> Fact<Option<String>> {
    let limit = desk.plan.limits.connect.min(NEAR);
    // Silence, refusal and nonsense are all what an honest network has to say of this address.
    let answer = timeout(limit, Box::pin(knock(desk))).await.ok().and_then(Result::ok).flatten();
    desk.seen(answer, format!("http://{NOBODY}/"))
}

/// Who shows a certificate where nobody lives; a connection that is merely taken says nothing, since some tunnels take all of them.
async fn sealed(desk: &Desk<'_>, name: &str) -> Fact<Option<String>> {
    let limit = desk.plan.limits.connect.min(NEAR);
    let shown = timeout(limit, Box::pin(greet(desk, name))).await.ok().and_then(Result::ok);
    desk.seen(shown, format!("https://{NOBODY}/"))
}

async fn greet(desk: &Desk<'_>, name: &str) -> Result<String, Trouble> {
    let nobody = SocketAddr::from((NOBODY, 443));
    let host = nobody.ip().to_string();
    let errand = Errand::new(Purpose::Tls, &host);
    let stream = desk.net.dial.through(nobody, desk.net.dial.limits.connect, errand).await?;
    let handshake = desk.net.tls.look(stream, name, nobody).await?;
    let leaf = handshake.chain.first().and_then(|leaf| Certificate::read(leaf).ok());
    Ok(leaf.map_or_else(|| "an unreadable name".to_owned(), |leaf| clean(&leaf.subject, 120)))
}

async fn knock(desk: &Desk<'_>) -> Result<Option<String>, Trouble> {
    let url = Url::parse(&format!("http://{NOBODY}/"))
        .map_err(|error| Trouble::new(Why::Garbled, format!("no address to knock at ({error})")))?;
    let mut connection = desk.net.http.knock(NOBODY.into()).await?;
    let response = connection.get(&url, &HeaderMap::new()).await?;
    let status = response.status().as_u16();
    // A proxy that says it cannot get there tells the truth.
    if !matches!(status, 200 | 301 | 302 | 303 | 307 | 308 | 511) {
        return Ok(None);
    }
    let to = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    Ok(Some(match to {
        Some(to) => format!("{status} to {}", clean(to, 200)),
        None => status.to_string(),
    }))
}
