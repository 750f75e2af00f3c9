//! secrets.rotation: every key that got out was replaced, as a person says of each.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Choice;
use crate::keys::{self, Exposed, Rotation};
use crate::read::text::clean;
use crate::{Case, Unseen, Why};

/// secrets.rotation.
pub static CHECK: Check = Check {
    id: keys::KEY,
    title: "Every key that got out was replaced",
    why: "A key that was seen by others opens your accounts until the day it is replaced, wherever it was removed from.",
    needs: &[Need::Person],
    concern: Concern::Data,
    covers: "A person's word for each key that was found in files, history or scripts; a key that comes back is open again.",
    ask: Some("Was every key that got out replaced at its issuer? Confirm each on the page Code and keys."),
    refs: &["CWE-798"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let answer = case.answer(CHECK.id);
    let Some(exposed) = keys::exposed(case.facts) else {
        // Without a folder, all that is known is what a person says.
        let answer = answer?;
        return Ok(match answer.choice {
            Choice::NotApplicable => Verdict::NotApplicable(answer.note.clone()),
            Choice::Yes => Verdict::judged(vec![format!("a person says so: {}", answer.note)], vec![], vec![]),
            Choice::No => Verdict::judged(vec![], vec![not_all(&answer.note)], vec![]),
        });
    };
    let (mut proof, mut findings, mut open) = (vec![], vec![], vec![]);
    for key in &exposed {
        match &key.rotation {
            Rotation::Open => open.push(unconfirmed(key)),
            Rotation::Replaced { at, by } => {
                proof.push(format!("{}: replaced on {} by {by}", place(key), at.strftime("%Y-%m-%d")));
            }
            Rotation::Returned { at, by } => findings.push(returned(key, &at.strftime("%Y-%m-%d").to_string(), by)),
        }
    }
    if exposed.is_empty() {
        proof.push("no key was found where it must not be".to_owned());
    }
    findings.extend(answer.ok().filter(|answer| answer.choice == Choice::No).map(|answer| not_all(&answer.note)));
    Ok(Verdict::judged(proof, findings, open))
}

fn place(key: &Exposed<'_>) -> String {
    let path = key.places.first().map_or_else(String::new, |place| format!(" in {}", clean(&place.path, 200)));
    format!("{}{path}", key.rule.title)
}

fn unconfirmed(key: &Exposed<'_>) -> Unseen {
    Unseen {
        what: place(key),
        why: Why::NotAnswered,
        says: "nobody confirmed yet that this key was replaced".to_owned(),
        way: format!("{} Then confirm it on the page Code and keys. {}", key.rule.revoke, key.rule.link),
    }
}

fn returned(key: &Exposed<'_>, at: &str, by: &str) -> Finding {
    Finding {
        subject: key.places.first().map_or_else(String::new, |place| clean(&place.path, 300)),
        grade: Grade::Fail,
        severity: key.severity.max(Severity::Medium),
        says: format!("A key that was replaced on {at} is back: {}.", key.rule.title),
        evidence: vec![format!("replaced on {at} by {by}; found again in {}", place(key))],
        fix: Fix {
            says: format!("{} Then look at who still uses the old one, and confirm it anew.", key.rule.revoke),
            paste: Some(format!("Revoke at: {}", key.rule.link)),
            minutes: 30,
            after: vec![],
        },
    }
}

fn not_all(note: &str) -> Finding {
    Finding {
        subject: "keys".to_owned(),
        grade: Grade::Fail,
        severity: Severity::High,
        says: "Not every key that got out was replaced, as a person says.".to_owned(),
        evidence: vec![clean(note, 300)],
        fix: Fix {
            says: "Replace each key at its issuer, the ones that open most first.".to_owned(),
            paste: None,
            minutes: 60,
            after: vec![],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Status;
    use crate::facts::{Answer, Choice, Facts, Place};
    use crate::keys::tests::{key, project};
    use crate::keys::{exposed, replace};
    use crate::testing::{blank, findings, now, status};

    fn answered(choice: Choice, mut facts: Facts) -> Facts {
        let text = String::new;
        let answer = Answer { choice, note: text(), evidence: text(), owner: text(), rows: [].into(), at: now() };
        facts.answers.insert(CHECK.id.to_owned(), answer);
        facts
    }

    fn found() -> Facts {
        project(vec![key("aa", "a.js", Place::Tree, None)], vec![])
    }

    #[test]
    fn nothing_exposed_passes_and_a_word_is_enough_without_a_folder() {
        assert_eq!(status(&CHECK, &project(vec![], vec![])), Status::Pass);
        assert_eq!(status(&CHECK, &answered(Choice::Yes, blank())), Status::Pass);
        assert_eq!(status(&CHECK, &answered(Choice::No, blank())), Status::Fail);
    }

    #[test]
    fn an_exposed_key_is_open_until_it_is_confirmed() {
        assert_eq!(status(&CHECK, &found()), Status::CouldNotTell);
        // A word for all of them confirms none.
        assert_eq!(status(&CHECK, &answered(Choice::Yes, found())), Status::CouldNotTell);
        let mut facts = found();
        let row = exposed(&facts).unwrap()[0].row();
        facts.answers.insert(CHECK.id.to_owned(), replace(&facts, &row, "Ada", now()).unwrap());
        assert_eq!(status(&CHECK, &facts), Status::Pass);
    }

    #[test]
    fn a_key_that_came_back_fails() {
        let mut facts = project(vec![], vec![key("aa", "a.js", Place::History, Some("2026-01-01"))]);
        let row = exposed(&facts).unwrap()[0].row();
        let table = replace(&facts, &row, "Ada", now()).unwrap();
        facts = found();
        facts.answers.insert(CHECK.id.to_owned(), table);
        assert_eq!(findings(&CHECK, &facts)[0].subject, "a.js");
    }

    #[test]
    fn without_folder_and_answer_it_is_not_judged() {
        assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    }
}
