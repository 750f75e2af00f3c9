//! What `latency` and `load` share: how to reach an address, watching, the figures as lines, and files of earlier figures.

use super::audit::{resolver, world};
use crate::exit::Trouble;
use crate::{input, keychain, output};
use audit::facts::{Fact, LoadEnd, Loaded, Model, Percentile, Phase, SlowNetwork, Target};
use audit::read::routes::{self, Route};
use audit::read::text::clean;
use engine::load::{self, Load, Permit, Speak};
use engine::{Plan, Secret, Session, World};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use tokio_util::sync::CancellationToken;
use url::Url;

/// How to reach an address.
#[derive(clap::Args)]
pub struct Reach {
    /// Ask this resolver instead of this machine's own (may be given several times)
    #[arg(long, value_name = "IP:PORT")]
    resolver: Vec<String>,
    /// Trust the certificates in this file too, PEM or DER (may be given several times)
    #[arg(long, value_name = "FILE")]
    ca: Vec<PathBuf>,
    /// Treat private and loopback addresses as public ones (test networks)
    #[arg(long)]
    allow_private: bool,
    /// Send a session along: that of LAUNCH_READY_COOKIE or LAUNCH_READY_TOKEN, or where neither is set the one that the keychain holds for this domain
    #[arg(long)]
    signed_in: bool,
    /// Speak HTTP/1.1 only
    #[arg(long, conflicts_with = "http2")]
    http1: bool,
    /// Speak HTTP/2 only, each user over one connection, as browsers do
    #[arg(long)]
    http2: bool,
    /// Lay a poor connection over the real one, such as delay=300ms,loss=2%,rate=1600kbit
    #[arg(long, value_name = "NETWORK", value_parser = slow)]
    slow: Option<SlowNetwork>,
}

/// The routes that were named, on the command line and in a file.
pub fn routes(urls: &[String], file: Option<&Path>) -> Result<Vec<Route>, Trouble> {
    let mut routes: Vec<Route> = urls.iter().map(|url| Route::new(url)).collect();
    if let Some(path) = file {
        let read = routes::read(&String::from_utf8_lossy(&input::bytes(path)?));
        routes.extend(read.map_err(|what| Trouble::new(format!("{} is no list of routes: {what}", path.display())))?);
    }
    Ok(routes)
}

/// Whether it was told that a session lies ready and is not sent.
static UNSENT: AtomicBool = AtomicBool::new(false);

/// A poor connection as typed.
fn slow(text: &str) -> Result<SlowNetwork, String> {
    let mut network = SlowNetwork { delay_ms: 0, loss: 0.0, kilobits: None };
    let wrong = || "write it like delay=300ms,loss=2%,rate=1600kbit".to_owned();
    for part in text.split(',') {
        let (name, value) = part.trim().split_once('=').ok_or_else(wrong)?;
        let number = |unit: &str| {
            let number = value.strip_suffix(unit).unwrap_or(value).trim().parse::<f64>().ok();
            number.filter(|number| number.is_finite() && *number >= 0.0).ok_or_else(wrong)
        };
        match name.trim() {
            "delay" => network.delay_ms = whole(number("ms")?),
            "loss" => network.loss = number("%")?,
            "rate" => network.kilobits = Some(whole(number("kbit")?).max(1)),
            _ => return Err(wrong()),
        }
    }
    network.checked()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float stays in its bounds")]
fn whole(number: f64) -> u32 {
    number.round() as u32
}

impl Reach {
    /// The plan and the world for this address.
    pub async fn to(&self, typed: &str) -> Result<(Plan, World, Url), Trouble> {
        let host = Url::parse(typed.trim()).ok().and_then(|url| url.host_str().map(str::to_owned));
        let wrong = || Trouble::new(format!("{} is no address; write it like https://example.com/", clean(typed, 120)));
        let host = host.ok_or_else(wrong)?;
        let target = Target { name: host.clone(), domain: host };
        let url = engine::route(&target, typed).map_err(|error| Trouble::new(error.message))?;
        let mut plan = Plan::new(target, "sd");
        plan.allow_private = self.allow_private;
        plan.slow = self.slow;
        plan.resolvers = self.resolver.iter().map(|text| resolver(text)).collect::<Result<_, _>>()?;
        let from = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()).map(Secret::new);
        let given = Session::new(from("LAUNCH_READY_COOKIE"), from("LAUNCH_READY_TOKEN"));
        plan.session = match (self.signed_in, given) {
            (true, Some(given)) => Some(given),
            (true, None) => Some(kept(&plan.target.domain).await?),
            (false, _) => None,
        };
        let world = world(&self.ca)?;
        Ok((plan, world, url))
    }

    /// Tells once where a session of the environment is not sent: by what measures, and by journeys of which none begins with it.
    pub fn tell_unsent(&self, plan: &Plan) {
        let given = |name| std::env::var(name).is_ok_and(|value| !value.trim().is_empty());
        let ready = given("LAUNCH_READY_COOKIE") || given("LAUNCH_READY_TOKEN");
        if ready && plan.session.is_none() && !UNSENT.swap(true, Ordering::Relaxed) {
            eprintln!("the session of the environment is not sent; --signed-in sends it");
        }
    }

    /// How the connections of a measurement are made.
    pub fn by(&self, what: Load) -> Load {
        let speak = match (self.http1, self.http2) {
            (true, _) => Speak::One,
            (_, true) => Speak::Two,
            _ => Speak::Either,
        };
        Load { speak, slow: self.slow, ..what }
    }
}

