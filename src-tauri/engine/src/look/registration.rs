//! The registry: where it answers (the list of IANA, or the copy inside the program), and what it says about the domain (RFC 9083).

use crate::net::fetch::{Fetched, fetch};
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::Why;
use audit::facts::{Fact, Observation, Registration};
use audit::read::domain::registered;
use audit::read::rdap::{self, Directory};
use futures::future::join3;
use hickory_proto::rr::RecordType;
use std::path::Path;
use std::time::Duration;
use url::Url;

/// What an RDAP server is asked for (RFC 7480 §4.2).
const ACCEPT: &str = "application/rdap+json, application/json;q=0.9";
/// The list is about 80 KB.
const LIST: usize = 2 * 1024 * 1024;
/// Answers about a domain are a few KB.
const ANSWER: usize = 256 * 1024;
/// The list changes a few times a week (RFC 9224 §8 leaves the time to the client).
const FRESH: Duration = Duration::from_secs(24 * 3600);
/// The name of the kept list.
const KEPT: &str = "rdap-dns.json";

/// Looks at the registration of the domain, and at the DS records that go with it.
pub(crate) async fn look(desk: &Desk<'_>) {
    let Some(domain) = registered(desk.apex()) else { return };
    let what = format!("registration of {domain}");
    let work = async {
        match see(desk, &domain).await {
            Ok((value, from)) => desk.seen(value, from),
            Err(trouble) => Fact::Unseen(trouble.of(&what)),
        }
    };
    let (fact, ..) = join3(
        desk.job(&what, Box::pin(work)),
        Box::pin(desk.ask(&domain, RecordType::DS)),
        Box::pin(desk.ask(&domain, RecordType::A)),
    )
    .await;
    desk.saw(Observation::Registration { fact });
}

async fn see(desk: &Desk<'_>, domain: &str) -> Result<(Registration, String), Trouble> {
    let (list, trouble) = directory(desk).await;
    let listed = list.listed.clone();
    let Some(server) = list.server(domain).map(str::to_owned) else {
        // A copy that does not hold the ending says nothing about the ending.
        return match trouble {
            Some(trouble) => Err(trouble.with_way("run the audit again where data.iana.org can be reached")),
            None => Ok((
                Registration { domain: domain.to_owned(), server: None, listed, record: None },
                rdap::IANA.to_owned(),
            )),
        };
    };
    let base = Url::parse(&server).map_err(|_| odd(&server, "is no usable address of an RDAP server"))?;
    let url =
        base.join(&format!("domain/{domain}")).map_err(|_| odd(&server, "is no usable address of an RDAP server"))?;
    desk.net.dial.trace.told(rdap::IANA, [url.as_str()]);
    let Fetched { status, body } = fetch(desk, &url, ACCEPT, ANSWER).await?;
    let record = match status {
        200 => Some(
            rdap::domain(&body).map_err(|why| odd(&server, &format!("sent an answer that cannot be read: {why}")))?,
        ),
        404 => None,
        other => return Err(odd(&server, &format!("answered with the status {other}"))),
    };
    let from = url.host_str().unwrap_or_default().to_owned();
    Ok((Registration { domain: domain.to_owned(), server: Some(server), listed, record }, from))
}

fn odd(server: &str, says: &str) -> Trouble {
    Trouble::new(Why::Garbled, format!("{server} {says}"))
        .with_way("run the audit again later, or look at your registrar")
}

/// The list to go by, and why the published one is not it.
async fn directory(desk: &Desk<'_>) -> (Directory, Option<Trouble>) {
    let place = desk.world.kept.as_ref().map(|folder| folder.join(KEPT));
    if let Some(list) = place.as_deref().and_then(|place| kept(place, desk)) {
        return (list, None);
    }
    match published(desk).await {
        Ok((list, bytes)) => {
            if let Some(place) = place {
                // A list that cannot be kept is fetched again next time.
                drop(std::fs::write(place, bytes));
            }
            (list, None)
        }
        Err(trouble) => (Directory::shipped().clone(), Some(trouble)),
    }
}

async fn published(desk: &Desk<'_>) -> Result<(Directory, Vec<u8>), Trouble> {
    let unfit = |why: &str| odd(rdap::IANA, &format!("sent a list that cannot be read: {why}"));
    let url = Url::parse(rdap::IANA).map_err(|_| unfit("its address is wrong"))?;
    let fetched = fetch(desk, &url, "application/json", LIST).await?;
    if fetched.status != 200 {
        return Err(unfit(&format!("the status is {}", fetched.status)));
    }
    let list = Directory::read(&fetched.body).map_err(|why| unfit(&why))?;
    Ok((list, fetched.body))
}

/// The kept list, when it is of the last day.
fn kept(place: &Path, desk: &Desk<'_>) -> Option<Directory> {
    let about = std::fs::metadata(place).ok().filter(|about| about.len() <= LIST as u64)?;
    let written = jiff::Timestamp::try_from(about.modified().ok()?).ok()?;
    let age = u64::try_from(desk.world.now().as_second() - written.as_second()).ok()?;
    (age <= FRESH.as_secs()).then(|| Directory::read(&std::fs::read(place).ok()?).ok()).flatten()
}
