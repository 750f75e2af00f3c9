//! What a project has that its file does not carry, and the sentences that say so.

use crate::vault::Kind;
use audit::read::text::clean;
use serde::{Deserialize, Serialize};

/// Most of each that are told by name.
const MOST: usize = 50;

/// What stays behind. A file brings it, so it is told bounded and cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Left {
    /// Secrets in the keychain, by their kind, or `journey/` and their name. Never a value.
    pub(super) secrets: Vec<String>,
    /// Who agreed to what may be felt on a host: the host and the name.
    pub(super) consents: Vec<(String, String)>,
    /// Places on the computer: `folder`, `log`, `queries`, `database`. Never the path.
    pub(super) places: Vec<String>,
    /// Whether somebody watches it.
    pub(super) watched: bool,
    /// Whether there are private notes that nobody wanted in it.
    pub(super) notes: bool,
    /// Pieces of evidence whose content is gone.
    pub(super) gone: u32,
}

impl Left {
    /// A sentence for each thing that stays on its computer, each with what to do.
    pub(super) fn told(&self) -> Vec<String> {
        let mut told = vec![];
        let secrets: Vec<String> = self.secrets.iter().filter_map(|word| secret(word)).take(MOST).collect();
        if !secrets.is_empty() {
            told.push(format!(
                "{} in the keychain of the computer that wrote the file ({}). Store each again where it is needed.",
                if secrets.len() == 1 { "1 key stays".to_owned() } else { format!("{} keys stay", secrets.len()) },
                secrets.join(", ")
            ));
        }
        if !self.consents.is_empty() {
            let each = self.consents.iter().take(MOST);
            let each: Vec<_> = each.map(|(host, by)| format!("{} by {}", clean(host, 100), clean(by, 100))).collect();
            told.push(format!(
                "Consents are not in the file, because they were given for work from the computer that wrote it: {}. Ask for them again before anything is sent that may be felt there.",
                each.join(", ")
            ));
        }
        let places = [
            ("folder", "the folder of the code"),
            ("log", "the log"),
            ("queries", "the log of queries"),
            ("database", "the file of the database"),
        ];
        let places: Vec<_> = places
            .iter()
            .filter(|(word, _)| self.places.iter().any(|place| place == word))
            .map(|(_, says)| *says)
            .collect();
        if !places.is_empty() {
            told.push(format!(
                "Where {} lies is not in the file, because that is a place on the computer that wrote it. Name it again on the pages \u{201c}Code and keys\u{201d} and \u{201c}Database\u{201d}.",
                places.join(", ")
            ));
        }
        if self.watched {
            told.push("The record of the watch is in the file, but nothing begins to watch by itself. Start the watch on the page \u{201c}Journeys\u{201d}.".to_owned());
        }
        if self.notes {
            told.push("Private notes are not in the file, because nobody asked for them.".to_owned());
        }
        told
    }

    /// What the project itself lacks now, with what to do.
    pub(super) fn lost(&self) -> Vec<String> {
        let pieces = match self.gone {
            0 => return vec![],
            1 => "1 piece".to_owned(),
            gone => format!("{gone} pieces"),
        };
        let why = "could not be put into the file, because what it held is gone from the computer that wrote it";
        vec![format!("{pieces} of evidence {why}. Attach it again.")]
    }
}

/// A secret in words; none for a kind that there is not.
fn secret(word: &str) -> Option<String> {
    if let Some(name) = word.strip_prefix("journey/") {
        return Some(format!("{} of journeys", clean(name, 60)));
    }
    let kind = Kind::ALL.into_iter().find(|kind| kind.key() == word)?;
    let says = match kind {
        Kind::Cookie => "session cookie",
        Kind::Token => "session token",
        Kind::LesserCookie => "session cookie of somebody who may do less",
        Kind::LesserToken => "session token of somebody who may do less",
        Kind::Cloudflare => "Cloudflare token",
        Kind::Smtp => "password of the mail account",
        Kind::Imap => "password of the mailbox",
        Kind::Database => "access to the database",
    };
    Some(says.to_owned())
}
