//! Questions to recursive resolvers and to name servers, each asked once a run; a failure is never turned into "no records".

use super::aliases::{ALIASES, Aliases};
use super::descent::Descent;
use super::dial::{Dialler, Errand};
use super::question::{How, Reply, failing, is_address, of_net, question, told};
use super::record;
use super::trouble::Trouble;
use crate::trace::{Kind, Purpose, Span};
use crate::world::Clock;
use audit::Why;
use audit::facts::{DnsAnswer, Fact, Rcode, Record};
use futures::StreamExt;
use futures::future::join_all;
use hickory_proto::op::{DnsRequest, Message, ResponseCode};
use hickory_proto::rr::RecordType;
use hickory_resolver::net::BufDnsStreamHandle;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::runtime::iocompat::AsyncIoTokioAsStd;
use hickory_resolver::net::tcp::{TcpClientStream, TcpStream};
use hickory_resolver::net::udp::UdpClientStream;
use hickory_resolver::net::xfer::{DnsExchange, DnsHandle, DnsMultiplexer, DnsRequestSender};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Questions under way at once with a resolver of ours: what a home router forwards at once (150 in dnsmasq) leaves room for others.
const AT_ONCE: usize = 96;
/// The same with any other server.
const ELSEWHERE: usize = 16;
/// Attempts for one question, over all resolvers.
const ATTEMPTS: usize = 2;
/// Resolvers that are asked for the root before none of them counts as working.
const KNOCKS: usize = 3;
/// Records kept of one answer.
const RECORDS: usize = 256;

type Asked = HashMap<(String, RecordType), Arc<OnceCell<Fact<DnsAnswer>>>>;

/// Asks the domain name system.
pub(crate) struct Dns {
    pub(super) dial: Arc<Dialler>,
    resolvers: Result<Vec<SocketAddr>, String>,
    clock: Clock,
    gates: Mutex<HashMap<SocketAddr, Arc<Semaphore>>>,
    asked: Mutex<Asked>,
    heard: AtomicU32,
    pub(super) apex: String,
    pub(super) descent: Descent,
    /// How every resolver failed at a question about the root itself; none when one of them answered.
    root: OnceCell<Option<Trouble>>,
    /// Whether the resolver has shown that it knows the audited domain.
    knows: AtomicBool,
    fence: OnceCell<Option<Trouble>>,
}

impl Dns {
    pub(crate) fn new(
        dial: Arc<Dialler>,
        resolvers: Result<Vec<SocketAddr>, String>,
        clock: Clock,
        apex: &str,
    ) -> Self {
        let heard = AtomicU32::default();
        let apex = apex.to_owned();
        Self {
            dial,
            resolvers,
            clock,
            gates: Mutex::default(),
            asked: Mutex::default(),
            heard,
            apex,
            descent: Descent::default(),
            root: OnceCell::new(),
            knows: AtomicBool::new(false),
            fence: OnceCell::new(),
        }
    }

    /// The recursive resolver's answer, aliases followed to their end. A question that was asked before is not asked again.
    pub(crate) async fn ask(&self, name: &str, rtype: RecordType) -> Fact<DnsAnswer> {
        let key = (name.to_ascii_lowercase(), rtype);
        let cell = self.asked.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone();
        // Boxed, like every larger future here: lookers hold dozens of questions at once.
        cell.get_or_init(|| Box::pin(self.look_up(name, rtype))).await.clone()
    }

    /// Asks without remembering, for the time it takes; the answer itself is of no interest.
    pub(crate) async fn time(&self, name: &str, rtype: RecordType) {
        drop(self.recursive(name, rtype).await);
    }

    async fn look_up(&self, name: &str, rtype: RecordType) -> Fact<DnsAnswer> {
        let what = format!("{name} {}", record::mnemonic(rtype));
        match self.walk(name, rtype).await {
            Ok((value, from)) => Fact::Seen { value, at: (self.clock)(), from },
            Err(trouble) => Fact::Unseen(trouble.of(what)),
        }
    }

