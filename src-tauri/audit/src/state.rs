//! The states of items, stages, lights, deliverables and signals, derived from outcomes and answers.

use crate::audit::{Deliverable, Item, Light, Outcome, Signal, Stage, State};
use crate::case::UNANSWERED;
use crate::check::{Check, Need, Status};
use crate::facts::{Answer, Choice, Facts, Waiver};
use crate::form::{self, Reading};
use crate::reports::{self, REPORTS};
use crate::roadmap::{self, Roadmap};
use crate::waive::{self, Waivers};
use crate::{Grade, Why, checks, fresh, own};
use jiff::Timestamp;

/// What the states are derived from.
pub(crate) struct Rows<'a> {
    pub(crate) outcomes: &'a [Outcome],
    pub(crate) facts: &'a Facts,
    pub(crate) roadmap: &'a Roadmap,
    pub(crate) waivers: &'a Waivers<'a>,
    pub(crate) now: Timestamp,
}

/// A state with what somebody accepted of it.
struct Accepted {
    state: State,
    waiver: Option<Waiver>,
    acceptable: bool,
}

/// What the checks of a row say together.
#[derive(Default)]
struct Told {
    fail: bool,
    warn: bool,
    unsure: bool,
    asks: bool,
    pass: bool,
    waived: bool,
    unbuilt: Vec<String>,
}

