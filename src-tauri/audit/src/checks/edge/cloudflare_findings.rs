//! The words of edge.cloudflare: what each setting means, and where it is changed.

use crate::Case;
use crate::check::{Finding, Fix, Grade, Severity};

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Paused,
    NoEncryption,
    Flexible,
    Unchecked,
    PlainServed,
    PlainLeft,
    PlainDespite,
    OldTls,
    OldTlsDespite,
    NoHsts,
    NoRewrites,
    Development,
    NoFirewall,
    NoRateLimit,
    NoBots,
    PrivateCached,
    Unproxied,
    WideToken,
}

pub(super) fn finding(case: &Case<'_>, kind: Kind, saw: String) -> Finding {
    use Grade::{Fail, Warn};
    use Severity::{Critical, High, Low, Medium};
    let (grade, severity, says, fix, paste) = match kind {
        Kind::Paused => (
            Fail,
            High,
            "Cloudflare is paused for the whole domain, so nothing of it protects the site.",
            "Resume Cloudflare for the domain.",
            "Overview → Advanced Actions → Enable Cloudflare on Site",
        ),
        Kind::NoEncryption => (
            Fail,
            Critical,
            "Cloudflare's encryption mode is off: visitors cannot use HTTPS at all.",
            "Set the encryption mode to Full (strict).",
            "SSL/TLS → Overview → Full (strict)",
        ),
        Kind::Flexible => (
            Fail,
            High,
            "Cloudflare talks to your server without encryption, so customers' data crosses the internet in the open behind the padlock.",
            "Put a certificate on the server (Cloudflare's origin certificates are free), then set the encryption mode to Full (strict).",
            "SSL/TLS → Origin Server → Create Certificate\nSSL/TLS → Overview → Full (strict)",
        ),
        Kind::Unchecked => (
            Warn,
            Medium,
            "Cloudflare accepts any certificate from your server, so somebody on the way could pose as it.",
            "Put a valid or a Cloudflare origin certificate on the server, then set the encryption mode to Full (strict).",
            "SSL/TLS → Overview → Full (strict)",
        ),
        Kind::PlainServed => (
            Fail,
            High,
            "Always Use HTTPS is off, and the site is served without encryption to whoever types its name.",
            "Switch Always Use HTTPS on.",
            "SSL/TLS → Edge Certificates → Always Use HTTPS: On",
        ),
        Kind::PlainLeft => (
            Warn,
            Low,
            "Always Use HTTPS is off at Cloudflare; only your server sends visitors on to HTTPS.",
            "Switch Always Use HTTPS on, so that no path is forgotten.",
            "SSL/TLS → Edge Certificates → Always Use HTTPS: On",
        ),
        Kind::PlainDespite => (
            Fail,
            High,
            "Always Use HTTPS is on, and yet the site is served without encryption: some rule undoes it, or the name goes round Cloudflare.",
            "Look for a configuration or page rule that switches it off, and for unproxied records.",
            "Rules → Configuration Rules\nDNS → Records: proxied",
        ),
        Kind::OldTls => (
            Warn,
            Medium,
            "Cloudflare accepts TLS versions from before 2008; security reviews of your customers fail on them.",
            "Raise the minimum TLS version to 1.2.",
            "SSL/TLS → Edge Certificates → Minimum TLS Version: TLS 1.2",
        ),
        Kind::OldTlsDespite => (
            Warn,
            Medium,
            "The minimum TLS version is set to 1.2, and yet the edge accepts older ones.",
            "Look for a setting of this host name alone, or a record that goes round Cloudflare.",
            "SSL/TLS → Edge Certificates → Minimum TLS Version: TLS 1.2",
        ),
        Kind::NoHsts => (
            Warn,
            Low,
            "HSTS is off at Cloudflare and the site sends no such header, so a first visit can be diverted.",
            "Switch HSTS on at Cloudflare or send the header yourself.",
            "SSL/TLS → Edge Certificates → HTTP Strict Transport Security (HSTS): max-age 12 months",
        ),
        Kind::NoRewrites => (
            Warn,
            Low,
            "Automatic HTTPS Rewrites is off, so old links in pages may load without encryption.",
            "Switch Automatic HTTPS Rewrites on.",
            "SSL/TLS → Edge Certificates → Automatic HTTPS Rewrites: On",
        ),
        Kind::Development => (
            Warn,
            Medium,
            "Development mode is on: nothing is served from Cloudflare's copies, so a busy day hits your server in full.",
            "Switch development mode off.",
            "Caching → Configuration → Development Mode: Off",
        ),
        Kind::NoFirewall => (
            Warn,
            Medium,
            "No managed firewall rules are in force, so known attacks reach your server.",
            "Deploy Cloudflare's managed ruleset; the free one is there on every plan.",
            "Security → WAF → Managed rules → Deploy",
        ),
        Kind::NoRateLimit => (
            Warn,
            Low,
            "No rate limit is in force, so passwords can be tried as fast as your server answers.",
            "Add a rate limiting rule for the login; one is free on every plan.",
            "Security → WAF → Rate limiting rules → (http.request.uri.path contains \"/login\"), 10 requests in 10 seconds, block",
        ),
        Kind::NoBots => (
            Warn,
            Low,
            "Bots are not fought, so scrapers and password lists come through freely.",
            "Switch Bot Fight Mode on, then look whether your own monitors still pass.",
            "Security → Bots → Bot Fight Mode: On",
        ),
        Kind::PrivateCached => (
            Fail,
            Critical,
            "A cache rule keeps answers of private paths, so one customer can be shown the page of another.",
            "Leave private paths out of the cache rule.",
            "Caching → Cache Rules → edit the rule: Bypass cache",
        ),
        Kind::Unproxied => (
            Fail,
            High,
            "A record of the site is not proxied, so visitors and attackers reach your server's address directly.",
            "Switch the record to proxied.",
            "DNS → Records → Proxy status: Proxied",
        ),
        Kind::WideToken => (
            Warn,
            Medium,
            "The token that was given can change things; for this audit reading is enough.",
            "Make a token with the template \"Read all resources\", enter it in place of this one, and delete this one.",
            "My Profile → API Tokens → Create Token → Read all resources",
        ),
    };
    let fix = Fix { says: fix.to_owned(), paste: Some(paste.to_owned()), minutes: 10, after: vec![] };
    Finding { subject: case.apex().to_owned(), grade, severity, says: says.to_owned(), evidence: vec![saw], fix }
}
