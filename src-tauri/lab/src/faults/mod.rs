//! The one table of faults: each is a small change of the world, with the checks that must notice it.

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
    /// The checks that may be left without an answer because of it.
    pub blinds: &'static [&'static str],
    /// Whether it is a trouble on the way rather than a fault of the product: it may blind, and never finds.
    pub passing: bool,
    /// Whether it belongs to the demo's default set.
    pub showcase: bool,
    pub(crate) change: fn(&mut World),
}

impl Fault {
    /// A fault of the product.
    const fn found(
        name: &'static str,
        says: &'static str,
        finds: &'static [&'static str],
        change: fn(&mut World),
    ) -> Fault {
        Fault { name, says, finds, blinds: &[], passing: false, showcase: false, change }
    }

    /// A trouble on the way.
    const fn passing(
        name: &'static str,
        says: &'static str,
        blinds: &'static [&'static str],
        change: fn(&mut World),
    ) -> Fault {
        Fault { passing: true, ..Fault::found(name, says, &[], change).blinding(blinds) }
    }

    const fn blinding(self, blinds: &'static [&'static str]) -> Fault {
        Fault { blinds, ..self }
    }

    const fn shown(self) -> Fault {
        Fault { showcase: true, ..self }
    }
}

/// Every fault of the lab.
pub static FAULTS: &[Fault] = &[];

/// The names of the demo's default set.
pub fn showcase() -> Vec<&'static str> {
    let shown = FAULTS.iter().filter(|fault| fault.showcase);
    shown.map(|fault| fault.name).collect()
}

/// The table's own spelling of a fault's name.
pub(crate) fn named(name: &str) -> Result<&'static str, LabError> {
    let known = FAULTS.iter().find(|fault| fault.name == name);
    known.map(|fault| fault.name).ok_or_else(|| unknown(name))
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
