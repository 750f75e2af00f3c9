//! The one table of faults: each is a small change of the world, with the checks that must notice it.

mod blind;
mod cells;
mod cloudflare;
mod content;
mod database;
mod depth;
mod dns;
mod dnssec;
mod edge;
mod forged;
mod headers;
mod hosted;
mod hostile;
mod journeys;
mod keys;
mod letters;
mod lighthouse;
mod load;
mod mail;
mod members;
mod net;
mod passing;
mod post;
mod product;
mod project;
mod reports;
mod service;
mod site;
mod tls;
mod watched;
mod web;
mod weight;
mod zone;

pub use cells::{Cell, cells};

use crate::LabError;
use crate::world::World;

/// A thing that can be wrong in the lab.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Its name, for instance `no-hsts`.
    pub name: &'static str,
    /// What is wrong, in a sentence.
    pub says: &'static str,
    /// The checks that must find it with a failure or warning, and no others.
    pub finds: &'static [&'static str],
    blinds: &'static [&'static [&'static str]],
    /// Words that the audit must say of it, where the other side has to be told what it did; empty: any.
    pub tells: &'static str,
    /// Whether it is a trouble on the way rather than a fault of the product: it may blind, and never finds.
    pub passing: bool,
    /// Whether it only looks like a fault: nothing may be found.
    pub trap: bool,
    /// Whether it belongs to the demo's default set.
    pub showcase: bool,
    pub(crate) change: fn(&mut World),
}

impl Fault {
    /// The checks that may be left without an answer because of it.
    pub fn blinds(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.blinds.iter().copied().flatten().copied()
    }

    /// A fault of the product.
    const fn found(
        name: &'static str,
        says: &'static str,
        finds: &'static [&'static str],
        change: fn(&mut World),
    ) -> Fault {
        Fault { name, says, finds, blinds: &[], tells: "", passing: false, trap: false, showcase: false, change }
    }

    /// A trouble on the way.
    const fn passing(
        name: &'static str,
        says: &'static str,
        blinds: &'static [&'static [&'static str]],
        change: fn(&mut World),
    ) -> Fault {
        Fault { passing: true, ..Fault::found(name, says, &[], change).blinding(blinds) }
    }

    /// A healthy state that a hasty judge takes for a fault.
    const fn trap(name: &'static str, says: &'static str, change: fn(&mut World)) -> Fault {
        Fault { trap: true, ..Fault::found(name, says, &[], change) }
    }

    const fn blinding(self, blinds: &'static [&'static [&'static str]]) -> Fault {
        Fault { blinds, ..self }
    }

    const fn telling(self, tells: &'static str) -> Fault {
        Fault { tells, ..self }
    }

    const fn shown(self) -> Fault {
        Fault { showcase: true, ..self }
    }
}

/// Every fault of the lab.
pub static FAULTS: &[Fault] = &TABLE;

/// The areas in the order in which their faults are applied.
const AREAS: &[&[Fault]] = &[
    &content::ROWS,
    &depth::ROWS,
    &hosted::ROWS,
    &hostile::ROWS,
    &forged::ROWS,
    &dns::ROWS,
    &dnssec::ROWS,
    &headers::ROWS,
    &zone::ROWS,
    &net::ROWS,
    &web::ROWS,
    &tls::ROWS,
    &mail::ROWS,
    &letters::ROWS,
    &post::ROWS,
    &reports::ROWS,
    &service::ROWS,
    &product::ROWS,
    &load::ROWS,
    &members::ROWS,
    &journeys::ROWS,
    &lighthouse::ROWS,
    &watched::ROWS,
    &project::ROWS,
    &database::ROWS,
    &keys::ROWS,
    &site::ROWS,
    &weight::ROWS,
    &edge::ROWS,
    &cloudflare::ROWS,
    &passing::ROWS,
];

const COUNT: usize = {
    let (mut count, mut area) = (0, 0);
    while area < AREAS.len() {
        count += AREAS[area].len();
        area += 1;
    }
    count
};

static TABLE: [Fault; COUNT] = table();

/// Joins the areas while compiling, so that the table is a plain static.
const fn table() -> [Fault; COUNT] {
    let mut table = [dns::ROWS[0]; COUNT];
    let mut filled = 0;
    let mut area = 0;
    while area < AREAS.len() {
        let mut row = 0;
        while row < AREAS[area].len() {
            table[filled] = AREAS[area][row];
            filled += 1;
            row += 1;
        }
        area += 1;
    }
    table
}

/// The names of the demo's default set.
pub fn showcase() -> Vec<&'static str> {
    let shown = FAULTS.iter().filter(|fault| fault.showcase);
    shown.map(|fault| fault.name).collect()
}

