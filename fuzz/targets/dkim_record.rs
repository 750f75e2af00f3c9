//! A DKIM key record of any bytes.
#![no_main]

use audit::read::dkim;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    drop(dkim::tags(&text));
    drop(dkim::public_key(&text));
    if dkim::parse(&text).is_ok() {
        assert!(dkim::is_key(&text), "what is read as a key is one: {text:?}");
    }
});
