//! One round through a journey: values are filled in, redirects followed as told, answers held against what the file expects.

use super::jar::Jar;
use super::mail;
use super::trade::{Question, Reply, Trade, micros};
use super::{consent, may_ask};
use crate::journey::Trip;
use crate::look::http::Next;
use crate::net::http::host;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::facts::{JourneyEnd, JourneySeen, Miss, StepHop, StepSeen, StepTimes, Stop};
use audit::read::journey::{Answer, Body, Capture, Journey, SECRET, Step, Taken, Template, Who, filled};
use audit::read::text::clean;
use audit::{Unseen, Why};
use bytes::Bytes;
use http::Method;
use http::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, ORIGIN, REFERER};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;
use tokio::time::sleep;
use url::{Url, form_urlencoded};

/// What stands for more than itself within a part of an address: all but the unreserved characters (RFC 3986 §2.3).
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Redirects followed in one step.
const REDIRECTS: usize = 10;
/// Shortest value that is looked for in what is told; shorter ones stand everywhere.
const TOLD: usize = 4;
/// Part of a path that is longer than this is no word but a token, and is not told.
const WORD: usize = 32;
/// Shortest part of a link that came by mail which is taken for a token.
const TOKEN: usize = 8;

/// One round.
pub(super) struct Walk<'a, 'd> {
    desk: &'a Desk<'d>,
    trip: &'a Trip,
    by: Option<String>,
    trade: Trade<'a, 'd>,
    jar: Jar,
    /// Sent to the origin of the journey's base: the token of its session.
    bearer: HeaderMap,
    values: BTreeMap<String, Taken>,
    /// Parts of the links that came by mail: each may be a key to an account.
    tokens: BTreeSet<String>,
    /// The page that the visitor looks at.
    page: Option<Url>,
}

impl<'a, 'd> Walk<'a, 'd> {
    pub(super) fn new(desk: &'a Desk<'d>, trip: &'a Trip, by: Option<String>, round: u8) -> Self {
        let journey = trip.journey();
        let session = match journey.session {
            Some(Who::Owner) => desk.plan.session.as_ref(),
            Some(Who::Lesser) => desk.plan.lesser.as_ref(),
            None => None,
        };
        let (mut jar, mut bearer) = (Jar::default(), HeaderMap::new());
        if let Some(session) = session {
            let (cookies, token) = session.parts(&journey.base, &journey.base);
            jar.begin(&journey.base, cookies);
            bearer = token;
        }
        let run = run(&desk.seed, &journey.name, round);
        let email = match journey.mailbox.as_deref().and_then(|mailbox| mailbox.split_once('@')) {
            Some((name, domain)) => format!("{name}+{run}@{domain}"),
            // No mail can reach it (RFC 6761 §6.4), so none bounces.
            None => format!("{run}@probe.invalid"),
        };
        let text = |text| Taken { text, bare: false };
        let values = BTreeMap::from([("run".to_owned(), text(run)), ("email".to_owned(), text(email))]);
        let (trade, tokens) = (Trade::new(desk), BTreeSet::new());
        Self { desk, trip, by, trade, jar, bearer, values, tokens, page: None }
    }

    /// Takes every step, until one fails or is lost.
    pub(super) async fn all(mut self) -> (JourneySeen, String) {
        let journey = self.trip.journey();
        let (mut steps, mut end) = (Vec::new(), JourneyEnd::Whole);
        for (place, step) in journey.steps.iter().enumerate() {
            self.desk.mark(&format!("{}: {}", journey.name, step.name));
            self.trade.at = None;
            if place > 0 {
                sleep(self.desk.plan.pace).await;
            }
            match self.step(step).await {
                Ok(seen) => {
                    let goes_on = seen.goes_on();
                    steps.push(seen);
                    if !goes_on {
                        end = JourneyEnd::Failed;
                        break;
                    }
                }
                Err(trouble) => {
                    end = JourneyEnd::Lost { step: step.name.clone(), unseen: self.masked(&trouble.of(step.what())) };
                    break;
                }
            }
        }
        let stop = self.trade.at.take().filter(|_| end != JourneyEnd::Whole).map(|(url, reached)| {
            let (asked, base) = (host(&url), host(&journey.base));
            Stop { own: asked == base || self.desk.ours(&asked), host: clean(&asked, 200), reached }
        });
        let total: u32 = steps.iter().map(|step: &StepSeen| step.times.total).fold(0, u32::saturating_add);
        let seen = JourneySeen {
            kind: journey.kind,
            steps,
            planned: u32::try_from(journey.steps.len()).unwrap_or(u32::MAX),
            took_ms: total / 1_000,
            within_ms: journey.within_ms,
            by: self.by.take(),
            slow: self.desk.plan.slow,
            earlier: None,
            end,
            stop,
        };
        (seen, std::mem::take(&mut self.trade.from))
    }

