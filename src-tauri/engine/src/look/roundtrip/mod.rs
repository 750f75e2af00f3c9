//! Test messages: one for each kind of mail over the product's own account, found again in the mailbox of its owner. Nothing is sent
//! without a consent, and no password without encryption and a certificate that is trusted.

mod channel;
pub(super) mod inbox;
mod submit;

use super::message::examined;
use crate::net::trouble::{Trouble, seconds};
use crate::postbox::Postbox;
use crate::run::Desk;
use audit::Why;
use audit::facts::{Fact, Flow, MessageSeen, Observation, Roundtrip, RoundtripEnd};
use audit::read::message::Mail;
use audit::read::text::clean;
use inbox::{Found, Session};
use sha2::{Digest, Sha256};
use std::time::Duration;
use submit::Sent;
use tokio::time::{Instant, sleep};

/// Time for the conversations besides the waiting.
const TALK: Duration = Duration::from_secs(90);

/// Sends one message for each flow of the plan, one after the other, and waits for each.
pub(crate) async fn look(desk: &Desk<'_>) {
    let Some(postbox) = &desk.plan.postbox else { return };
    for flow in &postbox.flows {
        let what = format!("test message ({})", flow.word());
        let trip = Box::pin(async {
            match there_and_back(desk, postbox, *flow, &what).await {
                Ok(trip) => desk.seen(trip, postbox.account.server()),
                Err(trouble) => Fact::Unseen(trouble.of(&what)),
            }
        });
        let fact = desk.job_within(&what, postbox.patience + TALK, trip).await;
        desk.saw(Observation::Roundtrip { key: flow.word().to_owned(), fact });
    }
}

async fn there_and_back(desk: &Desk<'_>, postbox: &Postbox, flow: Flow, what: &str) -> Result<Roundtrip, Trouble> {
    // The mailbox comes first: where it cannot be opened, no message is spent.
    let mut session = match &postbox.inbox {
        Some((inbox, password)) => Some(Session::open(desk, inbox, password).await?),
        None => None,
    };
    let account = &postbox.account;
    let domain = |address: &str| address.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let mut trip = Roundtrip {
        flow,
        server: account.server(),
        from: domain(&account.from),
        to: domain(&account.to),
        token: token(&desk.seed, flow),
        sent: desk.world.now(),
        end: RoundtripEnd::Underway { says: String::new() },
    };
    match submit::send(desk, postbox, flow, &trip.token).await? {
        Sent::Taken => trip.sent = desk.world.now(),
        Sent::Refused { code, says } => {
            trip.end = RoundtripEnd::Refused { code, says };
            return Ok(trip);
        }
    }
    if let Some(session) = &mut session {
        trip.end = wait(desk, postbox, session, &trip, what).await;
    }
    Ok(trip)
}

/// Looks into the mailbox again and again.
async fn wait(desk: &Desk<'_>, postbox: &Postbox, session: &mut Session, trip: &Roundtrip, what: &str) -> RoundtripEnd {
    let until = Instant::now() + postbox.patience;
    loop {
        let says = match session.find(&format!("SUBJECT {}", trip.token)).await {
            Ok(Some(found)) => match arrived(desk, trip, found, what).await {
                Ok(end) => return end,
                Err(says) => return RoundtripEnd::Underway { says },
            },
            Ok(None) => format!("it did not come within {}", seconds(postbox.patience)),
            Err(trouble) => return RoundtripEnd::Underway { says: clean(&trouble.says, 300) },
        };
        if Instant::now() + postbox.pace > until {
            return RoundtripEnd::Underway { says };
        }
        sleep(postbox.pace).await;
    }
}

async fn arrived(desk: &Desk<'_>, trip: &Roundtrip, found: Found, what: &str) -> Result<RoundtripEnd, String> {
    let seconds = desk.world.now().as_second().saturating_sub(trip.sent.as_second());
    let mail = Mail::open(&found.file).map_err(|error| format!("the mailbox hands out no message: {error}"))?;
    let seen: MessageSeen = match examined(desk, what, trip.flow, &mail).await {
        Fact::Seen { value, .. } => value,
        Fact::Unseen(why) => return Err(why.says),
    };
    Ok(RoundtripEnd::Arrived {
        seconds: u32::try_from(seconds).unwrap_or_default(),
        theirs: false,
        junk: found.junk,
        seen: Box::new(seen),
    })
}

/// A word that no other message holds.
fn token(seed: &[u8; 32], flow: Flow) -> String {
    let digest = Sha256::new().chain_update(b"roundtrip").chain_update(flow.word()).chain_update(seed).finalize();
    digest.iter().take(8).fold("lr".to_owned(), |word, byte| format!("{word}{byte:02x}"))
}

/// What a server says, without the names of mailboxes in it.
fn nameless(text: &str) -> String {
    let word = |word: &str| match word.rsplit_once('@') {
        // Without the bracket behind an address, as the one before it goes with the name.
        Some((_, domain)) => format!("…@{}", domain.replacen('>', "", 1)),
        None => word.to_owned(),
    };
    clean(&text.split_whitespace().map(word).collect::<Vec<_>>().join(" "), 300)
}

/// A connection to a mail server outside the audited domain.
async fn connect(
    desk: &Desk<'_>,
    host: &str,
    port: u16,
) -> Result<(tokio::net::TcpStream, std::net::SocketAddr), Trouble> {
    use crate::net::dial::Errand;
    use crate::trace::Purpose;
    let addresses = desk.addresses_elsewhere(host).await.map_err(|unseen| Trouble::again(&unseen))?;
    let Some(address) = addresses.first() else {
        let says = format!("the mail server {host} has no address");
        return Err(
            Trouble::new(Why::Refused, says).with_way("correct the name of the server in the settings of the account")
        );
    };
    let target = std::net::SocketAddr::new(*address, port);
    let stream = desk.net.dial.tcp(target, Errand::new(Purpose::Mail, host)).await.map_err(unreached)?;
    Ok((stream, target))
}

/// What to do where a server cannot be reached: its name is wrong more often than it is down.
fn unreached(trouble: Trouble) -> Trouble {
    if !matches!(trouble.why, Why::Timeout | Why::Refused | Why::NoRoute) {
        return trouble;
    }
    trouble.with_way(
        "compare server and port with the settings that the mail service shows (587 or 465 to send, 993 to read); where they are right, try from another network, as many offices let nobody out to them",
    )
}

/// What to do where a server is not trusted with a password.
fn distrust(trouble: Trouble) -> Trouble {
    if trouble.why != Why::Untrusted {
        return trouble;
    }
    let says = format!("{}; the password was not sent", trouble.says);
    Trouble::new(Why::Untrusted, says)
        .with_way("correct the name of the server in the settings of the account, or have its certificate renewed")
}

#[cfg(test)]
mod tests {
    use super::{nameless, token};
    use audit::facts::Flow;

    #[test]
    fn tokens_are_words_of_their_own_and_answers_name_nobody() {
        let (one, other) = (token(&[7; 32], Flow::Reset), token(&[7; 32], Flow::Invoice));
        assert_ne!(one, other);
        assert_eq!((one.len(), one.chars().all(|c| c.is_ascii_alphanumeric())), (18, true));
        assert_eq!(nameless("5.7.1 <ada@example.com>: not\r\nallowed"), "5.7.1 …@example.com: not allowed");
    }
}
