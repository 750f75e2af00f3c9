//! Records that lead to services: SRV (RFC 2782), HTTPS and SVCB (RFC 9460), NAPTR (RFC 3403), read of their presentation form.

use super::shipped::Shipped;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../assets/data/services.toml");
/// Parameters read of one binding; a dozen are defined.
const PARAMETERS: usize = 64;

/// A service that domains announce by SRV records.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Announced {
    /// The labels before the domain: `_imaps._tcp`.
    pub label: String,
    /// What fails without it, as a noun.
    pub does: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    service: Vec<Announced>,
}

/// The services that are looked for.
#[must_use]
pub fn announced() -> &'static [Announced] {
    static LIST: LazyLock<Vec<Announced>> =
        LazyLock::new(|| Shipped::<List>::read(FILE).map(|file| file.rows.service).unwrap_or_default());
    &LIST
}

/// A SRV record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Srv {
    /// Lower is tried first.
    pub priority: u16,
    /// Share among those of the same priority.
    pub weight: u16,
    /// Port of the service.
    pub port: u16,
    /// Host of the service; `"."`: there is none.
    pub target: String,
}

/// Reads a SRV record.
#[must_use]
pub fn srv(text: &str) -> Option<Srv> {
    let mut words = text.split_ascii_whitespace();
    let mut number = || words.next()?.parse().ok();
    let (priority, weight, port) = (number()?, number()?, number()?);
    let target = host(words.next()?);
    words.next().is_none().then_some(Srv { priority, weight, port, target })
}

/// A HTTPS or SVCB record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// 0: an alias of the target (RFC 9460 §2.4.2); else lower is tried first.
    pub priority: u16,
    /// Host of the service; `"."`: the owner itself, of an alias nothing.
    pub target: String,
    /// Names and values of the parameters, as sent.
    pub parameters: Vec<(String, String)>,
}

impl Binding {
    /// Whether it is an alias rather than a service.
    #[must_use]
    pub fn is_alias(&self) -> bool {
        self.priority == 0
    }

    /// The values of a list parameter.
    pub fn list<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let own = self.parameters.iter().filter(move |(key, _)| key == name);
        own.flat_map(|(_, value)| value.trim_matches('"').split(',')).filter(|value| !value.is_empty())
    }

    /// Whether a parameter is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|(key, _)| key == name)
    }

    /// The port, where it names one.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.list("port").next()?.parse().ok()
    }

    /// The addresses that it hints at, both families.
    pub fn hints(&self) -> impl Iterator<Item = IpAddr> + '_ {
        self.list("ipv4hint").chain(self.list("ipv6hint")).filter_map(|text| text.parse().ok())
    }

    /// The parameters that it says clients must know and that it does not have (RFC 9460 §8).
    pub fn lacking(&self) -> impl Iterator<Item = &str> + '_ {
        self.list("mandatory").filter(|key| *key == "mandatory" || !self.has(key))
    }
}

/// Reads a HTTPS or SVCB record.
#[must_use]
pub fn binding(text: &str) -> Option<Binding> {
    let mut words = text.split_ascii_whitespace();
    let priority = words.next()?.parse().ok()?;
    let target = host(words.next()?);
    let parameter = |word: &str| {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        (key.to_ascii_lowercase(), value.trim_end_matches(',').to_owned())
    };
    Some(Binding { priority, target, parameters: words.take(PARAMETERS).map(parameter).collect() })
}

/// A NAPTR record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naptr {
    /// What comes next: `S`, `A`, `U`, `P`, or nothing for another NAPTR.
    pub flags: String,
    /// The service: `SIP+D2U`.
    pub service: String,
    /// A rule that rewrites the name, in the form of sed.
    pub regexp: String,
    /// The next name; `"."`: none, the rule decides.
    pub replacement: String,
}

/// Reads a NAPTR record.
#[must_use]
pub fn naptr(text: &str) -> Option<Naptr> {
    let parts: Vec<&str> = text.split('"').collect();
    let [head, flags, _, service, _, regexp @ .., replacement] = parts.as_slice() else { return None };
    let numbers: Vec<&str> = head.split_ascii_whitespace().collect();
    if numbers.len() != 2 || numbers.iter().any(|number| number.parse::<u16>().is_err()) {
        return None;
    }
    let (flags, service) = (flags.to_ascii_uppercase(), (*service).to_owned());
    Some(Naptr { flags, service, regexp: regexp.join("\""), replacement: host(replacement.trim()) })
}

