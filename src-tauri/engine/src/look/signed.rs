//! The signed-in area: each address that a person named is asked for as a stranger, with the session, as a second client, and with the
//! lesser session. A parameter of our own keeps every question apart from the copies that caches hold for real visitors.

use super::probe::{Ask, Visitor, note, quietly};
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::Why;
use audit::facts::{Exchange, Fact};
use audit::read::door;
use audit::read::place::{self, APART, Kind, Place};
use audit::read::sketch::Sketch;
use audit::read::text::clean;
use futures::StreamExt;
use futures::stream;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use url::Url;

/// Places looked at at once.
const AT_ONCE: usize = 2;
/// Decoded bytes read of one answer.
const CAP: usize = 2 * 1024 * 1024;
/// Parameters by which lists are told how many entries to give.
const LIMITS: [&str; 5] = ["limit", "per_page", "page_size", "pageSize", "first"];
/// Entries asked for.
const GREED: &str = "100000";

/// Which questions are asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    copies: bool,
    lists: bool,
    roles: bool,
}

impl Parts {
    pub(crate) fn all() -> Self {
        Self { copies: true, lists: true, roles: true }
    }

    /// What either asks.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { copies: self.copies || other.copies, lists: self.lists || other.lists, roles: self.roles || other.roles }
    }

    /// What one check reads; none for checks that read nothing of this.
    pub(crate) fn of(check: &str) -> Option<Self> {
        let none = Self::default();
        match check {
            "auth.anonymous" => Some(none),
            "auth.roles" => Some(Self { roles: true, ..none }),
            "http.pagination" => Some(Self { lists: true, ..none }),
            "http.private_cache" => Some(Self { copies: true, ..none }),
            _ => None,
        }
    }
}

/// Looks at every place behind the login.
pub(crate) async fn look(desk: &Desk<'_>, parts: Parts) {
    let mut places = place::of(&desk.facts());
    places.retain(|place| place.kind.behind_login());
    let quiet = Mutex::default();
    let mut asked = stream::iter(places.iter().map(|place| {
        let visit = Visit { desk, place, quiet: &quiet };
        Box::pin(async move { visit.all(parts).await })
    }))
    .buffer_unordered(AT_ONCE);
    while asked.next().await.is_some() {}
}

/// One place being visited.
struct Visit<'a, 'd> {
    desk: &'a Desk<'d>,
    place: &'a Place,
    /// Hosts that asked to be left alone or fell silent, with what they said.
    quiet: &'a Mutex<BTreeMap<String, Why>>,
}

impl Visit<'_, '_> {
    async fn all(self, parts: Parts) {
        // The stranger comes first: nothing that a session fetched can have reached a cache yet.
        self.ask("anonymous", Visitor::Stranger, self.apart("stranger")).await;
        let mine = self.apart("session");
        let owner = self.ask("signed-in", Visitor::Owner, mine.clone()).await;
        let open = owner.seen().is_ok_and(|owner| (200..300).contains(&owner.status));
        if parts.copies && open {
            self.ask("second", Visitor::Second, mine).await;
        }
        let list = |fact: &Fact<Exchange>| fact.seen().is_ok_and(|exchange| exchange.body.items.is_some());
        if parts.lists && (self.place.kind == Kind::List || list(&owner)) {
            let whose = if self.desk.plan.session.is_some() { Visitor::Owner } else { Visitor::Stranger };
            self.ask("page-limit", whose, self.greedy()).await;
        }
        if parts.roles {
            self.ask("lesser", Visitor::Lesser, self.apart("lesser")).await;
        }
    }

    async fn ask(&self, probe: &'static str, visitor: Visitor, url: Url) -> Fact<Exchange> {
        let mut ask = Ask::get(probe, url);
        ask.visitor = visitor;
        ask.place = Some(self.place.url.clone());
        ask.cap = CAP;
        let fact = match self.kept_from(visitor) {
            Some(trouble) => Fact::Unseen(trouble.of(self.place.url.as_str())),
            None => self.see(&ask).await,
        };
        if let Err(unseen) = fact.seen()
            && matches!(unseen.why, Why::Busy | Why::Challenged | Why::Timeout)
        {
            self.hosts().entry(self.host()).or_insert(unseen.why);
        }
        note(self.desk, &ask, fact.clone());
        fact
    }

