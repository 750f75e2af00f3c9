//! The redirect map: from each way to write the address, hop by hop, to where it ends.

use super::follow;
use crate::block::{Block, Column, Figure, Hops, Mark, Span, Step, Table, Way};
use crate::brief::Brief;
use crate::words;
use audit::State;
use audit::picture::{ChainRow, HopRow, Wrong};

pub(super) const TITLE: &str = "Redirect map";

/// Forms that one drawing holds; longer maps are drawn in parts.
const LINES: usize = 30;
/// Forms that are drawn at all; the table goes on.
const DRAWN: usize = 90;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("redirect-map", TITLE);
    let chains = &brief.pictures.chains;
    if chains.is_empty() {
        blocks.push(Block::lead("No address was asked."));
        return blocks;
    }
    blocks.push(Block::lead("Every way to write the address, and where it leads."));
    blocks.push(Block::text(
        "The numbers are the status codes of the answers: 301 and 308 redirect for good, 302, 303 and 307 for now. A triangle or an octagon before an address says that something on its way is wrong; below it stands what.",
    ));
    let ways: Vec<Way> = chains.iter().take(DRAWN).map(way).collect();
    blocks.extend(ways.chunks(LINES).map(|part| Block::Figure(Figure::Ways(part.to_vec()))));
    let row = |chain: &ChainRow| {
        let end = match &chain.to {
            Some(url) => vec![Span::code(url)],
            None => vec![Span::text(words::capital(&chain.end))],
        };
        let jumps = chain.hops.len().saturating_sub(1);
        let jumps = if chain.hops.is_empty() { String::new() } else { jumps.to_string() };
        vec![vec![Span::code(&chain.start)], vec![Span::text(jumps)], end, vec![Span::Status(mark(chain))]]
    };
    let columns = vec![
        Column::share("From", 1.0),
        Column::figures("Redirects"),
        Column::share("To", 1.2),
        Column::fit("End", 0.2),
    ];
    blocks.push(Block::Table(Table { columns, rows: chains.iter().map(row).collect() }));
    let telling = |chain: &&ChainRow| chain.hops.len() > 1 || worst(chain).is_some() || chain.state == State::Failing;
    let several: Vec<&ChainRow> = chains.iter().filter(telling).collect();
    if !several.is_empty() {
        blocks.push(Block::heading(2, "Hop by hop", "redirect-hops"));
        blocks.extend(several.into_iter().map(|chain| Block::Figure(Figure::Chain(hops(chain)))));
    }
    blocks
}

fn mark(chain: &ChainRow) -> Mark {
    Mark { word: chain.word.clone(), ..words::state(chain.state) }
}

fn way(chain: &ChainRow) -> Way {
    Way {
        from: chain.start.clone(),
        codes: chain.hops.iter().map(|hop| hop.status).collect(),
        end: chain.to.clone().unwrap_or_else(|| words::capital(&chain.end)),
        mark: mark(chain),
        amiss: worst(chain).map(words::state),
    }
}

/// The worst of what is wrong on the way.
fn worst(chain: &ChainRow) -> Option<State> {
    let all = chain.hops.iter().flat_map(|hop| &hop.wrong).chain(&chain.wrong);
    all.map(|wrong| wrong.state).max_by_key(|state| *state == State::Failing)
}

fn wrong(list: &[Wrong]) -> Vec<(Mark, String)> {
    list.iter().map(|wrong| (words::state(wrong.state), wrong.says.clone())).collect()
}

fn hops(chain: &ChainRow) -> Hops {
    let step = |hop: &HopRow| Step {
        status: hop.status,
        url: hop.url.clone(),
        took: format!("{} ms", hop.took_ms),
        wrong: wrong(&hop.wrong),
    };
    Hops {
        hops: chain.hops.iter().map(step).collect(),
        start: chain.start.clone(),
        end: words::capital(&chain.end),
        mark: mark(chain),
        wrong: wrong(&chain.wrong),
    }
}
