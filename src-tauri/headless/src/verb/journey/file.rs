//! Files of journeys as `journey` and `audit` take them: read, chosen, agreed to, with the secrets that they name.

use crate::exit::Trouble;
use crate::input;
use audit::facts::JourneyKind;
use audit::read::domain;
use audit::read::journey::{self, Journey};
use audit::read::text::clean;
use engine::{Consent, Plan, Trip};
use jiff::Timestamp;
use std::path::PathBuf;

/// Shown under `-h`.
pub const HELP: &str = "Exit codes: 0 every journey went well, 1 one failed or was too slow, 2 bad input, a missing secret or nobody agreed, 3 one could not be told.\nRun with --help for a file to begin with.";

/// Shown under `--help`: all that a file can say.
pub const LONG_HELP: &str = r#"Exit codes: 0 every journey went well, 1 one failed or was too slow, 2 bad input, a missing secret or nobody agreed, 3 one could not be told.

A file of journeys (TOML):

  version = 1

  [[journey]]
  name = "Sign in and out"
  kind = "login"    # signup, login, logout, reset, booking, checkout, dashboard, core, webhook
  base = "https://app.example.com"
  hosts = ["accounts.example.net"]     # asked besides the product's own; other hosts never are
  mailbox = "tests@example.com"        # {{email}} is tests+WORD@example.com, a new one each time
  within_ms = 5000                     # all steps together
  # session = "owner"                  # begin signed in: by LAUNCH_READY_COOKIE or the keychain

  [[journey.step]]
  name = "Open the form"
  path = "/login"                      # or a whole address
  expect = { status = [200], contains = "Welcome", within_ms = 800 }
  # A value for later steps; or meta, json = "/id", header, cookie, regex = 'id=(\d+)',
  # or mail = "/reset/", which waits for the mail to {{email}} and takes that link (--imap).
  capture = { csrf = { field = "csrf_token" } }

  [[journey.step]]
  name = "Send the form"               # a body makes it a POST; else name the method
  path = "/login"
  form = { email = "{{secret.email}}", password = "{{secret.password}}", csrf_token = "{{csrf}}" }
  expect = { at = "/boards", lacks = "wrong", cookies = ["sid"] }

  [[journey.step]]
  path = "/v1/boards"
  headers = { x-csrf-token = "{{csrf}}" }
  json = '{"name": "Board {{run}}"}'   # {{run}} is a word of this one run
  follow = false                       # leave redirects alone
  expect = { status = 201, json = { "/name" = "Board {{run}}" }, json_has = ["/id"] }

Statuses below 400 are right where no other is named; expect also takes headers = { content-type = "json" }. Cookies are kept as a browser does. {{secret.NAME}} comes from LAUNCH_READY_SECRET_NAME or the keychain (`launch-ready journey keep NAME --domain example.com`); a file with a secret in it is refused. Without a mailbox {{email}} is WORD@probe.invalid, which no mail can reach. session = "lesser" begins as somebody who may do less. A step that is no GET or HEAD writes, and a journey that writes waits for --agreed-by. One that fails is gone through a second time before it counts."#;

/// Options of `audit` about journeys.
#[derive(clap::Args)]
pub struct Journeys {
    /// Go through the journeys in this file too (may be given several times); `launch-ready journey --help` shows one
    #[arg(long, value_name = "FILE")]
    journey: Vec<PathBuf>,
    #[command(flatten)]
    post: super::Post,
    /// Who agreed that their steps that write are really taken; without it those journeys are not begun
    #[arg(long, value_name = "NAME", requires = "journey")]
    journeys_agreed_by: Option<String>,
}

impl Journeys {
    /// Puts journeys and consents into the plan.
    pub async fn enter(&self, plan: &mut Plan, now: Timestamp) -> Result<(), Trouble> {
        let journeys = read(&self.journey)?;
        if journeys.is_empty() {
            return Ok(());
        }
        agree(plan, &journeys, self.journeys_agreed_by.as_deref(), now)?;
        plan.journeys = trips(journeys, &plan.target.domain).await?;
        plan.mailbox = self.post.mailbox(&plan.target.domain).await?;
        Ok(())
    }
}

