//! What the page hands over of a row's dossier and of the sprint clock, and what it gets to see of a piece of evidence.

use crate::error::Trouble;
use audit::facts::EvidenceKind;
use audit::read::attached;
use engine::store::Attachment;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Characters of an attached text that are shown.
const SHOWN: usize = 100_000;

/// A day as the page gives it; none where nothing was chosen.
pub(crate) fn day(text: &str) -> Result<Option<Date>, Trouble> {
    let wrong = |_| Trouble::new("day", "choose a day, such as 2026-12-31");
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(wrong) }
}

/// A moment as the page gives it.
pub(crate) fn moment(text: Option<&str>) -> Result<Option<Timestamp>, Trouble> {
    text.map(str::parse).transpose().map_err(|_| Trouble::new("sprint", "choose the day and time of the begin"))
}

/// Something to attach to a row.
#[derive(Clone, Debug, Deserialize, TS)]
pub(crate) struct EvidenceGiven {
    /// What it is called; the address itself where it is a link.
    pub(crate) name: String,
    /// What it holds, base64; none where it is a link.
    pub(crate) content: Option<String>,
    /// Who attaches it.
    pub(crate) by: String,
}

impl EvidenceGiven {
    /// What is attached, as bytes.
    pub(crate) fn unpacked(self) -> Result<Attachment, Trouble> {
        Ok(Attachment::packed(self.name, self.content.as_deref(), self.by)?)
    }
}

/// What a piece of evidence shows.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct EvidenceShown {
    /// A picture as an address that holds it whole, with a type that we chose; none for what is no picture.
    pub(crate) picture: Option<String>,
    /// Its text; none for what is no text.
    pub(crate) text: Option<String>,
}

impl EvidenceShown {
    /// Shows these bytes by what they are, whatever they are called.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let picture = engine::store::picture(bytes);
        let text = (attached::kind(bytes) == EvidenceKind::Text).then(|| String::from_utf8_lossy(bytes));
        Self { picture, text: text.map(|text| text.chars().take(SHOWN).collect()) }
    }
}
