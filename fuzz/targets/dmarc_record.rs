//! A DMARC record of any bytes, at a domain of any bytes.
#![no_main]

use audit::facts::{DnsAnswer, Rcode, Record, RecordData};
use audit::read::dmarc;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (domain, text) = text.split_once('\n').unwrap_or(("example.com", &text));
    if let Ok(record) = dmarc::parse(text) {
        assert!(dmarc::is_dmarc(text));
        assert!(record.aggregate.len() <= 20 && record.failure.len() <= 20);
        let _ = (record.applied(), record.for_subdomains(), record.for_nonexistent());
    }
    assert!(dmarc::report_domains(text).len() <= 20);
    assert!(dmarc::walk(domain).len() <= 8, "{domain:?}");
    let data = RecordData::Txt(vec![text.to_owned()]);
    let answer = DnsAnswer { rcode: Rcode::NoError, records: vec![Record { name: "x".to_owned(), ttl: 0, data }] };
    assert!(dmarc::discover(domain, &|_| Ok(answer.clone())).is_ok());
});
