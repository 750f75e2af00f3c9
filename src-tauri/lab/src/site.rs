//! One host of the product as plain data: its certificate, its answers over http and https, its headers and its quirks.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::flood::Speech;
use crate::names::Server;
pub(crate) use crate::quirk::{At, Quirk};
use crate::records::LOGS;
use crate::relic::Relic;
use crate::world::{DOMAIN, ISSUER, WIDGETS};

/// Stands in the content security policy for the hashes of the page's inline scripts.
pub(crate) const INLINE: &str = "{inline}";
/// Stands in a policy where a fresh nonce belongs.
pub(crate) const FRESH: &str = "{fresh}";

/// The certificate chain a host presents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chain {
    /// A certificate that may make certificates itself.
    Authority,
    /// One authority more than the one above allows below it.
    Deep,
    Expired,
    /// Two days left of ninety.
    Expiring,
    /// By an authority that may only vouch for other names.
    Fenced,
    /// Made for clients, not for servers.
    ForClients,
    /// Its key may not sign.
    ForSecrets,
    /// By an authority that was made for mail.
    ForMail,
    /// With an entry of a public log that the log did not sign.
    ForgedEntry,
    Good,
    /// By the authority that Cloudflare takes most certificates from, which is trusted as well.
    Google,
    /// A key of 16,384 bits.
    HugeKey,
    /// Names that try to be markup and to turn the reading direction.
    Hostile,
    /// So many certificates that TLS libraries refuse them.
    Endless,
    /// Made for 825 days.
    LongLived,
    /// A hundred certificates.
    Many,
    /// Only good with a stapled revocation answer, which is not sent.
    MustStaple,
    /// The leaf alone.
    NoIntermediate,
    /// By the authority that most hosts take certificates from, which is trusted as well.
    OtherAuthority,
    /// With a stapled answer that it was revoked.
    Revoked,
    SelfSigned,
    /// Signed with SHA-1.
    Sha1,
    /// For fifteen hundred names.
    Crowded,
    /// Bytes that nest too deep to be a certificate.
    Nonsense,
    /// An RSA key of 1,024 bits.
    ShortKey,
    /// The root in the place of the intermediate, then the intermediate.
    Shuffled,
    /// With a stapled answer that it is good.
    Stapled,
    /// With a stapled answer that is none.
    StapledGarbage,
    /// With a stapled answer that the issuer did not sign.
    StapledByStranger,
    /// By another authority, with entries of two logs of one operator.
    OneOperator,
    /// By another authority, with an entry of a log that the list does not have.
    UnknownLog,
    /// By another authority, without entries in public logs.
    Unlogged,
    /// Well made by an authority that nobody trusts.
    UnknownIssuer,
    /// For another host.
    WrongName,
}

/// How a host treats a TLS handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Greeting {
    Answers,
    /// A handshake message that comes byte by byte and never ends.
    Drips,
    Hangs,
    /// Ends the connection where the handshake takes longer.
    Impatient(Duration),
    Resets,
    /// A handshake as it should be, then this.
    Speaks(Speech),
}

/// Whose delivery network the edge is, told by the headers it adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Front {
    Cloudflare,
    Fly,
    Netlify,
    Render,
    Vercel,
}

/// What a scheme of a host does with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// A redirect to an address that is longer each time.
    Grows,
    /// A redirect that keeps the path.
    Sends {
        scheme: &'static str,
        host: String,
        status: u16,
    },
    Shows,
}

impl Door {
    /// A permanent redirect.
    pub fn sends(scheme: &'static str, host: &str) -> Door {
        Door::Sends { scheme, host: host.to_owned(), status: 301 }
    }

    /// The redirect of plain http that belongs to a host: to https, same host.
    pub fn upgrade() -> Door {
        Door::sends("https", "")
    }
}

/// The words and scripts of the landing page, as far as faults change them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Landing {
    pub canonical: String,
    pub og_url: String,
    /// Added to the inline script.
    pub inline: Option<String>,
    /// Added to the application's bundle.
    pub bundle: Option<String>,
    /// Added to the head.
    pub head: Option<String>,
    /// Added to the body.
    pub body: Option<String>,
    /// The host that the sitemap's addresses and its own are written with.
    pub mapped: String,
    /// Whether robots.txt shuts everybody out.
    pub shut: bool,
}

