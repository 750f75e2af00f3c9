//! Rows and checks of a project's own, in the terminal: looked at in a run, judged, printed, and judged again from the facts alone.

use crate::{file, launch_ready, text};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Two expectations that the demo meets, two that it does not, and a question.
const ROWS: &str = r#"version = 1

[[row]]
id = "front"
stage = 4
title = "The front page answers"
why = "Everybody begins there."
http = [{ url = "/", status = 200, header = "content-type", contains = "<title>Juniper Desk" }]
dns = [{ name = "@", type = "mx", value = "1 SMTP.google.com." }]

[[row]]
id = "banner"
stage = 4
title = "The front page names the sale"
why = "The sale is what the launch is about."
severity = "high"
fix = "Put the banner back."
http = [{ url = "/", header = "x-sale", equals = "on", contains = "The sale is on" }]

[[row]]
id = "status-page"
stage = 2
title = "The status page is under our own name"
why = "Customers look there first."
question = "Does somebody write on it when something is down?"
dns = [{ name = "status", type = "CNAME", value = "acme.statuspage.example" }]

[[row]]
id = "support"
stage = 6
title = "Somebody answers support mail"
why = "The first customers decide by it."
question = "Is it agreed who does?"
"#;

fn rows(audit: &Value) -> Vec<&Value> {
    let stages = audit["stages"].as_array().unwrap();
    stages.iter().flat_map(|stage| stage["items"].as_array().unwrap()).filter(|item| item["own"] == true).collect()
}

fn state<'a>(audit: &'a Value, id: &str) -> &'a Value {
    &rows(audit).into_iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("no row {id}"))["state"]
}

#[test]
fn rows_of_a_projects_own_are_looked_at_judged_and_printed() {
    let [custom, facts, lists] = ["own.toml", "own-facts.json", "own-lists"].map(file);
    fs::write(&custom, ROWS).unwrap();
    let [custom, facts_path, lists_path] = [&custom, &facts, &lists].map(|path| path.to_str().unwrap());
    let run = ["demo", "--healthy", "--custom", custom, "--format", "json", "--facts", facts_path];
    let ended = launch_ready(&run);
    assert_eq!(ended.status.code(), Some(1), "{}", text(&ended.stderr));
    let audit: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(rows(&audit).len(), 4);
    let outcome =
        |id: &str| audit["outcomes"].as_array().unwrap().iter().find(|one| one["check"] == id).unwrap().clone();
    assert_eq!(state(&audit, "OWN.front"), "done", "{}", outcome("own.front"));
    let banner = outcome("own.banner");
    assert_eq!((&banner["status"], &banner["severity"]), (&Value::from("fail"), &Value::from("high")));
    let says = banner["findings"][0]["says"].as_str().unwrap();
    assert_eq!(says, "https://juniperdesk.example/ sends no header x-sale, and has a body without \"The sale is on\".");
    assert_eq!(banner["findings"][0]["fix"]["says"], "Put the banner back.");
    assert_eq!(state(&audit, "OWN.status-page"), "failing");
    let missing = outcome("own.status_page")["findings"][0]["says"].as_str().unwrap().to_owned();
    assert_eq!(missing, "status.juniperdesk.example has no CNAME record; acme.statuspage.example is expected.");
    assert_eq!(state(&audit, "OWN.support"), "needs-you");
    // It ranks and decides like anything else: the healthy demo has nothing else in the order.
    let order: Vec<_> = audit["order"].as_array().unwrap().iter().map(|step| step["check"].as_str().unwrap()).collect();
    assert_eq!((order, &audit["verdict"]), (vec!["own.banner", "own.status_page"], &Value::from("no-go")));

    // The facts carry the rows: without the file the same bytes come out.
    let again = launch_ready(&["judge", facts_path, "--format", "json"]);
    assert_eq!((again.status.code(), again.stdout == ended.stdout), (Some(1), true));
    let printed = text(&launch_ready(&["judge", facts_path, "--format", "markdown"]).stdout);
    for part in ["own row", "OWN.status-page", "The front page names the sale", "Put the banner back."] {
        assert!(printed.contains(part), "{part} is not in the document");
    }
    let written = launch_ready(&["handover", facts_path, "--csv", lists_path]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    let csv = fs::read_to_string(Path::new(lists_path).join("rows.csv")).unwrap();
    let own = csv.lines().filter(|line| line.starts_with("OWN.")).collect::<Vec<_>>();
    assert_eq!(own.len(), 4);
    assert!(own.iter().all(|line| line.ends_with(",yes")), "{own:?}");
    fs::remove_dir_all(&lists).unwrap();
}

#[test]
fn a_file_that_cannot_be_used_is_told_with_its_line_before_anything_is_asked() {
    let custom = file("bad-own.toml");
    fs::write(&custom, ROWS.replace("\"/\", status = 200", "\"https://elsewhere.example/\", status = 200")).unwrap();
    let ended = launch_ready(&["audit", "juniperdesk.example", "--custom", custom.to_str().unwrap()]);
    assert_eq!(ended.status.code(), Some(2));
    let said = text(&ended.stderr);
    assert!(said.contains("line 8: \"https://elsewhere.example/\" is neither a path"), "{said}");
    assert!(ended.stdout.is_empty());
}
