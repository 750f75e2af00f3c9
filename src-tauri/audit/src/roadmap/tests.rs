//! Proves that the roadmaps are complete, that they name only checks that exist or are planned, and that their words meet the house rules.

use super::{FILES, How, Roadmap, all, by_id, planned};
use crate::check::Need;
use crate::checks;
use std::collections::{BTreeMap, BTreeSet};

/// Every id of the specification, one a line.
const IDS: &str = include_str!("../../../../assets/roadmaps/ids.txt");

/// A row of any kind, seen alike.
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    how: &'a [How],
    checks: &'a [String],
    reports: &'a [String],
    question: Option<&'a str>,
    signal: bool,
}

fn rows(roadmap: &Roadmap) -> Vec<Row<'_>> {
    roadmap.stages.iter().flat_map(stage_rows).collect()
}

fn stage_rows(stage: &super::Stage) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for item in &stage.items {
        let (how, checks, reports) = (&item.how, &item.checks, &item.reports);
        let question = item.question.as_deref();
        rows.push(Row { id: &item.id, title: &item.title, how, checks, reports, question, signal: false });
    }
    for deliverable in &stage.deliverables {
        let (how, checks, reports) = (&deliverable.how, &deliverable.checks, &deliverable.reports);
        let question = deliverable.question.as_deref();
        rows.push(Row {
            id: &deliverable.id,
            title: &deliverable.title,
            how,
            checks,
            reports,
            question,
            signal: false,
        });
    }
    for signal in &stage.signals {
        let (how, checks, question) = (&signal.how, &signal.checks, signal.question.as_deref());
        rows.push(Row { id: &signal.id, title: &signal.says, how, checks, reports: &[], question, signal: true });
    }
    rows
}

fn ids(roadmap: &Roadmap) -> Vec<&str> {
    let targets = roadmap.targets.iter().map(|target| target.id.as_str());
    let lights = roadmap.bar.iter().map(|light| light.id.as_str());
    targets.chain(lights).chain(rows(roadmap).iter().map(|row| row.id)).collect()
}

/// What each check needs, built or planned.
fn needs() -> BTreeMap<&'static str, &'static [Need]> {
    let built = checks::all().iter().map(|check| (check.id, check.needs));
    built.chain(planned().iter().map(|check| (check.id.as_str(), check.needs.as_slice()))).collect()
}

#[test]
fn every_text_parses() {
    for text in FILES {
        let parsed: Result<Roadmap, _> = toml::from_str(text);
        assert!(parsed.is_ok(), "{}", parsed.unwrap_err());
    }
    let list = toml::from_str::<super::planned::List>(super::planned::FILE);
    assert!(list.is_ok(), "{}", list.err().unwrap());
    let offered: Vec<&str> = all().iter().map(|roadmap| roadmap.id.as_str()).collect();
    assert_eq!(offered, ["sd", "cc", "cp", "bb", "io"]);
    assert_eq!(by_id("Cc").unwrap().code, "CC");
    assert!(by_id("zz").is_none());
}

/// `roadmap.coverage`: the rows of the five files are the rows of the specification.
#[test]
fn coverage() {
    let asked: BTreeSet<&str> = IDS.lines().collect();
    assert_eq!(asked.len(), IDS.lines().count(), "an id stands twice in ids.txt");
    let found: Vec<&str> = all().iter().flat_map(ids).collect();
    let once: BTreeSet<&str> = found.iter().copied().collect();
    assert_eq!(once.len(), found.len(), "an id stands twice in the roadmaps");
    let missing: Vec<_> = asked.difference(&once).collect();
    let unknown: Vec<_> = once.difference(&asked).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing {missing:?}, unknown {unknown:?}");
}

#[test]
fn rows_stand_in_their_stage() {
    for roadmap in all() {
        let numbers: Vec<u8> = roadmap.stages.iter().map(|stage| stage.number).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7], "{}", roadmap.id);
        assert_eq!(roadmap.code, roadmap.id.to_uppercase());
        assert!(ids(roadmap).iter().all(|id| id.starts_with(&roadmap.code)), "{}", roadmap.id);
        for stage in &roadmap.stages {
            let start = format!("{}{}.", roadmap.code, stage.number);
            for row in stage_rows(stage) {
                assert!(row.id.starts_with(&start), "{} stands in stage {}", row.id, stage.number);
            }
            assert!(!stage.items.is_empty() && !stage.deliverables.is_empty() && !stage.signals.is_empty());
        }
    }
}

