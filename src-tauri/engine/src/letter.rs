//! A message that the product sent, as somebody gave it: opened once, and never shown.

use crate::EngineError;
use audit::facts::Flow;
use audit::read::message::Mail;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::sync::Arc;

/// Characters of a packed message: 30 MB of it.
const LONGEST: usize = 40 * 1024 * 1024;

/// A message with what it is for.
#[derive(Clone)]
pub struct Letter {
    pub(crate) flow: Flow,
    pub(crate) mail: Arc<Mail>,
}

impl Letter {
    /// Opens a message in its original form (.eml).
    ///
    /// # Errors
    /// It is no message.
    pub fn open(flow: Flow, file: &[u8]) -> Result<Self, EngineError> {
        let mail =
            Mail::open(file).map_err(|error| EngineError::new("message", format!("this is no message: {error}")))?;
        Ok(Self { flow, mail: Arc::new(mail) })
    }

    /// The same from base64, in which the page hands over a file: mail holds bytes that are no text.
    ///
    /// # Errors
    /// It is no message, or longer than any mailbox takes.
    pub fn packed(flow: Flow, file: &str) -> Result<Self, EngineError> {
        if file.len() > LONGEST {
            return Err(EngineError::new("message", "this is larger than any mailbox takes"));
        }
        let file = STANDARD.decode(file).map_err(|_| EngineError::new("message", "this is no file"))?;
        Self::open(flow, &file)
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("flow", &self.flow).finish_non_exhaustive()
    }
}