    /// Why nothing is asked at all.
    fn kept_from(&self, visitor: Visitor) -> Option<Trouble> {
        let plan = self.desk.plan;
        let session = match visitor {
            Visitor::Stranger | Visitor::Second => return self.left_alone(),
            Visitor::Owner => plan.session.as_ref(),
            Visitor::Lesser => plan.lesser.as_ref(),
        };
        let Some(session) = session else {
            return Some(if visitor == Visitor::Lesser {
                Trouble::new(Why::NoSession, "no session of an ordinary user was given")
                    .with_way("sign in as an ordinary user and give that cookie or token beside the first")
            } else {
                Trouble::new(Why::NoSession, "no session was given for this address")
            });
        };
        if session.headers(&self.place.url, &self.place.url).is_empty() {
            let trouble = Trouble::new(Why::Forbidden, "a session is never sent over plain http");
            return Some(trouble.with_way("name the address with https"));
        }
        let routed = || plan.sampled_routes().iter().any(|route| route.origin() == self.place.url.origin());
        if !self.desk.ours(&self.host()) && !routed() {
            let says = format!("a session is sent to hosts of {} only", self.desk.apex());
            return Some(Trouble::new(Why::Forbidden, says).with_way("make a project of its own for that domain"));
        }
        self.left_alone()
    }

    /// Whether the host asked to be left alone before.
    fn left_alone(&self) -> Option<Trouble> {
        self.hosts().get(&self.host()).map(|why| {
            let says = format!("{} asked to be left alone, or fell silent, at an earlier question", self.host());
            Trouble::new(*why, says)
        })
    }

    /// Asks, sketches the body, and looks for the word of the place in it.
    async fn see(&self, ask: &Ask) -> Fact<Exchange> {
        let mut sketch = Sketch::new(&self.desk.seed);
        let mut search = Search::new(self.place.word.as_deref());
        let fact = quietly(
            self.desk,
            ask,
            |_| true,
            |part| {
                sketch.feed(part);
                search.feed(part);
            },
        )
        .await;
        match fact {
            Fact::Seen { mut value, at, from } => {
                value.body.sketch = sketch.finish();
                value.body.signs.extend(search.found.then(|| door::WORD.to_owned()));
                Fact::Seen { value, at, from }
            }
            Fact::Unseen(mut unseen) => {
                unseen.what = clean(self.place.url.as_str(), 400);
                Fact::Unseen(unseen)
            }
        }
    }

    fn host(&self) -> String {
        self.place.url.host_str().unwrap_or_default().to_owned()
    }

