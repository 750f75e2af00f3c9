//! journey.degraded: pages still work when another company's service does not.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::{self, No};
use crate::{Case, Unseen};

/// journey.degraded.
pub static CHECK: Check = Check {
    id: "journey.degraded",
    title: "Pages still work when another company's service does not",
    why: "Chat windows, statistics and payment services fail every month; your product should not fail with them.",
    needs: &[Need::Person],
    concern: Concern::Reach,
    covers: "A person's word, after blocking each service of another company in the browser's developer tools (Network, Block request domain); the services that pages load are listed at http.third_party.",
    ask: Some(
        "Block each other company's service in the browser's developer tools (Network, Block request domain), one after another: do the main pages still open and work?",
    ),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::High,
    says: "Pages do not work while another company's service is slow or down, as a person says.",
    fix: "Load such scripts with async or defer, give every call to another service a time-out of a few seconds, and show the page without what it would have added.",
    minutes: 240,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    journeys::said(case, CHECK.id, &NO)
}