impl Landing {
    pub fn new() -> Landing {
        Landing {
            canonical: format!("https://{DOMAIN}/"),
            og_url: format!("https://{DOMAIN}/"),
            inline: None,
            bundle: None,
            head: None,
            body: None,
            mapped: DOMAIN.to_owned(),
            shut: false,
        }
    }
}

/// Which foreign origins a site names in its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guests {
    /// Whoever asks.
    Anybody,
    /// Everybody, by a star.
    Everybody,
    /// Its own hosts, by their whole names.
    Own,
    /// Its own hosts and whoever hides its name.
    OwnAndNull,
    /// Whatever begins like the domain.
    Beginning,
    /// Whatever ends like the domain.
    Ending,
}

/// How a site answers requests from other origins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sharing {
    pub guests: Guests,
    pub credentials: bool,
    pub vary: bool,
    /// Whether it answers OPTIONS.
    pub preflight: bool,
}

impl Sharing {
    /// As it should be.
    pub const CAREFUL: Sharing = Sharing { guests: Guests::Own, credentials: true, vary: true, preflight: true };
}

/// What a site is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pages {
    Api,
    /// Cloudflare's API.
    Cloudflare,
    /// The certificate authority's own: its intermediate certificate for download.
    Issuer,
    Landing(Landing),
    Login,
    /// The signed-in area.
    Members,
    /// A public resolver's DNS over HTTPS.
    Resolver(Server),
    /// Texts as they are: path, content type, text.
    Texts(Vec<(String, &'static str, String)>),
    /// An old page that was forgotten on another host.
    Separate,
    Status,
    /// Another company's script and style sheet.
    Widget,
}

/// One answer that stands for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub status: u16,
    pub kind: &'static str,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    /// Whether only the product's owner is shown it.
    pub locked: bool,
}

impl Leaf {
    pub fn new(status: u16, kind: &'static str, body: &str) -> Leaf {
        let headers = vec![("cache-control", "no-store".to_owned())];
        Leaf { status, kind, headers, body: body.to_owned(), locked: false }
    }

    pub fn locked(self) -> Leaf {
        Leaf { locked: true, ..self }
    }

    pub fn with(mut self, header: &'static str, value: &str) -> Leaf {
        self.headers.retain(|(name, _)| *name != header);
        self.headers.push((header, value.to_owned()));
        self
    }
}

/// What the delivery network does with files that may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeping {
    Keeps,
    /// It is told not to.
    Bypasses,
    /// It would, and never does.
    Misses,
}

/// How a host names its answers for the logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// A new number each time.
    Fresh,
    /// Not at all.
    Silent,
    /// Always the same.
    Stuck,
}

/// One host.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Site {
    pub chain: Chain,
    pub greeting: Greeting,
    /// How the server behind the network greets, where it is asked for this host round the network.
    pub origin_greeting: Greeting,
    /// What it agrees to besides the TLS of today.
    pub relic: Option<Relic>,
    /// Whether it speaks HTTP/2.
    pub two: bool,
    pub plain: Door,
    pub secure: Door,
    /// Sent with every answer over https.
    pub headers: BTreeMap<&'static str, String>,
    /// Whether its redirects forget path and query.
    pub forgets: bool,
    pub sharing: Option<Sharing>,
    /// Cookies set with every page, as sent.
    pub cookies: Vec<String>,
    pub pages: Pages,
    /// Paths that redirect permanently, over https.
    pub moves: BTreeMap<&'static str, String>,
    pub quirks: Vec<(At, Quirk)>,
    /// Answers by path, or by path and query, in place of the pages.
    pub leaves: BTreeMap<&'static str, Leaf>,
    /// The answer to what is not there.
    pub missing: Option<Leaf>,
    /// Whether what is not there is answered with the front page, as single-page applications do.
    pub catch_all: bool,
    pub keeping: Keeping,
    pub naming: Naming,
    /// Whether text is sent compressed to those who take it.
    pub compresses: bool,
    /// Whether it packs as zstd for those who take that (RFC 9659).
    pub zstd: bool,
    /// Cache-Control of scripts and styles, where it is another than usual.
    pub asset_cache: Option<&'static str>,
    /// Whether answers carry an ETag and know it again.
    pub tagged: bool,
    /// Whether packed answers say that they differ by what the browser takes.
    pub says_packed: bool,
    /// Cache-Control of pages, where it is another than usual.
    pub kept_page: Option<&'static str>,
}

