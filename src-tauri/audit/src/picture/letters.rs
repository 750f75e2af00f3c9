//! Messages as rows: what was given or sent, when it came, and the servers on its way.

use crate::facts::{Fact, Facts, MessageSeen, RoundtripEnd};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct LetterRow {
    /// The word of its flow, numbered where there are several.
    pub key: String,
    /// Whether it was sent on purpose.
    pub sent: bool,
    /// The message as a person calls it.
    pub says: String,
    /// When it was given, or found.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Seconds until it arrived, where it was sent on purpose.
    pub seconds: Option<u32>,
    /// The servers on its way, first first.
    pub hops: Vec<LetterHop>,
}

/// One server on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct LetterHop {
    /// The server that took the message.
    pub by: String,
    /// When, by its own clock.
    #[ts(type = "string | null")]
    pub at: Option<Timestamp>,
    /// Seconds since the server before; negative where their clocks differ.
    #[ts(type = "number | null")]
    pub seconds: Option<i64>,
}

/// Every message that was seen.
pub(super) fn of(facts: &Facts) -> Vec<LetterRow> {
    let given = facts.messages.iter().filter_map(|(key, fact)| match fact {
        Fact::Seen { value, at, .. } => Some(row(key, false, *at, None, value)),
        Fact::Unseen(_) => None,
    });
    let sent = facts.roundtrips.iter().filter_map(|(key, fact)| match fact {
        Fact::Seen { value, at, .. } => match &value.end {
            RoundtripEnd::Arrived { seconds, seen, .. } => Some(row(key, true, *at, Some(*seconds), seen)),
            RoundtripEnd::Refused { .. } | RoundtripEnd::Underway { .. } => None,
        },
        Fact::Unseen(_) => None,
    });
    given.chain(sent).collect()
}

fn row(key: &str, sent: bool, at: Timestamp, seconds: Option<u32>, seen: &MessageSeen) -> LetterRow {
    let hop = |hop: &crate::read::message::Hop| LetterHop {
        by: hop.by.clone().unwrap_or_else(|| "a server without a name".to_owned()),
        at: hop.at,
        seconds: hop.seconds,
    };
    let says = seen.flow.says().to_owned();
    LetterRow { key: key.to_owned(), sent, says, at, seconds, hops: seen.hops.iter().map(hop).collect() }
}
