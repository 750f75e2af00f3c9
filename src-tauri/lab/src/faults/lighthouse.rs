//! Faults that Lighthouse tells of the front page.

use super::Fault;

const FOUND: &[&str] = &["page.lighthouse"];

pub(super) const ROWS: [Fault; 5] = [
    Fault::found("lighthouse-slow", "the front page takes nine seconds on a slow phone", FOUND, |world| {
        (world.lighthouse.scores[0], world.lighthouse.painted) = (Some(0.31), "9.2 s");
    })
    .telling("31 of 100 for performance"),
    Fault::found("lighthouse-pale", "the texts of the front page are too pale to read", FOUND, |world| {
        world.lighthouse.scores[1] = Some(0.84);
    })
    .telling("84 of 100 for accessibility"),
    Fault::found("lighthouse-undescribed", "search engines find no description of the front page", FOUND, |world| {
        world.lighthouse.scores[3] = Some(0.82);
    })
    .telling("82 of 100 for search engines"),
    Fault::passing("lighthouse-unpainted", "Lighthouse sees nothing of the page", &[FOUND], |world| {
        world.lighthouse.trouble = Some("NO_FCP");
    }),
    Fault::passing("lighthouse-elsewhere", "the report of Lighthouse is about another site", &[FOUND], |world| {
        world.lighthouse.url = "https://larkhosting.example/".to_owned();
    })
    .telling("no part of"),
];
