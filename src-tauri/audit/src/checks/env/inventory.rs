//! env.inventory: every setting that the code reads is listed, and none that visitors get is secret.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Inventory;
use crate::kept;
use crate::read::text::clean;
use crate::settings::{self, Exposed};
use crate::{Case, Unseen, Why};

/// env.inventory.
pub static CHECK: Check = Check {
    id: "env.inventory",
    title: "Every setting that the code reads is listed",
    why: "A setting that nobody knows of is the one that is missing on the day of the move, or that shows a key to every visitor.",
    needs: &[Need::Repo],
    concern: Concern::Control,
    covers: "Names in the code, in dotenv files and in manifests; names with a public prefix that are or hold a secret.",
    ask: Some("Who looks after each of these settings, and what is it for?"),
    refs: &["https://12factor.net/config", "assets/data/env.toml"],
    judge,
};

/// Names told in one finding.
const TOLD: usize = 30;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let inventory = case.inventory()?;
    let mut findings: Vec<Finding> = settings::exposed(inventory).iter().map(exposed).collect();
    findings.extend(undeclared(inventory));
    findings.extend(unread(inventory));
    Ok(Verdict::judged(proof(case, inventory), findings, cut(inventory)))
}

/// What was left unread because the project is larger than what is read.
pub(in crate::checks) fn cut(inventory: &Inventory) -> Vec<Unseen> {
    let unseen = |limit: &String| Unseen {
        what: "files of the project".to_owned(),
        why: Why::Beyond,
        says: format!("not every file was read: the project reaches the limit of {limit}"),
        way: "name the folder of the product itself".to_owned(),
    };
    inventory.cut.iter().map(unseen).collect()
}

fn proof(case: &Case<'_>, inventory: &Inventory) -> Vec<String> {
    let required = inventory.variables.iter().filter_map(|(name, seen)| Some((name, settings::required(name, seen)?)));
    let required: Vec<String> =
        required.map(|(name, at)| format!("{name}: required by {}:{}", at.path, at.line)).collect();
    let mut proof = vec![format!(
        "{} settings in {} files, {} of them required",
        inventory.variables.len(),
        inventory.files,
        required.len()
    )];
    proof.extend(required.into_iter().take(TOLD));
    let told = inventory.variables.keys().map(|name| (name, kept::of(case.facts, name)));
    for (name, kept) in told.filter(|(_, kept)| *kept != kept::Kept::default()) {
        let words = [kept.owner, kept.purpose, kept::title(kept.home), kept.rotated];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        proof.push(format!("{name}: {}", clean(&words.join(", "), 400)));
    }
    proof
}

fn exposed(one: &Exposed<'_>) -> Finding {
    let (name, prefix) = (one.name, one.prefix);
    let bare = &name[prefix.len()..];
    let how = if one.value { "holds a key" } else { "is a secret by its name" };
    Finding {
        subject: name.to_owned(),
        grade: Grade::Fail,
        severity: if one.value { Severity::Critical } else { Severity::High },
        says: format!(
            "{name} {how}, and every name that begins with {prefix} is built into the scripts that all visitors download."
        ),
        evidence: one.places.clone(),
        fix: Fix {
            says: format!("Replace the key at its issuer, call the setting {bare}, and read it on the server only."),
            paste: Some(format!("{bare}=")),
            minutes: 30,
            after: vec![],
        },
    }
}

fn undeclared(inventory: &Inventory) -> Option<Finding> {
    let open: Vec<_> = match settings::undeclared(inventory) {
        Some(open) => open,
        None => inventory
            .variables
            .iter()
            .filter_map(|(name, seen)| Some((name.as_str(), settings::required(name, seen)?)))
            .collect(),
    };
    let (first, ..) = open.first()?;
    let file = inventory.examples.first().map_or(".env.example", String::as_str);
    let says = match (inventory.examples.is_empty(), open.len()) {
        (true, count) => format!(
            "No example file lists the {count} settings that the product requires; whoever sets it up anew finds them one failure at a time."
        ),
        (false, 1) => format!("{first} is required by the code, but {file} does not list it."),
        (false, count) => format!("{count} settings are required by the code, but {file} does not list them."),
    };
    Some(Finding {
        subject: file.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Low,
        says,
        evidence: open.iter().take(TOLD).map(|(name, at)| format!("{name}: {}:{}", at.path, at.line)).collect(),
        fix: Fix {
            says: format!("Add these names to {file}, without their values."),
            paste: Some(open.iter().take(TOLD).map(|(name, _)| format!("{name}=\n")).collect()),
            minutes: 10,
            after: vec![],
        },
    })
}

fn unread(inventory: &Inventory) -> Option<Finding> {
    let idle = settings::unread(inventory);
    let (first, seen) = idle.first()?;
    let file = seen.declared.iter().find(|line| line.example).map_or(".env.example", |line| line.path.as_str());
    let says = match idle.len() {
        1 => format!("{file} lists {first}, and nothing in the code reads it."),
        count => format!("{file} lists {count} settings that nothing in the code reads."),
    };
    Some(Finding {
        subject: file.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Low,
        says,
        evidence: idle
            .iter()
            .take(TOLD)
            .filter_map(|(name, seen)| {
                Some(format!("{name}: {}:{}", seen.declared.first()?.path, seen.declared.first()?.line))
            })
            .collect(),
        fix: Fix {
            says: "Remove these lines, or correct the name where the code means another one.".to_owned(),
            paste: None,
            minutes: 10,
            after: vec![],
        },
    })
}

#[cfg(test)]
#[path = "inventory_tests.rs"]
pub(in crate::checks) mod tests;