impl Site {
    /// A host that shows pages.
    pub fn new(pages: Pages) -> Site {
        Site {
            chain: Chain::Good,
            greeting: Greeting::Answers,
            origin_greeting: Greeting::Answers,
            relic: None,
            two: true,
            plain: Door::upgrade(),
            secure: Door::Shows,
            headers: headers(),
            forgets: false,
            sharing: None,
            cookies: Vec::new(),
            pages,
            moves: BTreeMap::new(),
            quirks: Vec::new(),
            leaves: BTreeMap::new(),
            missing: None,
            catch_all: false,
            keeping: Keeping::Keeps,
            naming: Naming::Fresh,
            compresses: true,
            zstd: false,
            asset_cache: None,
            tagged: true,
            says_packed: true,
            kept_page: None,
        }
    }

    /// A host that sends everybody to the apex.
    pub fn forward() -> Site {
        Site { secure: Door::sends("https", DOMAIN), ..Site::new(Pages::Separate) }
    }

    /// The sites of the healthy world.
    pub fn healthy() -> BTreeMap<String, Site> {
        let host = |label: &str| format!("{label}.{DOMAIN}");
        let account = Site { plain: Door::upgrade(), ..Site::new(Pages::Cloudflare) };
        let issuer = Site { plain: Door::Shows, ..Site::new(Pages::Issuer) };
        let [library, widget] = WIDGETS.map(|host| (host.to_owned(), Site::new(Pages::Widget)));
        BTreeMap::from([
            library,
            widget,
            (DOMAIN.to_owned(), Site { leaves: health(), ..Site::new(Pages::Landing(Landing::new())) }),
            (host("www"), Site::forward()),
            (host("app"), Site::new(Pages::Login)),
            (host("api"), Site { sharing: Some(Sharing::CAREFUL), ..Site::new(Pages::Api) }),
            (host("status"), Site::new(Pages::Status)),
            (crate::members::HOST.to_owned(), Site::new(Pages::Members)),
            (ISSUER.to_owned(), issuer),
            (crate::cloudflare::HOST.to_owned(), account),
            (LOGS.to_owned(), Site::new(Pages::Texts(vec![log(&["app", "api", "launch-2024", "status", "www"])]))),
        ])
    }

    /// The landing page, where this site shows it.
    pub fn landing(&mut self) -> Option<&mut Landing> {
        match &mut self.pages {
            Pages::Landing(landing) => Some(landing),
            _ => None,
        }
    }
}

/// What the search over certificate logs answers for the product: certificates that were ever issued, of names long gone as well.
pub(crate) fn log(labels: &[&str]) -> (String, &'static str, String) {
    let entry = |label: &&str| format!("{{\"issuer_ca_id\":7,\"name_value\":\"{label}.{DOMAIN}\\n*.{DOMAIN}\"}}");
    let entries: Vec<String> = labels.iter().map(entry).collect();
    ("/".to_owned(), "application/json", format!("[{}]", entries.join(",")))
}

fn health() -> BTreeMap<&'static str, Leaf> {
    let told = "{\"status\":\"ok\",\"checks\":{\"database\":\"ok\",\"queue\":\"ok\"}}\n";
    BTreeMap::from([("/health", Leaf::new(200, "application/json", told))])
}

/// Headers of a well-kept site (OWASP Secure Headers).
fn headers() -> BTreeMap<&'static str, String> {
    let policy = format!(
        "default-src 'self'; script-src 'self' {INLINE}; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self' https://api.{DOMAIN}; object-src 'none'; base-uri 'self'; \
         form-action 'self' https://app.{DOMAIN}; frame-ancestors 'none'; upgrade-insecure-requests"
    );
    BTreeMap::from([
        ("content-security-policy", policy),
        ("cross-origin-opener-policy", "same-origin".to_owned()),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()".to_owned()),
        ("referrer-policy", "strict-origin-when-cross-origin".to_owned()),
        ("strict-transport-security", "max-age=31536000; includeSubDomains".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("x-frame-options", "DENY".to_owned()),
    ])
}