/// The session that the keychain holds for a host or for the domain above it.
async fn kept(host: &str) -> Result<Session, Trouble> {
    let mut domain = host;
    while domain.contains('.') {
        if let Some(session) = keychain::taken(engine::vault::session_for_domain(domain)).await {
            return Ok(session);
        }
        domain = domain.split_once('.').map_or("", |(_, rest)| rest);
    }
    Err(Trouble::new(format!(
        "the keychain holds no session for {}; add one in the window, or give it in LAUNCH_READY_COOKIE or LAUNCH_READY_TOKEN",
        clean(host, 120)
    )))
}

/// Measures, telling on a terminal how it goes; Ctrl-C ends it with what was measured so far.
pub async fn measure(plan: &Plan, world: &World, what: &Load, permit: Permit<'_>) -> Result<Loaded, Trouble> {
    let cancel = CancellationToken::new();
    let (send, mut ticks) = tokio::sync::mpsc::unbounded_channel::<load::Tick>();
    let bar = std::io::stderr().is_terminal().then(|| bar(what));
    let shown = async {
        while let Some(tick) = ticks.recv().await {
            let Some(bar) = &bar else { continue };
            bar.set_position(u64::from(tick.answered));
            let p95 = tick.p95.map_or_else(String::new, |p95| format!(", p95 {}", ms(p95)));
            bar.set_message(format!("{} under way, {} failed{p95}", tick.under_way, tick.failed));
        }
    };
    let interrupt = tokio::spawn({
        let cancel = cancel.clone();
        async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                cancel.cancel();
            }
        }
    });
    let (measured, ()) = tokio::join!(load::load(plan, world, what, permit, cancel, send), shown);
    interrupt.abort();
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    measured.map_err(|error| Trouble::new(error.message))
}

fn bar(what: &Load) -> ProgressBar {
    let style = ProgressStyle::with_template("{pos} answers {elapsed} {msg}");
    let bar = ProgressBar::new(what.requests.unwrap_or(0));
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar
}

/// The figures for people.
pub fn lines(measured: &Loaded) -> Vec<String> {
    let mut lines = vec![measured.what.clone()];
    lines.push(format!(
        "  {} sent in {:.1} s, {} answered, {} failed; {}; {}, {} under way at once at most",
        measured.sent,
        f64::from(measured.took_ms) / 1_000.0,
        measured.answered,
        measured.failed(),
        model(measured.model),
        match (measured.connections, measured.protocol.as_str()) {
            (_, "") => "no connection".to_owned(),
            (1, protocol) => format!("1 connection by {protocol}"),
            (more, protocol) => format!("{more} connections by {protocol}"),
        },
        measured.at_once,
    ));
    if let Some(network) = measured.slow {
        lines.push(format!("  over a poor connection: {network}"));
    }
    lines.push(format!("  a user waits   {}", figures(&measured.response)));
    lines.extend(surely(&measured.response).map(|surely| format!("  surely         {surely}")));
    if matches!(measured.model, Model::Rate { .. }) {
        lines.push(format!("  once sent      {}", figures(&measured.service)));
    }
    for phase in measured.phases.iter().filter(|phase| phase.samples > 0) {
        let name = match phase.name.as_str() {
            "dns" => "looking up",
            "connect" => "connecting",
            "tls" => "encrypting",
            "ttfb" => "first byte",
            "cold" => "new connection",
            "warm" => "kept one",
            other => other,
        };
        lines.push(format!("  {name:<14} {}", figures(phase)));
    }
    let failures = measured.errors.iter().filter(|(kind, _)| !matches!(kind.as_str(), "4xx" | "5xx"));
    let failures = failures.map(|(kind, count)| format!("{count} × {}", failure(kind)));
    let statuses = measured.statuses.iter().filter(|(status, _)| **status >= 400);
    let told: Vec<String> = failures.chain(statuses.map(|(status, count)| format!("{count} × {status}"))).collect();
    if !told.is_empty() {
        lines.push(format!("  failures       {}", told.join(", ")));
    }
    lines.extend(end(&measured.end).map(|end| format!("  {end}")));
    lines
}

/// A kind of failure in words.
fn failure(kind: &str) -> &str {
    match kind {
        "connect" => "no connection (nothing listens there, or it refused)",
        "tls" => "the connection could not be encrypted",
        "timeout" => "no answer in time",
        "name" => "the name was not found",
        "garbled" => "an answer that is no proper HTTP",
        "cut-short" => "the connection broke before the answer was whole",
        "unexpected" => "another answer than the route expects",
        other => other,
    }
}

