//! Faults of the e-mail records: who may send, with which keys, and what happens to the rest.

use super::Fault;
use crate::keys;
use crate::names::Data;
use crate::records::{DMARC, INBOX, SPF, dkim, selector};
use crate::world::{DOMAIN, World};

const REPORTS: &str = "_dmarc.juniperdesk.example";

pub(super) const ROWS: [Fault; 23] = [
    Fault::found("spf-missing", "the domain has no SPF record", &["mail.spf"], |world| {
        world.names.retext(DOMAIN, |text| (!text.starts_with("v=spf1")).then(|| text.to_owned()));
    })
    .blinding(&[&["mail.alignment"]]),
    Fault::found("spf-two", "the domain has two SPF records", &["mail.spf"], |world| {
        let second = "v=spf1 include:mail.zendesk.com ~all";
        world.names.add(DOMAIN, Data::txt(second));
    })
    .blinding(&[&["mail.alignment"]]),
    Fault::found("spf-over-limit", "the SPF record needs twelve look-ups, ten are allowed", &["mail.spf"], |world| {
        spf(
            world,
            "v=spf1 include:_spf.google.com include:spf.mtasv.net include:sendgrid.net include:mail.zendesk.com \
                 include:servers.mcsv.net include:mailgun.org include:stspg-customer.com -all",
        );
    })
    .blinding(&[&["mail.alignment"]])
    .shown(),
    Fault::found("spf-loop", "the SPF record includes one that includes it", &["mail.spf"], |world| {
        world.names.add(&format!("_spf.{DOMAIN}"), Data::txt(&format!("v=spf1 include:{DOMAIN} ~all")));
        spf(world, &SPF.replace("-all", &format!("include:_spf.{DOMAIN} -all")));
    })
    .telling("leads back to itself"),
    Fault::found("spf-void", "three names in the SPF record lead to nothing", &["mail.spf"], |world| {
        let gone = ["old", "older", "oldest"].map(|label| format!("a:{label}.{DOMAIN}")).join(" ");
        spf(world, &SPF.replace("-all", &format!("{gone} -all")));
    })
    .telling("3 names in the SPF record lead to nothing"),
    Fault::found("spf-plus-all", "the SPF record ends in +all: anybody may send", &["mail.spf"], |world| {
        spf(world, &SPF.replace("-all", "+all"))
    }),
    Fault::found("spf-syntax", "the SPF record has a mechanism that does not exist, ipv4", &["mail.spf"], |world| {
        spf(world, &SPF.replace("-all", "ipv4:50.31.156.96/27 -all"))
    })
    .blinding(&[&["mail.alignment"]]),
    Fault::found("dkim-weak-key", "a DKIM key has 768 bits: receivers ignore it", &["mail.dkim"], |world| {
        google(world, dkim(keys::WEAK))
    }),
    Fault::found("dkim-short-key", "a DKIM key has 1024 bits", &["mail.dkim"], |world| {
        google(world, dkim(keys::SHORT))
    })
    .shown(),
    Fault::found("dkim-revoked", "a DKIM key is revoked: its record is empty", &["mail.dkim"], |world| {
        google(world, dkim(""))
    }),
    Fault::found("dkim-testing", "a DKIM key is still marked as a test", &["mail.dkim"], |world| {
        let key = keys::GOOGLE;
        google(world, Data::Txt(format!("v=DKIM1; k=rsa; t=y; p={key}")));
    }),
    Fault::found(
        "dkim-none",
        "no DKIM key exists, and the name servers prove it",
        &["mail.alignment", "mail.dkim"],
        |world| {
            keyless(world);
            world
                .names
                .add(&format!("_smtp._tls.{DOMAIN}"), Data::txt("v=TLSRPTv1; rua=mailto:tls@juniperdesk.example"));
        },
    ),
    Fault::found("dkim-two-keys", "two DKIM keys stand under one selector", &["mail.dkim"], |world| {
        world.names.add(&selector("google"), dkim(keys::POSTMARK))
    }),
    Fault::trap("dkim-denied", "the name servers deny all keys, but may say so of every empty name", keyless)
        .blinding(&[&["mail.alignment", "mail.dkim"]]),
    Fault::trap("dkim-unusual-selector", "the DKIM key stands under a selector that nobody can guess", |world| {
        keyless(world);
        world.names.add(&selector("k7x2024q"), dkim(keys::GOOGLE));
    })
    .blinding(&[&["mail.alignment", "mail.dkim"]]),
    Fault::found(
        "alignment-key-cut",
        "the key of the service that sends the invoices was pasted in half",
        &["mail.alignment", "mail.dkim"],
        |world| world.names.put(&selector("pm"), [Data::txt("v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3")]),
    ),
    Fault::found("dmarc-missing", "the domain has no DMARC record", &["mail.dmarc"], |world| {
        world.names.forget(REPORTS);
        // Nobody reports where no record asks for it.
        world.files.reports.days = 0;
    })
    .shown(),
    Fault::found("dmarc-two", "the domain has two DMARC records", &["mail.dmarc"], |world| {
        world.names.add(REPORTS, Data::txt("v=DMARC1; p=none"))
    }),
    Fault::found(
        "dmarc-bad-policy",
        "the DMARC policy is a word that does not exist, block",
        &["mail.dmarc"],
        |world| {
            world.files.reports.days = 3;
            dmarc(world, &DMARC.replace("quarantine", "block"));
        },
    ),
    Fault::found("dmarc-open-below", "the DMARC policy leaves sub-domains open", &["mail.dmarc"], |world| {
        dmarc(world, &DMARC.replace("p=quarantine;", "p=quarantine; sp=none;"))
    }),
    Fault::found("dmarc-psd", "the DMARC record calls the domain a public suffix", &["mail.dmarc"], |world| {
        dmarc(world, &format!("{DMARC}; psd=y"))
    }),
    Fault::found(
        "dmarc-report-unauthorised",
        "DMARC reports go to a domain that has not agreed to take them",
        &["mail.dmarc"],
        |world| dmarc(world, &DMARC.replace("dmarc@juniperdesk.example", &format!("reports@{INBOX}"))),
    ),
    Fault::trap("dmarc-report-authorised", "DMARC reports go to a domain that agreed to take them", |world| {
        dmarc(world, &DMARC.replace("dmarc@juniperdesk.example", &format!("reports@{INBOX}")));
        world.names.add(&format!("{DOMAIN}._report._dmarc.{INBOX}"), Data::txt("v=DMARC1"));
    })
    .telling("agreed to take the reports"),
];

fn spf(world: &mut World, record: &str) {
    world.names.retext(DOMAIN, |text| {
        let is_spf = text.starts_with("v=spf1");
        Some(if is_spf { record } else { text }.to_owned())
    });
}

pub(super) fn dmarc(world: &mut World, record: &str) {
    world.names.put(REPORTS, [Data::txt(record)]);
}

/// Withdraws the key of a selector.
pub(super) fn revoke(world: &mut World, label: &str) {
    world.names.put(&selector(label), [dkim("")]);
}

/// Withdraws all keys.
pub(super) fn keyless(world: &mut World) {
    for label in ["google", "pm"] {
        world.names.forget(&selector(label));
    }
}

fn google(world: &mut World, record: Data) {
    world.names.put(&selector("google"), [record]);
}
