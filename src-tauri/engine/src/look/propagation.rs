//! Propagation: the same few questions to the domain's own name servers and to public resolvers, in every way these offer.

use super::delegation;
use crate::net::public::{Line, over_https, over_tls};
use crate::net::record;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::Why;
use audit::facts::{Fact, Observation, Propagation, Rcode, Record, SetSeen, Told, Way};
use audit::read::resolver::{self, Resolver};
use futures::future::{join, join_all};
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::RecordType;
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// Name servers asked.
const SERVERS: usize = 4;
/// Records kept of one answer.
const RECORDS: usize = 256;

/// What is asked everywhere.
type Question = (String, RecordType);

/// Looks at all of them.
pub(crate) async fn look(desk: &Desk<'_>) {
    let what = format!("{} at public resolvers", desk.apex());
    let fact = desk.job(&what, Box::pin(see(desk, &what))).await;
    desk.saw(Observation::Propagation { fact });
}

async fn see(desk: &Desk<'_>, what: &str) -> Fact<Propagation> {
    let resolvers = match desk.plan.public.as_slice() {
        [] => resolver::all(),
        named => named,
    };
    let apex = desk.apex().to_owned();
    let types = [RecordType::A, RecordType::AAAA, RecordType::MX, RecordType::NS, RecordType::TXT];
    let mut questions: Vec<Question> = types.iter().map(|rtype| (apex.clone(), *rtype)).collect();
    questions.push((format!("www.{apex}"), RecordType::A));
    let public = join_all(resolvers.iter().map(|resolver| Box::pin(ask_public(desk, resolver, &questions))));
    let (servers, public) = join(Box::pin(own(desk, what, &questions)), public).await;
    match servers {
        // What public resolvers say cannot be compared with anything.
        Err(unseen) => Fact::Unseen(unseen),
        Ok(servers) => {
            let questions = questions.iter().map(key).collect();
            let resolvers: Vec<Told> = public.into_iter().flatten().collect();
            let from = format!("{} name servers and {} resolvers", servers.len(), resolvers.len());
            desk.seen(Propagation { questions, servers, resolvers }, from)
        }
    }
}

fn key((name, rtype): &Question) -> String {
    format!("{name} {}", record::mnemonic(*rtype))
}

/// What the domain's own name servers say, the first address of each.
async fn own(desk: &Desk<'_>, what: &str, questions: &[Question]) -> Result<Vec<Told>, audit::Unseen> {
    let (_, names, _) = delegation::zone(desk, what).await?;
    let told = join_all(names.iter().take(SERVERS).map(|name| async move {
        let addresses = desk.addresses(name).await;
        let address = addresses.as_ref().ok().and_then(|found| found.first().copied());
        let answers = join_all(questions.iter().map(|question| async move {
            let what = format!("{} at {name}", key(question));
            let Some(address) = address else {
                let trouble = Trouble::new(Why::Depends, format!("no address of the name server {name} is known"));
                return Fact::Unseen(trouble.of(what));
            };
            let server = SocketAddr::new(address, 53);
            let asked = desk.net.dns.ask_server(server, &question.0, question.1).await;
            let asked = asked.and_then(|reply| whole(reply.message, name, true));
            noted(desk, asked, &question.0, &what, name)
        }))
        .await;
        let at = address.map_or_else(|| "no address".to_owned(), |address| format!("{address}:53"));
        Told { who: name.clone(), way: Way::Plain, at, answers: keyed(questions, answers) }
    }))
    .await;
    Ok(told)
}

fn keyed(questions: &[Question], answers: Vec<Fact<SetSeen>>) -> BTreeMap<String, Fact<SetSeen>> {
    questions.iter().map(key).zip(answers).collect()
}

async fn ask_public(desk: &Desk<'_>, resolver: &Resolver, questions: &[Question]) -> Vec<Told> {
    let (plain, (tls, https)) = join(
        Box::pin(plainly(desk, resolver, questions)),
        join(
            Box::pin(async {
                let name = resolver.tls.as_deref()?;
                let at = SocketAddr::new(resolver.address, 853);
                let line = over_tls(desk, name, at).await;
                Some(along(desk, resolver, Way::Tls, format!("{name} ({at})"), line, questions).await)
            }),
            Box::pin(async {
                let url = resolver.https.as_ref()?;
                let line = over_https(desk, url, resolver.at.unwrap_or(resolver.address)).await;
                Some(along(desk, resolver, Way::Https, url.to_string(), line, questions).await)
            }),
        ),
    )
    .await;
    [Some(plain), tls, https].into_iter().flatten().collect()
}

