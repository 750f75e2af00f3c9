//! Tests of the page layout: nothing outside the margins, nothing lost, nothing torn apart that belongs together.

#[path = "../../tests/fixture/mod.rs"]
mod fixture;

use super::flow::{Page, Sheet, flow};
use super::font::Fonts;
use super::ink::{Ink, Strip};
use super::set::Setter;
use super::style::{self, Face};
use super::tag::Tags;
use super::{Laid, Paper, Running, lay, line};
use crate::Template;
use crate::block::{Block, Column, Figure, Span, Stop, Table, Way};
use audit::State;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const SHEETS: [Paper; 2] = [Paper::A4, Paper::Letter];

static PLAIN: LazyLock<Template> = LazyLock::new(Template::default);

fn running() -> Running<'static> {
    let long = "an unusually long name of a client ".repeat(8);
    Running { head: long.clone(), foot: long, title: String::new(), author: "", at: fixture::now(), template: &PLAIN }
}

fn laid(blocks: &[Block], paper: Paper) -> Vec<Page> {
    lay(blocks, &running(), paper.sheet()).unwrap().pages
}

fn report() -> Vec<Block> {
    let facts = fixture::facts();
    crate::blocks(&fixture::audit(&facts), &facts, &fixture::options())
}

/// The characters drawn, in the order of drawing.
fn drawn(page: &Page) -> String {
    let texts = page.inks.iter().filter_map(|ink| match ink {
        Ink::Text { glyphs, .. } => Some(glyphs.iter().map(|glyph| glyph.char)),
        _ => None,
    });
    texts.flatten().collect()
}

fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn inside(page: &Page, sheet: Sheet) {
    for ink in &page.inks {
        let (left, right) = ink.span();
        assert!(left >= style::MARGIN - 2.0 && right <= sheet.width - style::MARGIN + 0.6, "{left} … {right}: {ink:?}");
        if let Ink::Text { y, .. } = ink {
            assert!(*y > style::MARGIN && *y <= sheet.height - style::MARGIN, "{y}: {ink:?}");
        }
    }
}

#[test]
fn nothing_of_the_report_is_outside_the_margins() {
    let blocks = report();
    for paper in SHEETS {
        laid(&blocks, paper).iter().for_each(|page| inside(page, paper.sheet()));
    }
}

#[test]
fn no_two_lines_of_text_overlap() {
    let facts = fixture::facts();
    let mut audit = fixture::audit(&facts);
    audit.says = vec!["a long first sentence of the verdict ".repeat(20)];
    let long = |words: &str| words.repeat(30);
    let options = crate::Options { client: long("Client & Sons "), product: long("Product "), ..fixture::options() };
    let covers = crate::blocks(&audit, &facts, &options);
    let covers = SHEETS.iter().map(|paper| laid(&covers, *paper).swap_remove(0));
    laid(&report(), Paper::A4).iter().chain(&covers.collect::<Vec<_>>()).for_each(apart);
}

/// No line of text lies on another.
fn apart(page: &Page) {
    let boxes: Vec<(f32, f32, f32, f32)> = page
        .inks
        .iter()
        .filter_map(|ink| match ink {
            Ink::Text { y, size, .. } => Some((ink.span().0, ink.span().1, y - size * 0.72, *y)),
            _ => None,
        })
        .collect();
    for (at, one) in boxes.iter().enumerate() {
        for two in boxes.iter().skip(at + 1) {
            let across = one.0 < two.1 - 0.1 && two.0 < one.1 - 0.1;
            assert!(!(across && one.2 < two.3 - 0.1 && two.2 < one.3 - 0.1), "{one:?} and {two:?}: {}", drawn(page));
        }
    }
}

#[test]
fn drawings_of_companies_and_redirects_hold_long_names() {
    let state = crate::words::state;
    let long = "averylongname".repeat(12);
    let stop = |border: bool, aside: bool| Stop {
        title: "Delivery network".to_owned(),
        does: "stands in front of the servers".to_owned(),
        mark: state(State::Done),
        companies: vec![(format!("{long} Company"), vec![format!("{long}.example: alias to {long}"); 4]); 3],
        says: String::new(),
        aside,
        border: border.then(|| format!("Here {} ends and hosting begins", "Company ".repeat(6))),
    };
    let untold = Stop {
        companies: vec![],
        says: format!("nobody knows {long}"),
        mark: state(State::Unsure),
        ..stop(false, false)
    };
    let line = Figure::Line(vec![stop(false, false), untold, stop(true, false), stop(false, true)]);
    let way = |at: usize| Way {
        from: format!("https://{at}.{long}.example/"),
        codes: vec![301; at],
        end: format!("https://{}.{long}.example/", at % 3),
        mark: state(State::Done),
        amiss: at.is_multiple_of(2).then(|| state(State::Failing)),
    };
    let ways = Figure::Ways((0..12).map(way).collect());
    for paper in SHEETS {
        for page in laid(&[Block::Figure(line.clone()), Block::Figure(ways.clone())], paper) {
            inside(&page, paper.sheet());
            apart(&page);
        }
    }
}

