//! The record of a run's exchanges: when each began and ended, what it took from earlier answers and what its own answer told. From
//! it comes the longest chain of exchanges of which each had to wait for the answer of the one before.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

tokio::task_local! {
    /// The answer that the exchanges of a piece of work come from, where what they take was known to others before.
    static CAUSE: String;
}

/// Does work whose exchanges all come from one answer.
pub(crate) async fn because<F: Future>(answer: &str, work: F) -> F::Output {
    CAUSE.scope(answer.to_owned(), work).await
}

/// Why a TCP connection is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// To ask for pages and files over HTTP or HTTPS.
    Http,
    /// To see how a server greets over TLS; nothing is asked for on it.
    Tls,
    /// To speak with a mail server.
    Mail,
    /// To ask a name server or resolver over a stream.
    Names,
}

/// One going out and coming back on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A TCP connection.
    Connection(Purpose),
    /// A TLS handshake, or the greeting that probes one.
    Greeting,
    /// A question of DNS and its answer, over whatever carries it.
    Question,
    /// A request of HTTP and the head of its answer.
    Request,
}

/// An exchange as it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// What kind it was.
    pub kind: Kind,
    /// With whom, before any routing of the wire.
    pub to: SocketAddr,
    /// What it was about, for people.
    pub what: String,
    /// Since the trace began.
    pub began: Duration,
    /// Since the trace began; none when no answer came.
    pub ended: Option<Duration>,
    takes: Vec<String>,
    told: Vec<String>,
}

/// Keeps the exchanges of a run when it is switched on; off, it costs nothing.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    log: Option<Arc<Log>>,
}

#[derive(Debug)]
struct Log {
    begun: Instant,
    exchanges: Mutex<Vec<Exchange>>,
}

impl Trace {
    /// A trace that keeps what happens.
    #[must_use]
    pub fn on() -> Self {
        Self { log: Some(Arc::new(Log { begun: Instant::now(), exchanges: Mutex::default() })) }
    }

