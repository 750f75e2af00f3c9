//! What a person gives for the signed-in area: addresses, the sessions of two people, and who agreed to tries at forms. Secrets come
//! from the environment or standard input, never from arguments, which every other program on the machine can read.

use crate::exit::Trouble;
use crate::keychain;
use audit::facts::{Answer, Cap, Choice, Target};
use audit::read::place::{self, Kind};
use audit::read::text::clean;
use engine::{Consent, Plan, Secret, Session};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::io::{BufRead, Read};

/// Bytes read of standard input.
const LONGEST: usize = 64 * 1024;

/// Arguments about the signed-in area.
#[derive(clap::Args)]
pub struct Signed {
    /// An address and what it is, such as data=/boards (admin, data, form, list, login, oauth or reset); after a blank, a word that only the right visitor's page shows
    #[arg(long, value_name = "KIND=PATH_OR_URL")]
    place: Vec<String>,
    /// Read sessions from standard input, a line each: cookie, token, lesser-cookie or lesser-token, then a colon and the value
    #[arg(long)]
    session_stdin: bool,
    /// Record that this person agreed to tries at the forms of this host
    #[arg(long, value_name = "HOST=NAME")]
    consent: Vec<String>,
    /// How many tries were agreed to, 30 at most
    #[arg(long, value_name = "COUNT", default_value_t = Cap::MOST.count(), value_parser = clap::value_parser!(u8).range(1..=30))]
    tries: u8,
}

impl Signed {
    /// The addresses as the answer that holds them; none where none was given.
    pub fn answers(&self, target: &Target) -> Result<BTreeMap<String, Answer>, Trouble> {
        if self.place.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = self.place.iter().map(|text| row(target, text)).collect::<Result<_, _>>()?;
        let (note, evidence, owner) = (String::new(), String::new(), String::new());
        let answer = Answer { choice: Choice::Yes, note, evidence, owner, rows, at: Timestamp::now() };
        Ok(BTreeMap::from([(place::KEY.to_owned(), answer)]))
    }

    /// Puts sessions and consents into the plan.
    pub async fn enter(&self, plan: &mut Plan) -> Result<(), Trouble> {
        let mut given = environment();
        if self.session_stdin {
            given.extend(typed(std::io::stdin().lock())?);
        }
        plan.lesser = match Session::new(given.remove("lesser-cookie"), given.remove("lesser-token")) {
            Some(session) => Some(session),
            None if self.place.is_empty() => None,
            None => keychain::taken(engine::vault::lesser_for_domain(&plan.target.domain)).await,
        };
        plan.session = match Session::new(given.remove("cookie"), given.remove("token")) {
            Some(session) => Some(session),
            // Without a named address nothing is signed in, and nobody should see a keychain prompt.
            None if plan.routes.is_empty() && self.place.is_empty() => None,
            None => keychain::taken(engine::vault::session_for_domain(&plan.target.domain)).await,
        };
        let cap = Cap::try_from(self.tries).map_err(Trouble::new)?;
        for text in &self.consent {
            let (host, by) = text.split_once('=').ok_or_else(|| {
                Trouble::new(format!("{} names nobody; write it like app.example.com=\"Ada Alder\"", clean(text, 120)))
            })?;
            let consent = Consent::record(&plan.target, host, by, cap, Timestamp::now());
            plan.consents.push(consent.map_err(|error| Trouble::new(error.message))?);
        }
        Ok(())
    }
}

fn row(target: &Target, text: &str) -> Result<(String, String), Trouble> {
    let wrong = || {
        let kinds: Vec<&str> = Kind::ALL.iter().map(|(_, word)| *word).collect();
        let (shown, kinds) = (clean(text, 120), kinds.join(", "));
        Trouble::new(format!("{shown} is no place; write it like data=/boards, with one of {kinds}"))
    };
    let (kind, rest) = text.split_once('=').ok_or_else(wrong)?;
    let (address, word) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    let told = format!("{} {}", kind.trim(), word.trim());
    let place = place::read(target, address, &told).ok_or_else(wrong)?;
    Ok((place.url.to_string(), told.trim().to_owned()))
}

/// Sessions in the environment; an empty variable counts as none.
fn environment() -> BTreeMap<&'static str, Secret<String>> {
    let names = [
        ("cookie", "LAUNCH_READY_COOKIE"),
        ("token", "LAUNCH_READY_TOKEN"),
        ("lesser-cookie", "LAUNCH_READY_LESSER_COOKIE"),
        ("lesser-token", "LAUNCH_READY_LESSER_TOKEN"),
    ];
    let read = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()).map(Secret::new);
    names.into_iter().filter_map(|(kind, name)| Some((kind, read(name)?))).collect()
}

/// Sessions as lines of text.
fn typed(from: impl BufRead) -> Result<BTreeMap<&'static str, Secret<String>>, Trouble> {
    let mut text = String::with_capacity(LONGEST);
    from.take(LONGEST as u64)
        .read_to_string(&mut text)
        .map_err(|error| Trouble::new(format!("failed to read the sessions from standard input: {error}")))?;
    let text = Secret::new(text);
    let mut given = BTreeMap::new();
    for (number, line) in text.reveal().lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let kinds = ["cookie", "token", "lesser-cookie", "lesser-token"];
        let read = line.split_once(':').and_then(|(kind, value)| {
            let kind = kinds.into_iter().find(|known| known.eq_ignore_ascii_case(kind.trim()))?;
            (!value.trim().is_empty()).then(|| (kind, Secret::new(value.trim().to_owned())))
        });
        // The line itself is not shown: it may hold a session.
        let wrong = || format!("line {} of standard input is no session; write it like cookie: name=value", number + 1);
        let (kind, value) = read.ok_or_else(|| Trouble::new(wrong()))?;
        given.insert(kind, value);
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use super::{row, typed};
    use audit::facts::Target;

    #[test]
    fn places_are_read_with_their_word() {
        let target = Target { name: "example.com".to_owned(), domain: "example.com".to_owned() };
        let read = |text: &str| row(&target, text);
        let expected = ("https://example.com/boards".to_owned(), "data Acme GmbH".to_owned());
        assert_eq!(read("data=/boards Acme GmbH").unwrap(), expected);
        assert_eq!(read("login=https://app.example.com/s?a=b").unwrap().0, "https://app.example.com/s?a=b");
        for wrong in ["/boards", "page=/boards", "data=boards", "data=https://me:pw@example.com/"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sessions_are_read_line_by_line_and_never_shown() {
        let given = typed(&b"cookie: sid=canary; b=c\n\nLesser-Token: t1\n"[..]).unwrap();
        assert_eq!(given["cookie"].reveal(), "sid=canary; b=c");
        assert_eq!(given.keys().copied().collect::<Vec<_>>(), ["cookie", "lesser-token"]);
        for wrong in ["sid=canary-7", "password: canary-7", "cookie:"] {
            let told = typed(wrong.as_bytes()).unwrap_err().to_string();
            assert!(!told.contains("canary"), "{told}");
        }
    }
}
