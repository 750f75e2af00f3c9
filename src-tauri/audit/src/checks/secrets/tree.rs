//! secrets.tree: the files of the project hold no password or key.

use crate::check::{Check, Concern, Finding, Need, Verdict};
use crate::facts::{KeyFound, Place, Repository};
use crate::keys::{self, Exposed};
use crate::read::secret::{by_id, rules};
use crate::read::text::clean;
use crate::{Case, Unseen, Why};

#[path = "tree_findings.rs"]
pub(super) mod words;

/// secrets.tree.
pub static CHECK: Check = Check {
    id: "secrets.tree",
    title: "The code holds no password or key",
    why: "Code is copied to every computer, service and helper that works on it; a key in it opens your accounts to all of them.",
    needs: &[Need::Repo],
    concern: Concern::Data,
    covers: "Known kinds of keys, private keys, addresses with passwords and values as random as keys, in all files that git would take and in every .env file.",
    ask: None,
    refs: &["assets/data/secrets.toml", "CWE-798", "CWE-540"],
    judge,
};

/// Findings told one by one; what is more is told together.
pub(super) const TOLD: usize = 200;
/// Lines of proof for finds that are no faults.
const KNOWN: usize = 30;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let tree = case.tree()?;
    let exposed = keys::exposed(case.facts).unwrap_or_default();
    let here: Vec<&Exposed<'_>> = exposed.iter().filter(|key| key.in_files()).collect();
    let mut findings: Vec<Finding> = here.iter().take(TOLD).map(|key| words::in_files(key)).collect();
    findings.extend(words::more(&here, TOLD, "files"));
    let mut proof = vec![format!(
        "{} files read ({} kB), searched for {} kinds of keys",
        tree.files,
        tree.bytes.div_ceil(1000),
        rules().iter().filter(|rule| !rule.public).count()
    )];
    proof.extend(known(tree));
    proof.extend(too_large(tree));
    Ok(Verdict::judged(proof, findings, unread(tree, "files of the project")))
}

/// Finds that are no faults, and why.
pub(super) fn known(tree: &Repository) -> Vec<String> {
    let idle = tree.idle.iter().map(|says| clean(says, 300));
    let line = |leak: &KeyFound| {
        let rule = by_id(&leak.found.rule)?;
        let why = if leak.found.public {
            format!("meant to be public. {}", rule.revoke)
        } else if leak.found.allowed {
            "known and wanted, as a comment on its line says".to_owned()
        } else if let Some(waived) = &leak.waived {
            let until = waived.until.strftime("%Y-%m-%d");
            format!("waived by the folder's baseline until {until}: {}", clean(&waived.reason, 300))
        } else if leak.place == Place::Ignored {
            "in a file that git ignores, on this computer only".to_owned()
        } else {
            return None;
        };
        Some(format!("{} in {}, line {}: {why}", rule.title, clean(&leak.path, 300), leak.found.line))
    };
    tree.leaks.iter().filter_map(line).chain(idle).take(KNOWN).collect()
}

/// What is larger than what is looked at: told, and no reason to doubt the rest.
pub(super) fn too_large(seen: &Repository) -> impl Iterator<Item = String> {
    let large = seen.unread.iter().filter(|unread| unread.why == Why::Beyond).take(KNOWN);
    large.map(|unread| format!("not read: {}, {}", unread.what, unread.says))
}

/// What could not be read, and that more was found than is kept.
pub(super) fn unread(seen: &Repository, what: &str) -> Vec<Unseen> {
    let cut = seen.cut.then(|| Unseen {
        what: what.to_owned(),
        why: Why::NotLooked,
        says: "not everything was read: the reading was stopped, or more was found than is kept".to_owned(),
        way: "mend what was found, then read it again".to_owned(),
    });
    cut.into_iter().chain(seen.unread.iter().filter(|unread| unread.why != Why::Beyond).cloned()).collect()
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