    /// Every exchange in the order of their beginnings.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        let mut all = self.log.as_ref().map(|log| log.all().clone()).unwrap_or_default();
        all.sort_by_key(|exchange| exchange.began);
        all
    }

    /// TCP connections by address and purpose.
    #[must_use]
    pub fn connections(&self) -> BTreeMap<(IpAddr, Purpose), u32> {
        let mut counts = BTreeMap::new();
        for exchange in self.exchanges() {
            if let Kind::Connection(purpose) = exchange.kind {
                *counts.entry((exchange.to.ip(), purpose)).or_insert(0) += 1;
            }
        }
        counts
    }

    /// The longest chain of exchanges in which each takes something that the answer before it told: the time that a run would need
    /// which does everything at once as soon as it knows enough to.
    ///
    /// What an exchange takes is a name, an address, a URL or a connection, or the answer itself where it follows a redirect. Only answers that were there before it began can have
    /// told it, and of several the one with the shortest chain counts. What anybody used before anyone had told it was known from
    /// the start. So an order that is mere habit or politeness adds nothing to the chain, and neither does waiting for a turn.
    #[must_use]
    pub fn chain(&self) -> Vec<Exchange> {
        let all = self.exchanges();
        let mut used: HashMap<&str, Duration> = HashMap::new();
        let mut tellers: HashMap<&str, Vec<usize>> = HashMap::new();
        for (place, exchange) in all.iter().enumerate() {
            for taken in &exchange.takes {
                used.entry(taken).and_modify(|first| *first = (*first).min(exchange.began)).or_insert(exchange.began);
            }
            for told in &exchange.told {
                tellers.entry(told).or_default().push(place);
            }
        }
        let before = |place: usize, moment: Duration| all[place].ended.is_some_and(|ended| ended <= moment);
        // The exchanges stand in the order of their beginnings, so whoever told something is measured already.
        let mut depths: Vec<(u32, Option<usize>)> = Vec::with_capacity(all.len());
        for exchange in &all {
            let told = exchange.takes.iter().filter_map(|taken| {
                let tellers = tellers.get(taken.as_str())?;
                let known = tellers.iter().all(|teller| !before(*teller, used[taken.as_str()]));
                let able = tellers.iter().copied().filter(|teller| before(*teller, exchange.began));
                able.min_by_key(|teller| depths[*teller].0).filter(|_| !known)
            });
            let last = told.max_by_key(|teller| depths[*teller].0);
            depths.push((1 + last.map_or(0, |teller| depths[teller].0), last));
        }
        let mut chain = Vec::new();
        let deepest = (0..all.len()).filter(|place| all[*place].ended.is_some()).max_by_key(|place| depths[*place].0);
        let mut next = deepest;
        while let Some(place) = next {
            chain.push(all[place].clone());
            next = depths[place].1;
        }
        chain.reverse();
        chain
    }

    /// The way that led to the exchange that ended last before this moment: each with the answer that first told the last thing it needed,
    /// and how long it waited after that answer for a turn, for its place in an order, or for the machine.
    #[must_use]
    pub fn way(&self, until: Duration) -> Vec<(Duration, Exchange)> {
        let all = self.exchanges();
        let mut first: HashMap<&str, &Exchange> = HashMap::new();
        let mut used: HashMap<&str, Duration> = HashMap::new();
        for exchange in &all {
            let earlier = |other: &&mut &Exchange| exchange.ended.is_some() && exchange.ended < other.ended;
            for told in exchange.told.iter().filter(|_| exchange.ended.is_some()) {
                let held = first.entry(told).or_insert(exchange);
                if let Some(held) = Some(held).filter(earlier) {
                    *held = exchange;
                }
            }
            for taken in &exchange.takes {
                used.entry(taken).or_insert(exchange.began);
            }
        }
        let in_time = |exchange: &&Exchange| exchange.ended.is_some_and(|ended| ended <= until);
        let mut next = all.iter().filter(in_time).max_by_key(|exchange| exchange.ended);
        let mut way = Vec::new();
        while let Some(exchange) = next {
            let tellers = exchange.takes.iter().filter_map(|taken| {
                // What was used before anyone had told it was known from the start.
                let teller = first.get(taken.as_str()).copied()?;
                (teller.ended <= used.get(taken.as_str()).copied().map(Some)?).then_some(teller)
            });
            next = tellers.max_by_key(|other| other.ended);
            let ready = next.and_then(|other| other.ended).unwrap_or_default();
            way.push((exchange.began.saturating_sub(ready), exchange.clone()));
        }
        way.reverse();
        way
    }

    /// Notes that an exchange begins, and what it takes from others.
    pub(crate) fn begin(&self, kind: Kind, to: SocketAddr, of: impl FnOnce() -> (String, Vec<String>)) -> Span {
        let Some(log) = self.log.clone() else { return Span(None) };
        let (what, mut takes) = of();
        takes.extend(CAUSE.try_with(Clone::clone).ok().filter(|answer| !answer.is_empty()));
        let began = log.begun.elapsed();
        let mut all = log.all();
        all.push(Exchange { kind, to, what, began, ended: None, takes, told: Vec::new() });
        let place = all.len() - 1;
        drop(all);
        Span(Some((log, place)))
    }

    /// Adds to what the last answer to a request for this URL told, once its body was read.
    pub(crate) fn told<T: AsRef<str>>(&self, url: &str, words: impl IntoIterator<Item = T>) {
        let Some(log) = &self.log else { return };
        let asked = |exchange: &&mut Exchange| exchange.kind == Kind::Request && exchange.what == url;
        if let Some(exchange) = log.all().iter_mut().rev().find(asked) {
            exchange.told.extend(words.into_iter().flat_map(|word| both(word.as_ref())));
        }
    }
}

