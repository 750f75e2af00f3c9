//! The list of sections with their pages, in parts by what they are for.

use super::open;
use crate::block::{Block, CONTENTS, Part};
use crate::brief::Brief;

pub(super) const TITLE: &str = "Contents";

/// What the sections are for, and the heading of the first one of each part.
const PARTS: [(&str, &str); 6] = [
    ("Begin here", "decision"),
    ("What was found, and what to do", "scope"),
    ("Stage by stage", "stage-1"),
    ("How it is built", "dns-map"),
    ("How it is run", "owners"),
    ("To look up", "evidence"),
];

pub(super) fn write(_: &Brief<'_>) -> Vec<Block> {
    let mut blocks = open(CONTENTS, TITLE);
    let part = |(title, from): (&str, &str)| Part { title: title.to_owned(), from: from.to_owned() };
    blocks.push(Block::Contents(PARTS.map(part).into()));
    blocks
}
