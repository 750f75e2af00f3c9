//! Journeys of a plan: the steps of a file, with the secrets that they name.

use crate::{EngineError, Secret};
use audit::read::journey::Journey;
use audit::read::journey::har::{self, Import};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Characters of a recording in base64: 25 MB of it.
const LONGEST: usize = 34 * 1024 * 1024;

/// A journey that can be gone through.
#[derive(Clone)]
pub struct Trip {
    journey: Arc<Journey>,
    secrets: Arc<BTreeMap<String, Secret<String>>>,
}

impl Trip {
    /// A journey with the secrets that it names, by their names.
    ///
    /// # Errors
    /// One of them is missing: the words say how to give it.
    pub fn new(journey: Journey, secrets: BTreeMap<String, Secret<String>>) -> Result<Self, EngineError> {
        let trip = Self::with(journey, secrets);
        match trip.lacks() {
            None => Ok(trip),
            Some(name) => {
                let says =
                    format!("the journey \"{}\" needs the secret {name}; {}", trip.journey.name, trip.way_to(&name));
                Err(EngineError::new("journey-secret", says))
            }
        }
    }

    /// A journey with those of its secrets that are there; where one is missing it is told so in place of being begun.
    #[must_use]
    pub fn with(journey: Journey, secrets: BTreeMap<String, Secret<String>>) -> Self {
        Self { journey: Arc::new(journey), secrets: Arc::new(secrets) }
    }

    /// The same with these secrets too, where none of their name was given yet.
    #[must_use]
    pub fn with_more(mut self, more: impl IntoIterator<Item = (String, Secret<String>)>) -> Self {
        let mut secrets: BTreeMap<_, _> =
            self.secrets().map(|(name, value)| (name.to_owned(), Secret::new(value.to_owned()))).collect();
        for (name, secret) in more {
            secrets.entry(name).or_insert(secret);
        }
        self.secrets = Arc::new(secrets);
        self
    }

    /// A secret that it names and that was not given.
    pub(crate) fn lacks(&self) -> Option<String> {
        self.journey.secrets().into_iter().find(|name| !self.secrets.contains_key(name))
    }

    /// How a secret is given.
    pub(crate) fn way_to(&self, name: &str) -> String {
        let host = self.journey.base.host_str().unwrap_or_default();
        let domain = audit::read::domain::registered(host).unwrap_or_else(|| "example.com".to_owned());
        format!("set {}, or keep it by `launch-ready journey keep {name} --domain {domain}`", variable(name))
    }

    /// The journey.
    #[must_use]
    pub fn journey(&self) -> &Journey {
        &self.journey
    }

    /// The value of a secret.
    pub(crate) fn secret(&self, name: &str) -> Option<&str> {
        self.secrets.get(name).map(|secret| secret.reveal().as_str())
    }

    /// Every secret with its name.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = (&str, &str)> {
        self.secrets.iter().map(|(name, secret)| (name.as_str(), secret.reveal().as_str()))
    }
}

impl fmt::Debug for Trip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trip").field("journey", &self.journey.name).finish_non_exhaustive()
    }
}

/// Makes the file of a journey out of a recording of a browser (HAR) in base64.
///
/// # Errors
/// It is none, or a secret could not be kept out of the file.
pub fn imported(packed: &str) -> Result<Import, EngineError> {
    let wrong = |says: &str| EngineError::new("journey", says);
    if packed.len() > LONGEST {
        return Err(wrong("a recording has at most 25 MB; record only the steps of this journey"));
    }
    let bytes = STANDARD.decode(packed).map_err(|_| wrong("this is no file"))?;
    har::import(&bytes, None).map_err(|says| wrong(&says))
}

/// The variable of the environment that gives a secret: `LAUNCH_READY_SECRET_PASSWORD` for `password`.
#[must_use]
pub fn variable(name: &str) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    format!("LAUNCH_READY_SECRET_{}", name.chars().map(letter).collect::<String>())
}
