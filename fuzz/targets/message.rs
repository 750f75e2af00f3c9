//! A message of any bytes: it is examined to its end with whatever DNS says, within a bounded number of questions.
#![no_main]

use audit::facts::{DnsAnswer, Fact, Rcode, Record, RecordData};
use audit::read::message::{Examination, Mail};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;

fuzz_target!(|data: &[u8]| {
    let Ok(mail) = Mail::open(data) else { return };
    drop(mail.domain());
    let mut known: BTreeMap<(String, &'static str), Fact<DnsAnswer>> = BTreeMap::new();
    loop {
        let asks = match mail.examine(1_700_000_000, &|name, rtype| known.get(&(name.to_owned(), rtype))) {
            Examination::Ended(seen) => {
                assert!(seen.dkim.len() <= 10 && seen.receiver.len() <= 12 && seen.spam.len() <= 12);
                return;
            }
            Examination::Asks(asks) => asks,
        };
        assert!(!asks.is_empty() && known.len() <= 1_000);
        for (name, rtype) in asks {
            let texts = [
                "v=spf1 a mx -all",
                "v=DKIM1; p=MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
                "v=DMARC1; p=none",
            ];
            let text = texts[usize::from(name.contains("_domainkey")) + 2 * usize::from(name.starts_with("_dmarc"))];
            let data = match rtype {
                "TXT" => Some(RecordData::Txt(vec![text.to_owned()])),
                _ => None,
            };
            let records = data.into_iter().map(|data| Record { name: "x".to_owned(), ttl: 0, data }).collect();
            let value = DnsAnswer { rcode: Rcode::NoError, records };
            let at = "2026-11-21T12:00:00Z".parse().unwrap_or_default();
            let fact = Fact::Seen { value, at, from: String::new() };
            assert!(known.insert((name, rtype), fact).is_none(), "asked twice");
        }
    }
});
