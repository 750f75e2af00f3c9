//! What is said of a key in files or history: where it stands, and the three steps revoke, replace, purge.

use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::{KeyFound, Place};
use crate::keys::{Exposed, Rotation};
use crate::read::secret::Known;
use crate::read::text::clean;

/// Places shown of one key.
const PLACES: usize = 10;
/// What takes a value out of every commit (git-filter-repo); a person fills in the old key and the address.
pub(in crate::checks) const PURGE: &str = "printf '%s\\n' '<the old key>==>REMOVED' > ../replace.txt\ngit filter-repo --replace-text ../replace.txt\nrm ../replace.txt\ngit push --force --mirror <address of the repository>";

/// A key in today's files.
pub(in crate::checks) fn in_files(key: &Exposed<'_>) -> Finding {
    let replace = "Replace: put the new key into the settings of the platform that runs the product, and let the code read it from the environment.";
    let purge = if key.in_history() {
        "Purge: take it out of the file, commit, then out of the history (secrets.history shows how)."
    } else {
        "Purge: take it out of the file before it is committed."
    };
    let says = match &key.rotation {
        Rotation::Returned { .. } => format!("A key that was replaced is back in the code: {}.", named(key)),
        Rotation::Replaced { .. } => format!("The code still holds a key that was replaced: {}.", named(key)),
        Rotation::Open if sure(key) => format!("The code holds a key: {}.", named(key)),
        Rotation::Open => format!("The code holds what looks like a key: {}.", named(key)),
    };
    finding(key, says, format!("{} {replace} {purge}", revoke(key)), format!("Revoke at: {}", key.rule.link))
}

/// A key that only commits hold.
pub(in crate::checks) fn in_history(key: &Exposed<'_>) -> Finding {
    let says = match &key.rotation {
        Rotation::Replaced { .. } => format!("The history still holds a key that was replaced: {}.", named(key)),
        Rotation::Returned { .. } => format!("A key that was replaced was committed again: {}.", named(key)),
        Rotation::Open if sure(key) => {
            format!("The history holds a key that the files no longer show: {}.", named(key))
        }
        Rotation::Open => format!("The history holds what looks like a key: {}.", named(key)),
    };
    let steps = format!(
        "{} Replace: give the new key to the product through its platform's settings. Purge: once the old key is worthless, take it out of every commit and have everybody clone anew.",
        revoke(key)
    );
    finding(key, says, steps, format!("Revoke at: {}\n{PURGE}", key.rule.link))
}

/// What is left when more keys were found than are told one by one.
pub(in crate::checks) fn more(keys: &[&Exposed<'_>], told: usize, place: &str) -> Option<Finding> {
    let rest = keys.get(told..).filter(|rest| !rest.is_empty())?;
    let severity = rest.iter().map(|key| key.severity).max()?;
    Some(Finding {
        subject: place.to_owned(),
        grade: grade(severity),
        severity,
        says: format!("{} more keys were found in the {place}.", rest.len()),
        evidence: rest.iter().take(PLACES).filter_map(|key| key.places.first()).map(line).collect(),
        fix: Fix {
            says: "Mend the ones above first, then look again.".to_owned(),
            paste: None,
            minutes: 60,
            after: vec![],
        },
    })
}

fn finding(key: &Exposed<'_>, says: String, steps: String, paste: String) -> Finding {
    // A worthless key is untidy, no more.
    let severity = if key.replaced() { Severity::Low } else { key.severity };
    let mut evidence: Vec<String> = key.places.iter().take(PLACES).map(line).collect();
    if key.places.len() > PLACES {
        evidence.push(format!("and {} more places", key.places.len() - PLACES));
    }
    let live = key.live.iter().take(PLACES);
    evidence.extend(live.map(|found| format!("in the live script {}, line {}", clean(&found.url, 300), found.line)));
    if let Rotation::Replaced { at, by } | Rotation::Returned { at, by } = &key.rotation {
        evidence.push(format!("replaced on {} by {by}", at.strftime("%Y-%m-%d")));
    }
    Finding {
        subject: key.places.first().map_or_else(String::new, |place| clean(&place.path, 300)),
        grade: grade(severity),
        severity,
        says,
        evidence,
        fix: Fix { says: steps, paste: Some(paste), minutes: 60, after: vec![] },
    }
}

fn grade(severity: Severity) -> Grade {
    if severity >= Severity::High { Grade::Fail } else { Grade::Warn }
}

fn sure(key: &Exposed<'_>) -> bool {
    key.rule.known != Known::Unverified && !key.rule.guess
}

fn named(key: &Exposed<'_>) -> String {
    let title = &key.rule.title;
    match clean(key.redacted, 60) {
        shown if shown.starts_with(title.as_str()) || shown == "…" => title.clone(),
        shown => format!("{title} ({shown})"),
    }
}

fn revoke(key: &Exposed<'_>) -> String {
    if key.replaced() { "Revoke: done.".to_owned() } else { format!("Revoke: {}", key.rule.revoke) }
}

/// A place as a line of evidence.
fn line(place: &KeyFound) -> String {
    let original = place.found.source.as_ref().map_or_else(String::new, |file| format!(" (from {})", clean(file, 200)));
    let is = match place.place {
        Place::Tree => "in the files",
        Place::Head => "in the last commit",
        Place::History => "in the history only",
        Place::Ignored => "in an ignored file",
    };
    let commit = place.commit.as_ref().map_or_else(String::new, |commit| {
        let day = place.at.map_or_else(String::new, |at| format!(" of {}", at.strftime("%Y-%m-%d")));
        let last = place.last.as_ref().filter(|last| *last != commit);
        let last = last.map_or_else(String::new, |last| format!(", last in {}", short(last)));
        format!("; first in commit {}{day}{last}", short(commit))
    });
    format!("{}:{}{original}, {is}{commit}", clean(&place.path, 300), place.found.line)
}

fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}
