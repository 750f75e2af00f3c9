//! Hands one message to the account's server (RFC 6409): encrypted first, then signed in, then the message.

use super::channel::Channel;
use super::{connect, distrust, nameless};
use crate::look::mailhost::{offers_encryption, reply, send as say};
use crate::net::trouble::Trouble;
use crate::postbox::Postbox;
use crate::run::Desk;
use audit::Why;
use audit::facts::Flow;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use std::time::SystemTime;
use tokio::time::timeout;

/// Encrypted from the first byte (RFC 8314 §3.3).
const IMPLICIT: u16 = 465;
/// What the server said before encryption, for a library that waits for it.
const GREETING: &[u8] = b"220 ready\r\n";

/// What the server did.
pub(super) enum Sent {
    Taken,
    Refused { code: u16, says: String },
}

/// Sends one message; the consent stands in the postbox and is asked again.
pub(super) async fn send(desk: &Desk<'_>, postbox: &Postbox, flow: Flow, token: &str) -> Result<Sent, Trouble> {
    let account = &postbox.account;
    if !postbox.consent.lets_send(&account.server(), desk.world.now()) {
        return Err(Trouble::new(Why::NoConsent, "the consent to send test messages has run out")
            .with_way("agree again where the account is entered"));
    }
    let (message, who) = (compose(desk, postbox, flow, token)?, account.server());
    // Some servers answer slowly on purpose; the waits of RFC 5321 §4.5.3.2 are far longer than anybody watches.
    let within = desk.plan.limits.exchange * 3;
    timeout(within, converse(desk, postbox, &message))
        .await
        .unwrap_or_else(|_| Err(Trouble::silent(&who, "take the message", within)))
}

async fn converse(desk: &Desk<'_>, postbox: &Postbox, message: &Message) -> Result<Sent, Trouble> {
    let who = postbox.account.server();
    let channel = secure(desk, postbox).await?;
    let hello = ClientId::default();
    let mut server = AsyncSmtpConnection::connect_with_transport(Box::new(channel), &hello)
        .await
        .map_err(|error| broken(&who, &error))?;
    let credentials = Credentials::new(postbox.account.user.clone(), postbox.password.reveal().clone());
    if let Err(error) = server.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await {
        server.abort().await;
        let permanent = error.is_permanent() || error.is_client();
        return Err(if permanent { unknown(&who, &error) } else { broken(&who, &error) });
    }
    let sent = match server.send(message.envelope(), &message.formatted()).await {
        Ok(_) => Sent::Taken,
        Err(error) if error.is_permanent() => {
            let (code, says) = (error.status().map_or(0, u16::from), said(&error));
            if unknown_mailbox(&says) {
                return Err(misspelt(&who, &says));
            }
            Sent::Refused { code, says }
        }
        Err(error) => return Err(broken(&who, &error)),
    };
    server.abort().await;
    Ok(sent)
}

/// A stream that nobody on the way can read.
async fn secure(desk: &Desk<'_>, postbox: &Postbox) -> Result<Channel, Trouble> {
    let account = &postbox.account;
    let (mut stream, target) = connect(desk, &account.host, account.port).await?;
    let mut first: &'static [u8] = b"";
    if account.port != IMPLICIT {
        let (greeting, _) = reply(&mut stream, target).await?;
        if greeting != 220 {
            return Err(Trouble::new(Why::Busy, format!("{} greets with {greeting}", account.server())));
        }
        if !offers_encryption(&mut stream, target).await? {
            let says = format!("{} offers no encryption (STARTTLS), so the password was not sent", account.server());
            return Err(Trouble::new(Why::Untrusted, says).with_way(
                "use port 465 or 587 of the mail service; where it should offer encryption there, somebody on the way takes it out",
            ));
        }
        say(&mut stream, target, "STARTTLS").await?;
        let (code, _) = reply(&mut stream, target).await?;
        if code != 220 {
            let says = format!("{} answers STARTTLS with {code}, so the password was not sent", account.server());
            return Err(Trouble::new(Why::Untrusted, says));
        }
        first = GREETING;
    }
    let shaken = desk.net.tls.trusted_without_alpn(stream, &account.host, target).await.map_err(distrust)?;
    Ok(Channel::new(shaken, target, first))
}

fn compose(desk: &Desk<'_>, postbox: &Postbox, flow: Flow, token: &str) -> Result<Message, Trouble> {
    let odd = |what: &str| Trouble::new(Why::Garbled, format!("the account's {what} is no address"));
    let mailbox = |text: &str, what: &str| {
        text.parse::<Address>().map(|address| Mailbox::new(None, address)).map_err(|_| odd(what))
    };
    let (from, to) = (mailbox(&postbox.account.from, "sender")?, mailbox(&postbox.account.to, "mailbox")?);
    let id = format!("<{token}@{}>", from.email.domain());
    let body = format!(
        "This is a test message of Launch Ready.\r\n\r\nIt stands for a {} of your product and was sent over its own account, \
         because somebody asked for it. It shows how long such mail takes and what it proves on arrival.\r\n\r\n\
         Nobody has to answer it.\r\n",
        flow.says()
    );
    Message::builder()
        .from(from)
        .to(to)
        .subject(format!("Launch Ready test ({}) {token}", flow.says()))
        .message_id(Some(id))
        .date(SystemTime::from(desk.world.now()))
        .body(body)
        .map_err(|_| odd("sender"))
}

fn unknown(who: &str, error: &Error) -> Trouble {
    let says = format!("{who} does not accept the user name and password ({})", words(error));
    Trouble::new(Why::Refused, says).with_way(
        "enter the user name and password again; large mailboxes want a password made for programs (app password)",
    )
}

fn broken(who: &str, error: &Error) -> Trouble {
    let said = words(error);
    if error.is_transient() {
        let says = format!("{who} takes no message for the moment and asks to come back later ({said})");
        return Trouble::new(Why::Busy, says).with_way(
            "send it again in ten minutes: some servers turn new senders away at the first try (greylisting), and your product has to try again as well",
        );
    }
    Trouble::new(Why::Broken, format!("{who} did not take the message ({said})")).with_way("try again in some minutes")
}

/// Whether a reply is about the address that the message goes to, and not about the account (RFC 3463 §3.2).
fn unknown_mailbox(said: &str) -> bool {
    let status = said.split_whitespace().next().unwrap_or_default();
    matches!(status, "5.1.1" | "5.1.2" | "5.1.3" | "5.1.6" | "5.1.10")
}

fn misspelt(who: &str, said: &str) -> Trouble {
    let says = format!("{who} knows no mailbox at the address that the test message was to go to ({said})");
    Trouble::new(Why::Refused, says)
        .with_way("correct the address of the mailbox, or send to another one that you can look into")
}

/// What the server said, its code before it.
fn words(error: &Error) -> String {
    let code = error.status().map_or_else(String::new, |code| format!("{code} "));
    format!("{code}{}", said(error))
}

/// What the server said.
fn said(error: &Error) -> String {
    nameless(&std::error::Error::source(error).map_or_else(|| "no reason given".to_owned(), ToString::to_string))
}

#[cfg(test)]
mod tests {
    use super::unknown_mailbox;

    #[test]
    fn a_misspelt_mailbox_is_no_fault_of_the_account() {
        assert!(unknown_mailbox("5.1.1 …@example.com: Recipient address rejected: User unknown"));
        for other in ["5.7.1 Sender is not confirmed", "5.1.8 Bad sender", "", "the account is in test mode 5.1.1"] {
            assert!(!unknown_mailbox(other), "{other}");
        }
    }
}
