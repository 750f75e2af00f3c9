//! The TOML of journeys as it is written, before anything in it is checked.

use crate::facts::JourneyKind;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    pub(super) version: Spanned<i64>,
    #[serde(default)]
    pub(super) journey: Vec<Spanned<RawJourney>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJourney {
    pub(super) name: String,
    pub(super) kind: JourneyKind,
    pub(super) base: Spanned<String>,
    #[serde(default)]
    pub(super) hosts: Vec<Spanned<String>>,
    pub(super) within_ms: Option<u32>,
    pub(super) session: Option<Spanned<String>>,
    pub(super) mailbox: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) step: Vec<Spanned<RawStep>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    pub(super) name: Option<String>,
    pub(super) method: Option<Spanned<String>>,
    pub(super) path: Spanned<String>,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Spanned<String>>,
    pub(super) form: Option<BTreeMap<String, Spanned<String>>>,
    pub(super) json: Option<Spanned<String>>,
    pub(super) body: Option<Spanned<String>>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) follow: Option<bool>,
    #[serde(default)]
    pub(super) expect: RawExpect,
    #[serde(default)]
    pub(super) capture: BTreeMap<String, Spanned<RawCapture>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExpect {
    #[serde(default)]
    pub(super) status: Many<u16>,
    #[serde(default)]
    pub(super) contains: Many<String>,
    #[serde(default)]
    pub(super) lacks: Many<String>,
    #[serde(default)]
    pub(super) json: BTreeMap<String, toml::Value>,
    #[serde(default)]
    pub(super) json_has: Many<String>,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) headers_has: Many<String>,
    #[serde(default)]
    pub(super) cookies: Many<String>,
    pub(super) at: Option<String>,
    pub(super) within_ms: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCapture {
    pub(super) field: Option<String>,
    pub(super) meta: Option<String>,
    pub(super) json: Option<String>,
    pub(super) header: Option<String>,
    pub(super) cookie: Option<String>,
    pub(super) regex: Option<String>,
    pub(super) mail: Option<String>,
}

/// One value, or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Many<T> {
    One(T),
    All(Vec<T>),
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl<T> Many<T> {
    pub(super) fn list(self) -> Vec<T> {
        match self {
            Self::One(one) => vec![one],
            Self::All(all) => all,
        }
    }
}
