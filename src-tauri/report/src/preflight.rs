//! What is still open before the report is handed over: told beforehand, so that nobody finds it in front of the client.

use crate::brief::OWNERS;
use crate::{Options, words};
use audit::facts::{Answer, Facts};
use audit::read::secret::pasted;
use audit::{Audit, State, Status, form};

/// One thing that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// What is.
    pub says: String,
    /// What to do.
    pub way: String,
    /// Whether nothing may be written before it is settled.
    pub stops: bool,
}

/// Everything that is open, what stops the handover first.
#[must_use]
pub fn preflight(audit: &Audit, facts: &Facts, options: &Options) -> Vec<Open> {
    let mut found = secrets(facts, options);
    found.extend(owners(facts));
    let items = || audit.stages.iter().flat_map(|stage| &stage.items);
    let count = |states: &[State]| items().filter(|item| states.contains(&item.state)).count();
    let raised = audit.stages.iter().flat_map(|stage| &stage.signals).filter(|signal| signal.state == State::Failing);
    let untold = audit.outcomes.iter().filter(|outcome| outcome.status == Status::CouldNotTell).count();
    for (number, noun, says, way) in [
        (
            count(&[State::NeedsYou]),
            "question",
            "without an answer",
            "Answer each in its stage; what is not known is said as that.",
        ),
        (
            count(&[State::Proposed]),
            "answer",
            "that the audit proposes and nobody confirmed",
            "Confirm or correct each in its stage.",
        ),
        (count(&[State::Stale]), "answer", "out of date", "Look again, and answer with today's date."),
        (
            raised.count(),
            "sign",
            "that a stage is not done",
            "Settle what raised it, or say in the document why it may stay.",
        ),
        (
            untold,
            "check",
            "could not tell",
            "Remove what stood in the way of each, and run the audit again; the document says why.",
        ),
    ] {
        if number > 0 {
            found.push(open(format!("{} {says}.", words::count(number, noun)), way));
        }
    }
    if audit.cut_short {
        found.push(open("The last run was stopped before its end.", "Run the audit to its end."));
    }
    if options.author.as_deref().is_none_or(|author| author.trim().is_empty()) {
        found.push(open("Nobody is named who signs for the audit.", "Give the name of the person who hands it over."));
    }
    found
}

fn open(says: impl Into<String>, way: &str) -> Open {
    Open { says: says.into(), way: way.to_owned(), stops: false }
}

fn owners(facts: &Facts) -> Option<Open> {
    let way = "Name one person for each system, in the stage of the handover.";
    let Some(answer) = facts.answers.get(OWNERS) else {
        return Some(open("Nobody has named who looks after each system.", way));
    };
    let named = |system: &&str| answer.rows.get(*system).is_some_and(|owner| !owner.trim().is_empty());
    let nobody = form::labels(&answer.rows).filter(|system| !named(system)).count();
    (nobody > 0).then(|| open(format!("{} without an owner.", words::count(nobody, "system")), way))
}

/// Keys in what people wrote: the store refuses them, but a facts file may come from elsewhere.
fn secrets(facts: &Facts, options: &Options) -> Vec<Open> {
    let texts = |answer: &Answer| {
        let rows = answer.rows.iter().flat_map(|(row, value)| [row.clone(), value.clone()]);
        [answer.note.clone(), answer.evidence.clone(), answer.owner.clone()].into_iter().chain(rows).collect::<Vec<_>>()
    };
    let answers = facts.answers.iter().map(|(key, answer)| (format!("the answer to {key}"), texts(answer)));
    let waivers = facts.waivers.iter().map(|waiver| {
        (format!("the accepted risk {}", waiver.of), vec![waiver.reason.clone(), waiver.approver.clone()])
    });
    let names = vec![
        options.client.clone(),
        options.product.clone(),
        options.author.clone().unwrap_or_default(),
        options.template.name.clone(),
    ];
    let told = answers.chain(waivers).chain([("the name of the client, product or author".to_owned(), names)]);
    let key = |(place, texts): (String, Vec<String>)| {
        let title = texts.iter().find_map(|text| pasted(text))?;
        Some(Open {
            says: format!("{} holds a key itself ({title}).", words::capital(&place)),
            way: "Take it out, and replace it at its issuer if others saw it.".to_owned(),
            stops: true,
        })
    };
    told.filter_map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::preflight;
    use crate::Options;
    use audit::facts::{Answer, Choice, Facts, Scope, Target};

    fn blank() -> Facts {
        let at = "2026-11-21T12:00:00Z".parse().unwrap();
        let target: Target = audit::read::domain::parse("juniperdesk.example").unwrap();
        Facts::begin(target, "sd", Scope::default(), at)
    }

    #[test]
    fn open_points_are_told_and_a_key_in_an_answer_stops_it() {
        let mut facts = blank();
        let at = facts.started;
        let judged = |facts: &Facts| audit::audit(facts, audit::roadmap::by_id("sd").unwrap(), at);
        let said = |facts: &Facts| preflight(&judged(facts), facts, &Options::default());
        let open = said(&facts);
        for part in ["who looks after each system", "without an answer", "could not tell", "who signs for the audit"] {
            assert!(open.iter().any(|one| one.says.contains(part)), "{part}: {open:?}");
        }
        assert!(open.iter().all(|one| !one.stops));
        let body = "51KxqZ7wK3xV9tB5nM2rQ8pL4";
        let note = ["sk", "live", body].join("_");
        let rows = [("Hosting".to_owned(), String::new())].into();
        let answer = Answer { choice: Choice::Yes, note, evidence: String::new(), owner: String::new(), rows, at };
        facts.answers.insert("handover.owners".to_owned(), answer);
        let open = said(&facts);
        assert!(open[0].stops && open[0].says.contains("Stripe") && !open[0].says.contains(body), "{open:?}");
        assert!(open.iter().any(|one| one.says == "1 system without an owner."), "{open:?}");
    }
}