fn model(model: Model) -> String {
    match model {
        Model::Users { users, think_ms } => format!("{users} users with {think_ms} ms between their requests"),
        Model::Rate { per_second, users } => format!("{per_second} requests a second, {users} at once at most"),
    }
}

fn ms(micros: u32) -> String {
    format!("{:.1} ms", f64::from(micros) / 1_000.0)
}

fn figures(phase: &Phase) -> String {
    if phase.samples == 0 {
        return "not one sample".to_owned();
    }
    let claimed = phase.percentiles.iter().filter_map(|one| {
        let micros = phase.claim(one.percentile)?;
        Some(if one.percentile >= 100.0 {
            format!("slowest {}", ms(micros))
        } else {
            format!("p{} {}", one.percentile, ms(micros))
        })
    });
    let short = phase.percentiles.iter().find(|one| one.needs > phase.samples);
    let short = short.map(|one| match one.needs - phase.samples {
        1 => format!("p{} needs 1 sample more", one.percentile),
        more => format!("p{} needs {more} samples more", one.percentile),
    });
    claimed.chain(short).collect::<Vec<_>>().join("  ")
}

/// Between which values the percentiles that are claimed lie, at 95 %.
fn surely(phase: &Phase) -> Option<String> {
    let told = |one: &Percentile| {
        phase.claim(one.percentile)?;
        let edge = |micros: u32| f64::from(micros) / 1_000.0;
        match (one.low, one.high) {
            (Some(low), Some(high)) => Some(format!("p{} {:.1} to {}", one.percentile, edge(low), ms(high))),
            (Some(low), None) => Some(format!("p{} {} or more", one.percentile, ms(low))),
            _ => None,
        }
    };
    let all: Vec<String> = phase.percentiles.iter().filter_map(told).collect();
    (!all.is_empty()).then(|| all.join("  "))
}

fn end(end: &LoadEnd) -> Option<String> {
    Some(match end {
        LoadEnd::Whole => return None,
        LoadEnd::Cancelled => "stopped before its time was over".to_owned(),
        LoadEnd::Limited { status, retry_after } => {
            let after = retry_after.map_or_else(String::new, |seconds| format!("; it asks to wait {seconds} s"));
            format!("stopped: the server answered {status}, which says that it is asked too often{after}")
        }
        LoadEnd::Challenged => "stopped: a bot challenge answered in place of the product".to_owned(),
        LoadEnd::Errors { percent } => format!("stopped: {percent} % of the last requests failed"),
        LoadEnd::Slow { p95 } => format!("stopped: the 95th percentile of the last second was {}", ms(*p95)),
    })
}

/// Figures of an earlier run.
#[derive(Serialize, Deserialize)]
pub struct Saved {
    /// When they were taken.
    #[serde(default)]
    pub at: Timestamp,
    pub measured: Vec<Loaded>,
}

impl Saved {
    pub fn read(path: &Path) -> Result<Self, Trouble> {
        serde_json::from_slice(&input::bytes(path)?).map_err(|error| {
            Trouble::new(format!(
                "{} is no baseline and no recorded load: {error}; make one with launch-ready latency URL --save FILE, or launch-ready load URL --consent NAME --save FILE",
                path.display()
            ))
        })
    }

    pub fn write(path: &Path, measured: Vec<Loaded>, at: Timestamp) -> Result<(), Trouble> {
        let text = serde_json::to_vec(&Self { at, measured })
            .map_err(|error| Trouble::new(format!("failed to write what was measured: {error}")))?;
        output::write(path, &text)?;
        eprintln!("wrote {}", path.display());
        Ok(())
    }

    /// What was measured of the same address over the same kind of network.
    pub fn of(&self, now: &Loaded) -> Option<&Loaded> {
        self.measured.iter().find(|one| one.what == now.what && one.slow == now.slow)
    }

    /// The runs as facts of this domain.
    pub fn facts(self, target: &Target) -> Result<BTreeMap<String, Fact<Loaded>>, Trouble> {
        let at = self.at;
        let fact = |run: Loaded| {
            let host = Url::parse(run.url()).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
            let ours =
                host.strip_suffix(target.domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            if !ours {
                let (host, domain) = (clean(&host, 120), &target.domain);
                return Err(Trouble::new(format!("a recorded load is of {host}, which does not belong to {domain}")));
            }
            Ok((run.key(), Fact::Seen { value: run, at, from: "you".to_owned() }))
        };
        self.measured.into_iter().map(fact).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::slow;

    #[test]
    fn poor_connections_are_read() {
        let network = slow("delay=300ms, loss=2.5%,rate=1600kbit").unwrap();
        assert_eq!((network.delay_ms, network.loss, network.kilobits), (300, 2.5, Some(1_600)));
        assert_eq!(slow("delay=40").unwrap().delay_ms, 40);
        for wrong in ["", "300ms", "delay=-1", "delay=20000ms", "loss=80%", "delay=x", "jitter=3ms", "loss=NaN"] {
            assert!(slow(wrong).is_err(), "{wrong}");
        }
    }
}
