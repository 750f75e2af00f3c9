//! secrets.storage: every live secret has one safe home and an owner.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Answer, Choice};
use crate::kept::{self, Kept};
use crate::read::text::clean;
use crate::{Case, Unseen, Why};
use jiff::tz::TimeZone;

/// secrets.storage.
pub static CHECK: Check = Check {
    id: "secrets.storage",
    title: "Live passwords and keys have one safe home and an owner",
    why: "A key that nobody owns is not replaced when somebody leaves, and one that lies in a chat or a file is read by whoever comes by.",
    needs: &[Need::Repo, Need::Person],
    concern: Concern::Data,
    covers: "A person's word for each setting of the code that is secret: where its value lives, who owns it, when it was last replaced.",
    ask: Some("Where do the live passwords and keys live, and who owns each? Never write a key itself here."),
    refs: &["https://12factor.net/config", "assets/data/env.toml"],
    judge,
};

/// A secret that is older than this has been through many hands, days.
const OLD: i32 = 400;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let answer = case.answer(CHECK.id).ok();
    let names: Vec<&str> = match case.inventory() {
        Ok(inventory) => kept::secrets(inventory).collect(),
        Err(unseen) if answer.is_none() => return Err(unseen),
        Err(_) => vec![],
    };
    if let Some(answer) = answer.filter(|answer| answer.choice == Choice::NotApplicable && names.is_empty()) {
        return Ok(Verdict::NotApplicable(answer.note.clone()));
    }
    let (mut proof, mut findings, mut open) = (vec![], vec![], vec![]);
    for name in &names {
        let kept = kept::of(case.facts, name);
        if kept.home.is_empty() {
            open.push(*name);
            continue;
        }
        proof.push(told(name, &kept));
        findings.extend(unsafe_home(name, &kept));
        findings.extend(ownerless(name, &kept));
        findings.extend(old(case, name, &kept));
    }
    if names.is_empty() {
        proof.push("the code reads no setting that is secret by its name".to_owned());
    }
    if let Some(answer) = answer {
        proof.push(format!("a person says: {}", clean(&answer.note, 300)));
        findings.extend((answer.choice == Choice::No).then(|| scattered(answer)));
    }
    let unseen = (!open.is_empty()).then(|| Unseen {
        what: open.join(", "),
        why: Why::NotAnswered,
        says: format!("nobody said yet where these live ({})", open.len()),
        way: "fill in the table of settings on the page Code and keys; never a value".to_owned(),
    });
    Ok(Verdict::judged(proof, findings, unseen.into_iter().collect()))
}

fn told(name: &str, kept: &Kept<'_>) -> String {
    let mut told = format!("{name}: in {}", clean(kept::title(kept.home), 120));
    for (word, text) in [("owned by", kept.owner), ("for", kept.purpose), ("replaced on", kept.rotated)] {
        if !text.is_empty() {
            told.push_str(&format!(", {word} {}", clean(text, 120)));
        }
    }
    told
}

fn finding(name: &str, severity: Severity, says: String, evidence: String, fix: &str) -> Finding {
    Finding {
        subject: name.to_owned(),
        grade: if severity >= Severity::High { Grade::Fail } else { Grade::Warn },
        severity,
        says,
        evidence: vec![evidence],
        fix: Fix { says: fix.to_owned(), paste: None, minutes: 20, after: vec![] },
    }
}

fn unsafe_home(name: &str, kept: &Kept<'_>) -> Option<Finding> {
    let home = kept::known(kept.home)?;
    let says = format!("{name} lives in {}, where others can read it.", home.title);
    let fix = "Replace the value at its issuer, put the new one into the platform's settings or a secrets manager only, and remove the old copy.";
    Some(finding(name, home.harm?, says, told(name, kept), fix))
}

fn ownerless(name: &str, kept: &Kept<'_>) -> Option<Finding> {
    let fix = "Name one person who can replace it at its issuer and knows what stops when it does.";
    let says = format!("Nobody is named as the owner of {name}.");
    kept.owner.is_empty().then(|| finding(name, Severity::Medium, says, told(name, kept), fix))
}

fn old(case: &Case<'_>, name: &str, kept: &Kept<'_>) -> Option<Finding> {
    let on = kept.rotated_on()?;
    let days = case.now.to_zoned(TimeZone::UTC).date().since(on).ok()?.get_days();
    let fix = "Make a new one at its issuer, put it into its home, check the product, then revoke the old one.";
    let says = format!("{name} was last replaced {days} days ago.");
    (days > OLD).then(|| finding(name, Severity::Low, says, told(name, kept), fix))
}

fn scattered(answer: &Answer) -> Finding {
    let says = "Live passwords and keys are not kept in one safe place, as a person says.".to_owned();
    let fix = "Choose one home, the platform's settings or a secrets manager, and move each secret there, replacing its value on the way.";
    finding("secrets", Severity::High, says, clean(&answer.note, 300), fix)
}

#[cfg(test)]
#[path = "storage_tests.rs"]
mod tests;
