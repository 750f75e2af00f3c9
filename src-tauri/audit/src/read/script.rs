//! Reads a script while its bytes stream by: the source map it names, and what belongs to a developer's machine
//! (`assets/data/script_marks.toml`).

use super::shipped::Shipped;
use crate::facts::ScriptMark;
use crate::read::text::clean_bytes;
use aho_corasick::AhoCorasick;
use regex::bytes::Regex;
use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../assets/data/script_marks.toml");
/// No mark and no address of a source map is longer; bytes closer to the end than this wait for the next piece.
const WINDOW: usize = 1_024;
/// Bytes before a text that its pattern may begin in.
const BEFORE: usize = 200;
/// Bytes that are gathered before they are read.
const BATCH: usize = 64 * 1024;
/// Marks kept of one script.
const MOST: usize = 40;
const MAP: &[u8] = b"sourceMappingURL=";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    rule: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    texts: Vec<String>,
    pattern: Option<String>,
    #[serde(default)]
    except: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the tests, which check every rule against its samples"))]
    yes: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the tests, which check every rule against its samples"))]
    no: String,
}

struct Rules {
    rows: Vec<(Row, Option<Regex>)>,
    /// Every text, and behind them the word of source maps.
    texts: AhoCorasick,
    /// The row of each text.
    of: Vec<usize>,
}

static RULES: LazyLock<Option<Rules>> = LazyLock::new(|| read(FILE).ok());

fn read(file: &str) -> Result<Rules, String> {
    let list = Shipped::<List>::read(file)?.rows;
    let mut texts: Vec<Vec<u8>> = Vec::new();
    let (mut of, mut rows) = (Vec::new(), Vec::new());
    for row in list.rule {
        of.extend(row.texts.iter().map(|_| rows.len()));
        texts.extend(row.texts.iter().map(|text| text.clone().into_bytes()));
        let pattern = row.pattern.as_deref().map(Regex::new).transpose().map_err(|error| error.to_string())?;
        rows.push((row, pattern));
    }
    texts.push(MAP.to_vec());
    let texts = AhoCorasick::new(texts).map_err(|error| error.to_string())?;
    Ok(Rules { rows, texts, of })
}

/// Reads one script, piece by piece, in bounded memory.
#[derive(Default)]
pub struct Reader {
    /// A little of the past, then the bytes not yet done.
    buffer: Vec<u8>,
    /// Where in the buffer the bytes begin that are not yet done.
    fresh: usize,
    /// Lines before the buffer.
    lines: u32,
    seen: Seen,
}

/// What a script told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The last source map that it names, as written; none where it is inside the script.
    pub map: Option<String>,
    /// Whether it holds its source map in itself.
    pub map_inside: bool,
    /// What belongs to a developer's machine; each text once.
    pub marks: Vec<ScriptMark>,
}

impl Reader {
    /// Takes in the next bytes.
    pub fn feed(&mut self, part: &[u8]) {
        for piece in part.chunks(BATCH) {
            self.buffer.extend_from_slice(piece);
            if self.buffer.len() - self.fresh >= BATCH + WINDOW {
                self.work(self.buffer.len() - WINDOW);
            }
        }
    }

    /// What the script told.
    #[must_use]
    pub fn finish(mut self) -> Seen {
        self.work(self.buffer.len());
        self.seen
    }

    /// Reads what begins before `end`, then forgets all but a little of it.
    fn work(&mut self, end: usize) {
        let Some(rules) = RULES.as_ref() else { return };
        let mut line = self.lines;
        let mut counted = 0;
        for hit in rules.texts.find_overlapping_iter(&self.buffer) {
            if hit.start() < self.fresh || hit.start() >= end {
                continue;
            }
            // Overlapping finds come in the order of their ends, so a start may lie a little before the last one.
            if hit.start() > counted {
                line = line.saturating_add(newlines(&self.buffer[counted..hit.start()]));
                counted = hit.start();
            }
            match rules.of.get(hit.pattern().as_usize()) {
                None => map(&self.buffer[hit.end()..], &mut self.seen),
                Some(row) => mark(&rules.rows[*row], &self.buffer, hit.start()..hit.end(), line, &mut self.seen),
            }
        }
        let gone = end.saturating_sub(BEFORE);
        self.lines = self.lines.saturating_add(newlines(&self.buffer[..gone]));
        self.buffer.drain(..gone);
        self.fresh = end - gone;
    }
}