    async fn step(&mut self, step: &Step) -> Result<StepSeen, Trouble> {
        let mut question = self.question(step)?;
        let (mut hops, mut misses) = (Vec::new(), Vec::new());
        let mut times = StepTimes::default();
        let mut been = BTreeSet::new();
        let begun = Instant::now();
        let reply = loop {
            self.permit(&question)?;
            let sent = self.dressed(&question);
            let cookies = sent.headers.get(COOKIE).map(|value| value.as_bytes().to_vec());
            been.insert((question.method.to_string(), question.url.to_string(), cookies));
            let reply = self.trade.ask(&sent, &step.expect.status, &mut times).await?;
            self.jar.take(&question.url, &reply.headers);
            hops.push(StepHop { url: self.shown(&question.url), status: reply.status });
            let Next::There(to) = &reply.next else { break reply };
            if !step.follow {
                break reply;
            }
            let onward = self.onward(&question, &reply, to);
            if question.url.scheme() == "https" && to.scheme() == "http" {
                misses.push(Miss::Unencrypted { host: clean(&host(to), 200) });
                break reply;
            }
            let cookies = self.jar.header(to).map(|value| value.as_bytes().to_vec());
            let back = been.contains(&(onward.method.to_string(), onward.url.to_string(), cookies));
            if back || hops.len() > REDIRECTS {
                let count = u32::try_from(hops.len()).unwrap_or(u32::MAX);
                misses.push(Miss::Redirects { count, back_to: back.then(|| self.shown(to)) });
                break reply;
            }
            question = onward;
        };
        times.total = micros(begun.elapsed());
        if let Next::Nowhere(_) = &reply.next
            && step.follow
        {
            return Err(Trouble::new(Why::Garbled, "it is sent on to something that is no web address"));
        }
        if misses.is_empty() {
            misses = self.judged(step, &question.url, &reply)?;
        }
        if let Some(within_ms) = step.expect.within_ms
            && times.total / 1_000 > within_ms
        {
            misses.push(Miss::Slow { within_ms, took_ms: times.total / 1_000 });
        }
        self.page = Some(question.url);
        if misses.iter().all(|miss| matches!(miss, Miss::Slow { .. })) {
            misses.extend(self.mails(step).await?);
        }
        let within_ms = step.expect.within_ms;
        Ok(StepSeen { name: step.name.clone(), what: clean(&step.what(), 300), hops, times, within_ms, misses })
    }

    /// Waits for the mails that a step takes links from.
    async fn mails(&mut self, step: &Step) -> Result<Option<Miss>, Trouble> {
        for (name, capture) in &step.captures {
            let Capture::Mail(part) = capture else { continue };
            let word = self.value("run").unwrap_or_default().to_owned();
            let text = match mail::wait(self.desk, name, part, &word).await? {
                Ok(link) => link,
                Err(miss) => return Ok(Some(miss)),
            };
            if let Ok(link) = Url::parse(&text) {
                let parts = link.path_segments().into_iter().flatten().filter(|part| part.len() >= TOKEN);
                let token = |part: &&str| part.bytes().any(|byte| byte.is_ascii_digit());
                self.tokens.extend(parts.filter(token).map(str::to_owned));
            }
            self.values.insert(name.clone(), Taken { text, bare: false });
        }
        Ok(None)
    }