impl Naptr {
    /// What is malformed (RFC 3403 §4.1, RFC 3402 §3.2), as the end of a sentence.
    #[must_use]
    pub fn slip(&self) -> Option<&'static str> {
        let letters: BTreeSet<char> = self.flags.chars().collect();
        if !self.flags.chars().all(|flag| flag.is_ascii_alphanumeric()) {
            return Some("has flags that are neither letters nor digits");
        }
        if letters.len() > 1 {
            return Some("has several flags that exclude each other");
        }
        match (self.regexp.is_empty(), self.replacement == ".") {
            (true, true) => return Some("names neither a rule nor a next name, so it leads nowhere"),
            (false, false) => return Some("names a rule and a next name, of which it may have one only"),
            (true, false) => return None,
            (false, true) => {}
        }
        let mark = self.regexp.chars().next()?;
        let count = self.regexp.replace("\\\\", "").replace(&format!("\\{mark}"), "").matches(mark).count();
        (count != 3).then_some("has a rule that is not of the form !pattern!replacement!")
    }
}

/// A name as facts write it.
fn host(text: &str) -> String {
    match text.strip_suffix('.') {
        Some("") => ".".to_owned(),
        Some(bare) => bare.to_ascii_lowercase(),
        None => text.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::{announced, binding, naptr, srv};

    #[test]
    fn the_list_names_each_service_once() {
        let mut labels: Vec<&str> = announced().iter().map(|one| one.label.as_str()).collect();
        assert!(labels.len() >= 10 && labels.iter().all(|label| label.starts_with('_') && label.contains("._")));
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), announced().len());
    }

    #[test]
    fn services_are_read() {
        let read = srv("100 1 5061 SipFed.online.lync.com.").unwrap();
        assert_eq!(
            (read.priority, read.weight, read.port, read.target.as_str()),
            (100, 1, 5061, "sipfed.online.lync.com")
        );
        assert_eq!(srv("0 0 0 .").unwrap().target, ".");
        for wrong in ["", "0 0 70000 a.", "0 0 443", "0 0 443 a. b.", "a b c d"] {
            assert_eq!(srv(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn bindings_are_read() {
        let read =
            binding("1 . mandatory=alpn,port alpn=h3,h2, port=8443 ipv4hint=192.0.2.1,192.0.2.2 no-default-alpn=")
                .unwrap();
        assert_eq!(read.list("alpn").collect::<Vec<_>>(), ["h3", "h2"]);
        assert_eq!((read.port(), read.hints().count(), read.lacking().count()), (Some(8443), 2, 0));
        assert!(read.has("no-default-alpn") && !read.is_alias());
        assert_eq!(binding("1 . mandatory=port alpn=h2").unwrap().lacking().collect::<Vec<_>>(), ["port"]);
        assert!(binding("0 Svc.Example.").is_some_and(|read| read.is_alias() && read.target == "svc.example"));
        assert_eq!(binding("one ."), None);
    }

    #[test]
    fn rules_of_names_are_read() {
        let slip = |text: &str| naptr(text).unwrap().slip();
        assert_eq!(slip(r#"10 20 "S" "SIP+D2U" "" _sip._udp.example.com."#), None);
        assert_eq!(slip(r#"10 20 "u" "E2U+sip" "!^.*$!sip:info@example.com!" ."#), None);
        assert!(
            slip(r#"10 20 "u" "E2U+sip" "!^.*$!sip:info@example.com" ."#).is_some_and(|says| says.contains("form"))
        );
        assert!(slip(r#"10 20 "s" "SIP+D2U" "" ."#).is_some_and(|says| says.contains("neither")));
        assert!(slip(r#"10 20 "s" "SIP+D2U" "!a!b!" x.example."#).is_some_and(|says| says.contains("one only")));
        assert!(slip(r#"10 20 "su" "SIP+D2U" "" x.example."#).is_some_and(|says| says.contains("exclude")));
        assert_eq!(naptr("10 20"), None);
        assert_eq!(naptr(r#"x 20 "s" "" "" ."#), None);
    }
}
