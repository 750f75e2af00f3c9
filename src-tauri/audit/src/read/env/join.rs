//! Brings what the files of a project say together, one file after the other.

use super::calls::FOR_ALL_AXIOS;
use super::{How, Kind, kind, part, read};
use crate::facts::{Declared, Environment, Inventory, OpenCall, Read, Variable};
use crate::read::secret::pasted;
use crate::read::text::clean;

/// Names of one project.
const NAMES: usize = 5_000;
/// Calls kept of one project.
const CALLS: usize = 200;
/// Letters of a comment that are kept.
const NOTE: usize = 200;
/// Letters of a path that are shown.
const PATH: usize = 300;

/// An inventory that grows file by file.
#[derive(Debug, Default)]
pub struct Gathering {
    inventory: Inventory,
    /// A time-out is set for every call of axios.
    axios: bool,
}

impl Gathering {
    /// Takes in one file; `path` is relative to the project, with `/` between folders.
    pub fn add(&mut self, path: &str, text: &str) {
        let Some(kind) = kind(path) else { return };
        let (found, part, shown) = (read(path, text), part(path), clean(path, PATH));
        self.inventory.files = self.inventory.files.saturating_add(1);
        let example = matches!(kind, Kind::Dotenv { example: true });
        if example && self.inventory.examples.len() < NAMES {
            self.inventory.examples.push(shown.clone());
        }
        for mention in found.mentions {
            let known = self.inventory.variables.contains_key(&mention.name);
            if !known && self.inventory.variables.len() >= NAMES {
                self.inventory.cut.get_or_insert_with(|| format!("more than {NAMES} names"));
                continue;
            }
            let variable = self.inventory.variables.entry(mention.name).or_default();
            match mention.how {
                How::Reads(need) => {
                    variable.count = variable.count.saturating_add(1);
                    keep(variable, Read { path: shown.clone(), line: mention.line, need, part });
                }
                How::Declares(value) if variable.declared.len() < Variable::MOST => {
                    variable.declared.push(Declared { path: shown.clone(), line: mention.line, example, value });
                }
                How::Provides if variable.provided.len() < Variable::MOST => {
                    variable.provided.push(format!("{shown}:{}", mention.line));
                }
                _ => {}
            }
        }
        for (name, note) in found.notes.iter().filter(|_| example) {
            let variable = self.inventory.variables.get_mut(name).filter(|variable| variable.note.is_empty());
            if let Some(variable) = variable.filter(|_| pasted(note).is_none()) {
                variable.note = clean(note, NOTE);
            }
        }
        for call in found.calls {
            self.inventory.calls_seen = self.inventory.calls_seen.saturating_add(1);
            self.axios |= call.call == FOR_ALL_AXIOS;
            if !call.bounded && self.inventory.calls.len() < CALLS {
                self.inventory.calls.push(OpenCall { path: shown.clone(), line: call.line, call: call.call, part });
            }
        }
    }

    /// Notes a file that was left out.
    pub fn leave_out(&mut self, why: &str) {
        let count = self.inventory.left_out.entry(why.to_owned()).or_default();
        *count = count.saturating_add(1);
    }

    /// Notes the limit that ended the walk.
    pub fn cut(&mut self, limit: &str) {
        self.inventory.cut = Some(limit.to_owned());
    }

    /// Adds what an environment has.
    pub fn environment(&mut self, name: &str, has: Environment) {
        self.inventory.environments.insert(clean(name, 60), has);
    }

    /// The inventory, in an order that does not depend on the walk.
    #[must_use]
    pub fn finish(mut self) -> Inventory {
        let axios = self.axios;
        self.inventory.calls.retain(|call| !(axios && call.call.starts_with("axios")));
        self.inventory.calls.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
        self.inventory.examples.sort();
        for variable in self.inventory.variables.values_mut() {
            variable
                .reads
                .sort_by(|one, other| (one.part, &one.path, one.line).cmp(&(other.part, &other.path, other.line)));
            variable.declared.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
            variable.provided.sort();
        }
        self.inventory
    }
}

/// Keeps the places that weigh most: the product's own, and those that nothing stands in for.
fn keep(variable: &mut Variable, read: Read) {
    if variable.reads.len() < Variable::MOST {
        variable.reads.push(read);
        return;
    }
    let weight = |read: &Read| (std::cmp::Reverse(read.part), read.need);
    let least = variable.reads.iter().enumerate().min_by_key(|(_, read)| weight(read)).map(|(at, _)| at);
    if let Some(least) = least.filter(|least| weight(&variable.reads[*least]) < weight(&read)) {
        variable.reads[least] = read;
    }
}
