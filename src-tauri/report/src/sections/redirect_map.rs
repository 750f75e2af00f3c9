//! The redirect map: from each way to write the address, hop by hop, to where it ends.

use super::follow;
use crate::block::{Block, Column, Figure, Hops, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::picture::ChainRow;
use audit::{State, Status};

pub(super) const TITLE: &str = "Redirect map";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("redirect-map", TITLE);
    let chains = &brief.pictures.chains;
    if chains.is_empty() {
        blocks.push(Block::lead("No address was asked."));
        return blocks;
    }
    blocks.push(Block::lead("Every way to write the address, and where it leads."));
    let row = |chain: &ChainRow| {
        let end = chain.hops.last().filter(|_| chain.answered);
        let end = end.map_or_else(|| vec![Span::text(&chain.end)], |hop| vec![Span::code(&hop.url)]);
        let jumps = chain.hops.len().saturating_sub(1);
        vec![vec![Span::code(&chain.start)], vec![Span::text(jumps.to_string())], end, vec![Span::Status(mark(chain))]]
    };
    let columns = vec![
        Column::share("From", 1.0),
        Column::figures("Redirects"),
        Column::share("To", 1.2),
        Column::fit("End", 0.2),
    ];
    blocks.push(Block::Table(Table { columns, rows: chains.iter().map(row).collect() }));
    let several: Vec<&ChainRow> = chains.iter().filter(|chain| chain.hops.len() > 1 || !chain.answered).collect();
    if !several.is_empty() {
        blocks.push(Block::heading(2, "Hop by hop", "redirect-hops"));
        blocks.push(Block::text(
            "The number is the status code of the answer: 301 and 308 redirect for good, 302, 303 and 307 for now.",
        ));
        blocks.extend(several.into_iter().map(|chain| Block::Figure(Figure::Chain(hops(chain)))));
    }
    blocks
}

/// An end that answers is an answer, whatever it says; one that could not be seen is not a failure.
fn mark(chain: &ChainRow) -> crate::block::Mark {
    let status = chain.hops.last().map(|hop| hop.status);
    match (chain.answered, status) {
        (true, Some(200..400)) => crate::block::Mark { word: "answers".to_owned(), ..words::state(State::Done) },
        (true, Some(code)) => crate::block::Mark { word: format!("answers {code}"), ..words::state(State::Attention) },
        (true, None) | (false, None) => words::status(Status::CouldNotTell),
        (false, Some(_)) => crate::block::Mark { word: "no end".to_owned(), ..words::state(State::Failing) },
    }
}

fn hops(chain: &ChainRow) -> Hops {
    Hops {
        hops: chain.hops.iter().map(|hop| (hop.status, hop.url.clone())).collect(),
        start: chain.start.clone(),
        end: words::capital(&chain.end),
        mark: mark(chain),
    }
}
