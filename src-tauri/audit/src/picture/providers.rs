//! Who runs what, as one line from the registrar to the servers: where the delivery network ends and hosting begins.

use crate::parties::{self, Parties, Party, Role};
use crate::{Case, State};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct ProviderMap {
    /// Stations in the order in which a request meets them; certificates and mail stand aside.
    pub stations: Vec<Station>,
    /// What is to be said where the delivery network ends and hosting begins; none when nothing stands in front of the servers.
    pub border: Option<String>,
}

/// One station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Station {
    /// What is done here.
    pub role: Role,
    /// The role as a person says it.
    pub title: String,
    /// What it means, in a few words.
    pub does: String,
    /// Done: recognised. Unsure: could not be told. Not applicable: nobody does it.
    pub state: State,
    /// Who does it, each with the signs.
    pub parties: Vec<Party>,
    /// What there is to say where nobody is named.
    pub says: String,
}

pub(super) fn of(case: &Case<'_>) -> ProviderMap {
    let found = parties::of(case);
    let stations = Role::ALL.into_iter().map(|role| station(case, &found, role)).collect();
    ProviderMap { stations, border: border(&found) }
}

fn station(case: &Case<'_>, found: &Parties, role: Role) -> Station {
    let mut parties: Vec<Party> = found.with(role).cloned().collect();
    if role == Role::Hosting
        && parties.is_empty()
        && let Ok(answer) = case.answer("edge.hosting")
        && !answer.note.trim().is_empty()
    {
        let name = crate::read::text::clean(answer.note.trim(), 160);
        parties.push(Party { role, name, evidence: vec!["named by a person".to_owned()] });
    }
    let (state, says) = if parties.is_empty() { nobody(case, found, role) } else { (State::Done, String::new()) };
    Station { role, title: role.says().to_owned(), does: does(role).to_owned(), state, parties, says }
}

fn does(role: Role) -> &'static str {
    match role {
        Role::Registrar => "holds the name",
        Role::Dns => "tells where the name leads",
        Role::Network => "stands in front of the servers",
        Role::Hosting => "runs the servers",
        Role::Certificates => "vouches for the name in browsers",
        Role::Mail => "takes the mail",
    }
}

/// Why nobody is named: nobody does it, or it could not be told.
fn nobody(case: &Case<'_>, found: &Parties, role: Role) -> (State, String) {
    if let Some((_, why)) = found.unseen.iter().find(|(unseen, _)| *unseen == role) {
        return (State::Unsure, why.says.clone());
    }
    let addresses = case.addresses(case.apex());
    match role {
        Role::Registrar => (State::Unsure, "the registry names no registrar".to_owned()),
        Role::Dns => (State::Unsure, "no name server was seen".to_owned()),
        Role::Mail => (State::NotApplicable, "the domain takes no mail".to_owned()),
        Role::Network => match addresses {
            Err(why) => (State::Unsure, why.says),
            Ok(_) => {
                (State::NotApplicable, "none was recognised; visitors seem to reach the servers directly".to_owned())
            }
        },
        Role::Hosting => match (addresses, found.with(Role::Network).next()) {
            (Err(why), _) => (State::Unsure, why.says),
            (Ok(_), Some(network)) => (
                State::Unsure,
                format!("{} hides the servers; name the company in the question of the check on hosting", network.name),
            ),
            (Ok(_), None) => (State::Unsure, "no sign of a known company".to_owned()),
        },
        Role::Certificates => (State::Unsure, "no certificate was seen".to_owned()),
    }
}

/// Where one ends and the other begins.
fn border(found: &Parties) -> Option<String> {
    let names = |role| {
        let names: Vec<&str> = found.with(role).map(|party| party.name.as_str()).collect();
        (!names.is_empty()).then(|| names.join(" and "))
    };
    let network = names(Role::Network)?;
    Some(match names(Role::Hosting) {
        Some(hosting) if hosting == network => format!("{network} is both: it stands in front and runs the servers"),
        Some(hosting) => format!("here {network} ends and hosting at {hosting} begins"),
        None => format!("here {network} ends and hosting begins"),
    })
}
