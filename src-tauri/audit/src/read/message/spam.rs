//! The verdicts of spam filters in the header of a message. Filters write what they please; only verdicts that are documented are read.

use super::Message;
use crate::read::text::clean;
use serde::{Deserialize, Serialize};

/// Words that are kept of one message.
const WORDS: usize = 12;

/// Whether it is spam, and the words for it.
type Verdict = (Option<bool>, String);

/// What one filter said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpamWord {
    /// The header field.
    pub field: String,
    /// Whether it calls the message spam; none where it gives a score without a verdict.
    pub spam: Option<bool>,
    /// The verdict or score as written, without what else the field holds.
    pub says: String,
}

/// The verdicts in a message.
pub(super) fn words(message: &Message) -> Vec<SpamWord> {
    let read = |name: &'static str, verdict: fn(&str) -> Option<Verdict>| {
        message.all(name).filter_map(move |field| {
            let (spam, says) = verdict(&field.text())?;
            Some(SpamWord { field: name.to_owned(), spam, says: clean(&says, 60) })
        })
    };
    // SpamAssassin (Mail::SpamAssassin::Conf, "add_header") and Rspamd (milter_headers).
    let flags = ["x-spam-flag", "x-spam"].into_iter().flat_map(|name| read(name, yes));
    let states = read("x-spam-status", |text| {
        let (verdict, rest) = text.split_once(',').unwrap_or((text, ""));
        let score = rest.split_whitespace().find(|word| word.starts_with("score=")).unwrap_or_default();
        yes(verdict).map(|(spam, says)| (spam, format!("{says} {score}").trim_end().to_owned()))
    });
    // Microsoft (learn.microsoft.com, "Anti-spam message headers"): 5 and more goes to the junk folder.
    let levels = read("x-ms-exchange-organization-scl", |text| level(text.trim()));
    let reports = read("x-forefront-antispam-report", |text| {
        text.split(';').find_map(|part| level(part.trim().strip_prefix("SCL:")?))
    });
    flags.chain(states).chain(levels).chain(reports).take(WORDS).collect()
}

fn yes(text: &str) -> Option<Verdict> {
    let word = text.trim().to_ascii_lowercase();
    match word.as_str() {
        "yes" => Some((Some(true), word)),
        "no" => Some((Some(false), word)),
        _ => None,
    }
}

fn level(text: &str) -> Option<Verdict> {
    let level: i8 = text.parse().ok()?;
    (-1..=9).contains(&level).then(|| (Some(level >= 5), format!("spam confidence level {level}")))
}

#[cfg(test)]
mod tests {
    use super::{SpamWord, words};
    use crate::read::message::Message;

    fn told(header: &str) -> Vec<(Option<bool>, String)> {
        let message = Message::read(format!("{header}\n\nhello").as_bytes()).unwrap();
        words(&message).into_iter().map(|SpamWord { spam, says, .. }| (spam, says)).collect()
    }

    #[test]
    fn documented_verdicts_are_read_and_others_are_not() {
        assert_eq!(told("X-Spam-Flag: YES"), [(Some(true), "yes".to_owned())]);
        let status = "X-Spam-Status: No, score=-1.2 required=5.0 tests=DKIM_VALID,\n\tSPF_PASS autolearn=ham";
        assert_eq!(told(status), [(Some(false), "no score=-1.2".to_owned())]);
        assert_eq!(told("X-MS-Exchange-Organization-SCL: 5")[0].0, Some(true));
        assert_eq!(told("X-Forefront-Antispam-Report: CIP:1.2.3.4;CTRY:US;SCL:-1;SFV:NSPM")[0].0, Some(false));
        assert_eq!(
            told("X-Spam-Flag: perhaps\nX-MS-Exchange-Organization-SCL: 99\nX-Forefront-Antispam-Report: SCL:x"),
            []
        );
    }
}
