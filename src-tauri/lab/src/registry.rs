//! The registry of the lab's top-level domain: the list that leads to it, and what it says about the product's domain (RFC 9083).

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::names::Kind;
use crate::site::{Door, Pages, Site};
use crate::world::{DOMAIN, World};

/// Who publishes the list of RDAP servers.
pub(crate) const LIST: &str = "data.iana.org";
/// The registry's RDAP server.
pub(crate) const SERVER: &str = "rdap.nic.example";
const DAY: Duration = Duration::from_secs(86_400);

/// What the registry holds of the domain, as far as faults change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Registry {
    /// Whether the list names a server for the ending.
    pub listed: bool,
    /// Whether the domain is registered.
    pub held: bool,
    pub days_left: u64,
    pub statuses: Vec<&'static str>,
    /// Whether it counts the domain as signed, where that is not what the parent zone hands out.
    pub signed: Option<bool>,
    /// Name servers other than those that the parent zone hands out.
    pub others: Option<Vec<String>>,
}

impl Registry {
    pub fn healthy() -> Registry {
        let statuses = vec!["client delete prohibited", "client transfer prohibited", "client update prohibited"];
        Registry { listed: true, held: true, days_left: 500, statuses, signed: None, others: None }
    }
}

/// The two sites, before faults.
pub(crate) fn sites() -> [(String, Site); 2] {
    let site = || Site { plain: Door::upgrade(), ..Site::new(Pages::Texts(Vec::new())) };
    [(LIST.to_owned(), site()), (SERVER.to_owned(), site())]
}

/// Writes the answers once all faults have changed the world.
pub(crate) fn publish(world: &mut World) {
    let list = ("/rdap/dns.json".to_owned(), "application/json", list(world).to_string());
    let path = format!("/domain/{DOMAIN}");
    let domain = world.registry.held.then(|| (path, "application/rdap+json", domain(world).to_string()));
    for (host, pages) in [(LIST, vec![list]), (SERVER, domain.into_iter().collect())] {
        if let Some(site) = world.sites.get_mut(host) {
            site.pages = Pages::Texts(pages);
        }
    }
}

fn list(world: &World) -> Value {
    let mut services = vec![
        json!([["com"], ["https://rdap.verisign.com/com/v1/"]]),
        json!([["org"], ["https://rdap.publicinterestregistry.org/rdap/"]]),
    ];
    if world.registry.listed {
        services.push(json!([["example"], [format!("https://{SERVER}/")]]));
    }
    json!({
        "description": "RDAP bootstrap file for Domain Name System registrations",
        "publication": at(world.now - DAY),
        "services": services,
        "version": "1.0",
    })
}

fn domain(world: &World) -> Value {
    let registry = &world.registry;
    let signed = registry.signed.unwrap_or(world.names.at(DOMAIN, Kind::Ds).next().is_some());
    let nameservers = registry.others.as_ref().unwrap_or(&world.names.delegation);
    let server = |name: &String| json!({"objectClassName": "nameserver", "ldhName": name.to_ascii_uppercase()});
    let events = [
        ("registration", world.now - DAY * 230),
        ("expiration", world.now + DAY * u32::try_from(registry.days_left).unwrap_or(u32::MAX) + DAY / 2),
        ("last changed", world.now - DAY * 20),
        ("last update of RDAP database", world.now),
    ];
    let event = |(action, time): (&str, SystemTime)| json!({"eventAction": action, "eventDate": at(time)});
    let handle = "D402771-NIC";
    let href = format!("https://{SERVER}/domain/{DOMAIN}");
    json!({
        "objectClassName": "domain",
        "rdapConformance": ["rdap_level_0", "icann_rdap_technical_implementation_guide_1", "icann_rdap_response_profile_1"],
        "handle": handle,
        "ldhName": DOMAIN.to_ascii_uppercase(),
        "status": registry.statuses,
        "events": events.map(event),
        "secureDNS": {"delegationSigned": signed},
        "nameservers": nameservers.iter().map(server).collect::<Vec<_>>(),
        "entities": [{
            "objectClassName": "entity",
            "handle": "9998",
            "roles": ["registrar"],
            "publicIds": [{"type": "IANA Registrar ID", "identifier": "9998"}],
            "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Larkspur Names"]]],
            "entities": [{
                "objectClassName": "entity",
                "roles": ["abuse"],
                "vcardArray": ["vcard", [
                    ["version", {}, "text", "4.0"],
                    ["fn", {}, "text", ""],
                    ["email", {}, "text", "abuse@larkspurnames.example"],
                ]],
            }],
        }],
        "links": [{"value": href, "rel": "self", "href": href, "type": "application/rdap+json"}],
        "notices": [{"title": "Status Codes", "description": ["For more information on domain status codes, see https://icann.org/epp"]}],
    })
}

/// The time as RFC 3339 has it, whole seconds.
fn at(time: SystemTime) -> String {
    let time = Timestamp::try_from(time).unwrap_or_default();
    time.round(jiff::Unit::Second).unwrap_or(time).to_string()
}
