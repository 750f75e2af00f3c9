//! Counts shapes, and how often one request asks the same: memory is bounded whatever the log holds.

use crate::facts::{Query, REPEATED, Statement};
use crate::read::secret::{Scanner, by_id};
use crate::read::text::clean_bytes;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

/// Shapes kept at once.
const SHAPES: usize = 20_000;
/// Requests that may be under way at once.
const REQUESTS: usize = 4_096;
/// Shapes that are told apart within one request.
const WITHIN: usize = 256;
/// Shapes that are told of each kind: dearest, most often asked, most rows read, most repeated.
const TOLD: usize = 20;
/// Longest shape that is told, characters.
const SHOWN: usize = 1_000;

/// Keys are hashes already.
#[derive(Default)]
pub(super) struct Already(u64);

impl Hasher for Already {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

type Map<T> = HashMap<u64, T, BuildHasherDefault<Already>>;

/// A hash of some bytes, eight at a time. Chosen clashes would only mix up the counts of whoever wrote the log.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = PRIME ^ bytes.len() as u64;
    let mut mix = |word: u64| state = (state ^ word).wrapping_mul(PRIME).rotate_left(29);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        mix(u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(u64::from_le_bytes(last));
    state ^ (state >> 32)
}

/// What one execution of a statement is known to have taken.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cost {
    pub ms: Option<f64>,
    pub rows: Option<u64>,
    pub examined: Option<u64>,
}

/// What is counted of one shape.
#[derive(Default)]
struct Shape {
    text: Box<[u8]>,
    calls: u64,
    timed: u64,
    total_ms: f64,
    max_ms: f64,
    rows: Option<u64>,
    examined: Option<u64>,
    requests: u64,
    repeated: u64,
    most: u64,
    /// The number of the file, and the line, where the request that asked it most ends.
    place: (u32, u64),
}

/// A request that is under way.
#[derive(Default)]
struct Open {
    asked: Vec<(u64, u64)>,
    /// The shape of the last statements, how many there were in a row, and whether another came before them.
    run: (u64, u64, bool),
    /// When its last statement ended, milliseconds of the day.
    last: Option<u64>,
}

/// All that is counted.
#[derive(Default)]
pub(super) struct Tally {
    shapes: Map<Shape>,
    open: Map<Open>,
    order: VecDeque<u64>,
    pub statements: u64,
    pub timed: u64,
    pub requests: u64,
    pub met: u64,
    pub forgotten: u64,
}

