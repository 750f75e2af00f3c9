//! Records as facts: names in lower case without final dot, texts made safe, everything bounded.

use super::dial::lies;
use audit::facts::{Record, RecordData};
use audit::read::text::{clean, clean_bytes};
use hickory_proto::op::Message;
use hickory_proto::rr::{self, RData, RecordType};

/// The most characters kept of a record in presentation form.
const TEXT: usize = 1_024;

/// A name as facts write it.
pub(crate) fn name(name: &rr::Name) -> String {
    let text = name.to_lowercase().to_ascii();
    match text.strip_suffix('.') {
        Some("") | None if text.is_empty() || text == "." => ".".to_owned(),
        Some(bare) => clean(bare, TEXT),
        None => clean(&text, TEXT),
    }
}

/// The mnemonic of a type; an unknown one in the form of RFC 3597 §5.
pub(crate) fn mnemonic(rtype: RecordType) -> String {
    match rtype {
        RecordType::Unknown(code) => format!("TYPE{code}"),
        known => known.to_string(),
    }
}

/// The names and addresses that an answer tells, those inside texts included.
pub(crate) fn words(message: &Message) -> Vec<String> {
    let asked = message.queries.first().map(|query| name(query.name())).unwrap_or_default();
    let all = message.answers.iter().chain(&message.authorities).chain(&message.additionals);
    let mut words = Vec::new();
    for record in all.take(512) {
        let text = record.data.to_string().to_ascii_lowercase();
        if matches!(record.data, RData::A(_) | RData::AAAA(_)) {
            words.extend([lies(&asked, &text), lies(&name(&record.name), &text)]);
        }
        for word in text.split(|c: char| c.is_whitespace() || c == '"') {
            let inner = word.split_once([':', '=']).map(|(_, inner)| inner);
            words.extend([Some(word), inner].into_iter().flatten().map(|word| word.trim_end_matches('.').to_owned()));
        }
    }
    words.retain(|word| word.contains(['.', ':']));
    words
}

/// A record as a fact.
pub(crate) fn fact(record: &rr::Record) -> Record {
    Record { name: name(&record.name), ttl: record.ttl, data: data(&record.data) }
}

fn data(data: &RData) -> RecordData {
    match data {
        RData::A(address) => RecordData::A(address.0),
        RData::AAAA(address) => RecordData::Aaaa(address.0),
        RData::CNAME(target) => RecordData::Cname(name(&target.0)),
        RData::NS(target) => RecordData::Ns(name(&target.0)),
        RData::MX(mx) => RecordData::Mx { preference: mx.preference, exchange: name(&mx.exchange) },
        RData::SOA(soa) => RecordData::Soa { mname: name(&soa.mname), rname: name(&soa.rname), serial: soa.serial },
        RData::TXT(txt) => RecordData::Txt(txt.txt_data.iter().map(|part| text(part)).collect()),
        RData::CAA(caa) => RecordData::Caa {
            critical: caa.issuer_critical,
            tag: clean(&caa.tag, 64),
            value: clean_bytes(&caa.value, TEXT),
        },
        other => {
            let text = other.to_string();
            // The library ends lists of service parameters with a comma, which no zone file does (RFC 9460 §2.1).
            let text = text.trim_end_matches([',', ' ']).replace(", ", " ");
            RecordData::Other { rtype: mnemonic(other.record_type()), text: clean(&text, TEXT) }
        }
    }
}

/// A character-string (RFC 1035 §3.3): what is no printable text stands as `\ddd`.
fn text(bytes: &[u8]) -> String {
    let mut shown = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_ascii_control() {
                shown.push_str(&format!("\\{:03}", u32::from(c)));
            } else {
                shown.push_str(&clean(c.encode_utf8(&mut [0; 4]), 1));
            }
        }
        for byte in chunk.invalid() {
            shown.push_str(&format!("\\{byte:03}"));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{mnemonic, name, text};
    use hickory_proto::rr::{Name, RecordType};

    #[test]
    fn names_are_lower_case_without_dot() {
        assert_eq!(name(&Name::from_ascii("WWW.Example.COM.").unwrap()), "www.example.com");
        assert_eq!(name(&Name::root()), ".");
    }

    #[test]
    fn bytes_that_are_no_text_are_escaped() {
        assert_eq!(text(b"v=spf1 a\x1b[31m\xff -all"), "v=spf1 a\\027[31m\\255 -all");
        assert_eq!(text("b\u{202e}ü".as_bytes()), "b\\u{202e}ü");
    }

    #[test]
    fn unknown_types_have_numbers() {
        assert_eq!(mnemonic(RecordType::Unknown(65400)), "TYPE65400");
        assert_eq!(mnemonic(RecordType::HTTPS), "HTTPS");
    }
}
