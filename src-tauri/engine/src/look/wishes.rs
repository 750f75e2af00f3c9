//! What a project's own rows expect: the answers of its own hosts and the records of its zone, each asked for once.

use super::probe::{Ask, note, quietly};
use crate::run::Desk;
use audit::facts::Fact;
use audit::own::{HttpWish, PROBE, sign};
use futures::future::join_all;
use hickory_proto::rr::RecordType;
use memchr::memmem;
use std::collections::{BTreeMap, BTreeSet};
use tokio::time::sleep;
use url::Url;

/// Decoded bytes read of one page.
const PAGE: usize = 1024 * 1024;

/// Looks at everything that own rows expect: one page after another, none faster than samples are taken.
pub(crate) async fn look(desk: &Desk<'_>) {
    let Some(own) = &desk.plan.own else { return };
    let mut pages: BTreeMap<&str, Vec<&HttpWish>> = BTreeMap::new();
    for wish in own.rows.iter().flat_map(|row| &row.http) {
        pages.entry(wish.url.as_str()).or_default().push(wish);
    }
    let records = own.rows.iter().flat_map(|row| &row.dns);
    let records: BTreeSet<(&str, &str)> = records.map(|wish| (wish.name.as_str(), wish.rtype.as_str())).collect();
    futures::join!(
        Box::pin(async {
            for (url, wishes) in pages {
                page(desk, url, &wishes).await;
                sleep(desk.plan.pace).await;
            }
        }),
        Box::pin(join_all(records.into_iter().map(|(name, rtype)| async move {
            if let Ok(rtype) = rtype.parse::<RecordType>() {
                desk.ask(name, rtype).await;
            }
        }))),
    );
}

/// One page, and which of the expected words are in it. Only that is kept, never the page.
async fn page(desk: &Desk<'_>, url: &str, wishes: &[&HttpWish]) {
    // The file names hosts of the domain only; facts of another project could have brought others.
    let Some(url) = Url::parse(url).ok().filter(|url| url.host_str().is_some_and(|host| desk.ours(host))) else {
        return;
    };
    let mut ask = Ask::get(PROBE, url);
    ask.cap = PAGE;
    let mut body = Vec::new();
    let mut fact = quietly(desk, &ask, |_| true, |part| body.extend_from_slice(part)).await;
    if let Fact::Seen { value, .. } = &mut fact {
        let words: BTreeSet<&str> = wishes.iter().filter_map(|wish| wish.contains.as_deref()).collect();
        let told = words.into_iter().map(|words| sign(words, memmem::find(&body, words.as_bytes()).is_some()));
        value.body.signs.extend(told);
    }
    note(desk, &ask, fact);
}
