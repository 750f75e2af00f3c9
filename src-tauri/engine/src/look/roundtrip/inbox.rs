//! The owner's mailbox over IMAP (RFC 9051): opened to read only, searched for one word, never changed.

use super::channel::Channel;
use super::{connect, distrust, nameless};
use crate::Secret;
use crate::net::trouble::Trouble;
use crate::postbox::Inbox;
use crate::run::Desk;
use async_imap::error::Error;
use async_imap::imap_proto::{self, NameAttribute, Response};
use audit::Why;
use audit::read::text::clean;
use futures::TryStreamExt;
use std::time::Duration;
use tokio::time::timeout;

/// Bytes of the message that is read.
const MESSAGE: u32 = 1024 * 1024;
/// Folders of a mailbox that are looked through for the one of junk.
const FOLDERS: usize = 500;
/// What to do where the mailbox cannot be read now.
const LATER: &str = "try again in some minutes, or leave the mailbox out, look into it yourself and paste the message";
/// Names of junk folders where the server does not mark one (RFC 6154 §2).
const JUNK: [&str; 5] = ["Junk", "Spam", "Junk E-mail", "INBOX.Junk", "INBOX.Spam"];

/// A mailbox that is open.
pub(in crate::look) struct Session {
    imap: async_imap::Session<Channel>,
    who: String,
    junk: Option<String>,
    within: Duration,
}

/// The message.
pub(in crate::look) struct Found {
    pub(in crate::look) file: Vec<u8>,
    /// The folder of junk, where it lay there.
    pub(super) junk: Option<String>,
}

impl Session {
    pub(in crate::look) async fn open(
        desk: &Desk<'_>,
        inbox: &Inbox,
        password: &Secret<String>,
    ) -> Result<Self, Trouble> {
        let who = format!("{}:{}", inbox.host, inbox.port);
        // Signing in takes several questions, and large services answer them slowly.
        let within = desk.plan.limits.exchange * 3;
        let silent = |_| Trouble::silent(&who, "open the mailbox", within);
        timeout(within, sign_in(desk, inbox, password, &who)).await.map_err(silent)?
    }

    /// The newest message that a search finds (RFC 9051 §6.4.4, `SUBJECT word` and the like), in the inbox or in the folder of junk.
    pub(in crate::look) async fn find(&mut self, search: &str) -> Result<Option<Found>, Trouble> {
        let within = self.within;
        let who = self.who.clone();
        let silent = |_| Trouble::silent(&who, "look through the mailbox", within);
        timeout(within, self.search(search)).await.map_err(silent)?.map_err(|error| broken(&who, &error))
    }

    async fn search(&mut self, search: &str) -> Result<Option<Found>, Error> {
        if let Some(file) = self.within("INBOX", search).await? {
            return Ok(Some(Found { file, junk: None }));
        }
        let Some(junk) = self.junk.clone() else { return Ok(None) };
        let file = self.within(&junk, search).await?;
        Ok(file.map(|file| Found { file, junk: Some(clean(&junk, 80)) }))
    }

    /// EXAMINE opens to read only, and shows what came since the folder was opened last.
    async fn within(&mut self, folder: &str, search: &str) -> Result<Option<Vec<u8>>, Error> {
        self.imap.examine(folder).await?;
        let found = self.imap.uid_search(search).await?;
        let Some(uid) = found.into_iter().max() else { return Ok(None) };
        let size = {
            let mut fetched = self.imap.uid_fetch(uid.to_string(), "RFC822.SIZE").await?;
            let mut size = None;
            while let Some(one) = fetched.try_next().await? {
                size = one.size.or(size);
            }
            size
        };
        if size.is_none_or(|size| size > MESSAGE) {
            return Ok(None);
        }
        let mut fetched = self.imap.uid_fetch(uid.to_string(), "BODY.PEEK[]").await?;
        let mut file = None;
        while let Some(one) = fetched.try_next().await? {
            file = one.body().map(<[u8]>::to_vec).or(file);
        }
        Ok(file)
    }
}

async fn sign_in(desk: &Desk<'_>, inbox: &Inbox, password: &Secret<String>, who: &str) -> Result<Session, Trouble> {
    let (stream, target) = connect(desk, &inbox.host, inbox.port).await?;
    let shaken = desk.net.tls.trusted_without_alpn(stream, &inbox.host, target).await.map_err(distrust)?;
    let mut client = async_imap::Client::new(Channel::new(shaken, target, b""));
    let greeted = client.read_response().await.map_err(|error| Trouble::of_io(&error, who))?;
    match greeted.as_ref().map(|greeted| greeted.parsed()) {
        None => return Err(Trouble::new(Why::Broken, format!("{who} closed the connection without a greeting"))),
        // RFC 9051 §7.1.5: a server that takes no connection now says goodbye as its greeting.
        Some(Response::Data { status: imap_proto::Status::Bye, outcome }) => {
            let said = nameless(outcome.information.as_deref().unwrap_or("no reason given"));
            let says = format!("{who} takes no connection for the moment ({said})");
            return Err(Trouble::new(Why::Busy, says).with_way(LATER));
        }
        Some(_) => {}
    }
    let mut imap = client.login(&inbox.user, password.reveal()).await.map_err(|(error, _)| match error {
        Error::No(_) | Error::Bad(_) | Error::Validate(_) => {
            let says = format!("{who} does not accept the user name and password of the mailbox ({})", words(&error));
            Trouble::new(Why::Refused, says).with_way(
                "enter them again; large mailboxes want a password made for programs (app password), or leave the mailbox out and paste the message",
            )
        }
        other => broken(who, &other),
    })?;
    let junk = junk(&mut imap).await.map_err(|error| broken(who, &error))?;
    Ok(Session { imap, who: who.to_owned(), junk, within: desk.plan.limits.exchange })
}

/// The folder of junk: the one that the server marks, else one of the usual names.
async fn junk(imap: &mut async_imap::Session<Channel>) -> Result<Option<String>, Error> {
    let mut listed = imap.list(Some(""), Some("*")).await?;
    let (mut marked, mut usual, mut seen) = (None, None, 0);
    while let Some(folder) = listed.try_next().await? {
        seen += 1;
        if seen > FOLDERS {
            continue;
        }
        if folder.attributes().contains(&NameAttribute::Junk) {
            marked = Some(folder.name().to_owned());
        }
        if JUNK.iter().any(|name| name.eq_ignore_ascii_case(folder.name())) {
            usual = Some(folder.name().to_owned());
        }
    }
    Ok(marked.or(usual))
}

/// What the server said; the library wraps it into a form of its own.
fn words(error: &Error) -> String {
    let text = match error {
        Error::No(text) | Error::Bad(text) => text.clone(),
        other => other.to_string(),
    };
    let said = text.split_once("info: Some(\"").and_then(|(_, rest)| rest.rsplit_once("\")"));
    nameless(said.map_or(text.as_str(), |(said, _)| said))
}

fn broken(who: &str, error: &Error) -> Trouble {
    Trouble::new(Why::Broken, format!("{who} ended the conversation ({})", words(error))).with_way(LATER)
}
