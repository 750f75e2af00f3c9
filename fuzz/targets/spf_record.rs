//! An SPF record of any bytes: reading it, following it, and every record to paste that is made of it.
#![no_main]

use audit::facts::DnsAnswer;
use audit::read::spf;
use audit::{Unseen, Why};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if let Some(mended) = spf::mended(&text) {
        assert!(spf::parse(&mended).is_ok(), "a mended record can be read: {mended}");
    }
    let Ok(record) = spf::parse(&text) else { return };
    let unseen = Unseen { what: String::new(), why: Why::Timeout, says: String::new(), way: String::new() };
    let none = |_: &str, _: &str| -> Result<&'static DnsAnswer, Unseen> { Err(unseen.clone()) };
    let cost = spf::evaluate("example.com", &record, &none);
    assert!(spf::lines(&spf::tree(&record, &cost)).len() <= 61);
    drop(spf::split(&record, &cost, &[]));
    drop(spf::nested(&cost));
    for written in [
        spf::with_all(&record, spf::Qualifier::Fail),
        spf::merged(std::slice::from_ref(&record)),
        spf::without_ptr(&record),
        spf::without_repeats(&record.text),
    ] {
        assert!(spf::parse(&written).is_ok(), "{text:?} became {written:?}");
    }
    drop(record.asks("example.com"));
});