    fn hosts(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Why>> {
        self.quiet.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The address with a parameter that nobody else uses.
    fn apart(&self, whose: &str) -> Url {
        let digest =
            Sha256::new().chain_update(whose).chain_update(self.desk.seed).chain_update(self.place.url.as_str());
        let word = digest.finalize().iter().take(6).fold(String::new(), |word, byte| format!("{word}{byte:02x}"));
        let mut url = self.place.url.clone();
        url.query_pairs_mut().append_pair(APART, &word);
        url
    }

    /// The address asked for more entries than anybody needs.
    fn greedy(&self) -> Url {
        let mut url = self.place.url.clone();
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let known: Vec<&str> = LIMITS.into_iter().filter(|name| pairs.iter().any(|(own, _)| own == name)).collect();
        let raised: Vec<&str> = if known.is_empty() { LIMITS.to_vec() } else { known };
        let kept = pairs.iter().filter(|(name, _)| !raised.contains(&name.as_str()));
        let kept: Vec<(String, String)> = kept.cloned().collect();
        url.query_pairs_mut().clear().extend_pairs(kept).extend_pairs(raised.iter().map(|name| (name, GREED)));
        let digest = Sha256::new().chain_update(b"greedy").chain_update(self.desk.seed).finalize();
        url.query_pairs_mut().append_pair(APART, &format!("{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2]));
        url
    }
}

/// Looks for a word in bytes that come in parts.
struct Search<'a> {
    word: &'a [u8],
    tail: Vec<u8>,
    found: bool,
}

impl<'a> Search<'a> {
    fn new(word: Option<&'a str>) -> Self {
        Self { word: word.unwrap_or_default().as_bytes(), tail: Vec::new(), found: false }
    }

    fn feed(&mut self, part: &[u8]) {
        if self.word.is_empty() || self.found {
            return;
        }
        self.tail.extend_from_slice(part);
        self.found = self.tail.windows(self.word.len()).any(|window| window == self.word);
        let keep = self.tail.len().min(self.word.len() - 1);
        self.tail.drain(..self.tail.len() - keep);
    }
}

#[cfg(test)]
mod tests {
    use super::{Parts, Search, look};
    use crate::look::probe::{Ask, Visitor, signs_in};
    use crate::testing::{Answer as Answered, Manner, PUBLIC, a, desk, names, plan, web, world};
    use crate::{Secret, Session};
    use audit::Why;
    use audit::facts::{Answer, Choice};
    use audit::read::place;
    use hickory_proto::rr::RecordType;
    use std::sync::{Arc, Mutex};
    use url::Url;

    /// Two projects, each with a session and a place; one person typed the address of the other's product.
    #[tokio::test]
    async fn a_session_never_goes_to_the_hosts_of_another_project() {
        let zone =
            |name: &str, rtype| Answered::Records(if rtype == RecordType::A { vec![a(name, PUBLIC)] } else { vec![] });
        let (names, _) = names(zone).await;
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = heads.clone();
        let (web, _) = web(move |_, head| {
            kept.lock().unwrap().push(head.to_owned());
            Manner::Says(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]".to_vec())
        })
        .await;
        let mut plan = plan();
        plan.session = Session::new(Some(Secret::new("desk=of-project-a".to_owned())), None);
        let world = world(names, web);
        let (desk, _events) = desk(&plan, &world);
        let rows = ["https://app.site.test/account", "https://other.test/account", "https://notsite.test/account"];
        let rows = rows.map(|address| (address.to_owned(), "data".to_owned()));
        let text = String::new;
        let (choice, at) = (Choice::Yes, jiff::Timestamp::UNIX_EPOCH);
        let answer = Answer { choice, note: text(), evidence: text(), owner: text(), rows: rows.into(), at };
        desk.facts().answers.insert(place::KEY.to_owned(), answer);
        let sent = |address: &str| {
            let mut ask = Ask::get("test", Url::parse(address).unwrap());
            ask.visitor = Visitor::Owner;
            signs_in(&desk, &ask)
        };
        assert!(sent("https://app.site.test/account") && sent("https://app.site.test/other"));
        for foreign in ["https://other.test/account", "https://notsite.test/account", "https://site.test.other.test/"] {
            assert!(!sent(foreign), "{foreign}");
        }
        look(&desk, Parts::all()).await;
        let facts = desk.close();
        for foreign in ["https://other.test/account", "https://notsite.test/account"] {
            let why = facts.exchanges[&format!("signed-in {foreign}")].seen().unwrap_err();
            assert_eq!(why.why, Why::Forbidden, "{foreign}");
        }
        assert!(heads.lock().unwrap().iter().all(|head| !head.contains("of-project-a")));
    }

    #[test]
    fn a_word_is_found_across_parts() {
        let found = |word: Option<&str>, parts: &[&str]| {
            let mut search = Search::new(word);
            parts.iter().for_each(|part| search.feed(part.as_bytes()));
            search.found
        };
        assert!(found(Some("Acme GmbH"), &["<p>Ac", "me G", "mbH</p>"]));
        assert!(!found(Some("Acme GmbH"), &["<p>Acme", "</p>GmbH"]));
        assert!(!found(None, &["Acme"]) && found(Some("x"), &["", "x"]));
    }
}
