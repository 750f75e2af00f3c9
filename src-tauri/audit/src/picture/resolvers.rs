//! Propagation: one question after the other, what the domain's own name servers and each public resolver say, and who differs.

use crate::facts::{Fact, Propagation, SetSeen, Told};
use crate::picture::present;
use crate::read::record_set;
use crate::{Case, State, Unseen};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What all of them say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Spread {
    /// One entry for each question.
    pub questions: Vec<Asked>,
    /// Why there is nothing to show, when nobody could be asked.
    pub unseen: Option<Unseen>,
}

/// One question and its answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Asked {
    /// `"example.com A"`.
    pub question: String,
    /// The domain's own name servers first.
    pub voices: Vec<Voice>,
}

/// What one of them says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Voice {
    /// Name of the server or resolver.
    pub who: String,
    /// How it was asked: `plain DNS`, `TLS`, `HTTPS`.
    pub way: String,
    /// Where it was asked.
    pub at: String,
    /// Whether it is one of the domain's own name servers.
    pub own: bool,
    /// Values; none when there is no such record.
    pub answer: Vec<String>,
    /// Seconds that this answer may still be kept; none when there was no answer.
    pub ttl: Option<u32>,
    /// How it compares.
    pub state: State,
    /// That in words; the reason where it could not be seen.
    pub says: String,
}

pub(super) fn of(case: &Case<'_>) -> Spread {
    match case.propagation() {
        Err(unseen) => Spread { questions: vec![], unseen: Some(unseen) },
        Ok(seen) => {
            Spread { questions: seen.questions.iter().map(|question| asked(seen, question)).collect(), unseen: None }
        }
    }
}

fn asked(seen: &Propagation, question: &str) -> Asked {
    let own: Vec<&SetSeen> = seen.servers.iter().filter_map(|told| set(told, question)).collect();
    let compare = |others: &[&SetSeen], set: &SetSeen, differs: &str, same: &str| {
        if others.is_empty() {
            (State::Unsure, "nothing to compare with".to_owned())
        } else if record_set::same(others, set) {
            (State::Done, same.to_owned())
        } else {
            (State::Attention, differs.to_owned())
        }
    };
    let servers = seen.servers.iter().filter_map(|told| {
        voice(told, question, true, |set| {
            let others: Vec<&SetSeen> = own.iter().copied().filter(|other| !std::ptr::eq(*other, set)).collect();
            match others.is_empty() {
                true => (State::Done, "the domain's own".to_owned()),
                false => compare(&others, set, "differs from the domain's other servers", "the domain's own"),
            }
        })
    });
    let resolvers = seen.resolvers.iter().filter_map(|told| {
        voice(told, question, false, |set| compare(&own, set, "differs from the domain's own servers", "the same"))
    });
    Asked { question: question.to_owned(), voices: servers.chain(resolvers).collect() }
}

fn set<'a>(told: &'a Told, question: &str) -> Option<&'a SetSeen> {
    told.answers.get(question).and_then(|fact| match fact {
        Fact::Seen { value, .. } => Some(value),
        Fact::Unseen(_) => None,
    })
}

fn voice(told: &Told, question: &str, own: bool, judge: impl Fn(&SetSeen) -> (State, String)) -> Option<Voice> {
    let (answer, ttl, (state, says)) = match told.answers.get(question)? {
        Fact::Unseen(unseen) => (vec![], None, (State::Unsure, unseen.says.clone())),
        Fact::Seen { value, .. } => {
            let values = value.records.iter().map(|record| match present(record) {
                (rtype, value) if rtype == "CNAME" => format!("CNAME {value}"),
                (_, value) => value,
            });
            (values.collect(), Some(value.ttl), judge(value))
        }
    };
    let (who, way, at) = (told.who.clone(), told.way.says().to_owned(), told.at.clone());
    Some(Voice { who, way, at, own, answer, ttl, state, says })
}