impl Rows<'_> {
    pub(crate) fn stages(&self) -> Vec<Stage> {
        self.roadmap.stages.iter().map(|stage| self.stage(stage)).collect()
    }

    pub(crate) fn bar(&self, stages: &[Stage]) -> Vec<Light> {
        let light = |light: &roadmap::Light| {
            let items = stages.iter().flat_map(|stage| &stage.items).filter(|item| light.items.contains(&item.id));
            let made =
                stages.iter().flat_map(|stage| &stage.deliverables).filter(|made| light.items.contains(&made.id));
            let checks = (!light.checks.is_empty()).then(|| automatic(&self.told(&light.checks)));
            let state = worst(items.map(|item| item.state).chain(made.map(|made| made.state)).chain(checks));
            Light { id: light.id.clone(), title: light.title.clone(), state }
        };
        self.roadmap.bar.iter().map(light).collect()
    }

    fn stage(&self, stage: &roadmap::Stage) -> Stage {
        let items: Vec<Item> = stage.items.iter().map(|item| self.item(item)).collect();
        let signals: Vec<Signal> = stage.signals.iter().map(|signal| self.signal(signal)).collect();
        // A sign of trouble that is there holds the stage open, however good its rows look.
        let raised = signals.iter().map(|signal| signal.state).filter(|state| *state == State::Failing);
        let named = self.roadmap.checks();
        let home = |id: &str| self.roadmap.home(id).is_some_and(|home| home.number == stage.number);
        let also = self.outcomes.iter().map(|outcome| outcome.check.as_str());
        let also = also.filter(|id| !named.contains(id) && home(id)).map(str::to_owned).collect();
        Stage {
            number: stage.number,
            title: stage.title.clone(),
            goal: stage.goal.clone(),
            state: worst(items.iter().map(|item| item.state).chain(raised)),
            ready: u16::try_from(items.iter().filter(|item| item.state.ready()).count()).unwrap_or(u16::MAX),
            items,
            deliverables: stage.deliverables.iter().map(|deliverable| self.deliverable(deliverable)).collect(),
            signals,
            also,
        }
    }

    fn item(&self, item: &roadmap::Item) -> Item {
        let told = self.told(&item.checks);
        let asked = asked(item);
        let question = asked.and_then(|check| check.ask.map(str::to_owned)).or_else(|| item.question.clone());
        let key = asked.map_or(item.id.as_str(), |check| check.id);
        let answers_to = question.as_ref().map(|_| form::kept(key).to_owned());
        // A check that was built since asks under its own name; what was answered to the item before is still shown.
        let given = |key: &String| self.facts.answers.get(key).or_else(|| self.facts.answers.get(&item.id));
        let answer = answers_to.as_ref().and_then(given).cloned();
        let choice = answer.as_ref().map(|answer| answer.choice);
        let filled = self.filled(key, answer.as_ref());
        let missing_report = item.reports.iter().any(|report| !REPORTS.contains(&report.as_str()));
        let state = match choice {
            Some(Choice::NotApplicable) if answer.as_ref().is_some_and(unreasoned) => State::NeedsYou,
            Some(Choice::NotApplicable) => State::NotApplicable,
            Some(Choice::No) if asked.is_none() => State::Failing,
            _ if told.fail || filled.slips.iter().any(|slip| slip.grade == Grade::Fail) => State::Failing,
            _ if told.warn || !filled.slips.is_empty() => State::Attention,
            _ if told.unsure => State::Unsure,
            _ if !told.unbuilt.is_empty() || missing_report => State::NotBuilt,
            _ if told.asks || !filled.wanting.is_empty() => State::NeedsYou,
            Some(_) if told.waived => State::Waived,
            None if told.waived && question.is_none() => State::Waived,
            Some(_) => State::Done,
            None if question.is_none() => State::Done,
            None if told.pass => State::Proposed,
            None => State::NeedsYou,
        };
        let aged = self.aged(state, question.as_ref().map(|_| key), answer.as_ref(), told.pass);
        let Accepted { state, waiver, acceptable } = self.accepted(&item.id, aged, told.fail);
        let says = match &waiver {
            Some(waiver) => waive::says(waiver),
            None => of_form(state, &told, &filled).unwrap_or_else(|| self.says(state, item, answer.as_ref(), &told)),
        };
        let filed = self.facts.dossiers.get(answers_to.as_ref().unwrap_or(&item.id));
        let due = filed.and_then(|filed| filed.due);
        let overdue = due.is_some_and(|due| due < waive::day(self.now)) && !state.ready();
        Item {
            id: item.id.clone(),
            title: item.title.clone(),
            why: item.why.clone(),
            state,
            says,
            checks: item.checks.clone(),
            unbuilt: told.unbuilt,
            question,
            answers_to,
            answer,
            due,
            overdue,
            waiver,
            acceptable,
            own: own::is_own(&item.id),
        }
    }

    /// What was filled in into the form of a question, where no check judges it. An answer in words alone, from before there was a
    /// form or instead of it, stays good.
    fn filled(&self, key: &str, answer: Option<&Answer>) -> Reading {
        let said = answer.filter(|answer| answer.choice == Choice::Yes && !answer.rows.is_empty());
        match (form::of(key).filter(|form| !form.judged || checks::by_id(key).is_none()), said) {
            (Some(form), Some(answer)) => Reading::of(form, answer, &self.roadmap.id, waive::day(self.now)),
            _ => Reading::default(),
        }
    }

    /// What was done counts as out of date when the answer or the run that it rests on is too old.
    fn aged(&self, state: State, key: Option<&str>, answer: Option<&Answer>, seen: bool) -> State {
        if !matches!(state, State::Done | State::Proposed) {
            return state;
        }
        let old_answer =
            || key.zip(answer).is_some_and(|(key, answer)| fresh::stale(answer.at, self.now, fresh::days(key)));
        if old_answer() || (seen && self.old_run()) { State::Stale } else { state }
    }

    fn old_run(&self) -> bool {
        fresh::stale(self.facts.started, self.now, fresh::run_days())
    }

    /// The state with what somebody accepted, and the waiver where it covers the state.
    fn accepted(&self, id: &str, state: State, by_check: bool) -> Accepted {
        let acceptable = waive::covers(state, by_check);
        match self.waivers.of(id).filter(|_| acceptable) {
            Some(waiver) => Accepted { state: State::Waived, waiver: Some(waiver.clone()), acceptable: false },
            None => Accepted { state, waiver: None, acceptable },
        }
    }

    /// The state of an item in one plain sentence: its worst finding where there is one.
    fn says(&self, state: State, item: &roadmap::Item, answer: Option<&Answer>, told: &Told) -> String {
        let outcomes = || item.checks.iter().filter_map(|id| self.outcome(id));
        let finding = outcomes().flat_map(|outcome| &outcome.findings).max_by_key(|f| (f.grade, f.severity));
        let unseen = outcomes().flat_map(|outcome| &outcome.unseen).find(|unseen| unseen.why != Why::NotAnswered);
        match (state, finding, unseen) {
            (State::Failing | State::Attention, Some(finding), _) => finding.says.clone(),
            (State::Failing, None, _) => "You answered that this is not so yet.".to_owned(),
            (State::Unsure, _, Some(unseen)) => sentence(&unseen.says),
            (State::NotBuilt, _, _) if told.unbuilt.is_empty() => "This report is not built yet.".to_owned(),
            (State::NotBuilt, _, _) => {
                let titles = roadmap::planned().iter().filter(|planned| told.unbuilt.contains(&planned.id));
                let titles: Vec<&str> = titles.map(|planned| planned.title.as_str()).collect();
                format!("This version does not look at this yet: {}.", titles.join("; "))
            }
            (State::NeedsYou, _, _) if answer.is_some_and(unreasoned) => {
                "You said that this does not apply; say why, so that somebody else can follow it.".to_owned()
            }
            (State::NeedsYou, _, _) => self.wanted(item),
            (State::Stale, _, _) => self.outdated(item, answer),
            (State::Waived, _, _) => match outcomes().flat_map(|outcome| &outcome.waived).next() {
                Some(waived) => waive::says(&waived.waiver),
                None => String::new(),
            },
            (State::Proposed, _, _) => "The checks are clean; confirm that it is as you want it.".to_owned(),
            (State::NotApplicable, _, _) => {
                let note = answer.map(|answer| answer.note.trim()).unwrap_or_default();
                format!("You said that this does not apply: {note}")
            }
            (State::Done, _, _) => match outcomes().flat_map(|outcome| &outcome.proof).next() {
                Some(proof) => proof.clone(),
                None => "Nothing more to do.".to_owned(),
            },
            (State::Attention | State::Unsure, _, _) => String::new(),
        }
    }

    /// Why what was done no longer counts, and what makes it count again.
    fn outdated(&self, item: &roadmap::Item, answer: Option<&Answer>) -> String {
        let day = |at: Timestamp| waive::day(at).strftime("%-d %b %Y").to_string();
        let key = asked(item).map_or(item.id.as_str(), |check| check.id);
        match answer.filter(|answer| fresh::stale(answer.at, self.now, fresh::days(key))) {
            Some(answer) => {
                let (since, days) = (day(answer.at), fresh::days(key));
                format!("Answered on {since}; such an answer counts for {days} days. Look again and save it anew.")
            }
            None => {
                let (since, days) = (day(self.facts.started), fresh::run_days());
                format!("Last looked at on {since}; what was seen counts for {days} days. Run the audit again.")
            }
        }
    }

    /// What a row wants of a person: the log, folder or message that was not given, else an answer.
    fn wanted(&self, item: &roadmap::Item) -> String {
        let unseen = item.checks.iter().filter_map(|id| self.outcome(id)).flat_map(|outcome| &outcome.unseen);
        let mut things = unseen.filter(|unseen| unseen.why == Why::NotAnswered && unseen.says != UNANSWERED);
        match things.next() {
            Some(unseen) => format!("{} {}", sentence(&unseen.says), sentence(&unseen.way)),
            None => "Only you can answer this.".to_owned(),
        }
    }

    fn deliverable(&self, deliverable: &roadmap::Deliverable) -> Deliverable {
        let report = deliverable.reports.first().cloned();
        let built = deliverable.reports.iter().all(|id| REPORTS.contains(&id.as_str()));
        let answer = self.facts.answers.get(&deliverable.id).cloned();
        let answered = answer.as_ref().map(|answer| answer.choice);
        let filled = self.filled(&deliverable.id, answer.as_ref());
        let waits = |report: &String| reports::waits(report, self.facts, self.roadmap);
        let state = match (answered, report.is_some()) {
            (Some(Choice::NotApplicable), _) => State::NotApplicable,
            (_, true) if !built => State::NotBuilt,
            (Some(_), _) if !filled.slips.is_empty() => State::Attention,
            (Some(_), _) if !filled.wanting.is_empty() => State::NeedsYou,
            (Some(Choice::Yes), _) => State::Done,
            (_, _) if deliverable.question.is_some() => State::NeedsYou,
            (_, true) if deliverable.reports.iter().any(waits) => State::NeedsYou,
            (_, true) => State::Done,
            (_, false) => automatic(&self.told(&deliverable.checks)),
        };
        let key = answer.as_ref().map(|_| deliverable.id.as_str());
        let Accepted { state, waiver, acceptable } = self.accepted(
            &deliverable.id,
            self.aged(state, key, answer.as_ref(), false),
            deliverable.question.is_none(),
        );
        let (id, title, question) = (deliverable.id.clone(), deliverable.title.clone(), deliverable.question.clone());
        Deliverable { id, title, report, state, question, answer, waiver, acceptable }
    }

    fn signal(&self, signal: &roadmap::Signal) -> Signal {
        let told = self.told(&signal.checks);
        let answer = self.facts.answers.get(&signal.id).cloned();
        let answered = answer.as_ref().map(|answer| answer.choice);
        let state = match answered {
            _ if told.fail => State::Failing,
            Some(Choice::Yes) => State::Failing,
            Some(_) => State::Done,
            None if told.unsure => State::Unsure,
            None if told.waived => State::Waived,
            None if !told.unbuilt.is_empty() => State::NotBuilt,
            None if signal.question.is_some() || told.asks => State::NeedsYou,
            None => State::Done,
        };
        let key = answer.as_ref().map(|_| signal.id.as_str());
        let Accepted { state, waiver, acceptable } =
            self.accepted(&signal.id, self.aged(state, key, answer.as_ref(), told.pass), told.fail);
        let (id, says, question) = (signal.id.clone(), signal.says.clone(), signal.question.clone());
        Signal { id, says, state, checks: signal.checks.clone(), question, answer, waiver, acceptable }
    }

    fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.check == id)
    }

    fn told(&self, ids: &[String]) -> Told {
        let mut told = Told::default();
        for id in ids {
            let Some(outcome) = self.outcome(id) else {
                told.unbuilt.push(id.clone());
                continue;
            };
            let only_asks = outcome.unseen.iter().all(|unseen| unseen.why == Why::NotAnswered);
            match outcome.status {
                Status::Fail => told.fail = true,
                Status::Warn => told.warn = true,
                Status::CouldNotTell if only_asks => told.asks = true,
                Status::CouldNotTell => told.unsure = true,
                Status::Pass => told.pass = true,
                Status::Waived => told.waived = true,
                Status::NotApplicable => {}
            }
        }
        told
    }
}

