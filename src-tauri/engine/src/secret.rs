//! A secret in memory: it cannot be printed, copied or written out, and is wiped when dropped.

use serde::{Deserialize, Deserializer};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Holds a secret. It has no `Serialize`, `Display` or `Clone`, and its `Debug` says nothing.
pub struct Secret<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    /// Takes a secret in.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The secret itself, for the one who sends it.
    #[must_use]
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de> Deserialize<'de> for Secret<String> {
    /// The window sends secrets in; none goes back.
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        String::deserialize(reader).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn it_says_nothing_of_itself() {
        let secret = Secret::new("canary-9f2".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.reveal(), "canary-9f2");
    }

    #[test]
    fn the_window_can_send_one_in() {
        let secret: Secret<String> = serde_json::from_str("\"sid=1\"").unwrap();
        assert_eq!(secret.reveal(), "sid=1");
    }
}