/// The journeys of these files.
pub fn read(files: &[PathBuf]) -> Result<Vec<Journey>, Trouble> {
    let mut all: Vec<Journey> = Vec::new();
    for file in files {
        let bytes = input::bytes(file)?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Trouble::new(format!("{} is not a text in UTF-8", file.display())))?;
        let journeys = journey::read(text).map_err(|wrong| Trouble::new(format!("{}: {wrong}", file.display())))?;
        for one in journeys {
            if all.iter().any(|other| other.name == one.name) {
                let says = format!("{}: another file has a journey \"{}\" as well", file.display(), one.name);
                return Err(Trouble::new(says));
            }
            all.push(one);
        }
    }
    Ok(all)
}

/// Those that were asked for; all where none was named.
pub fn chosen(journeys: Vec<Journey>, only: &[String]) -> Result<Vec<Journey>, Trouble> {
    let names: Vec<String> = journeys.iter().map(|journey| format!("\"{}\"", journey.name)).collect();
    if let Some(wrong) = only.iter().find(|name| !journeys.iter().any(|journey| journey.name == **name)) {
        let says = format!("there is no journey \"{}\"; there are {}", clean(wrong, 80), names.join(", "));
        return Err(Trouble::new(says));
    }
    Ok(journeys.into_iter().filter(|journey| only.is_empty() || only.contains(&journey.name)).collect())
}

/// The registered domain that the journeys belong to.
pub fn domain_of(journeys: &[Journey]) -> Result<String, Trouble> {
    let of = |journey: &Journey| {
        let host = journey.base.host_str().unwrap_or_default().to_owned();
        domain::registered(&host).unwrap_or(host)
    };
    let mut domains: Vec<String> = journeys.iter().map(of).collect();
    domains.dedup();
    match domains.as_slice() {
        [one] => Ok(one.clone()),
        _ => Err(Trouble::new("the journeys belong to several domains; give each domain a run of its own")),
    }
}

/// The kind of this word.
pub fn kind(word: &str) -> Result<JourneyKind, Trouble> {
    let known = JourneyKind::ALL.iter().find(|(_, known)| *known == word.trim());
    known.map(|(kind, _)| *kind).ok_or_else(|| {
        let words: Vec<&str> = JourneyKind::ALL.iter().map(|(_, word)| *word).collect();
        Trouble::new(format!("{} is no kind of journey; choose one of {}", clean(word, 40), words.join(", ")))
    })
}

/// Records who agreed that these journeys write, for each host that they write to.
pub fn agree(plan: &mut Plan, journeys: &[Journey], by: Option<&str>, now: Timestamp) -> Result<(), Trouble> {
    let Some(by) = by else { return Ok(()) };
    for host in journeys.iter().flat_map(Journey::written) {
        let consent = Consent::to_write(&host, by, now).map_err(|error| Trouble::new(error.message))?;
        plan.consents.push(consent);
    }
    Ok(())
}

/// The journeys with the secrets that they name.
pub async fn trips(journeys: Vec<Journey>, domain: &str) -> Result<Vec<Trip>, Trouble> {
    let mut trips = Vec::new();
    for journey in journeys {
        let secrets = super::secrets(journey.secrets(), domain).await;
        trips.push(Trip::new(journey, secrets).map_err(|error| Trouble::new(error.message))?);
    }
    Ok(trips)
}

#[cfg(test)]
mod tests {
    use super::{LONG_HELP, chosen, domain_of};
    use audit::read::journey::read;

    #[test]
    fn the_file_that_help_shows_can_be_used() {
        let from = LONG_HELP.find("  version = 1").unwrap();
        let until = LONG_HELP.find("\nStatuses below").unwrap();
        let journeys = read(&LONG_HELP[from..until]).unwrap();
        assert_eq!((journeys[0].steps.len(), domain_of(&journeys).unwrap()), (3, "example.com".to_owned()));
        assert!(chosen(journeys.clone(), &["Sign in".to_owned()]).unwrap_err().to_string().contains("Sign in and out"));
        assert_eq!(chosen(journeys, &["Sign in and out".to_owned()]).unwrap().len(), 1);
    }
}