#[test]
fn words_without_spaces_are_cut_and_whole() {
    let fonts = Fonts::load().unwrap();
    let long = format!("v=DKIM1; p={}", "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ".repeat(20));
    for (text, width) in [(long.as_str(), 120.0), ("https://example.com/a/b/c/d/e/f/g", 40.0), ("Wort", 3.0)] {
        let set = line::lines(&fonts, &[Span::text(text)], style::CELL, width);
        let limit = f32::max(width, style::CELL.size);
        assert!(set.iter().all(|line| line.width() <= limit + 0.01));
        let inks: Vec<Ink> = set.into_iter().flat_map(|line| line.inks(0.0, 0.0, 12.0)).collect();
        assert_eq!(dense(&drawn(&Page { inks, ..Page::default() })), dense(text));
    }
}

#[test]
fn what_the_fonts_lack_is_replaced_in_brackets_and_said_at_the_foot() {
    let fonts = Fonts::load().unwrap();
    let text: String = fonts.shape("é 株 🚀", Face::Text).iter().map(|glyph| glyph.char).collect();
    assert_eq!(text, "é [Chinese: U+682A] [emoji: U+1F680]");
    assert!(fonts.shape("○", Face::Mono).iter().all(|glyph| glyph.face == Face::Text), "the other face helps out");
    let foot = dense(super::lacking::NOTE);
    for (text, told) in [("Zoë Ångström", false), ("佐藤 花子", true)] {
        let pages = laid(&[Block::text(text)], Paper::A4);
        assert_eq!(dense(&drawn(&pages[0])).contains(&foot), told, "{text}");
        pages.iter().for_each(|page| inside(page, Paper::A4.sheet()));
        pages.iter().for_each(apart);
    }
}

#[test]
fn figures_have_even_widths_and_pairs_are_kerned() {
    let fonts = Fonts::load().unwrap();
    let widths: Vec<i32> = fonts.shape("0123456789", Face::Text).iter().map(|glyph| glyph.advance).collect();
    assert!(widths.windows(2).all(|pair| pair[0] == pair[1]), "{widths:?}");
    assert!(fonts.shape("To", Face::Bold)[0].kern < 0);
    assert!(fonts.shape("To", Face::Mono)[0].kern == 0);
}

fn table(rows: usize, lines: usize) -> Block {
    let columns = vec![
        Column::fit("Id", 0.2),
        Column::share("Long", 1.0),
        Column::share("Also long", 0.7),
        Column::figures("Count"),
    ];
    let row = |at: usize| {
        let words = format!("cell-{at}-text ").repeat(lines * 9);
        let cells = [format!("row-{at}"), words.clone(), words, format!("{at}")];
        cells.into_iter().map(|text| vec![Span::text(text)]).collect()
    };
    Block::Table(Table { columns, rows: (0..rows).map(row).collect() })
}

#[test]
fn tables_lose_no_row_and_no_column_and_repeat_their_head() {
    for (rows, lines) in [(200, 1), (30, 4), (3, 80), (1, 1)] {
        let pages = laid(&[table(rows, lines)], Paper::A4);
        let text: String = pages.iter().map(drawn).collect();
        for at in 0..rows {
            assert!(text.contains(&format!("row-{at}")));
            let times = text.matches(&format!("cell-{at}-text")).count();
            assert_eq!(times, 2 * lines * 9, "row {at} of {rows} rows with {lines} lines");
        }
        pages.iter().for_each(|page| inside(page, Paper::A4.sheet()));
        assert!(pages.iter().all(|page| drawn(page).contains("Also long")), "a page has no head");
    }
}

#[test]
fn columns_fill_the_table_exactly() {
    let pages = laid(&[table(3, 1)], Paper::A4);
    let ends: Vec<f32> =
        pages[0].inks.iter().filter(|ink| matches!(ink, Ink::Path { .. })).map(|ink| ink.span().1).collect();
    let edge = Paper::A4.sheet().width - style::MARGIN;
    assert!(ends.iter().all(|end| (end - edge).abs() < 0.1), "{ends:?}");
}

#[test]
fn headings_stay_with_what_follows() {
    let blocks: Vec<Block> = (0..60)
        .flat_map(|at| {
            let text = "words ".repeat(10 + at * 3);
            [Block::heading(2, format!("heading-{at}-"), format!("h{at}")), Block::text(text)]
        })
        .collect();
    for page in laid(&blocks, Paper::A4) {
        let last = page
            .inks
            .iter()
            .filter_map(|ink| if let Ink::Text { y, size, .. } = ink { Some((*y, *size)) } else { None });
        let body = last.filter(|(y, _)| *y < 841.89 - style::MARGIN - 10.0).max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
        assert!(body.1 < style::H2.size, "a heading stands last on a page");
    }
}

