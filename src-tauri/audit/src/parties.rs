//! The companies between a visitor and the product, in the order in which a request meets them, each with the sign it was recognised by.

use crate::facts::RecordData;
use crate::read::certificate::Certificate;
use crate::read::provider::{self, Provider};
use crate::read::text::clean;
use crate::{Case, Unseen};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use ts_rs::TS;

/// Characters of a name or sign that are shown.
const SHOWN: usize = 160;

/// What a company does for the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum Role {
    /// Holds the registration of the name.
    Registrar,
    /// Answers what the name leads to.
    Dns,
    /// Stands in front of the servers.
    Network,
    /// Runs the servers.
    Hosting,
    /// Vouches for the name.
    Certificates,
    /// Takes the mail.
    Mail,
}

impl Role {
    /// Every role, in the order of the chain; mail stands aside.
    pub const ALL: [Self; 6] =
        [Self::Registrar, Self::Dns, Self::Network, Self::Hosting, Self::Certificates, Self::Mail];

    /// As a person says it.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Registrar => "Registrar",
            Self::Dns => "DNS",
            Self::Network => "Delivery network",
            Self::Hosting => "Hosting",
            Self::Certificates => "Certificates",
            Self::Mail => "Mail",
        }
    }
}

/// One company in one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Party {
    /// What it does.
    pub role: Role,
    /// As people know it.
    pub name: String,
    /// The signs by which it was recognised, one line each.
    pub evidence: Vec<String>,
}

/// Everybody who was recognised, and what could not be seen on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parties {
    /// In the order of [`Role::ALL`].
    pub known: Vec<Party>,
    /// What was not seen, by role.
    pub unseen: Vec<(Role, Unseen)>,
}

impl Parties {
    /// Those with this role.
    pub fn with(&self, role: Role) -> impl Iterator<Item = &Party> {
        self.known.iter().filter(move |party| party.role == role)
    }

    fn add(&mut self, role: Role, name: &str, sign: String) {
        let sign = clean(&sign, SHOWN);
        match self.known.iter_mut().find(|party| party.role == role && party.name == name) {
            Some(party) if party.evidence.contains(&sign) => {}
            Some(party) => party.evidence.push(sign),
            None => self.known.push(Party { role, name: clean(name, SHOWN), evidence: vec![sign] }),
        }
    }
}

/// Who does what, as far as the facts tell.
#[must_use]
pub fn of(case: &Case<'_>) -> Parties {
    let mut found = Parties::default();
    registrar(case, &mut found);
    dns(case, &mut found);
    servers(case, &mut found);
    certificates(case, &mut found);
    mail(case, &mut found);
    found.known.sort_by_key(|party| party.role);
    found
}

fn registrar(case: &Case<'_>, found: &mut Parties) {
    match case.registration() {
        Ok(seen) => {
            let name = seen.record.as_ref().and_then(|record| record.registrar.as_deref());
            if let Some(name) = name {
                let server = seen.server.as_deref().unwrap_or("the registry");
                found.add(Role::Registrar, name, format!("named by {server} over RDAP"));
            }
        }
        Err(why) => found.unseen.push((Role::Registrar, why)),
    }
}

fn dns(case: &Case<'_>, found: &mut Parties) {
    match case.dns(case.apex(), "NS") {
        Ok(answer) => {
            for record in &answer.records {
                if let RecordData::Ns(server) = &record.data {
                    let name = named(server, |provider| &provider.nameservers);
                    found.add(Role::Dns, &name, format!("name server {server}"));
                }
            }
        }
        Err(why) => found.unseen.push((Role::Dns, why)),
    }
}

fn mail(case: &Case<'_>, found: &mut Parties) {
    match case.dns(case.apex(), "MX") {
        Ok(answer) => {
            for record in &answer.records {
                match &record.data {
                    RecordData::Mx { exchange, .. } if exchange != "." => {
                        let name = named(exchange, |provider| &provider.mail);
                        found.add(Role::Mail, &name, format!("mail host {exchange}"));
                    }
                    _ => {}
                }
            }
        }
        Err(why) => found.unseen.push((Role::Mail, why)),
    }
}

/// The provider with this end of a name, or the domain that the name belongs to.
fn named(host: &str, pick: fn(&Provider) -> &[String]) -> String {
    match provider::by_name(host, pick) {
        Some(provider) => provider.name.clone(),
        None => psl::domain_str(host).unwrap_or(host).to_owned(),
    }
}

fn servers(case: &Case<'_>, found: &mut Parties) {
    for host in case.hosts() {
        for address in case.addresses(&host).unwrap_or_default() {
            if let Some((network, sign)) = provider::doing(case, "cdn", &host, address) {
                found.add(Role::Network, &network.name, format!("{host}: {sign}"));
            }
            if let Some((hosting, sign)) = provider::doing(case, "hosting", &host, address) {
                found.add(Role::Hosting, &hosting.name, format!("{host}: {sign}"));
            }
        }
    }
    // An origin that was found behind the network tells who runs it.
    for key in case.facts.origins.keys() {
        let Some(address) = key.parse::<IpAddr>().ok() else { continue };
        let in_range = |provider: &&Provider| provider.ranges.iter().any(|range| range.contains(&address));
        if crate::checks::edge::proxy::serves_the_site(case, address)
            && let Some(hosting) = provider::all().iter().filter(|known| known.does("hosting")).find(in_range)
        {
            found.add(Role::Hosting, &hosting.name, format!("the site answers at {address}, which is in its range"));
        }
    }
}

fn certificates(case: &Case<'_>, found: &mut Parties) {
    for host in case.hosts() {
        for address in case.addresses(&host).unwrap_or_default() {
            let leaf = case.tls(&host, address).ok().and_then(|shown| Certificate::read(shown.chain.first()?).ok());
            if let Some(leaf) = leaf {
                found.add(Role::Certificates, &leaf.issuer_name, format!("certificate of {host}"));
            }
        }
    }
}
