//! Journeys of a plan: the steps of a file, with the secrets that they name.

use crate::{EngineError, Secret};
use audit::read::journey::Journey;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

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
        if let Some(name) = journey.secrets().iter().find(|name| !secrets.contains_key(*name)) {
            let says = format!(
                "the journey \"{}\" needs the secret {name}; set {}, or keep it by `launch-ready journey keep {name} --domain {}`",
                journey.name,
                variable(name),
                audit::read::domain::registered(journey.base.host_str().unwrap_or_default())
                    .unwrap_or_else(|| "example.com".to_owned())
            );
            return Err(EngineError::new("journey-secret", says));
        }
        Ok(Self { journey: Arc::new(journey), secrets: Arc::new(secrets) })
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

/// The variable of the environment that gives a secret: `LAUNCH_READY_SECRET_PASSWORD` for `password`.
#[must_use]
pub fn variable(name: &str) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    format!("LAUNCH_READY_SECRET_{}", name.chars().map(letter).collect::<String>())
}
