//! The walk along aliases: the resolver library stops at eight and says that there are no records.

use super::trouble::Trouble;
use audit::Why;
use audit::facts::{Record, RecordData};
use hickory_proto::rr::RecordType;

/// Aliases followed for one question; resolvers themselves stop at 8 to 16.
pub(super) const ALIASES: usize = 16;

/// The aliases from the name asked to where they end, with the records on the way.
pub(super) struct Aliases {
    pub(super) visited: Vec<String>,
    pub(super) end: String,
    pub(super) records: Vec<Record>,
}

impl Aliases {
    pub(super) fn start(name: &str) -> Self {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        Self { visited: vec![name.clone()], end: name, records: Vec::new() }
    }

    /// Takes in an answer section; true when it holds what was asked for at the end of the aliases.
    pub(super) fn take(&mut self, told: &[Record], rtype: RecordType) -> Result<bool, Trouble> {
        loop {
            let here: Vec<_> = told.iter().filter(|record| record.name == self.end).cloned().collect();
            let alias = here.iter().find_map(|record| match &record.data {
                RecordData::Cname(target) if rtype != RecordType::CNAME => Some(target.clone()),
                _ => None,
            });
            let found = !here.is_empty();
            self.records.extend(here);
            let Some(target) = alias else { return Ok(found) };
            if self.visited.contains(&target) {
                let circle = format!("{} → {target}", self.visited.join(" → "));
                return Err(Trouble::new(Why::Garbled, format!("the aliases lead in a circle: {circle}"))
                    .with_way(format!("change the CNAME record of {} so that it ends at a real host", self.end)));
            }
            if self.visited.len() > ALIASES {
                return Err(Trouble::new(Why::Garbled, format!("more than {ALIASES} aliases follow one another"))
                    .with_way("shorten the chain of CNAME records"));
            }
            self.visited.push(target.clone());
            self.end = target;
        }
    }
}
