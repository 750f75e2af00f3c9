//! What a record of a logo leads to, of any bytes: the record, the logo, its certificates and the logos in them.
#![no_main]

use audit::read::{bimi, logotype};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some(files) = bimi::record(&String::from_utf8_lossy(data)) {
        assert!(files.iter().all(|(_, url)| url.scheme() == "https"));
    }
    if let Some(logo) = bimi::logo(data) {
        assert!(logo.banned.len() <= 10);
    }
    assert_eq!(logotype::digest(data).len(), 64);
    let held = logotype::Logotype::read(data);
    assert!(held.digests.len() <= 400 && held.digests.iter().all(|digest| digest.len() == 64));
    let chain = bimi::chain(data);
    assert!(chain.len() <= 5);
    for certificate in &chain {
        drop(bimi::mark(certificate));
    }
    drop(bimi::signed(&chain, "2026-11-21T12:00:00Z".parse().unwrap_or_default()));
});
