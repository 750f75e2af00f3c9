//! What the page may ask for: each command takes its arguments, asks one thing of the rooms, and hands the answer back.

pub(crate) mod answer;
pub(crate) mod code;
pub(crate) mod consent;
pub(crate) mod database;
pub(crate) mod desk;
pub(crate) mod dossier;
pub(crate) mod edit;
pub(crate) mod export;
pub(crate) mod history;
pub(crate) mod journey;
pub(crate) mod mail;
pub(crate) mod measure;
pub(crate) mod parcel;
pub(crate) mod project;
pub(crate) mod roadmap;
pub(crate) mod run;
pub(crate) mod session;
pub(crate) mod waiver;

use crate::error::Trouble;

/// What every command hands back.
pub(crate) type Answered<T> = Result<T, Trouble>;
