//! Whether redirects keep what was asked for: one deep address with a query at each form of the domain that sends people on.

use super::probe::{Ask, look};
use crate::run::Desk;
use audit::facts::{Chain, Fact};
use url::Url;

/// An address that no site has; a redirect by host or scheme answers it all the same.
const DEEP: &str = "launch-ready/kept?page=2";

/// Asks a host over plain HTTP, or over HTTPS where its first page leads to another host.
pub(crate) async fn look_at(desk: &Desk<'_>, scheme: &str, host: &str, chain: &Fact<Chain>) {
    let first = chain.seen().ok().and_then(|chain| chain.hops.first());
    let Some(to) = first.and_then(|hop| hop.location.as_deref()).and_then(|to| Url::parse(to).ok()) else { return };
    let away = scheme == "http" || to.host_str() != Some(host);
    let Some(url) = Url::parse(&format!("{scheme}://{host}/{DEEP}")).ok().filter(|_| away) else { return };
    look(desk, &Ask::get("kept", url)).await;
}
