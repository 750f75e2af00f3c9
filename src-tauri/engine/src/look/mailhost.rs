//! Mail hosts: one conversation on port 25 each, up to the handshake after STARTTLS, what asks others to encrypt, and the logo.

use crate::net::dial::Errand;
use crate::net::fetch::{fetch, fetch_there};
use crate::net::trouble::Trouble;
use crate::run::Desk;
use crate::trace::Purpose;
use audit::Why;
use audit::facts::{BrandFile, DnsAnswer, Fact, Mailhost, Observation, RecordData, StsAnswer};
use audit::read::text::{clean, clean_bytes};
use audit::read::{bimi, dane, logotype, transport};
use futures::future::join_all;
use hickory_proto::rr::RecordType;
use std::net::{IpAddr, SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

/// Mail hosts that are spoken to, most preferred first.
const HOSTS: usize = 3;
/// Bytes of one reply that are read; RFC 5321 §4.5.3.1.5 allows 512 a line.
const REPLY: usize = 16 * 1024;
/// Bytes of a policy that are read; RFC 8461 §3.3 advises 64 KB as a bound, real ones have a few hundred.
const POLICY: usize = 8 * 1024;
/// Bytes of a logo or its certificate that are read; a certificate holds the logo once more, packed.
const BRAND: usize = 256 * 1024;

/// Looks at the mail hosts, the records and the policy of transport, and the record of the logo.
pub(crate) async fn look(desk: &Desk<'_>) {
    let apex = desk.apex();
    tokio::join!(
        Box::pin(async {
            let hosts = hosts(&desk.ask(apex, RecordType::MX).await);
            tokio::join!(
                join_all(hosts.iter().map(|host| Box::pin(one(desk, host)))),
                join_all(hosts.iter().map(|host| Box::pin(look_up_dane(desk, host)))),
            );
        }),
        Box::pin(look_up_policy(desk, apex)),
        Box::pin(async { drop(desk.ask(&format!("_smtp._tls.{apex}"), RecordType::TXT).await) }),
        Box::pin(look_at_logo(desk, apex)),
    );
}

/// The DANE records of a mail host and, where there are some, whether the zones that they stand in are signed.
async fn look_up_dane(desk: &Desk<'_>, host: &str) {
    let answer = desk.ask(&format!("_25._tcp.{host}"), RecordType::TLSA).await;
    if answer.seen().is_ok_and(|answer| !answer.records.is_empty()) {
        let asks = dane::zones(host).into_iter().flat_map(|name| [(name, RecordType::NS), (name, RecordType::DS)]);
        join_all(asks.map(|(name, rtype)| desk.ask(name, rtype))).await;
    }
}

fn hosts(answer: &Fact<DnsAnswer>) -> Vec<String> {
    let mut hosts: Vec<(u16, String)> = match answer {
        Fact::Seen { value, .. } => value
            .records
            .iter()
            .filter_map(|record| match &record.data {
                RecordData::Mx { preference, exchange } => Some((*preference, exchange.clone())),
                _ => None,
            })
            .collect(),
        Fact::Unseen(_) => Vec::new(),
    };
    hosts.retain(|(_, host)| host != "." && host.parse::<IpAddr>().is_err());
    hosts.sort();
    hosts.truncate(HOSTS);
    hosts.into_iter().map(|(_, host)| host).collect()
}

async fn one(desk: &Desk<'_>, host: &str) {
    let Some(address) = desk.addresses(host).await.ok().and_then(|found| found.first().copied()) else { return };
    let target = SocketAddr::new(address, 25);
    let what = format!("port 25 of {host} at {address}");
    let talk = async {
        let _turn = desk.turns.with(host).await;
        match timeout(desk.plan.limits.exchange, talk(desk, host, target)).await {
            Ok(Ok(seen)) => desk.seen(seen, target.to_string()),
            Ok(Err(trouble)) => Fact::Unseen(elsewhere(trouble).of(&what)),
            Err(_) => {
                let silent = Trouble::silent(&target.to_string(), "finish its greeting", desk.plan.limits.exchange);
                Fact::Unseen(elsewhere(silent).of(&what))
            }
        }
    };
    let fact = desk.job(&what, Box::pin(talk)).await;
    desk.saw(Observation::Mailhost { key: format!("{host}|{address}"), fact });
}

/// Most home and office networks let nobody out to port 25, so that silence says nothing about the host.
fn elsewhere(trouble: Trouble) -> Trouble {
    trouble.with_way(
        "most home and office networks block port 25; run `launch-ready audit` once on a rented server that may use it",
    )
}

async fn talk(desk: &Desk<'_>, host: &str, target: SocketAddr) -> Result<Mailhost, Trouble> {
    let mut stream = desk.net.dial.tcp(target, Errand::new(Purpose::Mail, &target.ip().to_string())).await?;
    let (greeting, _) = reply(&mut stream, target).await?;
    let mut seen = Mailhost { greeting, starttls: false, tls: None };
    if greeting == 220 {
        seen.starttls = offers_encryption(&mut stream, target).await?;
    }
    if seen.starttls {
        send(&mut stream, target, "STARTTLS").await?;
        let (code, _) = reply(&mut stream, target).await?;
        let shaken = match code {
            220 => desk.net.tls.look_inside(stream, host, target).await,
            other => Err(Trouble::new(Why::Busy, format!("{target} answers STARTTLS with {other}"))),
        };
        let what = format!("certificate of {host} at {target}");
        seen.tls = Some(match shaken {
            Ok(handshake) => desk.seen(handshake, target.to_string()),
            Err(trouble) => Fact::Unseen(trouble.of(what)),
        });
        return Ok(seen);
    }
    // Whether it still says goodbye changes nothing.
    drop(send(&mut stream, target, "QUIT").await);
    Ok(seen)
}

/// Greets, and tells whether the answer offers STARTTLS.
pub(super) async fn offers_encryption(stream: &mut TcpStream, target: SocketAddr) -> Result<bool, Trouble> {
    // A client without a name of its own greets by its address (RFC 5321 §4.1.3).
    let name = match stream.local_addr().map(|own| own.ip()) {
        Ok(IpAddr::V6(own)) => format!("[IPv6:{own}]"),
        Ok(IpAddr::V4(own)) => format!("[{own}]"),
        Err(_) => "[127.0.0.1]".to_owned(),
    };
    send(stream, target, &format!("EHLO {name}")).await?;
    let (code, lines) = reply(stream, target).await?;
    Ok(code == 250 && lines.iter().any(|line| line.trim().eq_ignore_ascii_case("STARTTLS")))
}

pub(super) async fn send(stream: &mut TcpStream, target: SocketAddr, line: &str) -> Result<(), Trouble> {
    let line = format!("{line}\r\n");
    stream.write_all(line.as_bytes()).await.map_err(|error| Trouble::of_io(&error, &target.to_string()))
}

/// One reply (RFC 5321 §4.2.1): its code and the text of each line.
pub(super) async fn reply(stream: &mut TcpStream, target: SocketAddr) -> Result<(u16, Vec<String>), Trouble> {
    let who = target.to_string();
    let odd = |says: &str| Trouble::new(Why::Garbled, format!("{who} {says}"));
    let mut read = Vec::new();
    loop {
        if let Some((code, lines)) = whole(&read).map_err(|()| odd("does not speak SMTP"))? {
            return Ok((code, lines));
        }
        if read.len() >= REPLY {
            return Err(odd("does not end its reply"));
        }
        let mut part = [0; 1024];
        let count = stream.read(&mut part).await.map_err(|error| Trouble::of_io(&error, &who))?;
        if count == 0 {
            return Err(Trouble::new(Why::Broken, format!("{who} closed the connection in the middle of its reply")));
        }
        read.extend_from_slice(&part[..count]);
    }
}

/// The reply, once its last line is there; an error when it is none. Text after it was sent unasked: a server that does so before
/// TLS would have its own words taken for protected ones.
fn whole(read: &[u8]) -> Result<Option<(u16, Vec<String>)>, ()> {
    let mut lines = Vec::new();
    let mut rest = read;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        rest = &rest[end + 1..];
        let (digits, text) = line.split_at_checked(3).ok_or(())?;
        let code = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<u16>().ok()).ok_or(())?;
        lines.push(clean_bytes(text.get(1..).unwrap_or_default(), 200));
        match text.first() {
            Some(b'-') => {}
            Some(b' ') | None if rest.is_empty() => return Ok(Some((code, lines))),
            _ => return Err(()),
        }
    }
    Ok(None)
}

