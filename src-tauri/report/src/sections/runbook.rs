//! The runbook: what to do if something breaks, symptom by symptom, with the companies, dates and people of this product.

use super::follow;
use crate::block::{Block, Span};
use crate::brief::Brief;
use crate::words;
use audit::State;
use audit::facts::Trust;
use audit::parties::Role;
use audit::read::certificate::Certificate;
use jiff::Timestamp;

pub(super) const TITLE: &str = "If something breaks";

/// Names of services that may send mail told in one line.
const SENDERS: usize = 6;

/// One kind of trouble.
struct Trouble {
    /// What links lead to.
    id: &'static str,
    /// How it shows.
    shows: String,
    /// What to do, in order.
    steps: Vec<Vec<Span>>,
    /// Words of the systems whose owner is called.
    calls: &'static [&'static str],
}

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("runbook", TITLE);
    blocks.push(Block::lead(
        "Find the line that is true now. Do the first step, then the next; call the person who is named below it.",
    ));
    blocks.push(Block::quiet(format!(
        "Names and dates as they were seen on {}. Try one line a month on a quiet day: what was never tried does not work.",
        words::day(brief.audit.judged)
    )));
    let troubles = [names, certificates, errors, release, mail, network, data, others, keys, flood, login, leak];
    let troubles = troubles.into_iter().filter_map(|trouble| trouble(brief));
    blocks.extend(troubles.map(|trouble| told(brief, trouble)));
    blocks
}

fn told(brief: &Brief<'_>, trouble: Trouble) -> Block {
    let call = match brief.owner(trouble.calls) {
        Some(owner) => vec![Span::Strong(owner.to_owned())],
        None => vec![
            Span::Status(words::state(State::NeedsYou)),
            Span::text("  name the person in the stage of the handover"),
        ],
    };
    Block::Together(vec![
        Block::heading(2, trouble.shows, trouble.id),
        Block::List { items: trouble.steps, numbered: true },
        Block::entry("Who", vec![Block::body(call)]),
    ])
}

fn step(text: impl Into<String>) -> Vec<Span> {
    vec![Span::text(text)]
}

fn linked(before: &str, link: &str, id: &str, after: &str) -> Vec<Span> {
    vec![Span::text(before), Span::see(link, id), Span::text(after)]
}

/// When the registration of the domain runs out, where the registry says it.
pub(super) fn registered_until(brief: &Brief<'_>) -> Option<Timestamp> {
    let seen = brief.facts.registration.as_ref()?.seen().ok()?;
    seen.record.as_ref()?.expires
}

/// The certificate that browsers accept and that runs out first: its host, who issued it, and its last day.
pub(super) fn first_to_expire(brief: &Brief<'_>) -> Option<(String, Certificate)> {
    let seen = brief.facts.tls.iter().filter_map(|(key, fact)| Some((key, fact.seen().ok()?)));
    let good = seen.filter(|(_, shake)| matches!(shake.trust, Trust::Trusted));
    let read = good.filter_map(|(key, shake)| {
        let leaf = Certificate::read(shake.chain.first()?).ok()?;
        Some((key.split('|').next().unwrap_or(key).to_owned(), leaf))
    });
    read.min_by_key(|(_, leaf)| leaf.until)
}

fn names(brief: &Brief<'_>) -> Option<Trouble> {
    let (name, domain) = (&brief.audit.target.name, &brief.audit.target.domain);
    let registrar = brief.company(Role::Registrar, "the company where the name is registered");
    let until = match registered_until(brief) {
        Some(day) => {
            format!("Sign in at {registrar}: is {domain} still yours? It was registered until {}.", words::day(day))
        }
        None => format!("Sign in at {registrar}: is {domain} still yours, and paid for?"),
    };
    let dns = brief.company(Role::Dns, "the company that keeps the records");
    Some(Trouble {
        id: "runbook-names",
        shows: "The address does not open at all".to_owned(),
        steps: vec![
            step(format!(
                "Open https://{name} on a phone over its mobile network. If it opens there, the fault is in your own network."
            )),
            step(until),
            linked(
                &format!("Sign in at {dns} and hold its records against the "),
                "DNS map",
                "dns-map",
                ". Put back what differs; the change is everywhere after the time under \u{201c}kept for\u{201d}.",
            ),
            linked("If the records are right, go on with ", "pages that answer with an error", "runbook-errors", "."),
        ],
        calls: &["domain", "dns", "registrar"],
    })
}

