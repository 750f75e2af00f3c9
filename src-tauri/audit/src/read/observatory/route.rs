//! The redirection test: where plain HTTP leads.

use super::Test;
use crate::facts::Chain;
use url::Url;

pub(super) fn test(chain: Option<&Chain>) -> Test {
    let told = |result, modifier| super::test("redirection", result, modifier, modifier == 0);
    let hops = chain.map(|chain| chain.hops.as_slice()).unwrap_or_default();
    let route: Vec<Url> = hops.iter().filter_map(|hop| Url::parse(&hop.url).ok()).collect();
    let (Some(first), Some(last)) = (route.first(), route.last()) else {
        return told("redirection-not-needed-no-http", 0);
    };
    let Some(second) = route.get(1) else { return told("redirection-missing", -20) };
    if last.scheme() != "https" {
        told("redirection-not-to-https", -20)
    } else if second.scheme() == "http" {
        told("redirection-not-to-https-on-initial-redirection", -10)
    } else if first.host_str() != second.host_str() {
        told("redirection-off-host-from-http", -5)
    } else {
        told("redirection-to-https", 0)
    }
}
