//! What a message proves: its signatures, the machine that sent it, and what the domain in From makes of both.

use super::arc::{self, ArcSeen};
use super::hops::{Hop, border, hops};
use super::signature::{DkimResult, SignatureSeen, Signed, verify};
use super::spam::{self, SpamWord};
use super::{Message, MessageError, domain_of, mailbox};
use crate::facts::{DmarcResult, DnsAnswer, Fact, Flow, MessageSeen, SpfTold};
use crate::read::dmarc::{self, Discovery};
use crate::read::spf::{Known, SpfChecked, SpfProgress, SpfQuery, SpfResult, check_host};
use crate::read::text::clean;
use crate::{Unseen, Why};
use std::net::IpAddr;

/// Signatures that are verified; RFC 6376 §6.1 lets a verifier choose its bound.
const SIGNATURES: usize = 10;
/// Lines of filters and receivers that are told.
const LINES: usize = 12;

/// A message, opened once and examined as answers of DNS come in.
#[derive(Debug)]
pub struct Mail(Message);

/// How far an examination came.
#[derive(Debug)]
pub enum Examination {
    /// To its end.
    Ended(Box<Examined>),
    /// These questions are to be asked first.
    Asks(Vec<(String, &'static str)>),
}

/// What a message proves.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Examined {
    /// The mailbox in From.
    pub from: Option<String>,
    /// What the domain's policy makes of it.
    pub dmarc: DmarcSeen,
    /// Its DKIM signatures, top first.
    pub dkim: Vec<SignatureSeen>,
    /// SPF for the machine that handed it over to the receiver.
    pub spf: Option<SpfSeen>,
    /// The chain of those who passed it on.
    pub arc: ArcSeen,
    /// The servers on its way, first first.
    pub hops: Vec<Hop>,
    /// What the receiver itself wrote on proof of origin.
    pub receiver: Vec<String>,
    /// What spam filters said.
    pub spam: Vec<SpamWord>,
}

/// SPF of a message.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SpfSeen {
    /// The sending machine.
    pub ip: IpAddr,
    /// The result with its trace.
    pub checked: SpfChecked,
}

/// What DMARC says of a message (RFC 9989 §5.3).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DmarcSeen {
    /// The result.
    pub result: DmarcResult,
    /// Why, in one sentence.
    pub says: String,
    /// The policy that counts, with the domain it stands at.
    pub policy: Option<String>,
    /// Domains that were proven and belong to From.
    pub aligned: Vec<String>,
}

impl Mail {
    /// Opens a file.
    ///
    /// # Errors
    /// It is no message.
    pub fn open(file: &[u8]) -> Result<Self, MessageError> {
        Message::read(file).map(Self)
    }

    /// The domain in From, as DNS asks it; empty where there is none.
    #[must_use]
    pub fn domain(&self) -> String {
        author(&self.0).as_deref().and_then(domain_of).unwrap_or_default()
    }

    /// The domains and selectors of its signatures, as far as they are whole.
    #[must_use]
    pub fn selectors(&self) -> Vec<(String, String)> {
        let fields = self.0.all("dkim-signature").take(SIGNATURES);
        fields.filter_map(|field| Signed::read(field).ok()).map(|signed| (signed.domain, signed.selector)).collect()
    }

    /// Whether its subject holds this word.
    #[must_use]
    pub fn mentions(&self, word: &str) -> bool {
        let text = self.0.text("subject").unwrap_or_default();
        text.split(|c: char| !c.is_ascii_alphanumeric()).any(|one| one == word)
    }

