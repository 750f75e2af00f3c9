//! Faults of mail that the product sends: what it proves on arrival, when and where it arrives, and the accounts on its way.

use std::time::Duration;

use super::Fault;
use crate::keys;
use crate::letter::SERVICE;
use crate::names::Data;
use crate::records::{dkim, selector};
use crate::site::Chain;
use crate::submission;
use crate::world::{DOMAIN, INBOX_AT, Manner, SUBMISSION_AT, World};

/// Both who looks at a message that was given and who sends one see it.
const BOTH: &[&str] = &["mail.received", "mail.roundtrip"];
/// Who sends one.
const SENT: &[&str] = &["mail.roundtrip"];
const BLIND: &[&[&str]] = &[&["mail.roundtrip"]];

pub(super) const ROWS: [Fault; 22] = [
    Fault::found("letter-unsigned", "the product's mail carries no signature", BOTH, |world| {
        world.mailing.signs = None;
    }),
    Fault::found("letter-changed", "a virus scanner adds a line to signed mail", BOTH, |world| {
        world.mailing.footer = true;
    })
    .telling("the body was changed after it was signed"),
    Fault::found("letter-of-service", "mail is signed in the name of the service alone", BOTH, |world| {
        world.mailing.signs = Some(SERVICE);
        world.names.add(&format!("pm._domainkey.{SERVICE}"), dkim(keys::POSTMARK));
    })
    .telling("that of mtasv.net, not yours"),
    Fault::found("letter-by-machine", "mail is unsigned, and only its return path is the product's", BOTH, |world| {
        world.mailing.signs = None;
        world.mailing.returns = DOMAIN;
    })
    .telling("by its sending machine alone"),
    Fault::found("letter-spam", "the filter of the mailbox calls the product's mail spam", BOTH, |world| {
        world.mailing.spam = true;
    }),
    Fault::found("letter-slow", "the product's mail waits nine minutes at the door of the mailbox", BOTH, |world| {
        world.mailing.wait = Duration::from_secs(540);
    })
    .telling("took 9 minutes on the way"),
    Fault::trap(
        "letter-second-signature",
        "the service adds a signature of its own, which breaks on the way",
        |world| {
            world.mailing.second = true;
        },
    ),
    Fault::found(
        "letter-hidden-selector",
        "mail is signed under a selector that nobody can guess, and its key is still marked as a test",
        &["mail.dkim"],
        |world| {
            world.mailing.selector = "k7x2024q";
            let key = keys::POSTMARK;
            world.names.add(&selector("k7x2024q"), Data::Txt(format!("v=DKIM1; k=rsa; t=y; p={key}")));
        },
    )
    .telling("k7x2024q._domainkey.juniperdesk.example is marked as a test"),
    Fault::trap("letter-own-return-path", "mail is signed and returns to the product's own domain", |world| {
        world.mailing.returns = DOMAIN;
    }),
    Fault::found("test-late", "a test message takes some minutes", SENT, |world| {
        world.mailing.takes = Some(Duration::from_secs(8));
    })
    .telling("to arrive; people wait no longer"),
    Fault::found("test-junk", "a test message is put with the junk", SENT, |world| {
        world.mailing.junk = true;
    })
    .telling("lay in the junk folder"),
    Fault::found("test-refused", "the service refuses the sender's address", SENT, |world| {
        world.mailing.sender = "550 5.7.1 <hello@juniperdesk.example> is not a confirmed sender";
    })
    .telling("550 5.7.1 …@juniperdesk.example is not a confirmed sender"),
    Fault::trap("account-implicit", "the service takes mail on port 465, encrypted from the first byte", |world| {
        world.mailing.implicit = true;
    })
    .telling("arrived at larkhosting.example after"),
    Fault::passing("test-greylisted", "the service takes no mail of strangers at the first try", BLIND, |world| {
        world.mailing.recipient = "451 4.7.1 Greylisted, try again in five minutes";
    })
    .telling("451 4.7.1 Greylisted"),
    Fault::passing("test-lost", "a test message never comes", BLIND, |world| {
        world.mailing.takes = None;
    })
    .telling("it did not come within"),
    Fault::passing("account-password", "the service does not know the password", BLIND, |world| {
        world.mailing.knows = false;
    })
    .telling("does not accept the user name and password"),
    Fault::passing("account-plain", "somebody on the way takes out the offer of encryption", BLIND, |world| {
        world.mailing.encrypts = false;
    })
    .telling("so the password was not sent"),
    Fault::passing("account-certificate", "the service shows a certificate for another name", BLIND, |world| {
        world.site(submission::HOST).chain = Chain::WrongName;
    })
    .telling("the password was not sent"),
    Fault::passing("account-silent", "the network lets nobody out to port 587", BLIND, |world| {
        silence(world, SUBMISSION_AT.into());
    }),
    Fault::passing("inbox-password", "the mailbox does not know the password", BLIND, |world| {
        world.mailing.opens = false;
    })
    .telling("password of the mailbox ([AUTHENTICATIONFAILED] Invalid credentials)"),
    Fault::passing("inbox-full", "the mailbox takes no further connection", BLIND, |world| {
        world.mailing.greets = "* BYE Too many connections, try again later";
    })
    .telling("Too many connections"),
    Fault::passing("inbox-silent", "the network lets nobody out to port 993", BLIND, |world| {
        silence(world, INBOX_AT.into());
    }),
];

fn silence(world: &mut World, address: std::net::IpAddr) {
    if let Some(place) = world.places.get_mut(&address) {
        place.manner = Manner::Hangs;
    }
}
