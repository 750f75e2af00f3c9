//! Messages of the product on their way to the founder's mailbox: the service signs them (RFC 6376), the receiver adds its lines.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use sha2::{Digest, Sha256};

use crate::keys;
use crate::world::{DOMAIN, World};

/// Who the product's mail is from, and the founder's mailbox.
pub(crate) const SENDER: &str = "hello@juniperdesk.example";
pub(crate) const FOUNDER: &str = "ada@larkhosting.example";
/// The service that the product sends over.
pub(crate) const SERVICE: &str = "mtasv.net";
/// Fields that are signed.
const SIGNED: [&str; 5] = ["from", "to", "subject", "date", "message-id"];

/// What becomes of mail that the product sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mailing {
    /// In whose name the service signs.
    pub signs: Option<&'static str>,
    /// The selector that it signs under.
    pub selector: &'static str,
    /// Whether the service adds a signature of its own, which the receiver breaks.
    pub second: bool,
    /// Whether something is added to the body after it was signed.
    pub footer: bool,
    /// The domain of the return path.
    pub returns: &'static str,
    /// Whether the receiver's filter calls it spam.
    pub spam: bool,
    /// How long it waits at the receiver's door.
    pub wait: Duration,
    /// Whether the account's server is encrypted from the first byte, on port 465.
    pub implicit: bool,
    /// Whether the service offers encryption.
    pub encrypts: bool,
    /// Whether the service knows the password.
    pub knows: bool,
    /// What the service says to the sender's address.
    pub sender: &'static str,
    /// What the service says to the receiver's address.
    pub recipient: &'static str,
    /// How long it takes to the mailbox; none: it never comes.
    pub takes: Option<Duration>,
    /// Whether it is put with the junk.
    pub junk: bool,
    /// The mailbox's first line.
    pub greets: &'static str,
    /// Whether the mailbox knows the password.
    pub opens: bool,
}

impl Mailing {
    pub const HEALTHY: Mailing = Mailing {
        signs: Some(DOMAIN),
        selector: "pm",
        second: false,
        footer: false,
        returns: SERVICE,
        spam: false,
        wait: Duration::from_secs(1),
        implicit: false,
        encrypts: true,
        knows: true,
        sender: "250 2.1.0 Sender ok",
        recipient: "250 2.1.5 Recipient ok",
        takes: Some(Duration::ZERO),
        junk: false,
        greets: "* OK IMAP4rev1 ready",
        opens: true,
    };
}

/// A message of the product in the founder's mailbox.
pub(crate) fn of(world: &World, flow: &str) -> Vec<u8> {
    let subject = if flow == "reset" { "Set a new password" } else { "Your invoice 2211" };
    let text = format!(
        "From: Juniper Desk <{SENDER}>\r\nTo: {FOUNDER}\r\nSubject: {subject}\r\nDate: {}\r\nMessage-ID: <{flow}-2211@{DOMAIN}>\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\r\nHello Ada,\r\n\r\nfollow https://app.{DOMAIN}/ for more.\r\n",
        date(world.now)
    );
    arrived(world, text.as_bytes())
}

/// The message with which somebody sets a new password, as the founder's mailbox has it.
pub(crate) fn reset(world: &World, to: &str, link: &str) -> Vec<u8> {
    let text = format!(
        "From: Juniper Desk <{SENDER}>\r\nTo: {to}\r\nSubject: Set a new password\r\nDate: {}\r\nMessage-ID: <reset-{}@{DOMAIN}>\r\n\
         Content-Type: text/html; charset=us-ascii\r\n\r\n<p>Hello,</p>\r\n<p><a href=\"https://{DOMAIN}/\">Juniper Desk</a></p>\r\n<p><a href=\"{link}\">Set a new password</a></p>\r\n",
        date(world.now),
        link.rsplit('/').next().unwrap_or_default()
    );
    arrived(world, text.as_bytes())
}

/// A message as the receiver keeps it.
pub(crate) fn arrived(world: &World, sent: &[u8]) -> Vec<u8> {
    let mailing = world.mailing;
    let (head, body) = parted(sent);
    let mut fields = String::new();
    for (domain, spoils) in
        mailing.signs.map(|domain| (domain, false)).into_iter().chain(mailing.second.then_some((SERVICE, true)))
    {
        fields.push_str(&signature((domain, mailing.selector), head, if spoils { b"changed" } else { body }));
    }
    let (here, there) = (world.now + Duration::from_secs(1), world.now + Duration::from_secs(1) + mailing.wait);
    let spam = if mailing.spam { "X-Spam-Flag: YES\r\nX-Spam-Status: Yes, score=7.4 required=5.0\r\n" } else { "" };
    let lines = format!(
        "Return-Path: <bounce-2211@{}>\r\n{spam}Received: from mx.larkhosting.example (mx.larkhosting.example [10.7.0.2])\r\n\tby store.larkhosting.example with LMTP;\r\n\t{}\r\n\
         Received: from out-7.mtasv.net (out-7.mtasv.net [50.31.156.100])\r\n\tby mx.larkhosting.example with ESMTPS;\r\n\t{}\r\n\
         Received: from app (unknown [10.0.0.5])\r\n\tby smtp.mtasv.net with ESMTPSA;\r\n\t{}\r\n{fields}",
        mailing.returns,
        date(there),
        date(here),
        date(world.now),
    );
    let footer: &[u8] = if mailing.footer { b"\r\n-- \r\nScanned by MailGuard\r\n" } else { b"" };
    [lines.as_bytes(), head, b"\r\n\r\n", body, footer].concat()
}

/// Header and body.
fn parted(message: &[u8]) -> (&[u8], &[u8]) {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n");
    end.map_or((message, b"".as_slice()), |end| (&message[..end], &message[end + 4..]))
}

/// A signature field by the service's key, in the relaxed forms of RFC 6376 §3.4.
fn signature((domain, selector): (&str, &str), head: &[u8], body: &[u8]) -> String {
    let head = String::from_utf8_lossy(head).replace("\r\n ", " ").replace("\r\n\t", " ");
    let body = String::from_utf8_lossy(body);
    let mut lines: Vec<String> = body.split("\r\n").map(|line| squeezed(line).trim_end().to_owned()).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let body: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let field = format!(
        "v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={selector}; h={}; bh={}; b=",
        SIGNED.join(":"),
        STANDARD.encode(Sha256::digest(body.as_bytes()))
    );
    let mut hashed = String::new();
    for name in SIGNED {
        let found =
            head.split("\r\n").filter_map(|line| line.split_once(':')).find(|(key, _)| key.eq_ignore_ascii_case(name));
        if let Some((_, value)) = found {
            hashed.push_str(&format!("{name}:{}\r\n", squeezed(value).trim()));
        }
    }
    hashed.push_str(&format!("dkim-signature:{field}"));
    format!("DKIM-Signature: {field}{}\r\n", signed(hashed.as_bytes()).unwrap_or_default())
}

fn squeezed(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().map(|c| if c == '\t' { ' ' } else { c }) {
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

/// None only if the key of the lab were no key, which the tests would tell.
fn signed(bytes: &[u8]) -> Option<String> {
    let key = RsaKeyPair::from_pkcs8(&STANDARD.decode(keys::POSTMARK_PRIVATE).ok()?).ok()?;
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), bytes, &mut signature).ok()?;
    Some(STANDARD.encode(signature))
}

/// A time as messages write it (RFC 5322 §3.3).
fn date(at: SystemTime) -> String {
    let at = jiff::Timestamp::try_from(at).unwrap_or_default();
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