/// How many of the words are on each page that has any of them.
fn spread(pages: &[Page], word: &str) -> Vec<usize> {
    pages.iter().map(|page| drawn(page).matches(word).count()).filter(|count| *count > 0).collect()
}

#[test]
fn no_row_and_no_entry_stands_alone_on_its_page() {
    for before in 0..60 {
        let mut blocks = vec![Block::text("before"); before];
        blocks.push(Block::List { items: vec![vec![Span::text("entry")]; 5], numbered: false });
        let columns = vec![Column::share("Head", 1.0)];
        let pages = laid(&blocks, Paper::A4);
        assert!(spread(&pages, "entry").iter().all(|count| *count > 1), "{before}: {:?}", spread(&pages, "entry"));
        blocks.truncate(before);
        blocks.push(Block::Table(Table { columns, rows: vec![vec![vec![Span::text("row")]]; 13] }));
        let pages = laid(&blocks, Paper::A4);
        assert!(spread(&pages, "row").iter().all(|count| *count > 1), "{before}: {:?}", spread(&pages, "row"));
    }
}

#[test]
fn strips_taller_than_what_is_left_move_on_and_none_is_lost() {
    let sheet = Paper::A4.sheet();
    let strips: Vec<Strip> = (0..40)
        .map(|at| {
            let mut strip = Strip { keep: at % 2 == 0, above: 5.0, ..Strip::tall(90.0) };
            strip.inks.push(Ink::Fill { x: 0.0, y: 0.0, w: 1.0, h: 90.0, color: style::INK });
            strip
        })
        .collect();
    let pages = flow(strips, sheet);
    let drawn = |page: &Page| page.inks.iter().filter(|ink| matches!(ink, Ink::Fill { .. })).count();
    assert_eq!(pages.iter().map(drawn).sum::<usize>(), 40);
    assert!(pages.iter().all(|page| drawn(page) % 2 == 0), "a pair was parted");
    for page in &pages {
        let ends = page.inks.iter().filter_map(|ink| if let Ink::Fill { y, h, .. } = ink { Some(y + h) } else { None });
        assert!(ends.fold(0.0, f32::max) <= sheet.height - style::MARGIN - style::FOOTER + 0.02);
    }
}

#[test]
fn the_contents_state_the_pages_that_the_headings_stand_on() {
    let sheet = Paper::A4.sheet();
    let Laid { pages, places, .. } = lay(&report(), &running(), sheet).unwrap();
    let (contents, next) = (places["contents"].page, places["guide"].page);
    assert_eq!(next, contents + 1, "the contents are one page");
    let listed = dense(&drawn(&pages[contents - 1]));
    for (id, title) in [("risks", "Risks"), ("stage-5", "Stage 5"), ("evidence", "Evidence")] {
        let at = listed.find(&dense(title)).unwrap() + dense(title).len();
        let digits: String =
            listed[at..].chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        assert_eq!(digits, places[id].page.to_string(), "{title}");
    }
}

#[test]
fn the_decision_is_one_page_however_much_there_is_to_decide() {
    use audit::audit::{Condition, Open};
    let facts = fixture::facts();
    let mut audit = fixture::audit(&facts);
    let long = "a sentence that does not end soon because so much is wrong ".repeat(20);
    audit.says = vec![long.clone(), long.clone(), long.clone()];
    audit.order.iter_mut().for_each(|step| step.says.clone_from(&long));
    let kinds = [Open::Findings, Open::Signals, Open::Untold, Open::Questions, Open::Confirm, Open::NotBuilt];
    let way = "Look at it by hand; this version of the audit cannot.".to_owned();
    let condition =
        |kind| Condition { kind, count: 1_234, says: "signs that a stage is not done".to_owned(), way: way.clone() };
    audit.conditions = kinds.map(condition).into();
    for verdict in [audit::Launch::NoGo, audit::Launch::Conditional] {
        if verdict == audit::Launch::Conditional {
            audit.order.iter_mut().for_each(|step| step.severity = audit::Severity::Low);
        }
        audit.verdict = verdict;
        let blocks = crate::section(&audit, &facts, &fixture::options(), "report.go_no_go").unwrap();
        for paper in SHEETS {
            assert_eq!(laid(&blocks, paper).len(), 1, "{verdict:?} on {paper:?}");
        }
    }
}

#[test]
fn an_entry_with_a_long_label_makes_room_for_it() {
    let fonts = Fonts::load().unwrap();
    let pages = BTreeMap::new();
    let tags = Tags::default();
    let setter = Setter { fonts: &fonts, headings: &[], pages: &pages, sheet: 700.0, tags: &tags };
    let label = "a label that needs many lines in its narrow column beside one word";
    let strips = setter.blocks(&[Block::entry(label, vec![Block::text("word")])], 400.0);
    let text: f32 = strips.iter().map(|strip| strip.height).sum();
    let deepest = strips[0].inks.iter().filter_map(|ink| if let Ink::Text { y, .. } = ink { Some(*y) } else { None });
    assert!(deepest.fold(0.0, f32::max) <= text);
}