    /// Holds the last answer against the file, and takes from it what later steps need.
    fn judged(&mut self, step: &Step, url: &Url, reply: &Reply) -> Result<Vec<Miss>, Trouble> {
        let (headers, cookies) = (reply.text(), self.jar.all());
        let answer = Answer::new((url, reply.status), &headers, (&reply.body, reply.truncated), &cookies);
        let long = |what: &str| {
            let says =
                format!("the answer is longer than what is read of it, so {what} was neither found nor ruled out");
            Trouble::new(Why::Beyond, says)
                .with_way("let the step ask for a shorter page, or expect a text near its beginning")
        };
        // Values first, so that a step can expect what itself gives.
        let (mut taken, mut missing) = (Vec::new(), Vec::new());
        let here = step.captures.iter().filter(|(_, capture)| !matches!(capture, Capture::Mail(_)));
        for (name, capture) in here {
            match answer.take(capture) {
                Some(value) => taken.push((name.clone(), value)),
                None => missing.push((name, capture)),
            }
        }
        self.values.extend(taken);
        let mut misses = answer
            .misses(&step.expect, &|name| self.value(name), &|name| self.values.get(name).is_some_and(|one| one.bare))
            .map_err(|what| long(&what))?;
        if misses.is_empty() {
            if let Some((_, capture)) = missing.first()
                && reply.truncated
            {
                return Err(long(&format!("the {capture}")));
            }
            let miss = |(name, capture): (&String, &Capture)| Miss::Capture {
                name: name.clone(),
                from: clean(&capture.to_string(), 200),
            };
            misses.extend(missing.into_iter().map(miss));
        }
        for miss in &mut misses {
            if let Miss::At { seen, .. } = miss {
                *seen = self.path(url.path());
            }
        }
        Ok(misses)
    }

    fn value(&self, name: &str) -> Option<&str> {
        match name.strip_prefix(SECRET) {
            Some(secret) => self.trip.secret(secret),
            None => self.values.get(name).map(|taken| taken.text.as_str()),
        }
    }

    fn fill(&self, template: &Template, shape: impl Fn(&str) -> String) -> Result<String, Trouble> {
        template.fill(&|name| self.value(name), shape).map_err(|name| missing(&name))
    }

