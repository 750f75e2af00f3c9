//! Refuses a file that holds a secret: it would be committed, mailed and shown. Secrets are named, and live elsewhere.

use super::Wrong;
use crate::read::secret::{self, File};

/// Fields that hold a secret, by what their names contain.
const WORDS: [&str; 9] = ["password", "passwd", "passphrase", "pwd", "secret", "token", "api_key", "apikey", "csrf"];

/// Refuses a text in which a known kind of key stands.
pub(super) fn refuse(text: &str) -> Result<(), Wrong> {
    let mut file = File::new("journeys", &[0; 32], true);
    file.feed(text.as_bytes());
    let found = file.finish().into_iter().find(|found| !found.public && !found.allowed);
    match found {
        None => Ok(()),
        Some(found) => {
            let title = secret::by_id(&found.rule).map_or("a secret", |rule| rule.title.as_str());
            Err(Wrong {
                line: usize::try_from(found.line).ok(),
                says: format!("this looks like a secret ({title}); {WAY}"),
            })
        }
    }
}

/// What to do instead.
pub(super) const WAY: &str = "name it as {{secret.password}}, and keep its value in LAUNCH_READY_SECRET_PASSWORD or by `launch-ready journey keep`";

/// Whether the value of such a field is a secret wherever it comes from.
pub(super) fn is_secret(field: &str) -> bool {
    let field = field.to_ascii_lowercase();
    WORDS.iter().any(|word| field.contains(word))
}

/// Whether a header field carries a secret.
pub(super) fn is_secret_header(name: &str) -> bool {
    matches!(name.to_ascii_lowercase().as_str(), "authorization" | "proxy-authorization" | "cookie") || is_secret(name)
}