/// Whether somebody said that something does not apply without saying why.
fn unreasoned(answer: &Answer) -> bool {
    answer.choice == Choice::NotApplicable && answer.note.trim().is_empty()
}

/// What a form says of the state of its row, where nothing that was looked at says more.
fn of_form(state: State, told: &Told, filled: &Reading) -> Option<String> {
    let slip = filled.slips.iter().max_by_key(|slip| slip.grade);
    match state {
        State::Failing | State::Attention if !told.fail && !told.warn => slip.map(|slip| slip.says.clone()),
        State::NeedsYou if !told.asks && !filled.wanting.is_empty() => {
            Some(format!("Still wanting: {}.", form::few(&filled.wanting)))
        }
        _ => None,
    }
}

/// A fragment as a sentence of its own.
fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// The check whose own question a row asks: its table is the row's answer. A row that rests on more than one person's check
/// asks its own question.
fn asked(item: &roadmap::Item) -> Option<&'static Check> {
    let asking =
        |check: &&'static Check| check.ask.is_some() && (item.checks.len() == 1 || check.needs.contains(&Need::Public));
    item.question.as_ref()?;
    item.checks.iter().filter_map(|id| checks::by_id(id)).find(asking)
}

fn automatic(told: &Told) -> State {
    match told {
        Told { fail: true, .. } => State::Failing,
        Told { warn: true, .. } => State::Attention,
        Told { unsure: true, .. } => State::Unsure,
        Told { asks: true, .. } => State::NeedsYou,
        Told { waived: true, .. } => State::Waived,
        Told { unbuilt, .. } if !unbuilt.is_empty() => State::NotBuilt,
        Told { pass: true, .. } => State::Done,
        _ => State::NotApplicable,
    }
}

fn worst(states: impl Iterator<Item = State>) -> State {
    states.max_by_key(|state| state.weight()).unwrap_or(State::NotBuilt)
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