    /// Follows aliases by hand, because a resolver that stops half-way and one that meets a circle answer alike.
    async fn walk(&self, name: &str, rtype: RecordType) -> Result<(DnsAnswer, String), Trouble> {
        let mut chain = Aliases::start(name);
        let mut asked = name.to_owned();
        loop {
            let reply = match self.recursive(&asked, rtype).await {
                Err(trouble) if trouble.why == Why::Busy && is_address(rtype) => {
                    return Err(Box::pin(self.circle(&asked)).await.unwrap_or(trouble));
                }
                reply => reply?,
            };
            let message = &reply.message;
            if message.answers.len() > RECORDS {
                let count = message.answers.len();
                let says = format!("{} gave {count} records for {asked}; more than {RECORDS} are not read", reply.from);
                return Err(Trouble::new(Why::Garbled, says).with_way("remove the records that nobody needs"));
            }
            let told: Vec<Record> = message.answers.iter().map(record::fact).collect();
            let done = chain.take(&told, rtype)?;
            let missing = message.metadata.response_code == ResponseCode::NXDomain;
            if !missing && asked == self.apex {
                self.knows.store(true, Ordering::Relaxed);
            }
            if missing && let Some(trouble) = Box::pin(self.fenced()).await {
                return Err(trouble);
            }
            // A negative answer carries the SOA of the zone that denies (RFC 2308 §2.2); without it the resolver may have stopped half-way.
            let denied = message.authorities.iter().any(|record| record.record_type() == RecordType::SOA);
            let concluded = done || missing || denied || chain.end == asked;
            if concluded {
                let rcode = if missing { Rcode::NxDomain } else { Rcode::NoError };
                chain.records.truncate(RECORDS);
                return Ok((DnsAnswer { rcode, records: chain.records }, reply.from));
            }
            asked.clone_from(&chain.end);
        }
    }

    /// Why no denial can be believed: a resolver inside a fence denies whole top-level domains along with everything in them.
    /// A network of its own may well lack the top-level domain, so one that knows the audited domain is believed.
    async fn fenced(&self) -> Option<Trouble> {
        if self.knows.load(Ordering::Relaxed) {
            return None;
        }
        let fence = self.fence.get_or_init(|| async {
            let tld = self.apex.rsplit('.').next().unwrap_or_default();
            let denied = |reply: &Reply| reply.message.metadata.response_code == ResponseCode::NXDomain;
            let apex = self.recursive(&self.apex, RecordType::A).await.ok().filter(denied)?;
            self.recursive(tld, RecordType::NS).await.ok().filter(denied)?;
            let says = format!(
                "the resolver {} says that \"{tld}\" itself does not exist, so it knows only a part of DNS",
                apex.from
            );
            Some(
                Trouble::new(Why::NoRoute, says)
                    .with_way("run the audit from a network with open DNS, or name another resolver for the run"),
            )
        });
        fence.await.clone()
    }

    /// A resolver that meets aliases in a circle says no more than SERVFAIL; asked for the aliases one by one, it shows them.
    async fn circle(&self, name: &str) -> Option<Trouble> {
        let mut chain = Aliases::start(name);
        for _ in 0..=ALIASES {
            let reply = self.recursive(&chain.end, RecordType::CNAME).await.ok()?;
            let told: Vec<Record> = reply.message.answers.iter().take(RECORDS).map(record::fact).collect();
            let before = chain.end.clone();
            if let Err(trouble) = chain.take(&told, RecordType::A) {
                return Some(trouble);
            }
            if chain.end == before {
                return None;
            }
        }
        None
    }

    async fn recursive(&self, name: &str, rtype: RecordType) -> Result<Reply, Trouble> {
        self.recursive_with(name, rtype, false).await
    }

    /// Why no resolver of this machine is asked any more: none of them has answered anything, not even what the root's servers are.
    pub(crate) async fn unheard(&self) -> Option<Trouble> {
        let silent = || self.heard.load(Ordering::Relaxed) == 0;
        if !silent() {
            return None;
        }
        let root = self.root.get_or_init(|| Box::pin(self.knock())).await.clone();
        root.filter(|_| silent())
    }

    /// Asks every resolver for the root's servers, which no resolver fails to know while it works.
    async fn knock(&self) -> Option<Trouble> {
        let resolvers = match self.resolvers() {
            Ok(resolvers) => resolvers,
            Err(trouble) => return Some(trouble),
        };
        let asked = resolvers.iter().take(KNOCKS).map(|server| async move {
            let reply = Box::pin(self.exchange(*server, ".", RecordType::NS, How::public())).await?;
            self.heard(&reply, ".")
        });
        let mut troubles = Vec::new();
        for answer in join_all(asked).await {
            troubles.push(answer.err()?);
        }
        troubles.into_iter().next()
    }

