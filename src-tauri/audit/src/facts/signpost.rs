//! Facts of what a site tells search engines: robots.txt and sitemaps.

use super::Unseen;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the canonical origin tells search engines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signposts {
    /// The origin asked: `https://example.com`.
    pub origin: String,
    /// Its robots.txt, where there is one that is text.
    pub robots: Option<Robots>,
    /// Sitemaps that could be read.
    pub sitemaps: Vec<Sitemap>,
    /// Sitemaps that could not.
    pub unseen: Vec<Unseen>,
}

/// A robots.txt (RFC 9309).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Robots {
    /// Its URL.
    pub url: String,
    /// Sitemaps it names, as written, capped at 20.
    pub sitemaps: Vec<String>,
    /// Whether it keeps every crawler from every page.
    pub shut: bool,
}

/// A sitemap (sitemaps.org 0.9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitemap {
    /// Its URL.
    pub url: String,
    /// Addresses it lists.
    pub entries: u32,
    /// How many of them lie at which origin, capped at 20 origins.
    pub origins: BTreeMap<String, u32>,
}
