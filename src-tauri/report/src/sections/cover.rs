//! The first page: what, for whom, the verdict, the seven stages at a glance.

use super::product;
use crate::block::{Block, Cover, Span};
use crate::brief::Brief;
use crate::words;
use audit::read::text::clean;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let audit = brief.audit;
    let mut rows = vec![("Domain".to_owned(), vec![Span::code(&audit.target.domain)])];
    if let Some(roadmap) = brief.roadmap {
        let path = format!("{}: from {} to {}", roadmap.title, roadmap.from, roadmap.to);
        rows.push(("Roadmap".to_owned(), vec![Span::text(path)]));
    }
    rows.push(("Audited".to_owned(), vec![Span::text(words::time(audit.finished.unwrap_or(audit.started)))]));
    if audit.cut_short {
        let note = "The run was stopped before everything was looked at.";
        rows.push(("Note".to_owned(), vec![Span::text(note)]));
    }
    if let Some(author) = &brief.options.author {
        rows.push(("Author".to_owned(), vec![Span::text(clean(author, 80))]));
    }
    vec![Block::Cover(Cover {
        by: clean(&brief.options.template.name, 80),
        logo: brief.options.template.logo.clone(),
        kicker: "Launch audit and handover".to_owned(),
        title: clean(product(brief.options, audit), 80),
        client: clean(&brief.options.client, 100),
        mark: words::verdict(audit.verdict),
        says: clean(audit.says.first().map_or("", String::as_str), 160),
        stages: audit.stages.iter().map(|stage| (stage.title.clone(), words::state(stage.state))).collect(),
        rows,
        foot: "Confidential. This report names weaknesses that are not mended yet: give it only to people who mend them or decide on the launch.".to_owned(),
    })]
}
