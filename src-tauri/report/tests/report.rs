//! The report as a whole: the printed PDF read back by independent tools, and its Markdown, JSON and terminal twins.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod fixture;
mod tools;

use audit::Audit;
use lopdf::{Document, Object};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static FACTS: LazyLock<audit::Facts> = LazyLock::new(fixture::facts);
static AUDIT: LazyLock<Audit> = LazyLock::new(|| fixture::audit(&FACTS));
static PDF: LazyLock<Vec<u8>> = LazyLock::new(|| report::pdf(&AUDIT, &FACTS, &fixture::options()).unwrap());

fn tool(name: &str, arguments: &[&str]) -> Option<String> {
    tools::tool(&PDF, name, arguments)
}

/// What can be seen of a text, without the spaces and lines that setting changes.
fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !tools::MARKS.contains(c)).collect()
}

fn shown(text: &str) -> String {
    dense(&text.lines().map(|line| audit::read::text::clean(line, 4_000)).collect::<String>())
}

#[test]
fn what_the_work_changed_is_told_with_its_certainty() {
    let text = report::markdown(&AUDIT, &FACTS, &fixture::options());
    for part in [
        "40 % faster, surely",
        "Before: 19 Nov 2026",
        "Did not end well: 2 × the server failed (5xx); 1 × no answer in time.",
        "Rivera agreed to it for juniperdesk.example, to 30 users, 100 requests a second and 120 s at most.",
        "it says that it is asked too often, and asks to wait 30 s",
        "400 more needed",
    ] {
        assert!(text.replace('\\', "").contains(part), "{part}");
    }
    // An address without a baseline is no before and after.
    let mut alone = FACTS.clone();
    alone.measured.retain(|one| !one.baseline);
    let text = report::markdown(&AUDIT, &alone, &fixture::options());
    assert!(text.contains("No address was measured before and after a change.") && !text.contains("surely"));
}

#[test]
fn every_word_that_matters_is_in_the_pdf() {
    let Some(text) = tool("pdftotext", &["-raw", "-enc", "UTF-8"]) else { return };
    let text = dense(&text);
    let missing = |wanted: &str| !text.contains(&tools::turned(&shown(wanted)));
    for (_, _, finding) in fixture::planted() {
        assert!(!missing(&finding.says), "{}", finding.says);
        assert!(!missing(&finding.fix.says), "{}", finding.fix.says);
        assert!(finding.fix.paste.as_deref().is_none_or(|paste| !missing(paste)), "{:?}", finding.fix.paste);
        assert!(finding.evidence.iter().all(|line| !missing(line)), "{:?}", finding.evidence);
    }
    for stage in &AUDIT.stages {
        assert!(!missing(&stage.goal));
        for item in &stage.items {
            assert!(!missing(&format!("{}{}", item.id, item.title)), "{} {}", item.id, item.title);
            assert!(!missing(&item.says), "{}", item.says);
        }
        let rows = stage.deliverables.iter().map(|row| &row.id).chain(stage.signals.iter().map(|row| &row.id));
        rows.for_each(|id| assert!(!missing(id), "{id}"));
    }
    assert!(!missing("Ada Łukasiewicz") && !missing("Müller & Søn 株式会社"));
}

#[test]
fn an_independent_reader_finds_the_pdf_sound() {
    assert!(tool("qpdf", &["--check"]).is_none_or(|said| said.contains("No syntax or stream encoding errors")));
    if let Some(fonts) = tool("pdffonts", &[]).or(Some(String::new())).filter(|said| !said.is_empty()) {
        assert!(fonts.lines().skip(2).all(|line| line.contains("yes yes yes")), "{fonts}");
    }
}

#[test]
fn the_document_says_what_it_is() {
    let document = Document::load_mem(&PDF).unwrap();
    assert_eq!(document.version, "1.7");
    let catalog = document.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"en");
    assert_eq!(catalog.get(b"PageMode").unwrap().as_name().unwrap(), b"UseOutlines");
    let preferences = catalog.get(b"ViewerPreferences").unwrap().as_dict().unwrap();
    assert!(preferences.get(b"DisplayDocTitle").unwrap().as_bool().unwrap());
    let info = document.trailer.get(b"Info").unwrap().as_reference().unwrap();
    let info = document.get_dictionary(info).unwrap();
    assert!(info.get(b"GTS_PDFXVersion").is_err());
    assert_eq!(info.get(b"CreationDate").unwrap().as_str().unwrap(), b"D:20261120140500Z");
    let pages = document.get_pages().len();
    assert!((35..=60).contains(&pages), "{pages} pages");
}