    fn resolvers(&self) -> Result<&[SocketAddr], Trouble> {
        self.resolvers.as_deref().map_err(|reason| {
            Trouble::new(Why::NoRoute, format!("this machine has no usable DNS resolver ({reason})"))
                .with_way("connect this machine to a network, or name a resolver for the run")
        })
    }

    /// The resolvers' answer, or that of the name's own servers where no resolver of this machine answers anything.
    async fn recursive_with(&self, name: &str, rtype: RecordType, signed: bool) -> Result<Reply, Trouble> {
        let given_up = self.root.get().is_some_and(Option::is_some) && self.unheard().await.is_some();
        if !given_up {
            match Box::pin(self.resolved(name, rtype, signed)).await {
                Err(_) if self.unheard().await.is_some() => {}
                answer => return answer,
            }
        }
        match self.descend(name, rtype, signed).await {
            Some(answer) => answer,
            None => Err(self.nobody().await),
        }
    }

    /// How it is told that nobody can be asked.
    async fn nobody(&self) -> Trouble {
        let Some(trouble) = self.unheard().await else { return Trouble::new(Why::Timeout, "nobody answered in time") };
        let says = format!("{}; neither did any server of the root zone answer", trouble.says);
        Trouble::new(trouble.why, says)
            .with_way("check this machine's network connection, or name another resolver, then run the audit again")
    }

    async fn resolved(&self, name: &str, rtype: RecordType, signed: bool) -> Result<Reply, Trouble> {
        let resolvers = self.resolvers()?;
        let mut trouble = Trouble::new(Why::NoRoute, "no DNS resolver was given");
        let mut edns = true;
        for attempt in 0..ATTEMPTS.max(resolvers.len().min(3)) {
            let Some(server) = resolvers.get(attempt % resolvers.len().max(1)) else { break };
            let how = How { recurse: true, edns, signed };
            match Box::pin(self.exchange(*server, name, rtype, how)).await {
                Ok(reply) => match self.heard(&reply, name) {
                    Ok(()) => return Ok(reply),
                    Err(refusal) => {
                        // RFC 6891 §7: a server that knows no EDNS says so by FORMERR; the plain question may still work.
                        edns = signed || edns && refusal.why != Why::Garbled;
                        trouble = refusal;
                    }
                },
                Err(failure) => trouble = failure,
            }
            // Where not even the root is told there is no use in asking on.
            if self.unheard().await.is_some() {
                break;
            }
        }
        Err(trouble)
    }

    /// What one name server itself says, without recursion. A server that fails for the moment is trouble, one that refuses has answered.
    pub(crate) async fn ask_server(&self, server: SocketAddr, name: &str, rtype: RecordType) -> Result<Reply, Trouble> {
        self.ask_server_with(server, name, rtype, How::default()).await
    }

    /// The same over TCP alone.
    pub(crate) async fn ask_server_over_tcp(
        &self,
        server: SocketAddr,
        name: &str,
        rtype: RecordType,
    ) -> Result<Reply, Trouble> {
        self.dial.allowed(server.ip())?;
        let _turn = self.turn(server).await;
        let message = Box::pin(self.over_tcp(server, question(name, rtype, How::default())?)).await?;
        Ok(Reply { message, from: format!("{server} over TCP") })
    }

    /// The same with EDNS, recursion or signatures asked for.
    pub(crate) async fn ask_server_with(
        &self,
        server: SocketAddr,
        name: &str,
        rtype: RecordType,
        how: How,
    ) -> Result<Reply, Trouble> {
        self.dial.allowed(server.ip())?;
        let mut trouble = None;
        for _ in 0..ATTEMPTS {
            match Box::pin(self.exchange(server, name, rtype, how)).await {
                Ok(reply) if reply.message.metadata.response_code == ResponseCode::ServFail => {
                    trouble = Some(failing(&reply.from));
                }
                Ok(reply) => return Ok(reply),
                Err(failure) => trouble = Some(failure),
            }
        }
        Err(trouble.unwrap_or_else(|| Trouble::new(Why::NotLooked, "not asked")))
    }

    /// The recursive resolver's answer with its signatures, whatever it thinks of them itself (RFC 4035 §3.2.2: DO and CD).
    pub(crate) async fn ask_signed(&self, name: &str, rtype: RecordType) -> Result<Reply, Trouble> {
        self.recursive_with(name, rtype, true).await
    }