/// The policy, asked for where a record announces one.
async fn look_up_policy(desk: &Desk<'_>, apex: &str) {
    let record = desk.ask(&format!("_mta-sts.{apex}"), RecordType::TXT).await;
    let announced = record.seen().is_ok_and(|answer| answer.texts().any(|text| transport::is_sts(&text)));
    if !announced || !desk.addresses(&format!("mta-sts.{apex}")).await.is_ok_and(|found| !found.is_empty()) {
        return;
    }
    let Ok(url) = Url::parse(&format!("https://mta-sts.{apex}/.well-known/mta-sts.txt")) else { return };
    let what = "MTA-STS policy";
    let fetched = async {
        match fetch_there(desk, &url, "text/plain", POLICY).await {
            Ok(answer) => {
                let text = answer.body.split(|byte| *byte == b'\n').take(200);
                let lines = text.map(|line| clean_bytes(line.strip_suffix(b"\r").unwrap_or(line), 600));
                let text = lines.collect::<Vec<_>>().join("\n");
                desk.seen(StsAnswer { status: answer.status, text }, url.to_string())
            }
            Err(trouble) => Fact::Unseen(trouble.of(what)),
        }
    };
    let fact = desk.job(what, Box::pin(fetched)).await;
    desk.saw(Observation::Sts { fact });
}

