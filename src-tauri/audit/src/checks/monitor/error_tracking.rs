//! monitor.error_tracking: errors are collected and grouped by release.

use crate::check::{Check, Concern, Need, Severity, Verdict};
use crate::journeys::{No, said};
use crate::{Case, Unseen};

/// monitor.error_tracking.
pub static CHECK: Check = Check {
    id: "monitor.error_tracking",
    title: "Errors are collected and grouped by release",
    why: "A release that breaks something shows at once when its errors stand together, and never when they are scattered in a log.",
    needs: &[Need::Person],
    concern: Concern::Control,
    covers: "A person's word on where exceptions of server and browser arrive, that the same ones stand together and that each names its release; logs.leaks judges whether personal data goes along.",
    ask: Some(
        "Do exceptions of the server and of the browser arrive in one place, the same ones together and each with the release it came from? Name the place.",
    ),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::Medium,
    says: "Errors are not collected and grouped by release, as a person says.",
    fix: "Add an error tracker (Sentry, GlitchTip, Honeybadger, or that of your hosting) to server and page, and set its release to the commit that is deployed.",
    minutes: 90,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    said(case, CHECK.id, &NO)
}
