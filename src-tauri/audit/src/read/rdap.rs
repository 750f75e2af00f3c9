//! RDAP: the list of servers (RFC 9224), and the answer about a domain (RFC 9083), read out of hostile JSON.

use super::shipped::Shipped;
use super::text::clean;
use crate::facts::{Listed, Registered};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../assets/data/rdap.toml");
/// Where IANA publishes the list.
pub const IANA: &str = "https://data.iana.org/rdap/dns.json";
/// Statuses, name servers and services kept of one answer.
const KEPT: usize = 32;
const SERVICES: usize = 4_096;

/// Which server answers for which endings.
#[derive(Clone, Debug)]
pub struct Directory {
    /// Where it comes from.
    pub listed: Listed,
    services: Vec<Service>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    endings: Vec<String>,
    server: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    service: Vec<Service>,
}

impl Directory {
    /// The copy inside the program.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Directory> = LazyLock::new(|| match Shipped::<File>::read(FILE) {
            Ok(file) => Directory { listed: Listed::Shipped(file.date), services: file.rows.service },
            Err(_) => Directory { listed: Listed::Shipped(String::new()), services: vec![] },
        });
        &SHIPPED
    }

    /// The published list.
    ///
    /// # Errors
    /// One sentence that says why the bytes are no such list.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(bytes).map_err(|_| "it is not JSON".to_owned())?;
        let services = value.get("services").and_then(Value::as_array).ok_or("it holds no \"services\"")?;
        let texts = |value: Option<&Value>| -> Vec<String> {
            let list = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            list.iter().filter_map(Value::as_str).map(|text| text.trim_end_matches('.').to_ascii_lowercase()).collect()
        };
        let service = |row: &Value| {
            let endings = texts(row.get(0));
            // RFC 9224 §3: plain http may stand beside https; only https is asked.
            let server = texts(row.get(1)).into_iter().find(|url| url.starts_with("https://"))?;
            Some(Service { endings, server: clean(&server, 400) })
        };
        let services: Vec<Service> = services.iter().take(SERVICES).filter_map(service).collect();
        if services.is_empty() {
            return Err("it names no server".to_owned());
        }
        let publication = value.get("publication").and_then(Value::as_str).unwrap_or("an unknown day");
        Ok(Self { listed: Listed::Iana(clean(publication, 40)), services })
    }

    /// The base URL for a domain: the longest ending that matches wins (RFC 9224 §4).
    #[must_use]
    pub fn server(&self, domain: &str) -> Option<&str> {
        let under = |ending: &str| domain.strip_suffix(ending).is_some_and(|rest| rest.ends_with('.'));
        let rows = self.services.iter().flat_map(|service| service.endings.iter().map(move |end| (end, service)));
        let found = rows.filter(|(ending, _)| under(ending)).max_by_key(|(ending, _)| ending.len());
        found.map(|(_, service)| service.server.as_str())
    }
}

/// The answer about a domain.
///
/// # Errors
/// One sentence that says why the bytes are no such answer.
pub fn domain(bytes: &[u8]) -> Result<Registered, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| "it is not JSON".to_owned())?;
    if value.get("objectClassName").and_then(Value::as_str) != Some("domain") {
        return Err("it is no domain object".to_owned());
    }
    let registrar = list(&value, "entities").find(|entity| roles(entity).any(|role| role == "registrar"));
    let mut nameservers: Vec<String> = list(&value, "nameservers")
        .filter_map(|server| text(server, "ldhName", 255))
        .map(|name| name.trim_end_matches('.').to_ascii_lowercase())
        .take(KEPT)
        .collect();
    nameservers.sort();
    nameservers.dedup();
    Ok(Registered {
        registrar: registrar.and_then(name).or_else(|| registrar.and_then(|entity| text(entity, "handle", 100))),
        registrar_id: registrar.and_then(|entity| {
            let ids = list(entity, "publicIds");
            ids.filter(|id| text(id, "type", 60).is_some_and(|kind| kind == "IANA Registrar ID"))
                .find_map(|id| text(id, "identifier", 20))
        }),
        registered: event(&value, "registration"),
        expires: event(&value, "expiration"),
        changed: event(&value, "last changed"),
        statuses: list(&value, "status")
            .filter_map(Value::as_str)
            .map(|status| clean(&status.to_ascii_lowercase(), 60))
            .take(KEPT)
            .collect(),
        nameservers,
        signed: value.get("secureDNS").and_then(|secure| secure.get("delegationSigned")).and_then(Value::as_bool),
    })
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter().take(256)
}

