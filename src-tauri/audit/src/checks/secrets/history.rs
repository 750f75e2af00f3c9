//! secrets.history: no commit that can still be reached holds a password or key.

use super::tree::{TOLD, known, too_large, unread, words};
use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::keys::{self, Exposed};
use crate::{Case, Unseen};

/// secrets.history.
pub static CHECK: Check = Check {
    id: "secrets.history",
    title: "The repository's past holds no password or key",
    why: "Removing a key from a file leaves it in every earlier commit, where everybody with a copy of the repository finds it.",
    needs: &[Need::Repo],
    concern: Concern::Data,
    covers: "Every version of every file that a branch, tag, stash or log of references still leads to, deleted files included.",
    ask: None,
    refs: &["assets/data/secrets.toml", "CWE-798", "https://github.com/newren/git-filter-repo"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let history = case.history()?;
    let exposed = keys::exposed(case.facts).unwrap_or_default();
    let (still, past): (Vec<&Exposed<'_>>, Vec<&Exposed<'_>>) =
        exposed.iter().filter(|key| key.in_history()).partition(|key| key.in_files());
    let mut findings: Vec<Finding> = past.iter().take(TOLD).map(|key| words::in_history(key)).collect();
    findings.extend(words::more(&past, TOLD, "history"));
    findings.extend(both(&still));
    let mut proof = vec![format!(
        "{} versions of files in {} commits read ({} kB)",
        history.files,
        history.commits,
        history.bytes.div_ceil(1000)
    )];
    proof.extend(known(history));
    proof.extend(too_large(history));
    Ok(Verdict::judged(proof, findings, unread(history, "history of the project")))
}

/// Keys of today's files are told there; here, that taking them out of the files is not enough.
fn both(still: &[&Exposed<'_>]) -> Option<Finding> {
    let open = still.iter().filter(|key| !key.replaced()).map(|key| key.severity).max();
    let severity = still.first().map(|_| open.unwrap_or(Severity::Low))?;
    let keys = if still.len() == 1 { "A key" } else { "Keys" };
    Some(Finding {
        subject: "history".to_owned(),
        grade: if severity >= Severity::High { Grade::Fail } else { Grade::Warn },
        severity,
        says: format!("{keys} of today's files ({}) can be read in the history as well.", still.len()),
        evidence: still.iter().take(TOLD).map(|key| key.rule.title.clone()).collect(),
        fix: Fix {
            says: "Mend the files first (secrets.tree), then take each old key out of every commit and have everybody clone anew.".to_owned(),
            paste: Some(words::PURGE.to_owned()),
            minutes: 60,
            after: vec!["secrets.tree".to_owned()],
        },
    })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::{Grade, Severity, Status};
    use crate::facts::Place;
    use crate::keys::tests::{key, project};
    use crate::testing::{blank, findings, seen, status};

    #[test]
    fn a_clean_past_passes() {
        assert_eq!(status(&CHECK, &project(vec![], vec![])), Status::Pass);
    }

    #[test]
    fn a_key_that_was_removed_is_told_with_its_commit() {
        let found = findings(&CHECK, &project(vec![], vec![key("aa", "old.js", Place::History, Some("2026-02-01"))]));
        assert_eq!((found[0].subject.as_str(), found[0].severity), ("old.js", Severity::High));
        assert_eq!(found[0].evidence, ["old.js:3, in the history only; first in commit 0123456789 of 2026-02-01"]);
        assert!(found[0].fix.paste.as_ref().unwrap().contains("git filter-repo --replace-text"));
    }

    #[test]
    fn keys_of_the_files_are_told_together() {
        let tree = vec![key("aa", "a.js", Place::Tree, None)];
        let found = findings(&CHECK, &project(tree, vec![key("aa", "a.js", Place::Head, Some("2026-02-01"))]));
        let told: Vec<_> = found.iter().map(|one| (one.subject.as_str(), one.grade)).collect();
        assert_eq!(told, [("history", Grade::Fail)]);
    }

    #[test]
    fn a_history_that_was_not_read_whole_is_not_called_clean() {
        assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
        let mut facts = project(vec![], vec![]);
        let mut cut = facts.history.take().unwrap().seen().unwrap().clone();
        cut.cut = true;
        facts.history = Some(seen(cut));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