async fn plainly(desk: &Desk<'_>, resolver: &Resolver, questions: &[Question]) -> Told {
    let at = SocketAddr::new(resolver.address, 53);
    let answers = join_all(questions.iter().map(|question| async move {
        let asked = desk.net.dns.ask_public(at, &question.0, question.1).await;
        let asked = asked.and_then(|reply| whole(reply.message, &resolver.name, false));
        noted(desk, asked, &question.0, &format!("{} at {}", key(question), resolver.name), &at.to_string())
    }))
    .await;
    Told { who: resolver.name.clone(), way: Way::Plain, at: at.to_string(), answers: keyed(questions, answers) }
}

/// The questions along one connection.
async fn along(
    desk: &Desk<'_>,
    resolver: &Resolver,
    way: Way,
    at: String,
    line: Result<Line, Trouble>,
    questions: &[Question],
) -> Told {
    let asked = match line {
        Ok(line) => Box::pin(line.ask(desk, questions)).await,
        Err(trouble) => questions.iter().map(|_| Err(trouble.clone())).collect(),
    };
    let each = asked.into_iter().zip(questions).map(|(asked, question)| {
        let asked = asked.and_then(|message| whole(message, &resolver.name, false));
        let what = format!("{} at {} over {}", key(question), resolver.name, way.says());
        noted(desk, asked, &question.0, &what, &at)
    });
    let answers = each.collect();
    Told { who: resolver.name.clone(), way, at, answers: keyed(questions, answers) }
}

fn noted(desk: &Desk<'_>, asked: Result<Message, Trouble>, name: &str, what: &str, from: &str) -> Fact<SetSeen> {
    match asked {
        Ok(message) => desk.seen(set(&message, name), from),
        Err(trouble) => {
            let theirs = matches!(trouble.why, Why::Timeout | Why::Broken | Why::Refused | Why::NoRoute);
            let way = "nothing is wrong with the domain; to hear this server too, run the audit again or from another network";
            Fact::Unseen(if theirs { trouble.with_way(way) } else { trouble }.of(what))
        }
    }
}

/// The message, when it is an answer at all.
fn whole(message: Message, who: &str, own: bool) -> Result<Message, Trouble> {
    let failed = |why, says: &str| Trouble::new(why, format!("{who} {says}"));
    match message.metadata.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain if own && !message.metadata.authoritative => {
            Err(failed(Why::Depends, "is a name server of the domain, but answers without authority"))
        }
        // Half a set would look like another set, since servers turn the order of records round.
        _ if message.answers.len() > RECORDS => {
            let says = format!("gave {} records; more than {RECORDS} are not read", message.answers.len());
            Err(failed(Why::Garbled, &says))
        }
        ResponseCode::NoError | ResponseCode::NXDomain => Ok(message),
        ResponseCode::ServFail => Err(failed(Why::Busy, "said that it failed to find the answer (SERVFAIL)")),
        ResponseCode::Refused => Err(failed(Why::Refused, "refuses to answer")),
        other => Err(failed(Why::Garbled, &format!("answered with the error {other}"))),
    }
}

fn set(message: &Message, name: &str) -> SetSeen {
    let all: Vec<Record> = message.answers.iter().take(RECORDS).map(record::fact).collect();
    let own = || all.iter().filter(|record| record.name == name);
    let denial = message.authorities.iter().find(|record| record.record_type() == RecordType::SOA);
    let missing = message.metadata.response_code == ResponseCode::NXDomain;
    let ttl = own().map(|record| record.ttl).min().or(denial.map(|record| record.ttl)).unwrap_or(0);
    SetSeen {
        rcode: if missing { Rcode::NxDomain } else { Rcode::NoError },
        records: own().map(|record| record.data.clone()).collect(),
        ttl,
        denied_by_zone: denial.is_some(),
    }
}
