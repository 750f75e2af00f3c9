//! What the window and the report draw: records, resolvers, redirects, companies and latency, as rows made once from the facts and what
//! was judged of them.

mod code;
mod expected;
mod journeys;
mod letters;
mod providers;
mod records;
mod redirects;
mod reports;
mod resolvers;
mod senders;
mod speed;
#[cfg(test)]
mod tests;

pub use code::{CodePicture, HomeWord, KeyKind, KeyRow, SettingIn, SettingRow};
pub use expected::{Accepted, Expected};
pub use journeys::{JourneyRow, JourneyWord, StepRow};
pub use letters::{LetterHop, LetterRow};
pub use providers::{ProviderMap, Station};
pub use records::{RecordMark, RecordRow, present};
pub use redirects::{ChainRow, HopRow, Wrong};
pub use reports::{ReportedRow, ReportsPicture};
pub use resolvers::{Asked, Spread, Voice};
pub use senders::{SenderRow, SenderTree, senders};
pub use speed::{ChangeRow, Compared, CurvePoint, ErrorRow, MeasuredRow, bars, pairs};

use crate::facts::{Fact, Facts, Sampled};
use crate::roadmap::Roadmap;
use crate::{Audit, Case, Finding, Grade, State, Unseen};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything that is drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Pictures {
    /// Every record that was seen once, by name and type.
    pub records: Vec<RecordRow>,
    /// Questions about records that nobody answered.
    pub unanswered: Vec<Unseen>,
    /// The accepted records, and what differs from them.
    pub expected: Expected,
    /// What the domain's own name servers and public resolvers say.
    pub spread: Spread,
    /// Every form of the address, and where it leads.
    pub chains: Vec<ChainRow>,
    /// The companies between a visitor and the product, in the order in which a request meets them.
    pub providers: ProviderMap,
    /// Every route that was sampled.
    pub latency: Vec<LatencyRow>,
    /// Every message that was given or sent on purpose.
    pub letters: Vec<LetterRow>,
    /// Who may send by the SPF record; none without exactly one record that can be read.
    pub senders: Option<SenderTree>,
    /// Selectors of DKIM keys that a person named.
    pub selectors: Vec<String>,
    /// What the DMARC reports that were given tell.
    pub reports: Option<ReportsPicture>,
    /// Journeys that were gone through, in the order of a customer's life.
    #[serde(default)]
    pub journeys: Vec<JourneyRow>,
    /// The project's folder: keys that got out, and settings.
    pub code: CodePicture,
}

/// One sampled route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct LatencyRow {
    /// The route's URL.
    pub route: String,
    /// The roadmap's p95 target, milliseconds.
    pub target_ms: u32,
    /// The samples, when they could be taken.
    pub sampled: Option<Sampled>,
    /// Why not, when not.
    pub unseen: Option<String>,
}

/// Draws the facts, and marks in them what the audit found.
#[must_use]
pub fn of(facts: &Facts, roadmap: &Roadmap, audit: &Audit) -> Pictures {
    let case = Case { facts, roadmap, now: audit.judged };
    let expected = expected::of(facts);
    Pictures {
        records: records::of(facts, audit, &expected),
        unanswered: records::unanswered(facts),
        expected,
        spread: resolvers::of(&case),
        chains: redirects::of(&case, audit),
        providers: providers::of(&case),
        journeys: journeys::of(facts),
        latency: latency(facts, roadmap),
        letters: letters::of(facts),
        senders: senders(facts, &facts.target.domain),
        selectors: facts.answers.get("mail.dkim").map(crate::read::dkim::named).unwrap_or_default(),
        reports: reports::of(facts, audit.judged),
        code: code::of(facts),
    }
}

fn latency(facts: &Facts, roadmap: &Roadmap) -> Vec<LatencyRow> {
    let row = |(route, fact): (&String, &Fact<Sampled>)| LatencyRow {
        route: route.clone(),
        target_ms: roadmap.latency.p95_ms,
        sampled: fact.seen().ok().cloned(),
        unseen: fact.seen().err().map(|unseen| unseen.says),
    };
    facts.latency.iter().map(row).collect()
}

/// The findings of these checks, each with the check's id.
fn findings<'a>(audit: &'a Audit, of: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = (&'a str, &'a Finding)> {
    let outcomes = audit.outcomes.iter().filter(move |outcome| of(&outcome.check));
    outcomes.flat_map(|outcome| outcome.findings.iter().map(|finding| (outcome.check.as_str(), finding)))
}

/// The state by which a finding of this grade is drawn.
fn state(grade: Grade) -> State {
    match grade {
        Grade::Fail => State::Failing,
        Grade::Warn => State::Attention,
    }
}