#[test]
fn the_outline_is_nested_and_every_link_leads_somewhere() {
    let document = Document::load_mem(&PDF).unwrap();
    let pages: BTreeSet<_> = document.get_pages().into_values().collect();
    let leads = |target: &Object| {
        let parts = target.as_array().unwrap();
        let page = parts.first().unwrap().as_reference().unwrap();
        let top = parts.get(3).unwrap().as_float().unwrap();
        pages.contains(&page) && (0.0..=842.0).contains(&top)
    };
    let mut depth = [0_usize; 4];
    let root = document.catalog().unwrap().get(b"Outlines").unwrap().as_reference().unwrap();
    let mut open = vec![(root, 0)];
    while let Some((id, level)) = open.pop() {
        let node = document.get_dictionary(id).unwrap();
        *depth.get_mut(level).unwrap() += 1;
        assert!(level == 0 || leads(node.get(b"Dest").unwrap()));
        open.extend(node.get(b"First").map(|first| (first.as_reference().unwrap(), level + 1)));
        open.extend(node.get(b"Next").map(|next| (next.as_reference().unwrap(), level)));
    }
    assert!(depth[1] >= 20 && depth[2] >= 40 && depth[3] >= 30, "{depth:?}");
    let (mut inside, mut outside) = (0, 0);
    for page in &pages {
        for link in document.get_page_annotations(*page).unwrap() {
            let action = link.get(b"A").unwrap().as_dict().unwrap();
            match action.get(b"S").unwrap().as_name().unwrap() {
                b"GoTo" => {
                    inside += 1;
                    assert!(leads(action.get(b"D").unwrap()));
                }
                _ => {
                    outside += 1;
                    let url = action.get(b"URI").unwrap().as_str().unwrap();
                    assert!(url.starts_with(b"https://www.rfc-editor.org/rfc/rfc"), "{url:?}");
                }
            }
        }
    }
    assert!(inside > 80 && outside >= fixture::planted().len(), "{inside} inside, {outside} outside");
}

#[test]
fn the_same_audit_gives_the_same_bytes() {
    assert!(*PDF == report::pdf(&AUDIT, &FACTS, &fixture::options()).unwrap());
    let other = report::Options { product: "Another".to_owned(), ..fixture::options() };
    assert!(*PDF != report::pdf(&AUDIT, &FACTS, &other).unwrap());
}

#[test]
fn it_prints_on_letter_too_and_stays_small() {
    let letter = report::Options { paper: report::Paper::Letter, ..fixture::options() };
    let document = Document::load_mem(&report::pdf(&AUDIT, &FACTS, &letter).unwrap()).unwrap();
    let page = document.get_dictionary(*document.get_pages().get(&1).unwrap()).unwrap();
    let size: Vec<f32> =
        page.get(b"MediaBox").unwrap().as_array().unwrap().iter().map(|side| side.as_float().unwrap()).collect();
    assert_eq!(size, [0.0, 0.0, 612.0, 792.0]);
    assert!(PDF.len() < 500_000, "{} bytes", PDF.len());
}

#[test]
fn a_run_that_saw_nothing_still_makes_a_report() {
    let facts = audit::Facts::begin(FACTS.target.clone(), "sd", audit::facts::Scope::default(), FACTS.started);
    let audit = audit::audit(&facts, audit::roadmap::by_id("sd").unwrap(), fixture::now());
    assert!(report::pdf(&audit, &facts, &report::Options::default()).unwrap().starts_with(b"%PDF-1.7"));
    assert!(report::markdown(&audit, &facts, &report::Options::default()).contains("No record could be seen."));
    let unknown = Audit { roadmap: "none".to_owned(), stages: vec![], bar: vec![], ..audit };
    assert!(report::pdf(&unknown, &facts, &report::Options::default()).is_ok());
}

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
                assert!(dest_url.starts_with('#') || dest_url.starts_with("https://www.rfc-editor.org/"), "{dest_url}");
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
fn what_only_a_header_holds_is_nowhere() {
    let kept = serde_json::to_string(&*FACTS).unwrap();
    assert!(kept.contains(fixture::CANARY), "the fixture holds it");
    let pdf = tool("pdftotext", &["-raw"]).unwrap_or_default();
    let markdown = report::markdown(&AUDIT, &FACTS, &fixture::options());
    for text in [pdf, markdown, report::json(&AUDIT).unwrap(), report::text(&AUDIT, false)] {
        assert!(!dense(&text).contains(fixture::CANARY));
    }
}

