//! auth.roles: a lesser session is refused at the administrators' addresses.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Exchange;
use crate::read::door::{self, Door};
use crate::read::place::{Kind, Place};
use crate::{Case, Unseen, Why};

/// auth.roles.
pub static CHECK: Check = Check {
    id: "auth.roles",
    title: "Ordinary users cannot open administrators' pages",
    why: "A page that is only hidden from the menu is found by the first curious customer, with everybody's data on it.",
    needs: &[Need::Auth],
    concern: Concern::Data,
    covers: "The administrators' addresses that you named (up to eight): each is asked for with the ordinary user's session and beside it with the administrator's. Whether the ordinary session holds is seen at an address that it may open.",
    ask: None,
    refs: &["OWASP ASVS 4.1.3", "OWASP API5:2023", "CWE-285"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    if let Some(reason) = case.without_login() {
        return Ok(Verdict::NotApplicable(reason));
    }
    let places = case.places(&[Kind::Admin])?;
    let control = control(case);
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    for place in places {
        let lesser = case.visit("lesser", &place);
        let door = lesser.clone().and_then(|lesser| door::of(&place, lesser, case.visit("signed-in", &place)));
        match (door, lesser) {
            (Ok(Door::Open(by)), _) => findings.push(open(&place, &by)),
            (Ok(Door::Shut(how)), Ok(lesser)) => match sure(&place, lesser, &control) {
                Ok(()) => proof.push(format!("{} with the ordinary user's session: {how}", place.url)),
                Err(why) => unseen.push(why),
            },
            (Err(why), _) | (_, Err(why)) => unseen.push(why),
        }
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

/// Whether the ordinary user's session still opens what it may open; none when there is no address to see it at.
fn control(case: &Case<'_>) -> Option<Result<bool, Unseen>> {
    let places = case.places(&[Kind::Data, Kind::List]).unwrap_or_default();
    let mut seen = places.iter().map(|place| (place, case.visit("lesser", place)));
    seen.find(|(_, answer)| !matches!(answer, Err(why) if why.why == Why::NotLooked)).map(|(_, answer)| {
        answer.map(|answer| {
            (200..300).contains(&answer.status) && !answer.body.signs.iter().any(|sign| sign == door::LOGIN_FORM)
        })
    })
}

/// A refusal counts when it says that this person may not, or when the session is known to hold: one that ran out is refused everywhere.
fn sure(place: &Place, lesser: &Exchange, control: &Option<Result<bool, Unseen>>) -> Result<(), Unseen> {
    let unsure = |says: &str, way: &str| {
        let (what, says, way) = (place.url.to_string(), says.to_owned(), way.to_owned());
        Err(Unseen { what, why: Why::NoSession, says, way })
    };
    match control {
        Some(Ok(true)) => Ok(()),
        Some(Ok(false)) => unsure(
            "the ordinary user's session is not accepted anywhere, so a refusal says nothing",
            "sign in anew as an ordinary user and give the fresh cookie or token",
        ),
        Some(Err(why)) => Err(why.clone()),
        None if lesser.status == 403 => Ok(()),
        None => unsure(
            "whether the ordinary user's session still holds could not be seen",
            "name an address with data that the ordinary user may open as well",
        ),
    }
}

fn open(place: &Place, by: &str) -> Finding {
    Finding {
        subject: place.url.to_string(),
        grade: Grade::Fail,
        severity: Severity::Critical,
        says: format!("The administrators' address {} answers ordinary users as well.", place.url),
        evidence: vec![format!("GET {} with the ordinary user's session → {by}", place.url)],
        fix: Fix {
            says: "Check the role on the server for each administrators' address and answer 403 to everybody else; hiding the link is not enough. Then look through the log for ordinary users who opened it.".to_owned(),
            paste: None,
            minutes: 90,
            after: vec!["auth.anonymous".to_owned()],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::Status;
    use crate::facts::Facts;
    use crate::testing::{exchange, findings, healthy, judge, named, put, status, unseen};

    const ADMIN: &str = "https://example.com/admin/users";
    const DATA: &str = "https://example.com/boards";
    const USERS: &[u8] = b"{\"users\":[{\"id\":1},{\"id\":2}]}";

    fn site(lesser: u16, control: u16) -> Facts {
        let mut facts = healthy();
        named(&mut facts, &[(ADMIN, "admin"), (DATA, "data")]);
        put(&mut facts, "signed-in", exchange(ADMIN, 200, USERS));
        put(&mut facts, "lesser", exchange(ADMIN, lesser, if lesser == 200 { USERS } else { b"" }));
        put(&mut facts, "lesser", exchange(DATA, control, b"<html>boards"));
        facts
    }

    #[test]
    fn a_refusal_passes_when_the_session_holds() {
        assert_eq!(status(&CHECK, &site(403, 200)), Status::Pass);
        let mut facts = site(403, 200);
        facts.exchanges.remove(&format!("lesser {DATA}"));
        assert_eq!(status(&CHECK, &facts), Status::Pass);
    }

    #[test]
    fn an_open_page_fails() {
        assert_eq!(findings(&CHECK, &site(200, 200))[0].subject, ADMIN);
    }

    #[test]
    fn a_dead_session_no_session_and_silence_are_not_judged() {
        assert_eq!(status(&CHECK, &site(401, 401)), Status::CouldNotTell);
        let mut facts = site(401, 200);
        facts.exchanges.remove(&format!("lesser {DATA}"));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
        for why in [Why::NoSession, Why::Timeout] {
            let mut facts = site(403, 200);
            facts.exchanges.insert(format!("lesser {ADMIN}"), unseen(why));
            assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
        }
        assert_eq!(judge(&CHECK, &healthy()).unwrap_err().why, Why::NotAnswered);
    }
}
