//! What a value itself must prove before it counts: a checksum, a role inside a token, or at least that it is no placeholder.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// What a value must prove.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// Nothing beyond its form.
    #[default]
    Form,
    /// The last six characters are the CRC-32 of the thirty before them in base 62, as GitHub builds its tokens.
    GithubChecksum,
    /// A JSON web token (RFC 7519): its first part is a JSON object with `alg`.
    Jwt,
    /// A Supabase token whose role is `anon`.
    JwtAnon,
    /// A Supabase token whose role is `service_role`.
    JwtService,
    /// Letters and digits mixed, as random text is and words are not.
    Mixed,
    /// An address with a password for a machine that is not the developer's own.
    RemoteLogin,
}

/// Whether the value (or its body, the part after the fixed word) proves what the rule asks.
pub(super) fn holds(proof: Proof, value: &[u8], body: &[u8]) -> bool {
    match proof {
        Proof::Form => true,
        Proof::GithubChecksum => github_checksum(body),
        Proof::Jwt => json(value, 0).is_some_and(|header| header.get("alg").is_some()),
        Proof::JwtAnon => role(value).as_deref() == Some("anon"),
        Proof::JwtService => role(value).as_deref() == Some("service_role"),
        Proof::RemoteLogin => remote_login(&String::from_utf8_lossy(body)),
        Proof::Mixed => {
            body.iter().filter(|b| b.is_ascii_digit()).count() >= 2 && body.iter().any(u8::is_ascii_alphabetic)
        }
    }
}

/// Whether a value is what documentation and templates put in the place of a key.
pub(super) fn placeholder(body: &[u8]) -> bool {
    const WORDS: [&str; 15] = [
        "example",
        "placeholder",
        "changeme",
        "change_me",
        "redacted",
        "dummy",
        "your_",
        "your-",
        "yourkey",
        "insert",
        "xxxx",
        "****",
        "....",
        "todo",
        "abcdefghij",
    ];
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    let mut seen = [false; 256];
    body.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    let distinct = seen.iter().filter(|there| **there).count();
    WORDS.iter().any(|word| text.contains(word)) || (body.len() >= 12 && distinct < 6)
}

fn github_checksum(body: &[u8]) -> bool {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let Some((random, check)) = body.len().checked_sub(6).map(|at| body.split_at(at)) else { return false };
    let mut rest = crc32fast::hash(random);
    let mut digits = [DIGITS[0]; 6];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(rest % 62) as usize];
        rest /= 62;
    }
    check == digits
}

/// `user:password@host`, where neither is a template's and the host is not the developer's own machine.
fn remote_login(address: &str) -> bool {
    const TEMPLATES: [&str; 12] = [
        "password", "pass", "passwd", "secret", "postgres", "root", "admin", "user", "test", "guest", "mysql", "redis",
    ];
    let Some(((_, password), host)) =
        address.split_once('@').and_then(|(login, host)| Some((login.split_once(':')?, host)))
    else {
        return false;
    };
    let template = TEMPLATES.contains(&password.to_ascii_lowercase().as_str()) || password.contains(['$', '{', '<']);
    // A host name of one word is a container's, reached from nowhere else.
    let here = !host.contains('.') || host.starts_with("127.") || host.starts_with("0.0.0.0");
    !template && !here
}

/// Part `index` of a token, decoded.
fn json(token: &[u8], index: usize) -> Option<serde_json::Value> {
    let part = token.split(|byte| *byte == b'.').nth(index)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// The role of a Supabase token.
fn role(token: &[u8]) -> Option<String> {
    let claims = json(token, 1)?;
    let issuer = claims.get("iss")?.as_str()?;
    (issuer == "supabase" || issuer.contains("supabase")).then_some(())?;
    claims.get("role")?.as_str().map(str::to_owned)
}