#[test]
fn nothing_hidden_reaches_a_reader() {
    let pdf = tool("pdftotext", &["-raw", "-enc", "UTF-8", "-nopgbrk"]).unwrap_or_default().replace(tools::MARKS, "");
    let markdown = report::markdown(&AUDIT, &FACTS, &fixture::options());
    for text in [pdf, markdown, report::text(&AUDIT, false)] {
        let hidden =
            text.chars().find(|c| (c.is_control() && *c != '\n') || ('\u{200b}'..='\u{202e}').contains(c) && *c != '…');
        assert_eq!(hidden.filter(|c| !('\u{2010}'..='\u{2027}').contains(c)), None);
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

#[test]
fn json_is_as_published_and_nothing_in_it_is_unpublished() {
    let mut schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../assets/schema/audit-1.schema.json")).unwrap();
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is one");
    close(&mut schema);
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let real = audit::audit(&FACTS, audit::roadmap::by_id("sd").unwrap(), fixture::now());
    for audit in [&*AUDIT, &real] {
        let printed: serde_json::Value = serde_json::from_str(&report::json(audit).unwrap()).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&printed).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let printed: serde_json::Value = serde_json::from_str(&report::json(&AUDIT).unwrap()).unwrap();
    assert_eq!(printed["target"], "juniperdesk.example");
    assert_eq!(printed["verdict"], "no-go");
    assert_eq!(printed["outcomes"][0]["findings"][0]["fix"]["minutes"], 45);
    let mut broken = printed;
    broken["stages"][0]["items"][0]["state"] = "fine".into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn every_reason_for_not_telling_is_published() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../assets/schema/audit-1.schema.json")).unwrap();
    let published: Vec<&str> = schema["$defs"]["unseen"]["properties"]["why"]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    // A word that is no reason is refused with all those that are one.
    let refused = serde_json::from_str::<audit::Why>("\"?\"").unwrap_err().to_string();
    let known: Vec<&str> = refused.split('`').skip(3).step_by(2).collect();
    assert!(known.len() > 10, "{refused}");
    assert_eq!(published, known);
}

/// Forbids members that the schema does not name, so that nothing is printed that was not published.
fn close(schema: &mut serde_json::Value) {
    if let Some(object) = schema.as_object_mut() {
        if object.contains_key("properties") && object.contains_key("required") {
            object.insert("additionalProperties".to_owned(), false.into());
        }
        object.values_mut().for_each(close);
    } else if let Some(list) = schema.as_array_mut() {
        list.iter_mut().for_each(close);
    }
}

#[test]
fn what_roadmaps_rest_on_is_written() {
    let sections: Vec<&str> = report::sections::all().iter().map(|section| section.id).collect();
    let named: BTreeSet<&str> = audit::roadmap::all()
        .iter()
        .flat_map(|roadmap| &roadmap.stages)
        .flat_map(|stage| {
            stage
                .deliverables
                .iter()
                .flat_map(|row| &row.reports)
                .chain(stage.items.iter().flat_map(|row| &row.reports))
        })
        .map(String::as_str)
        .collect();
    for id in report::built() {
        // The summary in plain English opens the decision page.
        let section = if *id == "report.summary" { "report.go_no_go" } else { id };
        assert!(sections.contains(&section), "{id} has no section");
        assert!(named.contains(id), "no roadmap names {id}");
    }
}

#[test]
fn a_hostile_zone_cannot_make_the_report_endless() {
    use audit::facts::{DnsAnswer, Fact, Rcode, Record, RecordData};
    let mut facts = fixture::facts();
    let apex = facts.target.domain.clone();
    for name in [apex.clone(), format!("_dmarc.{apex}")] {
        let text = |at: usize| RecordData::Txt(vec![format!("v=DMARC1; {at} {}", "x".repeat(60_000))]);
        let records = (0..256).map(|at| Record { name: name.clone(), ttl: 1, data: text(at) }).collect();
        let value = DnsAnswer { rcode: Rcode::NoError, records };
        let fact = Fact::Seen { value, at: FACTS.started, from: "9.9.9.9:53".to_owned() };
        facts.dns.insert(format!("{name} TXT"), fact);
    }
    let markdown = report::markdown(&AUDIT, &facts, &fixture::options());
    assert!(markdown.len() < 1_000_000, "{} bytes", markdown.len());
    assert!(markdown.contains("256 × TXT") && markdown.contains("more records, which the facts hold"));
}

#[test]
fn the_operating_guide_is_one_page_by_itself() {
    let options = fixture::options();
    let guide = Document::load_mem(&report::guide(&AUDIT, &FACTS, &options).unwrap()).unwrap();
    assert_eq!(guide.get_pages().len(), 1);
    let letter = report::Options { paper: report::Paper::Letter, ..options };
    let guide = Document::load_mem(&report::guide(&AUDIT, &FACTS, &letter).unwrap()).unwrap();
    assert_eq!(guide.get_pages().len(), 1);
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
fn a_reader_that_was_not_there_finds_each_part_of_the_handover() {
    let text = report::markdown(&AUDIT, &FACTS, &fixture::options());
    for part in [
        "Operating guide",
        "If something breaks",
        "A release broke something: go back",
        "72 hours",
        "Deploy note",
        "Release notes",
        "Demo day",
        "Regression list",
        "Protection policy",
        "Caching rules",
        "Owners and access",
        "Monitoring",
        "Who is called first",
        "Mail flows",
        "End state, point by point",
    ] {
        assert!(text.contains(part), "{part}");
    }
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
