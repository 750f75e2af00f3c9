//! The founder's mailbox over IMAP (RFC 9051), as far as somebody needs it who looks for one message: it can only be read.

use std::fmt::Write as _;
use std::io;
use std::sync::Arc;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::live::Shared;
use crate::post::accept;
use crate::submission::{line, say};

/// Its name.
pub(crate) const HOST: &str = "imap.larkhosting.example";
/// The founder's account.
pub(crate) const ACCOUNT: (&str, u16, &str, &str) = (HOST, 993, "ada", "lab-inbox-7c31");

/// Accepts until the lab stops.
pub(crate) async fn listen(shared: Arc<Shared>, listener: TcpListener, stop: CancellationToken) {
    accept(listener, stop, move |stream| {
        let shared = Arc::clone(&shared);
        async move { converse(&shared, stream).await }
    })
    .await;
}

async fn converse(shared: &Arc<Shared>, stream: TcpStream) -> io::Result<()> {
    let Some(config) = shared.live().configs.get(HOST).cloned() else { return Ok(()) };
    let mut stream = BufReader::new(TlsAcceptor::from(config).accept(stream).await?);
    let greets = shared.live().world.mailing.greets;
    say(&mut stream, greets).await?;
    // A mailbox that says goodbye at once hangs up (RFC 9051 §7.1.5).
    if greets.starts_with("* BYE") {
        return Ok(());
    }
    let mut open = Folder { signed_in: false, junk: false };
    loop {
        let heard = line(&mut stream).await?;
        let Some((tag, command)) = heard.trim().split_once(' ') else { return Ok(()) };
        let answer = open.answer(shared, command);
        stream.write_all(&answer.told).await?;
        say(&mut stream, &format!("{tag} {}", answer.end)).await?;
        if answer.end.starts_with("OK Bye") {
            return Ok(());
        }
    }
}

/// Where a client is.
struct Folder {
    signed_in: bool,
    junk: bool,
}

/// Untagged lines, and what follows the tag.
struct Answer {
    told: Vec<u8>,
    end: &'static str,
}

impl Folder {
    fn answer(&mut self, shared: &Shared, command: &str) -> Answer {
        let say = |told: &str, end| Answer { told: told.as_bytes().to_vec(), end };
        let mailing = shared.live().world.mailing;
        let upper = command.to_ascii_uppercase();
        if upper == "LOGOUT" {
            return say("* BYE\r\n", "OK Bye");
        }
        if upper.starts_with("LOGIN ") {
            let (_, _, user, password) = ACCOUNT;
            self.signed_in = mailing.opens && command[6..] == format!("\"{user}\" \"{password}\"");
            return say(
                "",
                if self.signed_in { "OK Welcome" } else { "NO [AUTHENTICATIONFAILED] Invalid credentials" },
            );
        }
        if !self.signed_in {
            return say("", "BAD Sign in first");
        }
        // The folder that holds what came.
        let here = self.junk == mailing.junk;
        let letters = if here { shared.mailbox() } else { Vec::new() };
        if upper.starts_with("LIST ") {
            return say(
                "* LIST (\\HasNoChildren) \"/\" INBOX\r\n* LIST (\\HasNoChildren \\Junk) \"/\" Unwanted\r\n",
                "OK Done",
            );
        }
        if let Some(folder) = upper.strip_prefix("EXAMINE ") {
            self.junk = folder.contains("UNWANTED");
            let here = if self.junk == mailing.junk { shared.mailbox().len() } else { 0 };
            return say(
                &format!("* FLAGS (\\Seen)\r\n* {here} EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1] ok\r\n"),
                "OK [READ-ONLY] Done",
            );
        }
        let search = |field| Some((field, upper.strip_prefix("UID SEARCH ")?.strip_prefix(field)?.strip_prefix(' ')?));
        if let Some((field, token)) = search("SUBJECT").or_else(|| search("TO")) {
            let found = letters.iter().filter(|(_, letter)| line_of(letter, field).contains(token));
            let mut told = "* SEARCH".to_owned();
            for (uid, _) in found {
                // Writing into a string cannot fail.
                let _ = write!(told, " {uid}");
            }
            return say(&format!("{told}\r\n"), "OK Done");
        }
        if let Some(rest) = upper.strip_prefix("UID FETCH ") {
            let uid = rest.split(' ').next().and_then(|uid| uid.parse().ok());
            let Some((uid, letter)) = letters.into_iter().find(|(at, _)| Some(*at) == uid) else {
                return say("", "OK None");
            };
            if rest.contains("SIZE") {
                return say(&format!("* {uid} FETCH (UID {uid} RFC822.SIZE {})\r\n", letter.len()), "OK Done");
            }
            let head = format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n", letter.len());
            return Answer { told: [head.as_bytes(), &letter, b")\r\n"].concat(), end: "OK Done" };
        }
        say("", "BAD Unknown command")
    }
}

/// The line of a header field, in capitals.
fn line_of(letter: &[u8], field: &str) -> String {
    let text = String::from_utf8_lossy(letter).to_ascii_uppercase();
    let line = text.lines().find(|line| line.strip_prefix(field).is_some_and(|rest| rest.starts_with(':')));
    line.unwrap_or_default().to_owned()
}