/// The table's own spelling of a fault's name.
pub(crate) fn named(name: &str) -> Result<&'static str, LabError> {
    let cell = || cells().iter().find(|cell| cell.name == name).map(|cell| cell.name.as_str());
    let known = FAULTS.iter().find(|fault| fault.name == name).map(|fault| fault.name);
    known.or_else(cell).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> LabError {
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(60).collect();
    let mut close: Vec<(f64, &'static str)> = FAULTS
        .iter()
        .map(|fault| (strsim::jaro_winkler(fault.name, &name), fault.name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .collect();
    close.sort_by(|one, other| other.0.total_cmp(&one.0));
    close.truncate(3);
    LabError::UnknownFault { name, close: close.into_iter().map(|(_, name)| name).collect() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::SystemTime;

    use super::*;

    fn world(faults: &[&'static str]) -> World {
        let now = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_795_000_000);
        World::with(now, 7, &faults.iter().copied().collect::<BTreeSet<_>>())
    }

    #[test]
    fn every_fault_makes_a_world_of_its_own() {
        let mut worlds = vec![("healthy", world(&[]))];
        for fault in FAULTS {
            let changed = world(&[fault.name]);
            for (other, same) in &worlds {
                assert_ne!(&changed, same, "{} looks like {other}", fault.name);
            }
            assert_eq!(changed, world(&[fault.name]), "{}", fault.name);
            worlds.push((fault.name, changed));
        }
    }

    #[test]
    fn the_table_is_sound() {
        let names: BTreeSet<_> = FAULTS.iter().map(|fault| fault.name).collect();
        assert_eq!(names.len(), FAULTS.len());
        for fault in FAULTS {
            assert!(!fault.says.ends_with('.') && fault.says.len() > 15);
            assert_eq!(fault.finds.is_empty(), fault.passing || fault.trap, "{}", fault.name);
            // What is found out another way is no loss, and yet has to be told.
            assert!(!fault.passing || !fault.blinds.is_empty() || !fault.tells.is_empty(), "{}", fault.name);
            let blinds: Vec<&str> = fault.blinds().collect();
            assert_eq!(
                blinds.iter().collect::<BTreeSet<_>>().len(),
                blinds.len(),
                "{} names a check twice",
                fault.name
            );
            for check in &blinds {
                assert!(!fault.finds.contains(check), "{} {check}", fault.name);
            }
        }
    }

    #[test]
    fn the_showcase_is_one_world() {
        let shown = showcase();
        assert_eq!(shown.len(), 11);
        let all = world(&shown);
        for left_out in &shown {
            let rest: Vec<_> = shown.iter().copied().filter(|name| name != left_out).collect();
            assert_ne!(all, world(&rest), "{left_out} is hidden by another fault");
        }
    }

    #[test]
    fn unknown_names_are_told_with_their_neighbours() {
        assert_eq!(named("no-hsts").unwrap(), "no-hsts");
        let error = named("no-hst").unwrap_err().to_string();
        assert!(error.contains("no-hsts"), "{error}");
        let error = named("zzzz\u{7}").unwrap_err().to_string();
        assert_eq!(error, "unknown fault \"zzzz\"");
    }
}
