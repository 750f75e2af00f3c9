//! The operating guide: one page that can be printed alone, with what somebody needs who was not there.

use super::{open, product, runbook};
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::State;
use audit::parties::Role;

pub(super) const TITLE: &str = "Operating guide";

/// Characters of a note that one line of the page holds.
const NOTE: usize = 120;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = open("guide", TITLE);
    blocks.push(Block::lead(format!(
        "{} at {}, as of {}.",
        product(brief.options, brief.audit),
        brief.audit.target.name,
        words::day(brief.audit.judged)
    )));
    blocks.push(Block::heading(2, "Where it lives", "guide-places"));
    blocks.push(places(brief));
    blocks.push(Block::heading(2, "What runs out", "guide-dates"));
    blocks.push(dates(brief));
    blocks.push(Block::heading(2, "When something breaks", "guide-first"));
    blocks.push(first(brief));
    blocks.push(Block::heading(2, "By habit", "guide-habits"));
    let habits = [
        "Each week: sign in as a customer and do the main thing; read the newest errors.",
        "Each month: go back one release and forward again; see an alert reach a person.",
        "Each quarter: restore a backup aside; take out who left; audit again.",
    ];
    blocks.push(Block::List {
        items: habits.into_iter().map(|habit| vec![Span::text(habit)]).collect(),
        numbered: false,
    });
    blocks
}

/// The person, or that one is missing.
fn person(owner: Option<&str>) -> Vec<Span> {
    match owner {
        Some(owner) => vec![Span::text(owner)],
        None => vec![Span::Status(words::state(State::NeedsYou))],
    }
}

fn places(brief: &Brief<'_>) -> Block {
    let database = brief
        .facts
        .database
        .as_ref()
        .and_then(|fact| fact.seen().ok())
        .map(|seen| words::database(seen.kind).to_owned());
    let rows = [
        ("The name", brief.companies(Role::Registrar).join(", "), &["domain", "registrar"][..]),
        ("Its records", brief.companies(Role::Dns).join(", "), &["dns"]),
        ("In front", brief.companies(Role::Network).join(", "), &["cdn", "shield", "dns"]),
        ("The servers", brief.companies(Role::Hosting).join(", "), &["hosting", "server"]),
        ("The data", database.unwrap_or_default(), &["database"]),
        ("Mail", brief.companies(Role::Mail).join(", "), &["mail"]),
        ("Money", String::new(), &["payment", "billing"]),
        ("The code", String::new(), &["repository", "code"]),
    ];
    let row = |(what, company, calls): (&str, String, &[&str])| {
        let company =
            if company.is_empty() { vec![Span::Quiet("not recognised".to_owned())] } else { vec![Span::text(company)] };
        vec![vec![Span::text(what)], company, person(brief.owner(calls))]
    };
    let columns =
        vec![Column::fit("What", 0.2), Column::share("With whom", 1.0), Column::share("Who looks after it", 1.0)];
    Block::Table(Table { columns, rows: rows.into_iter().map(row).collect() })
}

fn dates(brief: &Brief<'_>) -> Block {
    let unknown = || vec![Span::Status(words::status(audit::Status::CouldNotTell))];
    let domain = runbook::registered_until(brief).map_or_else(unknown, |day| vec![Span::text(words::day(day))]);
    let certificate = runbook::first_to_expire(brief).map_or_else(unknown, |(host, leaf)| {
        vec![Span::text(words::day(leaf.until)), Span::Quiet(format!("  {host}"))]
    });
    let waivers = brief
        .facts
        .waivers
        .iter()
        .map(|waiver| waiver.until)
        .filter(|day| *day >= brief.audit.judged.to_zoned(jiff::tz::TimeZone::UTC).date())
        .min();
    let mut rows = vec![
        vec![vec![Span::text("The domain")], domain, vec![Span::text("Renews by itself, with a card that is valid.")]],
        vec![
            vec![Span::text("The first certificate")],
            certificate,
            vec![Span::text("Renews by itself; warn a person two weeks before.")],
        ],
    ];
    if let Some(day) = waivers {
        rows.push(vec![
            vec![Span::text("The first accepted risk")],
            vec![Span::text(words::date(day))],
            vec![Span::text("Mend it, or accept it again.")],
        ]);
    }
    let columns = vec![Column::fit("What", 0.3), Column::fit("Until", 0.4), Column::share("What to know", 1.0)];
    Block::Table(Table { columns, rows })
}

fn first(brief: &Brief<'_>) -> Block {
    let back = brief.said("deploy.rollback_path").map_or_else(
        || "Release the last good one again, where the servers run.".to_owned(),
        |note| audit::read::text::clean(&note, NOTE),
    );
    let rows = [
        (
            "It does not open",
            "Try a phone on its own network; then registrar, then records.".to_owned(),
            &["domain", "dns"][..],
        ),
        (
            "It answers with errors",
            "Was there a release? Go back. Else the servers' status page.".to_owned(),
            &["hosting"],
        ),
        ("A release broke it", back, &["deploy", "hosting"]),
        ("Mail does not arrive", "Status page and quota of the service that sends it.".to_owned(), &["mail"]),
        (
            "A key got out",
            "Revoke it now, replace it, then look what it did.".to_owned(),
            &["secrets", "repository", "hosting"],
        ),
    ];
    let row = |(shows, first, calls): (&str, String, &[&str])| {
        vec![vec![Span::text(shows)], vec![Span::text(first)], person(brief.owner(calls))]
    };
    let columns = vec![Column::fit("It shows", 0.26), Column::share("First", 2.2), Column::share("Call", 0.7)];
    Block::Table(Table { columns, rows: rows.into_iter().map(row).collect() })
}