/// How many checks were still to be built when this was last changed. Lower it with every check that is built; it never rises.
const STILL_PLANNED: usize = 2;

#[test]
fn the_list_of_planned_checks_only_shrinks() {
    assert_eq!(planned().len(), STILL_PLANNED, "a built check lowers STILL_PLANNED; nothing may raise it");
}

#[test]
fn every_check_is_built_or_planned_and_never_both() {
    let built: BTreeSet<&str> = checks::all().iter().map(|check| check.id).collect();
    let listed: Vec<&str> = planned().iter().map(|check| check.id.as_str()).collect();
    assert!(listed.is_sorted_by(|a, b| a < b), "planned.toml is not in order, or an id stands twice");
    let both: Vec<_> = listed.iter().filter(|id| built.contains(*id)).collect();
    assert!(both.is_empty(), "built, so take them off planned.toml: {both:?}");
    assert!(planned().iter().all(|check| !check.needs.is_empty()));
    for roadmap in all() {
        let unknown: Vec<_> =
            roadmap.checks().into_iter().filter(|id| !built.contains(id) && !listed.contains(id)).collect();
        assert!(unknown.is_empty(), "{} names checks that nobody plans: {unknown:?}", roadmap.id);
        let homeless: Vec<_> = built.iter().chain(&listed).filter(|id| roadmap.home(id).is_none()).collect();
        assert!(homeless.is_empty(), "{} has no stage for {homeless:?}", roadmap.id);
        let areas: Vec<_> = roadmap.stages.iter().flat_map(|stage| &stage.areas).collect();
        let once: BTreeSet<_> = areas.iter().collect();
        assert_eq!(once.len(), areas.len(), "{} gives an area to two stages", roadmap.id);
    }
}

#[test]
fn every_row_can_be_answered() {
    let needs = needs();
    for row in all().iter().flat_map(rows) {
        let id = row.id;
        assert!(row.how.is_sorted_by(|a, b| a < b) && !row.how.is_empty(), "{id}: how");
        assert_eq!(row.question.is_some(), row.how.contains(&How::Person), "{id}: a question goes with a person");
        let told = !row.checks.is_empty() || !row.reports.is_empty();
        assert!(told || row.question.is_some(), "{id} can never be answered");
        assert!(told || row.how == [How::Person], "{id} has nothing that tells it without a person");
        if row.how == [How::Auto] {
            let public = |check: &str| needs.get(check).is_some_and(|needs| needs.contains(&Need::Public));
            let given = row.checks.iter().find(|check| !public(check));
            assert!(given.is_none(), "{id} promises to need nothing, but {given:?} does");
        }
        let distinct: BTreeSet<_> = row.checks.iter().chain(row.reports).collect();
        assert_eq!(distinct.len(), row.checks.len() + row.reports.len(), "{id} names something twice");
        assert!(row.reports.iter().all(|report| report.starts_with("report.")), "{id}: reports");
    }
    for target in all().iter().flat_map(|roadmap| &roadmap.targets) {
        assert!(!target.checks.is_empty() || !target.reports.is_empty(), "{}", target.id);
    }
}

#[test]
fn lights_rest_on_rows_that_exist() {
    for roadmap in all() {
        let rows = rows(roadmap);
        for light in &roadmap.bar {
            assert!(!light.items.is_empty(), "{}", light.id);
            for item in &light.items {
                assert!(rows.iter().any(|row| row.id == item && !row.signal), "{} rests on {item}", light.id);
            }
        }
        let Roadmap { weights: w, latency, .. } = roadmap;
        let weights = [w.control, w.data, w.mail, w.reach, w.speed, w.trust, w.signup, w.payment];
        assert!(weights.iter().all(|weight| (0.5..=2.0).contains(weight)), "{}", roadmap.id);
        assert!(latency.p95_ms > 0 && latency.heavy_p95_ms.is_none_or(|heavy| heavy > latency.p95_ms));
    }
}

