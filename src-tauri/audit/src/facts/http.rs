//! Facts of HTTP: a chain of redirects from one URL, hop by hop.

use super::PageSeen;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A chain of redirects, followed by hand, at most ten hops. A first hop that fails makes the whole chain unseen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Chain {
    /// Exchanges in order; at least one.
    pub hops: Vec<Hop>,
    /// How it ended.
    pub end: End,
}

impl Chain {
    /// The last exchange.
    #[must_use]
    pub fn last(&self) -> Option<&Hop> {
        self.hops.last()
    }
}

/// How a chain ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum End {
    /// The last hop is an answer that leads nowhere else.
    Answered,
    /// The last hop leads to a URL that was visited before.
    Loop {
        /// That URL.
        back_to: String,
    },
    /// More than ten hops.
    TooMany,
    /// The last hop leads to something that cannot be followed (not http or https, not a URL, a private address).
    Nowhere {
        /// The Location as sent, stripped of control characters, capped.
        location: String,
    },
    /// The next URL could not be seen.
    Lost {
        /// The URL that failed.
        url: String,
        /// Why.
        unseen: super::Unseen,
    },
}

/// One exchange: a GET and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Hop {
    /// URL asked, in normal form.
    pub url: String,
    /// Address and port that answered.
    pub address: String,
    /// Protocol: `HTTP/1.1`, `HTTP/2`.
    pub version: String,
    /// Status code.
    pub status: u16,
    /// Answer headers in the order sent, names in lower case, values escaped and capped at 4,096 characters; values of `set-cookie` keep name and attributes only.
    pub headers: Vec<Header>,
    /// Where a 3xx answer leads, absolute.
    pub location: Option<String>,
    /// Time from the start of the connection to the end of the headers, milliseconds.
    pub took_ms: u32,
    /// What an HTML body showed; only on answers that lead nowhere else.
    pub page: Option<PageSeen>,
}

impl Hop {
    /// The values of a header (name in lower case), in the order sent.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.headers.iter().filter(move |header| header.name == name).map(|header| header.value.as_str())
    }
}

/// One header line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Header {
    /// Field name in lower case.
    pub name: String,
    /// Field value.
    pub value: String,
}
