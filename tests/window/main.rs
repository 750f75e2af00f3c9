//! The built window as a founder uses it, driven from outside.

mod axe;
mod closing;
mod code;
mod driver;
mod journeys;
mod look;
mod mail;
mod many;
mod own;
mod pace;
mod parcel;
mod presenter;
mod records;
mod revive;
mod search;
mod secret;
mod signed;
mod sizes;
mod speed;
mod sprint;
mod steady;
mod still;
mod story;

/// One window at a time: they share the screen and its focus.
static SCREEN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
