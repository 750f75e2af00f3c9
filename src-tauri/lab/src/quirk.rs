//! Requests that are not answered as they should be: which of them, and what happens instead.

use std::time::Duration;

use crate::flood::Flood;
use crate::world::House;

/// Which requests a quirk meets; those over plain http only where it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Everything,
    /// Requests by this method.
    Method(&'static str),
    /// What is not there.
    Missing,
    /// Requests that come in at this house.
    House(House),
    /// Pages, not their scripts, styles and images.
    Pages,
    Path(&'static str),
    /// Requests over plain http.
    Plain,
    Scripts,
    /// Paths that end like this.
    Suffix(&'static str),
    /// The path with its query.
    Whole(&'static str),
    /// Requests that carry this header field.
    With(&'static str),
}

/// What happens to such a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quirk {
    /// A bot challenge in place of the page, as Cloudflare marks it.
    Challenge,
    /// Each request takes 30 ms, and while more of them than this are under way they are answered with a status.
    Crowd { most: u32, status: u16 },
    /// Every so-many-th request of a route answers 500, after the first ones went well.
    Errors { after: u64, each: u64 },
    /// An answer that is made to hurt.
    Floods(Flood),
    /// No answer, the connection stays open.
    Hang,
    /// One request after the other, each for this long.
    Queue(Duration),
    /// The connection is reset once the request was read.
    Reset,
    /// Every so-many-th request of a route takes this long.
    Slow { each: u64, takes: Duration },
    /// Another status in place of the page.
    Status(u16),
}