    /// What a public resolver says, asked once more when it is silent; how it ended is the caller's to tell.
    pub(crate) async fn ask_public(&self, server: SocketAddr, name: &str, rtype: RecordType) -> Result<Reply, Trouble> {
        self.dial.allowed(server.ip())?;
        match Box::pin(self.exchange(server, name, rtype, How::public())).await {
            Err(trouble) if trouble.why == Why::Timeout => {
                Box::pin(self.exchange(server, name, rtype, How::public())).await
            }
            answer => answer,
        }
    }

    /// Waits for a turn with this server.
    async fn turn(&self, server: SocketAddr) -> Option<OwnedSemaphorePermit> {
        let own = self.resolvers.as_ref().is_ok_and(|resolvers| resolvers.contains(&server));
        let at_once = if own { AT_ONCE } else { ELSEWHERE };
        let gate = {
            let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
            gates.entry(server).or_insert_with(|| Arc::new(Semaphore::new(at_once))).clone()
        };
        // The semaphores are never closed, so a permit always comes.
        gate.acquire_owned().await.ok()
    }

    fn heard(&self, reply: &Reply, name: &str) -> Result<(), Trouble> {
        told(reply, name)?;
        self.heard.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    pub(super) async fn exchange(
        &self,
        server: SocketAddr,
        name: &str,
        rtype: RecordType,
        how: How,
    ) -> Result<Reply, Trouble> {
        let _turn = self.turn(server).await;
        let request = question(name, rtype, how)?;
        let message = self.over_udp(server, request.clone()).await?;
        if !message.metadata.truncation {
            return Ok(Reply { message, from: format!("{server} over UDP") });
        }
        let message = self.over_tcp(server, request).await?;
        if message.metadata.truncation {
            let says = format!("{server} cut its answer short over UDP and over TCP as well");
            return Err(Trouble::new(Why::Garbled, says));
        }
        Ok(Reply { message, from: format!("{server} over TCP") })
    }

    /// Notes a question that goes out.
    fn asks(&self, server: SocketAddr, request: &DnsRequest) -> Span {
        self.dial.trace.begin(Kind::Question, server, || {
            let query = request.queries.first();
            let name = query.map(|query| record::name(query.name())).unwrap_or_default();
            let rtype = query.map(|query| record::mnemonic(query.query_type())).unwrap_or_default();
            (format!("{name} {rtype} at {server}"), vec![name, server.ip().to_string()])
        })
    }

    async fn over_udp(&self, server: SocketAddr, request: DnsRequest) -> Result<Message, Trouble> {
        let limit = self.dial.limits.dns;
        let span = self.asks(server, &request);
        let mut stream = UdpClientStream::builder(self.dial.route(server), TokioRuntimeProvider::new())
            .with_timeout(Some(limit))
            .with_max_retries(1)
            .with_os_port_selection(true)
            .build();
        match timeout(limit, stream.send_message(request).next()).await {
            Ok(Some(Ok(response))) => {
                span.end(|| record::words(&response));
                Ok(response.into_message())
            }
            Ok(Some(Err(error))) => Err(of_net(&error, server)),
            Ok(None) | Err(_) => Err(Trouble::silent(&server.to_string(), "answer", limit)),
        }
    }

    async fn over_tcp(&self, server: SocketAddr, request: DnsRequest) -> Result<Message, Trouble> {
        let limit = self.dial.limits.dns;
        let host = server.ip().to_string();
        let socket = self.dial.through(server, limit, Errand::new(Purpose::Names, &host)).await?;
        let span = self.asks(server, &request);
        let (handle, outbound) = BufDnsStreamHandle::new(server);
        let stream = TcpStream::from_stream_with_receiver(AsyncIoTokioAsStd(socket), server, outbound);
        let multiplexer = DnsMultiplexer::new(TcpClientStream::from_stream(stream), handle).with_timeout(limit);
        let (exchange, background) = DnsExchange::<TokioRuntimeProvider>::from_stream(multiplexer);
        let mut answers = exchange.send(request);
        tokio::select! {
            // What reads the socket comes first: on a busy machine an answer that is there must not lose against the clock.
            biased;
            _ = background => Err(Trouble::new(Why::Broken, format!("{server} closed the TCP connection without an answer"))),
            answer = timeout(limit, answers.next()) => match answer {
                Ok(Some(Ok(response))) => {
                    span.end(|| record::words(&response));
                    Ok(response.into_message())
                }
                Ok(Some(Err(error))) => Err(of_net(&error, server)),
                Ok(None) | Err(_) => Err(Trouble::silent(&server.to_string(), "answer over TCP", limit)),
            },
        }
    }
}