    /// The request of a step, its names filled in as each place needs it.
    fn question(&self, step: &Step) -> Result<Question, Trouble> {
        let journey: &Journey = self.trip.journey();
        let unfit = || Trouble::new(Why::Garbled, "its values make no web address");
        // A link that was taken as a whole is an address; a value within one is a part of it.
        let address = match step.path.is_one_name() {
            true => self.fill(&step.path, str::to_owned)?,
            false => self.fill(&step.path, |value| utf8_percent_encode(value, PART).to_string())?,
        };
        let mut url = journey.base.join(&address).map_err(|_| unfit())?;
        url.set_fragment(None);
        let mut headers = HeaderMap::new();
        let mut put = |name: HeaderName, value: &str, hidden: bool| {
            let mut value = HeaderValue::from_str(value).map_err(|_| unfit())?;
            value.set_sensitive(hidden);
            headers.insert(name, value);
            Ok::<_, Trouble>(())
        };
        let content = match &step.body {
            Body::None => Bytes::new(),
            Body::Form(fields) => {
                put(CONTENT_TYPE, "application/x-www-form-urlencoded", false)?;
                let mut form = form_urlencoded::Serializer::new(String::new());
                for (name, value) in fields {
                    form.append_pair(name, &self.fill(value, str::to_owned)?);
                }
                form.finish().into()
            }
            Body::Json(value) => {
                put(CONTENT_TYPE, "application/json", false)?;
                let bare = |name: &str| self.values.get(name).is_some_and(|taken| taken.bare);
                let value = filled(value, &|name| self.value(name), &bare).map_err(|name| missing(&name))?;
                value.to_string().into()
            }
            Body::Text { kind, text } => {
                put(CONTENT_TYPE, kind, false)?;
                self.fill(text, str::to_owned)?.into()
            }
        };
        for (name, value) in &step.headers {
            let known = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit())?;
            put(known, &self.fill(value, str::to_owned)?, !value.is_fixed())?;
        }
        let method = Method::from_bytes(step.method.as_bytes()).unwrap_or(Method::GET);
        Ok(Question { method, url, headers, content })
    }

    /// Whether it may be sent: to a host of the journey, and where it writes only with a consent for that host.
    fn permit(&self, question: &Question) -> Result<(), Trouble> {
        may_ask(self.desk, self.trip.journey(), &question.url)?;
        if !matches!(question.method, Method::GET | Method::HEAD) {
            consent(self.desk, &host(&question.url))?;
        }
        Ok(())
    }

    /// The request as a browser sends it: with its cookies, and with the page that it comes from.
    fn dressed(&self, question: &Question) -> Question {
        let mut sent = question.clone();
        if question.url.origin() == self.trip.journey().base.origin() {
            sent.headers.extend(self.bearer.clone());
        }
        if let Some(cookies) = self.jar.header(&question.url) {
            sent.headers.insert(COOKIE, cookies);
        }
        let Some(page) = &self.page else { return sent };
        // Frameworks compare both with their own address before they take a form.
        let same = page.origin() == question.url.origin();
        let origin = page.origin().ascii_serialization();
        let from = if same { page.to_string() } else { format!("{origin}/") };
        let writes = !matches!(question.method, Method::GET | Method::HEAD);
        for (name, value, due) in [(REFERER, from, true), (ORIGIN, origin, writes)] {
            if let Ok(mut value) = HeaderValue::from_str(&value)
                && due
                && !sent.headers.contains_key(&name)
            {
                value.set_sensitive(true);
                sent.headers.insert(name, value);
            }
        }
        sent
    }

    /// The request that a redirect asks for (RFC 9110 §15.4): what was posted is posted again after 307 and 308 only.
    fn onward(&self, question: &Question, reply: &Reply, to: &Url) -> Question {
        let mut onward = Question { url: to.clone(), ..question.clone() };
        let reads = matches!(question.method, Method::GET | Method::HEAD);
        let turns =
            reply.status == 303 && !reads || matches!(reply.status, 301 | 302) && question.method == Method::POST;
        if turns {
            onward.method = Method::GET;
            onward.content = Bytes::new();
            onward.headers.remove(CONTENT_TYPE);
        }
        if to.origin() != question.url.origin() {
            // What a step says to one host is not meant for the next (WHATWG Fetch, HTTP-redirect fetch step 13).
            let hidden = |(name, value): (&HeaderName, &HeaderValue)| value.is_sensitive().then(|| name.clone());
            for name in onward.headers.iter().filter_map(hidden).collect::<Vec<_>>() {
                onward.headers.remove(name);
            }
        }
        onward
    }

    /// An address for people: host and path, without query and without any value that a step was given.
    fn shown(&self, url: &Url) -> String {
        clean(&format!("{}{}", url.origin().ascii_serialization(), self.path(url.path())), 300)
    }

    /// A path for people.
    fn path(&self, path: &str) -> String {
        let path = self.without_values(path);
        let named = |part: &str| {
            let (name, _) =
                self.values.iter().find(|(_, taken)| utf8_percent_encode(&taken.text, PART).to_string() == part)?;
            Some(format!("{{{{{name}}}}}"))
        };
        let long = |part: &str| part.len() > WORD && !part.contains("{{") || self.tokens.contains(part);
        let shown =
            |part: &str| named(part).unwrap_or_else(|| if long(part) { "…".to_owned() } else { part.to_owned() });
        let path: Vec<String> = path.split('/').map(shown).collect();
        clean(&path.join("/"), 300)
    }

    fn masked(&self, unseen: &Unseen) -> Unseen {
        Unseen { says: self.without_values(&unseen.says), ..unseen.clone() }
    }

    /// A text in which every value is its name again.
    fn without_values(&self, text: &str) -> String {
        let own = self.values.iter().map(|(name, taken)| (name.clone(), taken.text.as_str()));
        let secrets = self.trip.secrets().map(|(name, value)| (format!("{SECRET}{name}"), value));
        let mut known: Vec<(String, &str)> = own.chain(secrets).filter(|(_, value)| value.len() >= TOLD).collect();
        known.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        known.iter().fold(text.to_owned(), |text, (name, value)| {
            let name = format!("{{{{{name}}}}}");
            let encoded = utf8_percent_encode(value, PART).to_string();
            text.replace(value, &name).replace(&encoded, &name)
        })
    }
}

fn missing(name: &str) -> Trouble {
    Trouble::new(Why::Depends, format!("nothing gave {{{{{name}}}}} before this step"))
}

/// A word that only this round of this run has.
fn run(seed: &[u8; 32], name: &str, round: u8) -> String {
    let digest =
        Sha256::new().chain_update(b"journey").chain_update(seed).chain_update(name).chain_update([round]).finalize();
    digest.iter().take(5).fold("lr".to_owned(), |word, byte| format!("{word}{byte:02x}"))
}
