//! What `latency` and `load` share: how to reach an address, watching, the figures as lines, and files of earlier figures.

use super::audit::{resolver, world};
use crate::exit::Trouble;
use crate::{input, output};
use audit::facts::{LoadEnd, Loaded, Model, Phase, Target};
use audit::read::text::clean;
use engine::load::{self, Load, Permit};
use engine::{Plan, Secret, Session, World};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
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
}

impl Reach {
    /// The plan and the world for this address.
    pub fn to(&self, typed: &str) -> Result<(Plan, World, Url), Trouble> {
        let host = Url::parse(typed.trim()).ok().and_then(|url| url.host_str().map(str::to_owned));
        let wrong = || Trouble::new(format!("{} is no address; write it like https://example.com/", clean(typed, 120)));
        let host = host.ok_or_else(wrong)?;
        let target = Target { name: host.clone(), domain: host };
        let url = engine::route(&target, typed).map_err(|error| Trouble::new(error.message))?;
        let mut plan = Plan::new(target, "sd");
        plan.allow_private = self.allow_private;
        plan.resolvers = self.resolver.iter().map(|text| resolver(text)).collect::<Result<_, _>>()?;
        let from = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()).map(Secret::new);
        plan.session = Session::new(from("LAUNCH_READY_COOKIE"), from("LAUNCH_READY_TOKEN"));
        let world = world(&self.ca)?;
        Ok((plan, world, url))
    }
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
        "  {} sent in {:.1} s, {} answered, {} failed, {} not as expected; {}; {} by {}, {} under way at once at most",
        measured.sent,
        f64::from(measured.took_ms) / 1_000.0,
        measured.answered,
        measured.failures.values().sum::<u32>(),
        measured.unexpected,
        model(measured.model),
        match measured.connections {
            1 => "1 connection".to_owned(),
            more => format!("{more} connections"),
        },
        if measured.protocol.is_empty() { "none" } else { &measured.protocol },
        measured.at_once,
    ));
    lines.push(format!("  a user waits   {}", figures(&measured.response)));
    if matches!(measured.model, Model::Rate { .. }) {
        lines.push(format!("  once sent      {}", figures(&measured.service)));
    }
    for phase in measured.phases.iter().filter(|phase| phase.samples > 0) {
        lines.push(format!("  {:<14} {}", phase.name, figures(phase)));
    }
    let failures = measured.failures.iter().map(|(kind, count)| format!("{count} {kind}"));
    let statuses = measured.statuses.iter().filter(|(status, _)| **status >= 400);
    let told: Vec<String> = failures.chain(statuses.map(|(status, count)| format!("{count} × {status}"))).collect();
    if !told.is_empty() {
        lines.push(format!("  failures       {}", told.join(", ")));
    }
    lines.extend(end(&measured.end).map(|end| format!("  {end}")));
    lines
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
    let short = short.map(|one| format!("p{} needs {} samples more", one.percentile, one.needs - phase.samples));
    claimed.chain(short).collect::<Vec<_>>().join("  ")
}

fn end(end: &LoadEnd) -> Option<String> {
    Some(match end {
        LoadEnd::Whole => return None,
        LoadEnd::Cancelled => "stopped before its time was over".to_owned(),
        LoadEnd::Limited { status, retry_after } => {
            let after = retry_after.map_or_else(String::new, |seconds| format!("; it asks to wait {seconds} s"));
            format!("stopped: the server answered {status}, which says that it is asked too often{after}")
        }
        LoadEnd::Errors { percent } => format!("stopped: {percent} % of the last requests failed"),
        LoadEnd::Slow { p95 } => format!("stopped: the 95th percentile of the last second was {}", ms(*p95)),
    })
}

/// Figures of an earlier run.
#[derive(Serialize, Deserialize)]
pub struct Saved {
    measured: Vec<Loaded>,
}

impl Saved {
    pub fn read(path: &Path) -> Result<Self, Trouble> {
        serde_json::from_slice(&input::bytes(path)?).map_err(|error| {
            Trouble::new(format!(
                "{} is no baseline: {error}; make one with launch-ready latency URL --save FILE",
                path.display()
            ))
        })
    }

    pub fn write(path: &Path, measured: Vec<Loaded>) -> Result<(), Trouble> {
        let text = serde_json::to_vec(&Self { measured })
            .map_err(|error| Trouble::new(format!("failed to write the baseline: {error}")))?;
        output::write(path, &text)?;
        eprintln!("wrote {}", path.display());
        Ok(())
    }

    /// What was measured of the same address.
    pub fn of(&self, what: &str) -> Option<&Loaded> {
        self.measured.iter().find(|one| one.what == what)
    }
}
