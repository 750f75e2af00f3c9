//! The list of sections with their pages.

use super::open;
use crate::block::{Block, CONTENTS};
use crate::brief::Brief;

pub(super) const TITLE: &str = "Contents";

pub(super) fn write(_: &Brief<'_>) -> Vec<Block> {
    let mut blocks = open(CONTENTS, TITLE);
    blocks.push(Block::Contents);
    blocks
}