fn certificates(brief: &Brief<'_>) -> Option<Trouble> {
    let seen = match first_to_expire(brief) {
        Some((host, leaf)) => format!(
            "Open the details of the warning and read the last day. {host} has a certificate of {} until {}.",
            leaf.issuer_name,
            words::day(leaf.until)
        ),
        None => "Open the details of the warning and read the last day and the name of the certificate.".to_owned(),
    };
    let place = brief.company(Role::Network, &brief.company(Role::Hosting, "the company that runs the servers"));
    let renewal = match brief.said("tls.renewal") {
        Some(note) => format!("If the day has passed, renew it: {note}"),
        None => format!(
            "If the day has passed, start the renewal at {place}; it takes minutes. If it is refused, look whether a CAA record names another issuer."
        ),
    };
    Some(Trouble {
        id: "runbook-certificates",
        shows: "Browsers warn before they open the page".to_owned(),
        steps: vec![
            step(seen),
            step(renewal),
            step(
                "If the name is wrong, the address leads to a server that does not know it: add the name there, or correct the record.",
            ),
            step("Do not ask customers to click the warning away."),
        ],
        calls: &["hosting", "cdn", "shield", "dns"],
    })
}

fn errors(brief: &Brief<'_>) -> Option<Trouble> {
    let hosting = brief.company(Role::Hosting, "the company that runs the servers");
    Some(Trouble {
        id: "runbook-errors",
        shows: "The pages answer with an error, or not in time".to_owned(),
        steps: vec![
            linked(
                "Did somebody release, or change a setting, in the last hours? Then ",
                "go back first",
                "runbook-release",
                " and look for the cause later.",
            ),
            step(format!(
                "Look at the status page of {hosting}. If the fault is theirs, tell your customers and wait."
            )),
            step(
                "Read the newest errors in the error reports or the log: the first one after the last good minute names the cause.",
            ),
            step(
                "Start the product again once. If it comes back and fails again, it is full: memory, disk or database connections.",
            ),
        ],
        calls: &["hosting", "server", "app"],
    })
}

fn release(brief: &Brief<'_>) -> Option<Trouble> {
    let way = match brief.said("deploy.rollback_path") {
        Some(note) => step(note),
        None => vec![
            Span::Status(words::state(State::NeedsYou)),
            Span::text(format!(
                "  nobody has written down the way back. At {}: open the list of releases, choose the last good one, release it again.",
                brief.company(Role::Hosting, "the company that runs the servers")
            )),
        ],
    };
    let mut steps = vec![way];
    if let Some(drill) = brief.said("deploy.rollback_drill") {
        steps.push(step(format!("When it was last tried: {drill}")));
    }
    steps.push(step("If the release changed the database, do not go back blindly: ask the person named here whether the old code can read the new data."));
    steps.push(linked("Go through the ", "regression list", "regression", ", then write down what happened and when."));
    Some(Trouble {
        id: "runbook-release",
        shows: "A release broke something: go back".to_owned(),
        steps,
        calls: &["deploy", "hosting", "repository"],
    })
}

fn mail(brief: &Brief<'_>) -> Option<Trouble> {
    let mut senders: Vec<&str> =
        brief.pictures.senders.iter().flat_map(|tree| &tree.rows).filter_map(|row| row.who.as_deref()).collect();
    senders.dedup();
    let services = if senders.is_empty() {
        "the service that sends it".to_owned()
    } else {
        senders[..senders.len().min(SENDERS)].join(", ")
    };
    let domain = &brief.audit.target.domain;
    Some(Trouble {
        id: "runbook-mail",
        shows: "Mail of the product does not arrive, or lands in spam".to_owned(),
        steps: vec![
            step(
                "Reset your own password with an address at another provider. Look in the spam folder too; it takes minutes, not hours.",
            ),
            step(format!(
                "If nothing came: look at the status page, the quota and the list of refused addresses of {services}."
            )),
            linked(
                "If it came as spam: open its headers and read Authentication-Results. SPF, DKIM and DMARC must each say pass; the records stand under ",
                "mail",
                "mail-auth",
                ".",
            ),
            step(format!(
                "If mail to {domain} is lost: is the mailbox service ({}) up and paid for?",
                brief.company(Role::Mail, "not recognised")
            )),
        ],
        calls: &["mail", "e-mail", "dns"],
    })
}

