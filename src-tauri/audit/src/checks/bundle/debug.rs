//! bundle.debug: the scripts are those of production and lead to no developer's machine.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::ScriptMark;
use crate::{Case, Unseen};
use std::collections::BTreeMap;
use url::Url;

/// bundle.debug.
pub static CHECK: Check = Check {
    id: "bundle.debug",
    title: "The scripts are built for production and lead to no inner address",
    why: "A debug build is slow and talkative, and an address of a developer's machine in it means that something does not work for customers.",
    needs: &[Need::Public],
    concern: Concern::Trust,
    covers: "The own scripts that the front page links or holds: debug builds of widely used libraries, addresses on localhost, in private networks and on staging hosts.",
    ask: None,
    refs: &["assets/data/script_marks.toml", "RFC 1918", "CWE-489"],
    judge,
};

/// Places shown of one kind.
const PLACES: usize = 8;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let bundle = case.bundle()?;
    let own = || bundle.scripts.iter().filter(|script| case.ours(&script.url));
    let mut kinds: BTreeMap<&str, Vec<(&str, &ScriptMark)>> = BTreeMap::new();
    for script in own() {
        // A staging host counts only when it is one of this product.
        let counts = |mark: &&ScriptMark| mark.rule != "staging-host" || inner(case, &mark.shown);
        for mark in script.marks.iter().filter(counts) {
            kinds.entry(&mark.rule).or_default().push((&script.url, mark));
        }
    }
    let findings = kinds.iter().map(|(rule, places)| finding(rule, places)).collect();
    let read = own().filter(|script| script.unseen.is_none()).count();
    let proof = vec![format!("{read} own scripts read for debug builds and inner addresses")];
    Ok(Verdict::judged(proof, findings, own().filter_map(|script| script.unseen.clone()).collect()))
}

fn inner(case: &Case<'_>, url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| case.ours(url.as_str()))
}

fn finding(rule: &str, places: &[(&str, &ScriptMark)]) -> Finding {
    let subject = places.first().map_or("", |(url, _)| url);
    let shown = places.first().map_or("", |(_, mark)| mark.shown.as_str());
    let (severity, says, fix) = match rule {
        "localhost" => (
            Severity::Medium,
            format!("A script leads to the visitor's own machine ({shown}), where nothing of yours answers."),
            "Take the address from a setting of the build, and set it for production.",
        ),
        "private-address" | "internal-host" => (
            Severity::Medium,
            format!(
                "A script names an inner address ({shown}), which customers cannot reach and strangers should not know."
            ),
            "Take the address from a setting of the build, and set it for production.",
        ),
        "staging-host" => (
            Severity::Medium,
            format!("A script of the live site leads to a trial copy ({shown}), so customers' data may end there."),
            "Take the address from a setting of the build, and set it for production.",
        ),
        _ => (
            Severity::Medium,
            format!(
                "A script is a debug build ({rule}): slower, larger and more talkative than the one for customers."
            ),
            "Build for production before you deploy.",
        ),
    };
    let place = |(url, mark): &(&str, &ScriptMark)| format!("{} in {url}, line {}", mark.shown, mark.line);
    Finding {
        subject: subject.to_owned(),
        grade: Grade::Warn,
        severity,
        says,
        evidence: places.iter().take(PLACES).map(place).collect(),
        fix: Fix {
            says: fix.to_owned(),
            paste: Some("NODE_ENV=production npm run build".to_owned()),
            minutes: 30,
            after: vec![],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::Status;
    use crate::facts::{Bundle, Facts, ScriptSeen};
    use crate::read::script::Reader;
    use crate::testing::{blank, findings, seen, status, unseen};

    fn site(url: &str, text: &str) -> Facts {
        let mut reader = Reader::default();
        reader.feed(text.as_bytes());
        let script = ScriptSeen { url: url.to_owned(), marks: reader.finish().marks, ..ScriptSeen::default() };
        let mut facts = blank();
        let page = "https://example.com/".to_owned();
        facts.bundle = Some(seen(Bundle { page, scripts: vec![script], matches: vec![] }));
        facts
    }

    const APP: &str = "https://example.com/app.js";

    #[test]
    fn production_builds_pass_and_so_do_other_peoples_words() {
        assert_eq!(
            status(&CHECK, &site(APP, "fetch(\"https://api.example.com/\");new URL(e,\"http://localhost\")")),
            Status::Pass
        );
        assert_eq!(status(&CHECK, &site(APP, "\"https://staging.other.example/\"")), Status::Pass);
        assert_eq!(status(&CHECK, &site("https://cdn.other.test/x.js", "\"http://localhost:3000/\"")), Status::Pass);
    }

    #[test]
    fn inner_addresses_and_debug_builds_are_told() {
        for text in [
            "\"http://localhost:3000/v1\"",
            "\"http://10.0.3.7:8080/\"",
            "\"https://staging.example.com/v1\"",
            "console.info(\"You are running a development build of Vue.\")",
        ] {
            assert_eq!(findings(&CHECK, &site(APP, text)).len(), 1, "{text}");
        }
    }

    #[test]
    fn unread_scripts_leave_it_open() {
        let mut facts = site(APP, "");
        facts.bundle = Some(unseen(Why::Busy));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