fn newlines(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(u32::MAX)
}

/// The address after the word (ECMA-426 §11.1): up to the first blank or quote.
fn map(rest: &[u8], seen: &mut Seen) {
    let rest = &rest[..rest.len().min(WINDOW)];
    let end =
        rest.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'*' | b'$'));
    let address = &rest[..end.unwrap_or(rest.len())];
    if address.starts_with(b"data:") {
        seen.map_inside = true;
    } else if !address.is_empty() {
        seen.map = Some(clean_bytes(address, 500));
    }
}

fn mark((row, pattern): &(Row, Option<Regex>), buffer: &[u8], at: std::ops::Range<usize>, line: u32, seen: &mut Seen) {
    let shown = match pattern {
        None => &buffer[at],
        Some(pattern) => {
            let (from, to) = (at.start.saturating_sub(BEFORE), (at.end + WINDOW - BEFORE).min(buffer.len()));
            let around = pattern.find_iter(&buffer[from..to]);
            let mut covering = around.filter(|found| from + found.start() <= at.start && from + found.end() >= at.end);
            match covering.next() {
                Some(found) => found.as_bytes(),
                None => return,
            }
        }
    };
    let shown = clean_bytes(shown, 120);
    let shown = shown.trim_end_matches(['"', '\'', '`']).to_owned();
    let known = row.except.iter().any(|text| shown.contains(text.as_str()));
    let told = seen.marks.iter().any(|mark| mark.rule == row.id && mark.shown == shown);
    if !known && !told && seen.marks.len() < MOST {
        seen.marks.push(ScriptMark { rule: row.id.clone(), shown, line: line.saturating_add(1) });
    }
}

#[cfg(test)]
mod tests {
    use super::{BATCH, FILE, Reader, Seen, read};

    fn script(text: &str, cut: usize) -> Seen {
        let mut reader = Reader::default();
        text.as_bytes().chunks(cut).for_each(|part| reader.feed(part));
        reader.finish()
    }

    #[test]
    fn every_rule_knows_its_sample_and_leaves_the_other() {
        for (row, _) in read(FILE).unwrap().rows {
            let rules = |text: &str| script(text, 7).marks.into_iter().map(|mark| mark.rule).collect::<Vec<_>>();
            assert_eq!(rules(&row.yes), [row.id.as_str()], "{}", row.yes);
            assert!(!rules(&row.no).contains(&row.id), "{}", row.no);
        }
    }

    #[test]
    fn the_source_map_is_read_however_the_script_is_cut() {
        let long = "let a=1;\n".repeat(BATCH / 4);
        let text = format!("{long}const u=\"http://localhost:3000/x\";\n{long}//# sourceMappingURL=app.js.map\n");
        for cut in [1_000, 64 * 1024, usize::MAX] {
            let seen = script(&text, cut.min(text.len()));
            assert_eq!(seen.map.as_deref(), Some("app.js.map"), "{cut}");
            assert_eq!(seen.marks.len(), 1, "{cut}");
            assert_eq!(
                (seen.marks[0].shown.as_str(), seen.marks[0].line as usize),
                ("http://localhost:3000/x", BATCH / 4 + 1)
            );
        }
        assert!(script("x\n//# sourceMappingURL=data:application/json;base64,e30=", 9).map_inside);
        assert_eq!(script("x=\"//# sourceMappingURL=\"+y", 9).map, None);
    }

    #[test]
    fn marks_are_bounded() {
        let text: String = (0..500).map(|port| format!("\"http://localhost:{}/\"\n", 3000 + port)).collect();
        assert_eq!(script(&text, 4_096).marks.len(), 40);
    }
}
