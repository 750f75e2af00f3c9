//! Who stands behind a name in an SPF record or an MX: the mail services of `assets/data/senders.toml`.

use crate::read::shipped::Shipped;
use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../../assets/data/senders.toml");

/// A service that sends or takes mail for other people's domains.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// As people call it.
    pub name: String,
    /// Domains whose SPF records are its own, each with everything below it.
    pub domains: Vec<String>,
    /// The domain that its customers include.
    #[serde(default)]
    pub include: Option<String>,
    /// Domains of its mail exchanges, each with everything below it.
    #[serde(default)]
    pub mx: Vec<String>,
    /// Where it explains its records.
    pub docs: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sender: Vec<Sender>,
}

static ALL: LazyLock<Result<File, String>> = LazyLock::new(|| Shipped::read(FILE).map(|list| list.rows));

/// All known services; the tests prove that the file can be read.
pub(super) fn all() -> &'static [Sender] {
    ALL.as_ref().map_or(&[], |file| file.sender.as_slice())
}

/// The service behind a domain that an SPF record names.
#[must_use]
pub fn of_domain(domain: &str) -> Option<&'static Sender> {
    longest(domain, |sender| &sender.domains)
}

/// The service behind a mail exchange.
#[must_use]
pub fn by_mx(exchange: &str) -> Option<&'static Sender> {
    longest(exchange, |sender| &sender.mx)
}

/// The service with the longest of its names that the asked one equals or lies below.
fn longest(name: &str, of: impl Fn(&'static Sender) -> &'static Vec<String>) -> Option<&'static Sender> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let fits = |suffix: &&String| {
        name.strip_suffix(suffix.as_str()).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let best = |sender| of(sender).iter().filter(fits).map(String::len).max().map(|length| (length, sender));
    all().iter().filter_map(best).max_by_key(|(length, _)| *length).map(|(_, sender)| sender)
}
