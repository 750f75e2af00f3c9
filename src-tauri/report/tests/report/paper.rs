//! The printed PDF, read back by independent tools.

use super::{AUDIT, FACTS, PDF, dense, fixture, known, shown, tool, tools};
use lopdf::{Document, Object};
use std::collections::BTreeSet;

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
                    let url = String::from_utf8_lossy(url);
                    assert!(known(&url), "{url}");
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
fn the_operating_guide_is_one_page_by_itself() {
    let options = fixture::options();
    let guide = Document::load_mem(&report::guide(&AUDIT, &FACTS, &options).unwrap()).unwrap();
    assert_eq!(guide.get_pages().len(), 1);
    let letter = report::Options { paper: report::Paper::Letter, ..options };
    let guide = Document::load_mem(&report::guide(&AUDIT, &FACTS, &letter).unwrap()).unwrap();
    assert_eq!(guide.get_pages().len(), 1);
}
