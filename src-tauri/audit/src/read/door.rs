//! What a visitor who should be kept out was shown, told by the answer that the right visitor gets at the same address.

use super::place::Place;
use super::sketch;
use crate::facts::{BodyKind, Exchange};
use crate::{Unseen, Why};

/// The sign of a form with a password field.
pub const LOGIN_FORM: &str = "login-form";
/// The mark of a body that holds the word of its place.
pub const WORD: &str = "the-word";

/// How the door stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// Kept out; says how.
    Shut(String),
    /// Let in; says by what that is seen.
    Open(String),
}

/// How the door stands for `visitor`, beside what the right visitor was answered, where that was seen.
///
/// # Errors
/// The two answers do not tell.
pub fn of(place: &Place, visitor: &Exchange, owner: Result<&Exchange, Unseen>) -> Result<Door, Unseen> {
    let url = place.url.as_str();
    match visitor.status {
        200..=299 => {}
        300..=399 => {
            let to = visitor.location.as_deref().unwrap_or("nowhere");
            let same = owner.is_ok_and(|owner| owner.location == visitor.location);
            return if same {
                let says = format!("it sends everybody on, signed in or not, to {}", bare(to));
                Err(unseen(url, Why::NotAnswered, says, "name the address that it leads to instead"))
            } else {
                Ok(Door::Shut(format!("{}, sent to {}", visitor.status, bare(to))))
            };
        }
        400..=499 => return Ok(Door::Shut(visitor.status.to_string())),
        status => {
            let says = format!("it failed with HTTP {status} instead of answering");
            return Err(unseen(
                url,
                Why::Broken,
                says,
                "look into the server's log for this moment, then run it again",
            ));
        }
    }
    let asks = |exchange: &Exchange| has(exchange, LOGIN_FORM);
    let owner = match owner {
        Ok(owner) => owner,
        Err(_) if asks(visitor) => return Ok(Door::Shut("200, a log-in form".to_owned())),
        Err(why) => return Err(why),
    };
    let refused = "end the session, sign in anew and give the fresh cookie or token";
    if !(200..300).contains(&owner.status) {
        let says = format!("the session was not accepted there (HTTP {})", owner.status);
        return Err(unseen(url, Why::NoSession, says, refused));
    }
    if let Some(word) = &place.word {
        return match (has(owner, WORD), has(visitor, WORD)) {
            (_, true) => Ok(Door::Open(format!("200, and it shows \"{word}\""))),
            (true, false) => Ok(Door::Shut(format!("200, without \"{word}\""))),
            (false, false) => {
                let says = format!("not even with the session did it show \"{word}\"");
                Err(unseen(url, Why::NoSession, says, "check the word, and whether the session still holds"))
            }
        };
    }
    let (many, theirs) = (visitor.body.items.unwrap_or(0), owner.body.items.unwrap_or(0));
    if many > 0 && theirs > 0 {
        return Ok(Door::Open(format!("200, a list of {many} entries")));
    }
    if !alike(visitor, owner) {
        return Ok(Door::Shut("200, but not what signed-in people are shown".to_owned()));
    }
    if asks(visitor) {
        let says = "with the session it shows the log-in form as well".to_owned();
        return Err(unseen(url, Why::NoSession, says, refused));
    }
    match visitor.body.kind {
        // A shell that every visitor loads holds nothing of anybody; what fills it comes from other addresses.
        BodyKind::Html | BodyKind::Empty => {
            let says = "it shows everybody the same page, which may be a public one or an empty frame".to_owned();
            let way = "name the address that the data comes from, or a word that only the right person's page shows";
            Err(unseen(url, Why::NotAnswered, says, way))
        }
        _ => Ok(Door::Open(format!("200, {} bytes, the same as for signed-in people", visitor.body.bytes))),
    }
}

/// Whether two answers are the same but for marks that change with each visit.
#[must_use]
pub fn alike(one: &Exchange, other: &Exchange) -> bool {
    one.body.sha256 == other.body.sha256 || sketch::alike(&one.body.sketch, &other.body.sketch)
}

fn has(exchange: &Exchange, sign: &str) -> bool {
    exchange.body.signs.iter().any(|other| other == sign)
}

/// An address without its query, which may hold a token.
fn bare(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

fn unseen(what: &str, why: Why, says: String, way: &str) -> Unseen {
    Unseen { what: what.to_owned(), why, says, way: way.to_owned() }
}

#[cfg(test)]
#[path = "door_tests.rs"]
mod tests;