impl Tally {
    /// Counts one execution within a request. Where the request is only guessed from its connection and the time, nothing but statements in
    /// a row, led by another one, count as repeated: what several requests ask looks otherwise.
    pub fn add(&mut self, shape: &[u8], cost: Cost, request: u64, exact: bool, at: Option<u64>, place: (u32, u64)) {
        let key = hash(shape);
        self.statements += 1;
        if self.shapes.len() >= SHAPES && !self.shapes.contains_key(&key) {
            self.forget();
        }
        let held = match self.shapes.entry(key) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(room) => {
                self.met += 1;
                room.insert(Shape { text: shape.into(), ..Shape::default() })
            }
        };
        held.calls += 1;
        add(&mut held.rows, cost.rows);
        add(&mut held.examined, cost.examined);
        if cost.ms.is_some() {
            self.timed += 1;
        }
        took(held, cost.ms);
        if !self.open.contains_key(&request) {
            if self.open.len() >= REQUESTS
                && let Some(oldest) = self.order.pop_front()
            {
                self.close(oldest, place);
            }
            self.order.push_back(request);
        }
        let open = self.open.entry(request).or_default();
        open.last = at;
        open.run = match open.run {
            (last, times, led) if last == key => (key, times + 1, led),
            (_, times, _) => (key, 1, times > 0),
        };
        let (_, row, led) = open.run;
        let room = open.asked.len() < WITHIN;
        match open.asked.iter_mut().find(|(asked, _)| *asked == key) {
            Some((_, times)) if exact => *times += 1,
            Some((_, times)) if led => *times = row.max(*times),
            Some(_) => {}
            None if room => open.asked.push((key, 1)),
            None => {}
        }
    }

    /// Adds a time that the log tells after the statement.
    pub fn late(&mut self, shape: &[u8], ms: f64) {
        if let Some(held) = self.shapes.get_mut(&hash(shape)) {
            self.timed += 1;
            took(held, Some(ms));
        }
    }

    /// When the last statement of a request ended, where the log tells.
    pub fn last(&self, request: u64) -> Option<u64> {
        self.open.get(&request)?.last
    }

    /// Ends a request.
    pub fn close(&mut self, request: u64, place: (u32, u64)) {
        let Some(open) = self.open.remove(&request) else { return };
        if self.order.front() == Some(&request) {
            self.order.pop_front();
        } else if self.order.len() > 2 * REQUESTS {
            let Self { order, open, .. } = self;
            order.retain(|request| open.contains_key(request));
        }
        self.requests += 1;
        for (key, times) in open.asked {
            let Some(shape) = self.shapes.get_mut(&key) else { continue };
            shape.requests += 1;
            shape.repeated += u64::from(times >= REPEATED);
            if times > shape.most {
                (shape.most, shape.place) = (times, place);
            }
        }
    }

    /// Ends all requests.
    pub fn close_all(&mut self, place: (u32, u64)) {
        let all: Vec<u64> = self.open.keys().copied().collect();
        for request in all {
            self.close(request, place);
        }
        self.order.clear();
    }

    /// Makes room: shapes that were met least go, half of them.
    fn forget(&mut self) {
        let mut calls: Vec<u64> = self.shapes.values().map(|shape| shape.calls).collect();
        let half = calls.len() / 2;
        let least = *calls.select_nth_unstable(half).1;
        let before = self.shapes.len();
        let mut room = half;
        self.shapes.retain(|_, shape| {
            let goes = shape.calls <= least && room > 0;
            room -= usize::from(goes);
            !goes
        });
        self.forgotten += (before - self.shapes.len()) as u64;
    }

    /// The shapes that are worth telling.
    pub fn top(&self, files: &[String]) -> Vec<Query> {
        let mut told: Vec<(&u64, &Shape)> = vec![];
        let ranks: [fn(&Shape) -> u64; 4] = [
            |shape| (shape.total_ms * 1_000.0) as u64,
            |shape| shape.calls,
            |shape| shape.examined.unwrap_or(0),
            |shape| if shape.repeated > 0 { shape.most } else { 0 },
        ];
        for rank in ranks {
            let mut all: Vec<_> = self.shapes.iter().filter(|(_, shape)| rank(shape) > 0).collect();
            all.sort_by(|(_, one), (_, other)| rank(other).cmp(&rank(one)).then_with(|| one.text.cmp(&other.text)));
            told.extend(all.into_iter().take(TOLD));
        }
        told.sort_by(|(_, one), (_, other)| {
            other
                .total_ms
                .total_cmp(&one.total_ms)
                .then(other.calls.cmp(&one.calls))
                .then_with(|| one.text.cmp(&other.text))
        });
        told.dedup_by_key(|(key, _)| **key);
        told.into_iter().map(|(_, shape)| query(shape, files)).collect()
    }
}

fn add(sum: &mut Option<u64>, more: Option<u64>) {
    if let Some(more) = more {
        *sum = Some(sum.unwrap_or(0).saturating_add(more));
    }
}

fn took(shape: &mut Shape, ms: Option<f64>) {
    let Some(ms) = ms.filter(|ms| ms.is_finite() && *ms >= 0.0) else { return };
    shape.timed += 1;
    shape.total_ms += ms;
    shape.max_ms = shape.max_ms.max(ms);
}

/// A shape as it may be repeated. A name between quotes, or a bare word, can be a key all the same: then nothing of it is.
fn told(shape: String) -> String {
    let mut scanner = Scanner::new("statement", &[0; 32]);
    scanner.feed(shape.as_bytes());
    match scanner.finish().iter().find(|found| !found.public).and_then(|found| by_id(&found.rule)) {
        Some(rule) => format!("a statement that holds a key itself ({})", rule.title),
        None => shape,
    }
}

fn query(shape: &Shape, files: &[String]) -> Query {
    let round = |ms: f64| (ms * 1_000.0).round() / 1_000.0;
    Query {
        statement: Statement {
            shape: told(clean_bytes(&shape.text, SHOWN)),
            calls: shape.calls,
            timed: shape.timed,
            total_ms: round(shape.total_ms),
            max_ms: round(shape.max_ms),
            rows: shape.rows,
            examined: shape.examined,
        },
        requests: shape.requests,
        repeated: shape.repeated,
        most: shape.most,
        file: files.get(shape.place.0 as usize).cloned().unwrap_or_default(),
        line: shape.place.1,
    }
}