impl Log {
    fn all(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An exchange under way.
pub(crate) struct Span(Option<(Arc<Log>, usize)>);

impl Span {
    /// Notes that the answer is there, and what it told; gives the word by which others name this answer as their cause.
    pub(crate) fn end<T: Into<String>>(self, words: impl FnOnce() -> Vec<T>) -> String {
        let Some((log, place)) = self.0 else { return String::new() };
        let answer = format!("answer {place}");
        let told: Vec<String> = words().into_iter().map(Into::into).flat_map(|word| both(&word)).collect();
        let ended = log.begun.elapsed();
        if let Some(exchange) = log.all().get_mut(place) {
            exchange.ended = Some(ended);
            exchange.told.extend(told);
            exchange.told.push(answer.clone());
        }
        answer
    }
}

/// A URL tells its host as well.
fn both(word: &str) -> Vec<String> {
    let host = url::Url::parse(word).ok().and_then(|url| url.host_str().map(str::to_owned));
    std::iter::once(word.to_owned()).chain(host).collect()
}

#[cfg(test)]
mod tests {
    use super::{Kind, Purpose, Trace};
    use std::net::SocketAddr;

    fn at() -> SocketAddr {
        SocketAddr::from(([192, 0, 2, 1], 443))
    }

    fn exchange(trace: &Trace, what: &str, takes: &[&str], told: &[&str]) {
        let span =
            trace.begin(Kind::Request, at(), || (what.to_owned(), takes.iter().map(|t| (*t).to_owned()).collect()));
        span.end(|| told.to_vec());
    }

    fn chain(trace: &Trace) -> Vec<String> {
        trace.chain().into_iter().map(|exchange| exchange.what).collect()
    }

    #[test]
    fn only_what_an_answer_told_makes_a_chain() {
        let trace = Trace::on();
        exchange(&trace, "a", &[], &["b.test"]);
        exchange(&trace, "habit", &["known.test"], &[]);
        exchange(&trace, "b", &["b.test"], &["https://c.test/x"]);
        exchange(&trace, "c", &["c.test"], &[]);
        exchange(&trace, "late habit", &["known.test"], &[]);
        assert_eq!(chain(&trace), ["a", "b", "c"]);
    }

    #[test]
    fn what_was_used_before_it_was_told_was_known() {
        let trace = Trace::on();
        exchange(&trace, "early", &["app.test"], &[]);
        exchange(&trace, "page", &[], &["app.test"]);
        exchange(&trace, "later", &["app.test"], &[]);
        assert_eq!(trace.chain().len(), 1);
    }

    #[test]
    fn the_shortest_way_to_know_counts() {
        let trace = Trace::on();
        exchange(&trace, "a", &[], &["b"]);
        exchange(&trace, "b", &["b"], &["c"]);
        exchange(&trace, "direct", &[], &["c"]);
        exchange(&trace, "c", &["c"], &[]);
        assert_eq!(trace.chain().len(), 2);
    }

    #[test]
    fn the_way_to_the_end_goes_by_what_was_told_first_of_each_need_and_last_of_all() {
        let trace = Trace::on();
        exchange(&trace, "a", &[], &["b"]);
        exchange(&trace, "other", &[], &["b"]);
        exchange(&trace, "last", &[], &["c"]);
        exchange(&trace, "b", &["b", "c", "known"], &[]);
        exchange(&trace, "teller of the known", &[], &["known"]);
        exchange(&trace, "d", &["b", "known"], &["d"]);
        exchange(&trace, "end", &["d", "c"], &[]);
        let until = trace.exchanges().iter().filter_map(|exchange| exchange.ended).max().unwrap();
        exchange(&trace, "after", &[], &[]);
        let way: Vec<String> = trace.way(until).into_iter().map(|(_, exchange)| exchange.what).collect();
        assert_eq!(way, ["a", "d", "end"]);
    }

    #[test]
    fn an_exchange_without_an_answer_tells_nothing() {
        let trace = Trace::on();
        drop(trace.begin(Kind::Connection(Purpose::Http), at(), || (String::new(), Vec::new())));
        assert_eq!(trace.chain(), []);
        assert_eq!(trace.connections()[&(at().ip(), Purpose::Http)], 1);
        assert_eq!(Trace::default().exchanges(), []);
    }
}