/// The record of the logo, and the files that it names.
async fn look_at_logo(desk: &Desk<'_>, apex: &str) {
    let record = desk.ask(&format!("default._bimi.{apex}"), RecordType::TXT).await;
    let texts: Vec<String> = record.seen().map(|answer| answer.texts().collect()).unwrap_or_default();
    let Some(tags) = texts.iter().find_map(|text| bimi::record(text)) else { return };
    join_all(tags.iter().map(|(tag, url)| Box::pin(brand_file(desk, tag, url)))).await;
}

async fn brand_file(desk: &Desk<'_>, tag: &str, url: &Url) {
    let what = format!("logo for mailboxes ({url})");
    let fetched = async {
        match fetch(desk, url, "image/svg+xml, application/x-pem-file, */*", BRAND).await {
            Ok(answer) => {
                let drawn = logotype::unpacked(&answer.body).unwrap_or_default();
                let (logo, chain) = match tag {
                    "l" => (bimi::logo(&drawn), Vec::new()),
                    _ => (None, bimi::chain(&answer.body)),
                };
                let digest = logo.as_ref().map(|_| logotype::digest(&drawn)).unwrap_or_default();
                let bytes = u32::try_from(answer.body.len()).unwrap_or(u32::MAX);
                let from = clean(url.as_str(), 600);
                desk.seen(BrandFile { url: from.clone(), status: answer.status, bytes, digest, logo, chain }, from)
            }
            Err(trouble) => Fact::Unseen(trouble.of(&what)),
        }
    };
    let fact = desk.job(&what, Box::pin(fetched)).await;
    desk.saw(Observation::Brand { key: tag.to_owned(), fact });
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn replies_are_read_to_their_last_line_and_no_further() {
        assert_eq!(whole(b"220 mx ESMTP\r\n"), Ok(Some((220, vec!["mx ESMTP".to_owned()]))));
        assert_eq!(whole(b"250-mx\r\n250 START"), Ok(None));
        assert_eq!(whole(b"250-mx\r\n250-SIZE 1\r\n250 STARTTLS\r\n").unwrap().unwrap().1[2], "STARTTLS");
        for broken in
            [&b"HTTP/1.1 400 Bad Request\r\n"[..], b"22\r\n", b"\r\n", b"220 a\r\n250 injected\r\n", b"220xmx\r\n"]
        {
            assert_eq!(whole(broken), Err(()), "{broken:?}");
        }
    }
}
