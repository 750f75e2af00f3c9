//! The mail that a step made the product send: waited for in a mailbox, searched for one link, and dropped.

use crate::look::roundtrip::inbox::Session;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::Why;
use audit::facts::Miss;
use audit::read::journey::link;
use mail_parser::MessageParser;
use tokio::time::{Instant, sleep};

/// The link that came, or what was missed of it. `word` stands in the address that the mail went to and in no other.
pub(super) async fn wait(desk: &Desk<'_>, name: &str, part: &str, word: &str) -> Result<Result<String, Miss>, Trouble> {
    let Some(mailbox) = &desk.plan.mailbox else {
        return Err(Trouble::new(Why::NoSession, "it waits for a mail, and no mailbox was given to look for it")
            .with_way("enter the mailbox under Test message, or give it by --imap HOST:PORT --imap-user NAME"));
    };
    let mut session = Session::open(desk, &mailbox.inbox, &mailbox.password).await?;
    let until = Instant::now() + mailbox.patience;
    let search = format!("TO {word}");
    loop {
        if let Some(found) = session.find(&search).await? {
            let from =
                || Miss::Capture { name: name.to_owned(), from: format!("link with {part} in the mail that came") };
            return Ok(within(&found.file, part).ok_or_else(from));
        }
        if Instant::now() + mailbox.pace > until {
            let within_s = u32::try_from(mailbox.patience.as_secs()).unwrap_or(u32::MAX);
            return Ok(Err(Miss::NoMail { within_s }));
        }
        desk.mark("waiting for the mail");
        sleep(mailbox.pace).await;
    }
}

/// The link in the parts of a message that people read.
fn within(file: &[u8], part: &str) -> Option<String> {
    let message = MessageParser::default().parse(file)?;
    let text = (0..message.text_body_count()).filter_map(|at| message.body_text(at));
    let html = (0..message.html_body_count()).filter_map(|at| message.body_html(at));
    text.chain(html).find_map(|text| link(&text, part))
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn a_link_is_found_in_what_was_encoded_for_the_way() {
        let mail = "From: a@a.example\r\nTo: b@b.example\r\nSubject: Set\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<a href=3D\"https://a.example/res=\r\net?t=3D41&amp;u=3D7\">Set</a>\r\n";
        assert_eq!(within(mail.as_bytes(), "/reset").unwrap(), "https://a.example/reset?t=41&u=7");
        assert_eq!(within(mail.as_bytes(), "/join"), None);
        assert_eq!(within(b"\xff\xfe", "/reset"), None);
    }
}
