//! The sections of the report that exist, and what each waits for before it says anything.

use crate::facts::{Fact, Facts};
use crate::roadmap::Roadmap;
use crate::{form, picture};

/// Report sections that exist; deliverables that rest on others are not built yet.
pub const REPORTS: [&str; 24] = [
    "report.access",
    "report.alert_matrix",
    "report.before_after",
    "report.caching_rules",
    "report.demo_day",
    "report.deploy_note",
    "report.dns_map",
    "report.env_inventory",
    "report.evidence",
    "report.fix_order",
    "report.go_no_go",
    "report.handover",
    "report.mail_auth",
    "report.mail_flows",
    "report.monitoring",
    "report.protection_policy",
    "report.redirect_map",
    "report.regression",
    "report.release_notes",
    "report.risks",
    "report.runbook",
    "report.secrets",
    "report.summary",
    "report.what_changed",
];

/// Whether a section has nothing to say until somebody answers, measures or points the app at something: it is no deliverable yet.
pub(crate) fn waits(report: &str, facts: &Facts, roadmap: &Roadmap) -> bool {
    let answered = |check| answered(check, facts, roadmap);
    match report {
        "report.access" | "report.handover" | "report.runbook" => !answered("handover.owners"),
        "report.alert_matrix" => !answered("alerts.routing"),
        "report.deploy_note" | "report.release_notes" => !answered("deploy.release_path"),
        "report.monitoring" => facts.watched.is_none() && !answered("monitor.coverage"),
        // Nobody but the people who do the work can measure before and after it.
        "report.before_after" => picture::pairs(facts).is_empty(),
        "report.env_inventory" => none(facts.inventory.as_ref()),
        "report.secrets" => none(facts.tree.as_ref()) && none(facts.history.as_ref()),
        // Whether there was an earlier run no facts tell; whoever signs has seen what was changed.
        "report.what_changed" => !answered("handover.sign_off"),
        "report.mail_flows" => facts.messages.is_empty() && facts.roundtrips.is_empty(),
        _ => false,
    }
}

fn none<T>(fact: Option<&Fact<T>>) -> bool {
    fact.is_none_or(|fact| fact.seen().is_err())
}

/// Whether somebody answered the check that a section rests on, or a row of that check.
fn answered(check: &str, facts: &Facts, roadmap: &Roadmap) -> bool {
    let items = roadmap.stages.iter().flat_map(|stage| &stage.items);
    let rows = items.filter(|item| item.checks.iter().any(|id| id == check)).map(|item| item.id.as_str());
    let mut keys = [check, form::kept(check)].into_iter().chain(rows);
    keys.any(|key| facts.answers.contains_key(key))
}

#[cfg(test)]
mod tests {
    use super::{REPORTS, waits};
    use crate::facts::Choice;
    use crate::testing::{answered, blank, watched};
    use crate::{checks, roadmap};

    #[test]
    fn what_has_nothing_to_say_waits() {
        let roadmap = roadmap::by_id("sd").unwrap();
        let open = |facts: &_| REPORTS.into_iter().filter(|report| waits(report, facts, roadmap)).collect::<Vec<_>>();
        let all = open(&blank());
        assert_eq!(
            all,
            [
                "report.access",
                "report.alert_matrix",
                "report.before_after",
                "report.deploy_note",
                "report.env_inventory",
                "report.handover",
                "report.mail_flows",
                "report.monitoring",
                "report.release_notes",
                "report.runbook",
                "report.secrets",
                "report.what_changed",
            ]
        );
        let owners = answered(checks::by_id("handover.owners").unwrap(), Choice::Yes);
        assert_eq!(open(&owners).len(), all.len() - 3);
        let mut watching = blank();
        watching.watched = Some(watched("https://example.com/", 60, 24, 60, 180));
        assert_eq!(open(&watching).len(), all.len() - 1);
    }
}
