//! handover.owners: every system that the product stands on has an owner.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Choice;
use crate::{Case, Unseen, form};

/// handover.owners.
pub static CHECK: Check = Check {
    id: "handover.owners",
    title: "Every system that the product stands on has an owner",
    why: "When something breaks at night, minutes go by until somebody knows whose login is needed.",
    needs: &[Need::Person],
    concern: Concern::Control,
    covers: "A person's name for each system; whether that person can log in is asked later.",
    ask: Some("Who looks after each of these systems?"),
    refs: &[],
    judge,
};

/// Systems that every product has.
pub const SYSTEMS: [&str; 6] = ["Domain registrar", "DNS", "Hosting", "E-mail", "Monitoring", "Code repository"];

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let answer = case.answer(CHECK.id)?;
    if answer.choice == Choice::NotApplicable {
        return Ok(Verdict::NotApplicable(answer.note.clone()));
    }
    let owner = |system: &str| answer.rows.get(system).map(|name| name.trim()).filter(|name| !name.is_empty());
    // Whom nobody is named for, but whose other columns were filled in, is a system too.
    let own = form::labels(&answer.rows).filter(|system| !SYSTEMS.contains(system));
    let (mut proof, mut findings) = (vec![], vec![]);
    for system in SYSTEMS.into_iter().chain(own) {
        match owner(system) {
            Some(name) => proof.push(format!("{system}: {name}")),
            None => findings.push(Finding {
                subject: system.to_owned(),
                grade: Grade::Fail,
                severity: Severity::Medium,
                says: format!("Nobody is named for: {system}."),
                evidence: vec![format!("{system}: no owner")],
                fix: Fix {
                    says: "Name one person who has the login and answers when it breaks.".to_owned(),
                    paste: None,
                    minutes: 5,
                    after: vec![],
                },
            }),
        }
    }
    Ok(Verdict::judged(proof, findings, vec![]))
}

#[cfg(test)]
mod tests {
    use super::{CHECK, SYSTEMS};
    use crate::check::Status;
    use crate::facts::{Answer, Choice, Facts};
    use crate::testing::{blank, findings, now, status};

    fn answered(systems: &[&str]) -> Facts {
        let rows = systems.iter().map(|&system| (system.to_owned(), "Ada".to_owned())).collect();
        let text = String::new;
        let mut facts = blank();
        let answer = Answer { choice: Choice::Yes, note: text(), evidence: text(), owner: text(), rows, at: now() };
        facts.answers.insert(CHECK.id.to_owned(), answer);
        facts
    }

    #[test]
    fn owners_for_all_pass() {
        assert_eq!(status(&CHECK, &answered(&SYSTEMS)), Status::Pass);
    }

    #[test]
    fn a_system_without_an_owner_is_told() {
        assert_eq!(findings(&CHECK, &answered(&SYSTEMS[1..]))[0].subject, "Domain registrar");
    }

    #[test]
    fn no_answer_is_not_judged() {
        assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    }
}