fn network(brief: &Brief<'_>) -> Option<Trouble> {
    let network = brief.companies(Role::Network).join(" and ");
    if network.is_empty() {
        return None;
    }
    Some(Trouble {
        id: "runbook-network",
        shows: format!("{network} fails, and with it every page"),
        steps: vec![
            step(format!(
                "Look at the status page of {network}. Most of its troubles end within the hour: tell customers and wait."
            )),
            step(
                "If it lasts and money is lost, the records can lead to the servers themselves. That shows their addresses to everybody and takes the protection away: only the person named here decides it.",
            ),
            step("Undo it as soon as the network is back, and have the servers' addresses changed."),
        ],
        calls: &["cdn", "shield", "cloudflare", "dns"],
    })
}

fn data(brief: &Brief<'_>) -> Option<Trouble> {
    let database = brief.facts.database.as_ref().and_then(|fact| fact.seen().ok());
    let kind = database.map_or("the database", |seen| words::database(seen.kind));
    Some(Trouble {
        id: "runbook-data",
        shows: "Everything waits: the database is slow, full or down".to_owned(),
        steps: vec![
            step(format!(
                "Open the console of {kind} at the company that runs it: is it up, is its disk full, are its connections used up?"
            )),
            step("End the statement that has run longest. A report or an import can wait; customers cannot."),
            step(
                "If data is damaged or gone, stop the product before it writes more, then restore the newest backup beside the old database, never over it.",
            ),
        ],
        calls: &["database", "hosting"],
    })
}

fn others(brief: &Brief<'_>) -> Option<Trouble> {
    let ours = brief.said("journey.degraded");
    Some(Trouble {
        id: "runbook-others",
        shows: "A service of somebody else fails: payment, login, maps".to_owned(),
        steps: vec![
            step("Look at its status page first; write down when it began."),
            step(ours.map_or_else(|| "Switch off the button that needs it, or say beside it that it is out for now. The rest must go on working.".to_owned(), |note| format!("What the product does then: {note}"))),
            step("When it is back, look for what was tried meanwhile: payments taken twice or not at all, messages not sent."),
        ],
        calls: &["payment", "login", "hosting"],
    })
}

fn keys(_: &Brief<'_>) -> Option<Trouble> {
    Some(Trouble {
        id: "runbook-keys",
        shows: "A password or key was seen by somebody".to_owned(),
        steps: vec![
            step(
                "Revoke it where it was issued, now. Do not wait until the new one is in place: an hour without a feature is better than an hour with a thief.",
            ),
            linked(
                "Issue a new one, put it where the old one lived and release again. Where each lives: ",
                "passwords and keys",
                "secrets",
                ".",
            ),
            step(
                "Look at what the old one did since it got out: the issuer keeps a log. Then take it out of the files and of the history.",
            ),
        ],
        calls: &["secrets", "repository", "hosting"],
    })
}

fn flood(brief: &Brief<'_>) -> Option<Trouble> {
    let first = match brief.companies(Role::Network).first() {
        Some(network) => format!("Sign in at {network} and switch on its protection against attacks for the whole site."),
        None => "No delivery network stands in front, so the servers take it all: ask the company that runs them to filter it.".to_owned(),
    };
    Some(Trouble {
        id: "runbook-flood",
        shows: "Far more requests come than customers can send".to_owned(),
        steps: vec![
            step(first),
            step("Look at what is asked most: one address (a form, a search) can be limited by itself."),
            step("Look at the bill: mail, maps and text messages that strangers set off cost money."),
        ],
        calls: &["cdn", "shield", "hosting"],
    })
}

fn login(_: &Brief<'_>) -> Option<Trouble> {
    Some(Trouble {
        id: "runbook-login",
        shows: "Nobody can sign in at one of these companies".to_owned(),
        steps: vec![
            linked("Call the second person of that system: ", "who may go in", "owners", "."),
            step(
                "Use the recovery codes where they are kept. Never take the account over by making a new one: the old one owns the data.",
            ),
            step(
                "If the person left the company, the contract and the invoices prove whose account it is; support asks for them.",
            ),
        ],
        calls: &["owner", "domain", "hosting"],
    })
}

fn leak(_: &Brief<'_>) -> Option<Trouble> {
    Some(Trouble {
        id: "runbook-leak",
        shows: "Customers' data may have been seen by strangers".to_owned(),
        steps: vec![
            step("Write down the time, and who noticed what. Keep every log: it proves later what was not seen."),
            step("Close the hole, even if a part of the product goes off for it."),
            step(
                "Call whoever answers for data protection at once: in the European Union the authority must hear of it within 72 hours (GDPR Art. 33), and customers too where the risk is high (Art. 34).",
            ),
        ],
        calls: &["data", "privacy", "owner", "database"],
    })
}
