//! Addresses of the product that a person named, each with what it is: behind the login, for administrators, a list, a form.

use crate::facts::{Choice, Facts, Target};
use url::Url;

/// The key of the answer that holds them: a row for each address, its value the kind and, after a blank, a word to know the page by.
pub const KEY: &str = "places";
/// The parameter added to an address so that no cache gives our question, or keeps our answer, under the address of real visitors.
pub const APART: &str = "launch-ready";
/// Addresses read of one kind.
const MOST: usize = 8;
/// Characters of a word.
const WORD: usize = 200;

/// What an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// For administrators only.
    Admin,
    /// Shows what belongs to one customer, once signed in.
    Data,
    /// A form that anybody may send, such as a contact form.
    Form,
    /// Gives a list.
    List,
    /// Takes a name and a password.
    Login,
    /// Sends the visitor on to another service to sign in there.
    Oauth,
    /// Mails a link to whoever forgot the password.
    Reset,
}

impl Kind {
    /// Every kind with its word.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Admin, "admin"),
        (Self::Data, "data"),
        (Self::Form, "form"),
        (Self::List, "list"),
        (Self::Login, "login"),
        (Self::Oauth, "oauth"),
        (Self::Reset, "reset"),
    ];

    /// The kind of this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }

    /// Whether it can only be looked at when signed in.
    #[must_use]
    pub fn behind_login(self) -> bool {
        matches!(self, Self::Admin | Self::Data | Self::List)
    }
}

/// One address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Absolute, without fragment.
    pub url: Url,
    /// What it is.
    pub kind: Kind,
    /// A word that only the right visitor's page shows.
    pub word: Option<String>,
    /// Whether a person said what it is; the routes of a project with a session are only taken to be behind the login.
    pub named: bool,
}

/// Reads one row: a path on the bare domain or a whole address, and what it is. None when it is neither.
#[must_use]
pub fn read(target: &Target, address: &str, told: &str) -> Option<Place> {
    let (kind, word) = told.trim().split_once(char::is_whitespace).unwrap_or((told.trim(), ""));
    let word: String = word.trim().chars().take(WORD).collect();
    let word = (!word.is_empty()).then_some(word);
    Some(Place { url: address_of(target, address)?, kind: Kind::of(kind)?, word, named: true })
}

fn address_of(target: &Target, typed: &str) -> Option<Url> {
    let typed = typed.trim();
    let mut url = if typed.starts_with('/') {
        Url::parse(&format!("https://{}", target.domain)).and_then(|base| base.join(typed)).ok()?
    } else {
        Url::parse(typed).ok()?
    };
    let open = url.username().is_empty() && url.password().is_none();
    url.set_fragment(None);
    (matches!(url.scheme(), "http" | "https") && url.host_str().is_some() && open).then_some(url)
}

/// The places of a project, a few of each kind; routes that a session was given for count as behind the login where nobody said what is.
#[must_use]
pub fn of(facts: &Facts) -> Vec<Place> {
    let rows = facts.answers.get(KEY).filter(|answer| answer.choice != Choice::NotApplicable);
    let rows = rows.iter().flat_map(|answer| &answer.rows);
    let mut found: Vec<Place> = Vec::new();
    let take = |found: &mut Vec<Place>, place: Place| {
        let of_kind = found.iter().filter(|other| other.kind == place.kind).count();
        if of_kind < MOST && found.iter().all(|other| other.url != place.url) {
            found.push(place);
        }
    };
    rows.filter_map(|(address, told)| read(&facts.target, address, told)).for_each(|place| take(&mut found, place));
    let told = found.iter().any(|place| place.kind.behind_login());
    if facts.scope.signed_in && !told {
        let routes = facts.scope.routes.iter().filter_map(|route| address_of(&facts.target, route));
        let places = routes.map(|url| Place { url, kind: Kind::Data, word: None, named: false });
        places.for_each(|place| take(&mut found, place));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{KEY, Kind, of, read};
    use crate::facts::{Answer, Choice};
    use crate::testing::{blank, now};

    #[test]
    fn rows_are_read_and_strange_ones_left_out() {
        let mut facts = blank();
        let row = |address: &str, told: &str| read(&facts.target, address, told);
        let data = row("/boards#x", "data Acme GmbH").unwrap();
        assert_eq!((data.url.as_str(), data.word.as_deref()), ("https://example.com/boards", Some("Acme GmbH")));
        assert_eq!(row("https://app.example.com/a", "admin").unwrap().kind, Kind::Admin);
        for (address, told) in
            [("boards", "data"), ("ftp://example.com/", "data"), ("https://me:pw@example.com/", "data"), ("/x", "else")]
        {
            assert_eq!(row(address, told), None, "{address} {told}");
        }
        facts.scope.signed_in = true;
        facts.scope.routes = vec!["https://example.com/a".to_owned(), "https://example.com/b".to_owned()];
        let rows = (0..30).map(|n| (format!("/{n}"), "list".to_owned())).chain([("/a".to_owned(), "admin".to_owned())]);
        let text = String::new;
        let answer = Answer {
            choice: Choice::Yes,
            note: text(),
            evidence: text(),
            owner: text(),
            rows: rows.collect(),
            at: now(),
        };
        facts.answers.insert(KEY.to_owned(), answer);
        let places = of(&facts);
        let of_kind = |kind| places.iter().filter(|place| place.kind == kind).count();
        assert_eq!((of_kind(Kind::List), of_kind(Kind::Admin), of_kind(Kind::Data)), (8, 1, 0));
        facts.answers.clear();
        assert!(of(&facts).len() == 2 && of(&facts).iter().all(|place| !place.named));
    }
}
