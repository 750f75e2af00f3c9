//! What was looked at, how and from where; and, just as plainly, what was not and why.

use super::follow;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::facts::Agreement;

pub(super) const TITLE: &str = "Scope and limits";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("scope", TITLE);
    blocks.push(Block::lead(
        "The audit looks at the product from outside, as a visitor, a mail server or a search engine does, and asks the people behind it what cannot be seen. It changes nothing that nobody agreed to.",
    ));
    blocks.extend(looked(brief));
    blocks.extend(agreed(brief));
    blocks.extend(untold(brief));
    blocks.push(Block::quiet(
        "How far each check looks, and what this version does not look at yet, stands at the end of this report.",
    ));
    blocks
}

fn looked(brief: &Brief<'_>) -> Vec<Block> {
    let (audit, scope) = (brief.audit, &brief.facts.scope);
    let text = |words: String| vec![Block::text(words)];
    let mut ended = match audit.finished {
        Some(finished) => format!("{} to {}", words::time(audit.started), words::time(finished)),
        None => format!("from {}, not finished", words::time(audit.started)),
    };
    if audit.cut_short {
        ended.push_str("; stopped before everything was looked at");
    }
    let resolvers = match scope.resolvers.as_slice() {
        [] => vec![Span::text("the resolver of the machine that ran the audit")],
        list => vec![Span::code(list.join(", "))],
    };
    let mut routes: Vec<Span> = vec![];
    for (at, route) in scope.routes.iter().enumerate() {
        if at > 0 {
            routes.push(Span::Break);
        }
        routes.push(Span::code(route));
    }
    let mut blocks = vec![
        Block::heading(2, "What was looked at", "scope-looked"),
        Block::entry("Domain", vec![Block::body(vec![Span::code(&audit.target.domain)])]),
        Block::entry("When", text(ended)),
        Block::entry(
            "Judged",
            text(format!("{}, by the rules of Launch Ready {}", words::time(audit.judged), env!("CARGO_PKG_VERSION"))),
        ),
        Block::entry("Seen from", text(vantage(brief))),
        Block::entry("DNS asked at", vec![Block::body(resolvers)]),
        Block::entry(
            "Sub-domains",
            text(format!(
                "{} tried, and a random one that tells a wildcard record",
                words::count(scope.subdomains.len(), "usual name")
            )),
        ),
    ];
    if !routes.is_empty() {
        let signed = if scope.signed_in { "with a session that was given" } else { "without signing in" };
        blocks.push(Block::entry("Routes timed", vec![Block::body(routes), Block::quiet(format!("Asked {signed}."))]));
    }
    if scope.allow_private {
        blocks.push(Block::entry(
            "Note",
            text("Private addresses were treated as public ones: this was a test network.".to_owned()),
        ));
    }
    blocks
}

/// From where everything was seen, and what the network there did besides.
fn vantage(brief: &Brief<'_>) -> String {
    let here = "one computer and its network; elsewhere an answer can be another one";
    match brief.facts.vantage.as_ref().and_then(|fact| fact.seen().ok()).and_then(|seen| seen.unheard.as_ref()) {
        Some(why) => format!(
            "{here}. Its resolvers could not be used ({why}), so the servers of each zone were asked themselves"
        ),
        None => here.to_owned(),
    }
}

/// Who agreed to what may be felt, and what was sent then.
fn agreed(brief: &Brief<'_>) -> Vec<Block> {
    let facts = brief.facts;
    let heading = Block::heading(2, "Who agreed to what", "scope-agreed");
    let scope = &facts.scope;
    let session = match scope.signed_in {
        true => {
            "A session was given by the owner of the product for the addresses behind the login; it was sent to those hosts only and is in no part of this report."
        }
        false => "No session was given: nothing behind the login was opened.",
    };
    let mut blocks = vec![heading, Block::text(session)];
    if scope.agreed.is_empty() {
        blocks.push(Block::text("Nobody agreed to tries at forms, so none was tried."));
        return blocks;
    }
    let rows = scope.agreed.iter().map(|agreed| {
        let bursts = facts.bursts.iter().filter(|(url, _)| host(url) == agreed.host);
        let steps = facts.journeys.values().filter_map(|fact| fact.seen().ok()).flat_map(|seen| &seen.steps);
        let written = steps.filter(|step| !step.what.starts_with("GET ")).filter_map(|step| step.hops.first());
        let sent: usize = match agreed.kind {
            Agreement::Journey => written.filter(|hop| host(&hop.url) == agreed.host).count(),
            _ => bursts.filter_map(|(_, fact)| Some(fact.seen().ok()?.statuses.len())).sum(),
        };
        vec![
            vec![Span::code(&agreed.host)],
            vec![
                Span::text(words::capital(&agreed.by)),
                Span::Break,
                Span::Quiet(format!("{} to {}", words::time(agreed.at), words::time(agreed.until))),
            ],
            vec![Span::text(agreed.what.clone())],
            vec![Span::text(words::count(sent, "request"))],
        ]
    });
    let columns = vec![
        Column::fit("Host", 0.25),
        Column::share("Agreed by, from and until", 0.8),
        Column::share("What for", 1.6),
        Column::fit("Sent", 0.15),
    ];
    blocks.push(Block::Table(Table { columns, rows: rows.collect() }));
    blocks
}

/// The host of a URL, as text.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':', '?']).next().unwrap_or_default()
}

fn untold(brief: &Brief<'_>) -> Vec<Block> {
    let mut seen: Vec<(&str, &str, &str)> = vec![];
    let unseen = brief.audit.outcomes.iter().flat_map(|outcome| &outcome.unseen);
    for unseen in unseen.filter(|unseen| unseen.why != audit::Why::NotAnswered) {
        let row = (unseen.what.as_str(), unseen.says.as_str(), unseen.way.as_str());
        if !seen.contains(&row) {
            seen.push(row);
        }
    }
    let heading = Block::heading(2, "What could not be told", "scope-untold");
    if seen.is_empty() {
        return vec![heading, Block::text("Everything that this version looks at could be seen.")];
    }
    let rows = seen.into_iter().map(|(what, says, way)| {
        vec![vec![Span::code(what)], vec![Span::text(words::capital(says))], vec![Span::text(words::capital(way))]]
    });
    let columns =
        vec![Column::share("What", 1.0), Column::share("Why not", 1.2), Column::share("The way to an answer", 1.2)];
    vec![heading, Block::Table(Table { columns, rows: rows.collect() })]
}
