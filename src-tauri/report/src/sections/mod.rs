//! The sections of the report in their order. Adding one is a file and a row here.

mod accepted;
mod certificates;
mod contents;
mod cover;
mod decision;
mod demo_day;
mod depth;
mod dns_drift;
mod dns_map;
mod end_state;
mod evidence;
mod filled;
mod findings;
mod fix_order;
mod guide;
mod journeys;
mod latency;
mod mail_auth;
mod measured;
mod monitoring;
mod owners;
mod protection;
mod readiness;
mod reading;
mod redirect_map;
mod release;
mod risks;
mod runbook;
mod scope;
mod secrets;
mod settings;
mod stages;
mod what_changed;

pub(crate) use what_changed::mark as change_mark;

use crate::Options;
use crate::block::Block;
use crate::brief::Brief;
use audit::Audit;

/// One section of the report.
pub struct Section {
    /// Its id; roadmaps name some of them as what a stage delivers.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Writes it.
    pub write: fn(&Brief<'_>) -> Vec<Block>,
}

const fn section(id: &'static str, title: &'static str, write: fn(&Brief<'_>) -> Vec<Block>) -> Section {
    Section { id, title, write }
}

/// The page that can be printed alone.
pub const GUIDE: &str = "report.guide";

/// All sections in order.
#[must_use]
pub fn all() -> &'static [Section] {
    const ALL: [Section; 38] = [
        section("report.cover", "Cover", cover::write),
        section("report.go_no_go", decision::TITLE, decision::write),
        section("report.contents", contents::TITLE, contents::write),
        section(GUIDE, guide::TITLE, guide::write),
        section("report.reading", reading::TITLE, reading::write),
        section("report.scope", scope::TITLE, scope::write),
        section("report.readiness", readiness::TITLE, readiness::write),
        section("report.what_changed", what_changed::TITLE, what_changed::write),
        section("report.risks", risks::TITLE, risks::write),
        section("report.fix_order", fix_order::TITLE, fix_order::write),
        section("report.accepted", accepted::TITLE, accepted::write),
        section("report.findings", findings::TITLE, findings::write),
        section("report.stages", "Stages", stages::write),
        section("report.dns_map", dns_map::TITLE, dns_map::write),
        section("report.dns_drift", dns_drift::TITLE, dns_drift::write),
        section("report.redirect_map", redirect_map::TITLE, redirect_map::write),
        section("report.mail_auth", mail_auth::TITLE, mail_auth::write),
        section("report.mail_flows", end_state::FLOWS, end_state::flows),
        section("report.certificates", certificates::TITLE, certificates::write),
        section("report.protection_policy", protection::POLICY, protection::policy),
        section("report.caching_rules", protection::CACHING, protection::caching),
        section("report.secrets", secrets::TITLE, secrets::write),
        section("report.env_inventory", settings::TITLE, settings::write),
        section("report.latency", latency::TITLE, latency::write),
        section("report.speed", measured::SPEED, measured::write),
        section("report.before_after", measured::BEFORE_AFTER, measured::before_after),
        section("report.journeys", journeys::TITLE, journeys::write),
        section("report.access", owners::TITLE, owners::write),
        section("report.monitoring", monitoring::TITLE, monitoring::write),
        section("report.alert_matrix", monitoring::MATRIX, monitoring::matrix),
        section("report.deploy_note", release::DEPLOY, release::deploy),
        section("report.release_notes", release::NOTES, release::notes),
        section("report.runbook", runbook::TITLE, runbook::write),
        section("report.demo_day", demo_day::TITLE, demo_day::write),
        section("report.regression", demo_day::REGRESSION, demo_day::regression),
        section("report.handover", end_state::TITLE, end_state::write),
        section("report.evidence", evidence::TITLE, evidence::write),
        section("report.depth", depth::TITLE, depth::write),
    ];
    &ALL
}

/// The report sections that roadmaps may rest a deliverable on; `report.summary` is the decision page. The same list as `audit::REPORTS`.
#[must_use]
pub fn built() -> &'static [&'static str] {
    &[
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
    ]
}

/// The product's name, or the domain.
#[must_use]
pub fn product<'a>(options: &'a Options, audit: &'a Audit) -> &'a str {
    if options.product.trim().is_empty() { &audit.target.name } else { &options.product }
}

/// A section's heading on a new page.
fn open(id: &str, title: &str) -> Vec<Block> {
    vec![Block::PageBreak { unless_left: 1.0 }, Block::heading(1, title, id)]
}

/// A section's heading, on the same page where enough of it is left for its beginning.
fn follow(id: &str, title: &str) -> Vec<Block> {
    vec![Block::PageBreak { unless_left: 0.18 }, Block::heading(1, title, id)]
}
