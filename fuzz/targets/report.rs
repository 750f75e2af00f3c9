//! A DMARC report of any bytes: read, gathered and summed by sender.
#![no_main]

use audit::read::report::{Gathering, read, senders};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(report) = read(data) else { return };
    assert!(report.rows.len() <= 100_000 && report.begin > 0);
    let domain = report.domain.clone();
    let mut all = Gathering::default();
    all.add(report);
    let seen = all.finish();
    let told = senders(&seen, &domain, &|_| None);
    assert!(told.iter().all(|sender| sender.proven <= sender.messages && sender.machines.len() <= 4));
});