    /// Examines as far as the known answers reach; `now` is in seconds since 1970.
    #[must_use]
    pub fn examine(&self, now: i64, known: Known<'_, '_>) -> Examination {
        let message = &self.0;
        let hops = hops(message);
        let from = author(message);
        let domain = from.as_deref().and_then(domain_of);
        let fields: Vec<_> = message.all("dkim-signature").take(SIGNATURES).collect();
        let signed: Vec<Option<Signed>> = fields.iter().map(|field| Signed::read(field).ok()).collect();
        let mut asks: Vec<(String, &'static str)> = Vec::new();
        let mut want = |name: String, rtype| {
            let ask = (name.to_ascii_lowercase(), rtype);
            if known(&ask.0, rtype).is_none() && !asks.contains(&ask) {
                asks.push(ask);
            }
        };
        signed.iter().flatten().for_each(|signed| want(signed.key_name(), "TXT"));
        arc::keys(message).into_iter().for_each(|name| want(name, "TXT"));
        let spf = sender(message, &hops, now);
        let proven = signed.iter().flatten().map(|signed| signed.domain.clone()).chain(domain.clone());
        let proven = proven.chain(spf.as_ref().and_then(|query| domain_of(&query.mail_from)));
        for domain in proven {
            dmarc::walk(&domain).into_iter().for_each(|above| want(format!("_dmarc.{above}"), "TXT"));
        }
        let mut checked = None;
        if let Some(query) = spf {
            match check_host(&query, known) {
                SpfProgress::Asks(more) => more.into_iter().for_each(|(name, rtype)| want(name, rtype)),
                SpfProgress::Ended(ended) => checked = Some(SpfSeen { ip: query.ip, checked: ended }),
            }
        }
        if !asks.is_empty() {
            return Examination::Asks(asks);
        }
        let key = |name: &str| known(&name.to_ascii_lowercase(), "TXT");
        let dkim: Vec<SignatureSeen> = fields
            .iter()
            .zip(&signed)
            .map(|(field, signed)| {
                verify(message, field, now, signed.as_ref().and_then(|signed| key(&signed.key_name())))
            })
            .collect();
        let dmarc = judge(domain.as_deref(), &dkim, checked.as_ref(), known);
        let lines = |names: &[&str]| {
            let found = names.iter().flat_map(|name| message.all(name).map(move |field| (*name, field.text())));
            found.take(LINES).map(|(name, text)| format!("{name}: {}", clean(&text, 300))).collect()
        };
        Examination::Ended(Box::new(Examined {
            from,
            dmarc,
            dkim,
            spf: checked,
            arc: arc::chain(message, &key),
            hops,
            receiver: lines(&["authentication-results", "received-spf"]),
            spam: spam::words(message),
        }))
    }
}

impl Examined {
    /// What may be kept of it: no mailbox, no words of its own.
    #[must_use]
    pub fn kept(self, flow: Flow) -> MessageSeen {
        let DmarcSeen { result, says, policy, .. } = self.dmarc;
        MessageSeen {
            flow,
            from: self.from.as_deref().and_then(domain_of),
            dmarc: result,
            says: clean(&says, 300),
            policy,
            dkim: self.dkim,
            spf: self.spf.map(|SpfSeen { ip, checked }| SpfTold {
                result: checked.result.to_string(),
                domain: clean(checked.domain.rsplit('@').next().unwrap_or_default(), 253),
                ip,
            }),
            arc: self.arc,
            hops: self.hops,
            spam: self.spam,
        }
    }
}

/// The one mailbox of the one From field; none where there are more (RFC 9989 §5.3.1 leaves those unjudged).
fn author(message: &Message) -> Option<String> {
    let mut fields = message.all("from");
    match (fields.next(), fields.next()) {
        (Some(one), None) => mailbox(&one.text()),
        _ => None,
    }
}

/// The question to SPF: who handed the message to the receiver, by the Received and Return-Path fields.
fn sender(message: &Message, hops: &[Hop], now: i64) -> Option<SpfQuery> {
    let hop = border(hops)?;
    let path = message.text("return-path")?;
    let bare = path.trim().trim_start_matches('<').trim_end_matches('>').to_owned();
    Some(SpfQuery {
        ip: hop.ip?,
        helo: hop.from.clone().unwrap_or_default(),
        mail_from: bare,
        receiver: hop.by.clone().unwrap_or_else(|| "unknown".to_owned()),
        time: hop.at.map_or(now, |at| at.as_second()),
    })
}

fn answer(known: Known<'_, '_>, name: &str) -> Result<DnsAnswer, Unseen> {
    match known(&name.to_ascii_lowercase(), "TXT") {
        Some(Fact::Seen { value, .. }) => Ok(value.clone()),
        Some(Fact::Unseen(unseen)) => Err(unseen.clone()),
        None => Err(Unseen {
            what: name.to_owned(),
            why: Why::NotLooked,
            says: "it was not asked for".to_owned(),
            way: "examine the message again".to_owned(),
        }),
    }
}

fn judge(from: Option<&str>, dkim: &[SignatureSeen], spf: Option<&SpfSeen>, known: Known<'_, '_>) -> DmarcSeen {
    let ended = |result, says: &str| DmarcSeen { result, says: says.to_owned(), policy: None, aligned: vec![] };
    let Some(from) = from else {
        return ended(DmarcResult::PermError, "the message does not name exactly one author in From");
    };
    let ask = |name: &str| answer(known, name);
    let found: Discovery<'_> = match dmarc::discover(from, &ask) {
        Ok(found) => found,
        Err(why) => return ended(DmarcResult::TempError, &why.says),
    };
    let Some((at, _, record)) = &found.policy else {
        return ended(DmarcResult::None, &format!("{from} has no DMARC policy"));
    };
    let written = if *at == from { record.policy.unwrap_or(dmarc::Policy::None) } else { record.for_subdomains() };
    let policy = Some(format!("{} at {at}", written.word()));
    let belongs = |domain: &str, strict: bool| {
        domain.eq_ignore_ascii_case(from)
            || !strict && dmarc::discover(domain, &ask).is_ok_and(|other| other.organisation == found.organisation)
    };
    let by_key = dkim.iter().filter(|one| one.result == DkimResult::Pass && belongs(&one.domain, record.strict_dkim));
    let mut aligned: Vec<String> = by_key.map(|one| format!("DKIM {}", one.domain)).collect();
    let by_machine = spf.map(|seen| &seen.checked).filter(|checked| checked.result == SpfResult::Pass);
    aligned
        .extend(by_machine.filter(|it| belongs(&it.domain, record.strict_spf)).map(|it| format!("SPF {}", it.domain)));
    let unsure = dkim.iter().any(|one| one.result == DkimResult::TempError)
        || spf.is_some_and(|seen| seen.checked.result == SpfResult::TempError);
    let (result, says) = match (aligned.is_empty(), unsure) {
        (false, _) => (DmarcResult::Pass, format!("{from} is proven by {}", aligned.join(" and "))),
        (true, true) => (DmarcResult::TempError, "DNS failed for a proof that could have counted".to_owned()),
        (true, false) => (DmarcResult::Fail, format!("nothing that was proven belongs to {from}")),
    };
    DmarcSeen { result, says, policy, aligned }
}
