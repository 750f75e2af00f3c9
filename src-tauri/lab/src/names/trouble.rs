//! The name servers of the lab and how a question to one of them can go wrong.

use super::{Kind, Want, within};

/// A name server that the lab runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Server {
    Ada,
    Bob,
    Carl,
    ParentOne,
    ParentTwo,
    Resolver,
    Cloudflare,
    Google,
    Quad9,
    OpenDns,
    AdGuard,
    /// The root's first server.
    Root,
    /// The server of the older top-level domains.
    Tops,
    /// The name servers of everybody else.
    Others,
}

impl Server {
    pub const ALL: [Server; 14] = [
        Server::Ada,
        Server::Bob,
        Server::Carl,
        Server::ParentOne,
        Server::ParentTwo,
        Server::Resolver,
        Server::Cloudflare,
        Server::Google,
        Server::Quad9,
        Server::OpenDns,
        Server::AdGuard,
        Server::Root,
        Server::Tops,
        Server::Others,
    ];

    /// Whether it asks others on behalf of whoever asks it.
    pub fn recursive(self) -> bool {
        use Server::{AdGuard, Cloudflare, Google, OpenDns, Quad9, Resolver};
        matches!(self, Resolver | Cloudflare | Google | Quad9 | OpenDns | AdGuard)
    }
}

/// Which names a trouble meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Under {
    All,
    /// The name itself.
    At(String),
    /// The name and everything below it.
    Below(String),
}

/// How a troubled question ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Only the head of an answer, marked as cut, over UDP and over TCP as well.
    Cut,
    /// The name is said not to exist, whatever else there is at it.
    Denied,
    /// Cut short over UDP; over a stream byte by byte without end.
    Drips,
    Dropped,
    /// Cut short over UDP; over a stream one message of another id after another.
    Floods,
    /// An answer to another question.
    Forged,
    /// Bytes that are no DNS message.
    Garbled,
    /// The right answer under another id.
    Misnumbered,
    Refused,
    ServFail,
    /// The right answer with a thousand aliases of other names before it.
    Stuffed,
    /// Names that point to themselves (RFC 1035 §4.1.4).
    Twisted,
    /// The right answer, long after everybody has given up.
    Slow,
}

/// Questions that are not answered as they should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// The server it happens at; `None`: wherever one asks.
    pub server: Option<Server>,
    pub under: Under,
    /// The record types it meets; empty: all.
    pub kinds: &'static [Kind],
    pub how: How,
}

impl Trouble {
    pub(super) fn meets(&self, server: Server, name: &str, want: Want) -> bool {
        let here = self.server.is_none_or(|at| at == server);
        let named = match &self.under {
            Under::All => true,
            Under::At(at) => at == name,
            Under::Below(zone) => within(name, zone),
        };
        let asked = match want {
            Want::Kind(kind) => self.kinds.is_empty() || self.kinds.contains(&kind),
            Want::Every | Want::Transfer | Want::Other => self.kinds.is_empty(),
        };
        here && named && asked
    }
}