#[test]
fn words_meet_the_house_rules() {
    for roadmap in all() {
        sentence(&roadmap.id, &roadmap.question, "?");
        roadmap.refuses.iter().for_each(|says| sentence(&roadmap.id, says, "."));
        roadmap.targets.iter().for_each(|target| statement(&target.id, &target.says));
        roadmap.bar.iter().for_each(|light| statement(&light.id, &light.title));
        for stage in &roadmap.stages {
            sentence(&roadmap.id, &stage.goal, ".");
            statement(&roadmap.id, &stage.title);
            stage.items.iter().for_each(|item| sentence(&item.id, &item.why, "."));
        }
        for row in rows(roadmap) {
            statement(row.id, row.title);
            row.question.iter().for_each(|question| asks(&row, question));
        }
    }
    planned().iter().for_each(|check| statement(&check.id, &check.title));
}

/// No statement is made twice within a roadmap, where a reader would take the second for a mistake.
#[test]
fn no_statement_stands_twice() {
    for roadmap in all() {
        let mut seen = BTreeSet::new();
        for row in rows(roadmap) {
            assert!(seen.insert(row.title), "{} repeats “{}”", row.id, row.title);
        }
        for (_, item) in roadmap.items() {
            assert!(seen.insert(&item.why), "{} repeats “{}”", item.id, item.why);
        }
    }
}

#[test]
fn every_built_check_that_is_shown_belongs_to_a_stage() {
    for roadmap in all() {
        let staged: BTreeSet<String> = (1..=7).flat_map(|number| roadmap.checks_of(number)).collect();
        let audit = crate::audit(&crate::testing::healthy(), roadmap, crate::testing::now());
        for stage in &audit.stages {
            let checks = roadmap.checks_of(stage.number);
            let rows = stage.items.iter().flat_map(|item| &item.checks).chain(&stage.also);
            let built = rows.filter(|id| crate::checks::by_id(id).is_some());
            built.for_each(|id| assert!(checks.contains(id), "{} {}: {id}", roadmap.id, stage.number));
        }
        assert!(staged.len() > 30, "{}: {}", roadmap.id, staged.len());
        assert_eq!(roadmap.checks_of(9), Vec::<String>::new());
    }
}

#[test]
fn json_has_the_published_names() {
    let json = serde_json::to_value(by_id("sd").unwrap()).unwrap();
    assert_eq!(json["stages"][0]["items"][0]["id"], "SD1.1");
    assert_eq!(json["stages"][0]["deliverables"][1]["id"], "SD1.D.2");
    assert_eq!(json["stages"][6]["signals"][1]["id"], "SD7.F.2");
    let back: Roadmap = serde_json::from_value(json).unwrap();
    assert_eq!(&back, by_id("sd").unwrap());
}

/// A title: one statement without an end mark, short enough for one or two lines.
fn statement(id: &str, text: &str) {
    plain(id, text);
    assert!(text.chars().count() <= 90, "{id} is {} characters long: {text}", text.chars().count());
    assert!(!text.ends_with(['.', '?', ',', ':', ';']), "{id} has an end mark: {text}");
}

fn sentence(id: &str, text: &str, end: &str) {
    plain(id, text);
    assert!(text.ends_with(end), "{id} does not end with “{end}”: {text}");
}

/// Yes or no must answer it; what else is asked for follows as a sentence of its own.
fn asks(row: &Row<'_>, text: &str) {
    plain(row.id, text);
    let (question, rest) = text.split_once('?').unwrap_or_else(|| panic!("{} asks nothing: {text}", row.id));
    let first = question.split_whitespace().next().unwrap_or_default();
    let open = ["Who", "Whose", "What", "Which", "Where", "Why", "How"];
    assert!(!open.contains(&first), "{} cannot be answered by yes or no: {text}", row.id);
    let note = rest.is_empty() || (rest.starts_with(" Note ") && rest.ends_with('.') && !rest.contains('?'));
    assert!(note, "{} asks for more in an unclear way: {text}", row.id);
    assert!(!row.signal || rest.is_empty(), "{}: a signal asks for yes or no only", row.id);
}

fn plain(id: &str, text: &str) {
    let first = text.chars().next().unwrap_or('a');
    assert!(first.is_uppercase() || first.is_ascii_digit(), "{id} begins small: {text}");
    assert!(text == text.trim() && !text.contains("  "), "{id} has stray spaces: {text}");
    assert!(!text.contains(['!', '\n', '\t', '*', '`', '…']), "{id} has marks that do not belong: {text}");
    let said = text.to_lowercase();
    let banned = ["please", "oops", "simply click", "leverage", "robust", "seamless", "blazing"];
    assert!(!banned.iter().any(|word| said.contains(word)), "{id} uses a word that we avoid: {text}");
}
