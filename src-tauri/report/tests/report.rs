//! The report as a whole: the printed PDF read back by independent tools, and its Markdown, JSON and terminal twins.

mod fixture;

#[test]
fn look() {
    let facts = fixture::facts();
    let audit = fixture::audit(&facts);
    let pdf = report::pdf(&audit, &facts, &fixture::options()).unwrap();
    std::fs::write("/tmp/report/out.pdf", pdf).unwrap();
    std::fs::write("/tmp/report/out.md", report::markdown(&audit, &facts, &fixture::options())).unwrap();
    std::fs::write("/tmp/report/out.json", report::json(&audit).unwrap()).unwrap();
    std::fs::write("/tmp/report/out.txt", report::text(&audit, true)).unwrap();
}