fn text(value: &Value, key: &str, max: usize) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(|text| clean(text.trim(), max)).filter(|text| !text.is_empty())
}

fn roles(entity: &Value) -> impl Iterator<Item = &str> {
    list(entity, "roles").filter_map(Value::as_str)
}

fn event(value: &Value, action: &str) -> Option<Timestamp> {
    let events = list(value, "events");
    let mut dates = events
        .filter(|event| event.get("eventAction").and_then(Value::as_str) == Some(action))
        .filter_map(|event| event.get("eventDate").and_then(Value::as_str));
    dates.find_map(|date| date.parse().ok())
}

/// The formatted name of a jCard (RFC 7095 §3.3).
fn name(entity: &Value) -> Option<String> {
    let card = entity.get("vcardArray")?.get(1)?.as_array()?;
    let name = card.iter().take(64).find(|row| row.get(0).and_then(Value::as_str) == Some("fn"))?;
    let shown = clean(name.get(3)?.as_str()?.trim(), 100);
    (!shown.is_empty()).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::{Directory, FILE, File, Shipped, domain};
    use crate::facts::Listed;

    #[test]
    fn the_data_parses_and_is_asked_over_https() {
        let file = Shipped::<File>::read(FILE).unwrap();
        assert!(file.rows.service.len() > 5 && !file.date.is_empty());
        assert!(file.rows.service.iter().all(|row| row.server.starts_with("https://") && row.server.ends_with('/')));
        assert_eq!(Directory::shipped().server("example.com"), Some("https://rdap.verisign.com/com/v1/"));
        assert_eq!(Directory::shipped().server("example.io"), None, "not in the published list either");
        assert_eq!(Directory::shipped().server("com"), None);
    }

    #[test]
    fn a_published_list_is_read_and_the_longest_ending_wins() {
        let text = r#"{"publication":"2026-11-18T22:00:02Z","services":[
            [["uk"],["http://plain.example/","https://uk.example/"]],[["co.uk"],["https://co.example/"]],
            [["odd"],["http://only-plain.example/"]], 7]}"#;
        let list = Directory::read(text.as_bytes()).unwrap();
        assert_eq!(list.listed, Listed::Iana("2026-11-18T22:00:02Z".to_owned()));
        assert_eq!(list.server("a.uk"), Some("https://uk.example/"));
        assert_eq!(list.server("a.co.uk"), Some("https://co.example/"));
        assert_eq!(list.server("a.odd"), None);
        for bad in ["", "[]", "{\"services\":{}}", "{\"services\":[]}", "<html>"] {
            assert!(Directory::read(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_domain_object_is_read() {
        let text = r#"{"objectClassName":"domain","ldhName":"A.EXAMPLE","status":["Client Transfer Prohibited","active"],
            "events":[{"eventAction":"registration","eventDate":"2020-01-02T03:04:05Z"},
                      {"eventAction":"expiration","eventDate":"never"},{"eventAction":"expiration","eventDate":"2027-01-02T03:04:05.0Z"}],
            "secureDNS":{"delegationSigned":true},"nameservers":[{"ldhName":"B.NS."},{"ldhName":"a.ns"},{"ldhName":7}],
            "entities":[{"roles":["abuse"]},{"roles":["registrar"],"handle":"9","publicIds":[{"type":"IANA Registrar ID","identifier":"292"}],
              "vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","Lark\u202eregistrar"]]]}]}"#;
        let read = domain(text.as_bytes()).unwrap();
        assert_eq!(read.registrar.as_deref(), Some("Lark\\u{202e}registrar"));
        assert_eq!(read.registrar_id.as_deref(), Some("292"));
        assert_eq!(read.statuses, ["client transfer prohibited", "active"]);
        assert_eq!(read.nameservers, ["a.ns", "b.ns"]);
        assert_eq!((read.signed, read.changed), (Some(true), None));
        assert_eq!(read.expires.unwrap().to_string(), "2027-01-02T03:04:05Z");
        for bad in ["", "{}", "[[[[", "{\"objectClassName\":\"entity\"}", "{\"errorCode\":429}"] {
            assert!(domain(bad.as_bytes()).is_err(), "{bad}");
        }
        let deep = "[".repeat(100_000);
        assert!(domain(deep.as_bytes()).is_err());
    }
}
