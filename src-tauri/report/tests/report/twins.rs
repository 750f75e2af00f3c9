//! The twins of the PDF: Markdown, the page that stands alone, the lists and the lines of a terminal.

use super::{AUDIT, FACTS, dense, fixture, known, shown};
use std::collections::BTreeSet;

#[test]
fn markdown_has_the_same_headings_and_no_markup_from_outside() {
    use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
    let text = report::markdown(&AUDIT, &FACTS, &fixture::options());
    let mut found: Vec<String> = vec![];
    let mut inside = false;
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { level, .. }) if level != HeadingLevel::H1 => {
                inside = true;
                found.push(String::new());
            }
            Event::End(TagEnd::Heading(_)) => inside = false,
            Event::Text(part) | Event::Code(part) if inside => found.last_mut().unwrap().push_str(&part),
            Event::Html(html) | Event::InlineHtml(html) => {
                let html = html.trim();
                assert!(html == "<br>" || html == "</a>" || html.starts_with("<a id=\""), "{html}");
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(dest_url.starts_with('#') || known(&dest_url), "{dest_url}");
            }
            Event::Start(Tag::Image { dest_url, .. }) => panic!("an image of {dest_url}"),
            _ => {}
        }
    }
    let blocks = report::blocks(&AUDIT, &FACTS, &fixture::options());
    let wanted: Vec<&str> = report::block::headings(&blocks).iter().map(|heading| heading.text.as_str()).collect();
    assert_eq!(found, wanted);
    for (_, _, finding) in fixture::planted() {
        assert!(dense(&text).contains(&shown(&finding.evidence[1])), "{}", finding.subject);
    }
}

#[test]
fn links_inside_the_markdown_lead_to_anchors() {
    let text = report::markdown(&AUDIT, &FACTS, &fixture::options());
    let anchors: BTreeSet<&str> = text.split("<a id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let links: Vec<&str> = text.split("](#").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(links.len() > 80);
    links.iter().for_each(|link| assert!(anchors.contains(link), "{link}"));
    let ids = text.matches("<a id=\"").count();
    assert_eq!(anchors.len(), ids, "an anchor stands twice");
}

#[test]
fn the_page_that_stands_alone_has_every_row_and_every_link_leads_somewhere() {
    let page = report::html(&AUDIT, &FACTS, &fixture::options()).unwrap();
    let again = report::html(&AUDIT, &FACTS, &fixture::options()).unwrap();
    assert_eq!(page, again);
    let ids: BTreeSet<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(ids.len(), page.matches(" id=\"").count(), "an id stands twice");
    let links = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
    let lost: Vec<&str> = links.filter(|id| !ids.contains(id)).collect();
    assert!(lost.is_empty() && ids.len() > 60, "{lost:?}");
    let text = page.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    for stage in &AUDIT.stages {
        for item in &stage.items {
            assert!(text.contains(&item.id) && text.contains(&item.title), "{}", item.id);
        }
    }
    for (_, _, finding) in fixture::planted() {
        assert!(text.contains(&finding.fix.says), "{}", finding.fix.says);
    }
    assert!(!page.contains("<script") && page.len() < 2_000_000, "{}", page.len());
}

#[test]
fn the_lists_are_tables_that_a_spreadsheet_reads_back() {
    for (name, text) in report::csv(&AUDIT, &FACTS).unwrap() {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let width = reader.headers().unwrap().len();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert!(rows.iter().all(|row| row.len() == width), "{name}");
        match name {
            "findings.csv" => assert_eq!(rows.len(), AUDIT.order.len()),
            "rows.csv" => assert_eq!(rows.len(), AUDIT.stages.iter().map(|stage| stage.items.len()).sum::<usize>()),
            _ => {}
        }
        let formula = |cell: &str| cell.starts_with(['=', '+', '-', '@']);
        assert!(!rows.iter().flat_map(|row| row.iter()).any(formula), "{name}");
    }
}

#[test]
fn the_terminal_gets_the_verdict_the_stages_and_what_comes_first() {
    let plain = report::text(&AUDIT, false);
    assert!(plain.starts_with("■ no-go  juniperdesk.example\n"));
    AUDIT.stages.iter().for_each(|stage| assert!(plain.contains(&stage.title)));
    assert!(plain.contains(" 1. ■ critical  A secret payment key is in the script that every visitor downloads"));
    assert!(plain.contains("? dns.apex  https://status.juniperdesk.example/: 198.51.101.7 took the connection"));
    let painted = report::text(&AUDIT, true);
    assert!(painted.contains("\u{1b}[31m■ no-go\u{1b}[0m"));
    assert!(plain.lines().count() < 60);
}
