//! One question and what its reply says, before anybody asks how the reply came.

use super::trouble::Trouble;
use audit::Why;
use hickory_proto::op::{DnsRequest, DnsRequestOptions, Message, Query, ResponseCode};
use hickory_proto::rr::{Name, RecordType};
use hickory_resolver::net::NetError;
use std::net::SocketAddr;

/// A reply with who gave it, as a person would name it.
pub(crate) struct Reply {
    pub(crate) message: Message,
    pub(crate) from: String,
}

/// What a question carries besides name and type.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct How {
    pub(crate) recurse: bool,
    pub(crate) edns: bool,
    /// Ask for signatures, and for the answer even where they do not verify.
    pub(crate) signed: bool,
}

impl How {
    /// As a person's device asks a resolver.
    pub(crate) fn public() -> Self {
        Self { recurse: true, edns: true, signed: false }
    }
}

pub(crate) fn question(name: &str, rtype: RecordType, how: How) -> Result<DnsRequest, Trouble> {
    // What SPF macros become need not be a host name: any byte may stand in a label (RFC 2181 §11).
    let labels = || Name::from_labels(name.trim_end_matches('.').split('.').map(str::as_bytes));
    let mut asked = Name::from_ascii(name)
        .or_else(|_| labels())
        .map_err(|_| Trouble::new(Why::Garbled, format!("\"{name}\" is not a name that DNS can be asked for")))?;
    asked.set_fqdn(true);
    let mut options = DnsRequestOptions::default();
    options.recursion_desired = how.recurse;
    options.use_edns = how.edns;
    options.edns_set_dnssec_ok = how.signed;
    let mut request = DnsRequest::from_query(Query::query(asked, rtype), options);
    request.metadata.checking_disabled = how.signed;
    Ok(request)
}

/// The message of a question.
pub(crate) fn message(request: &DnsRequest) -> Message {
    let (message, _) = request.clone().into_parts();
    message
}

/// A message that is whole; over a stream there is no reason to cut one short.
pub(crate) fn uncut(message: Message, who: &str) -> Result<Message, Trouble> {
    if message.metadata.truncation {
        return Err(Trouble::new(Why::Garbled, format!("{who} cut its answer short over a stream")));
    }
    Ok(message)
}

/// Whether a resolver's reply tells anything about the name.
pub(super) fn told(reply: &Reply, name: &str) -> Result<(), Trouble> {
    let from = &reply.from;
    match reply.message.metadata.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => Ok(()),
        ResponseCode::ServFail => Err(failing(from)),
        ResponseCode::Refused => {
            Err(Trouble::new(Why::Refused, format!("the resolver {from} refuses to answer for {name}"))
                .with_way("name another resolver for the run"))
        }
        other => Err(Trouble::new(Why::Garbled, format!("{from} answered with the error {other}"))),
    }
}

pub(super) fn is_address(rtype: RecordType) -> bool {
    matches!(rtype, RecordType::A | RecordType::AAAA)
}

pub(super) fn failing(from: &str) -> Trouble {
    let says = format!("{from} said that it failed to find the answer (SERVFAIL)");
    Trouble::new(Why::Busy, says).with_way(
        "run the audit again in a few minutes; if it stays, the name servers or DNSSEC of this name are broken",
    )
}

pub(super) fn of_net(error: &NetError, server: SocketAddr) -> Trouble {
    match error {
        NetError::Timeout => Trouble::new(Why::Timeout, format!("{server} did not answer in time")),
        NetError::Io(error) => Trouble::of_io(error, &server.to_string()),
        NetError::Proto(error) => {
            Trouble::new(Why::Garbled, format!("{server} sent an answer that cannot be read ({error})"))
        }
        other => Trouble::new(Why::Broken, format!("the exchange with {server} failed ({other})")),
    }
}
