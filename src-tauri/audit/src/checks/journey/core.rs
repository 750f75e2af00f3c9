//! journey.core: a user does what the product is for.

use crate::check::{Check, Concern, Need, Verdict};
use crate::facts::JourneyKind;
use crate::{Case, Unseen, journeys};

/// journey.core.
pub static CHECK: Check = Check {
    id: "journey.core",
    title: "A user can do the one thing that the product is for",
    why: "A product that cannot do its one thing during a demo has no second chance.",
    needs: &[Need::Auth],
    concern: Concern::Reach,
    covers: "The steps of the journeys of kind core, dashboard and webhook that you recorded in a file: status, content, redirects, cookies and time of each answer. A journey that failed is gone through a second time before it is told, and none that writes is begun before somebody agreed to it. What only a script in a browser does is not seen.",
    ask: None,
    refs: &["RFC 9110 §15", "RFC 6265 §5"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    journeys::judge(case, &[JourneyKind::Core, JourneyKind::Dashboard, JourneyKind::Webhook])
}
