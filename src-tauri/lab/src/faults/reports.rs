//! What receivers report of the product's mail: senders that prove nothing, the next step, and what only looks like trouble.

use super::Fault;
use super::mail::{dmarc, keyless};
use crate::keys;
use crate::receivers::Mailing;
use crate::records::{DMARC, dkim, selector};
use crate::world::{DOMAIN, World};

pub(super) const ROWS: [Fault; 8] = [
    Fault::found(
        "dmarc-reports-ready",
        "two weeks of reports allow a stricter policy, and it still only watches",
        &["mail.dmarc"],
        watching,
    )
    .telling("p=quarantine"),
    Fault::found(
        "dmarc-reports-unproven",
        "the service that sends the invoices signs with its own name",
        &["mail.dmarc"],
        |world| {
            if let Some(row) = world.files.reports.rows.get_mut(1) {
                row.signed = Some(("mtasv.net", "pm"));
            }
        },
    )
    .telling("that Postmark sent"),
    Fault::found(
        "dmarc-reports-unknown-service",
        "a newsletter service sends in the product's name and proves nothing",
        &["mail.dmarc"],
        |world| {
            watching(world);
            world.files.reports.days = 9;
            add(world, "198.2.130.7", 30, Some("mail7.mcsv.net"));
        },
    )
    .telling("Mailchimp sent"),
    Fault::found("dmarc-reports-unreadable", "the reports that were given are no reports", &["mail.dmarc"], |world| {
        world.files.reports.days = 0;
        world.files.reports.beside = Some(("report.xml.gz", b"\x1f\x8b nothing".to_vec()));
    })
    .telling("None of the DMARC reports"),
    Fault::trap("dkim-reported-selector", "the DKIM key stands under a selector that only reports name", |world| {
        keyless(world);
        world.names.add(&selector("k7x2025q"), dkim(keys::GOOGLE));
        for row in &mut world.files.reports.rows {
            row.signed = Some((DOMAIN, "k7x2025q"));
        }
    })
    .blinding(&[&["mail.alignment"]]),
    Fault::trap("dmarc-reports-forged", "strangers send forged mail, and the policy stops it", |world| {
        add(world, "203.0.113.77", 900, None);
        add(world, "203.0.113.78", 90, Some("spam.example.org"));
    }),
    Fault::trap("dmarc-reports-few", "reports of five days are too few for advice", |world| {
        watching(world);
        world.files.reports.days = 5;
    }),
    Fault::trap("dmarc-reports-beside", "something that is no report lies among the reports", |world| {
        world.files.reports.beside = Some(("readme.xml", b"<!DOCTYPE a [<!ENTITY b \"bb\">]><a>&b;</a>".to_vec()));
    }),
];

fn watching(world: &mut World) {
    dmarc(world, &DMARC.replace("p=quarantine", "p=none"));
}

fn add(world: &mut World, ip: &'static str, count: u32, envelope: Option<&'static str>) {
    world.files.reports.rows.push(Mailing { ip, count, signed: None, envelope });
}
