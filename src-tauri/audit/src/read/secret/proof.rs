//! What a value itself must prove before it counts: a checksum, a role inside a token, or at least that it is no placeholder.

use super::checksum;
use super::guess;
pub(super) use super::guess::placeholder;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde::Deserialize;

/// What stands around a value.
pub(super) struct Around<'a> {
    /// The bytes before the match, as far as they are kept.
    pub before: &'a [u8],
    /// From the rule's word to the value: the rest of a name and an assignment.
    pub name: &'a [u8],
    /// What follows the value.
    pub after: &'a [u8],
}

/// What a value must prove.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// Nothing beyond its form.
    #[default]
    Form,
    /// The last six characters are the CRC-32 of those before them in base 62, as GitHub and npm build their tokens.
    Base62Checksum,
    /// A routable token of GitLab carries the length of its payload and a checksum.
    GitlabChecksum,
    /// An access key id of AWS names an account.
    AwsAccount,
    /// A JSON web token (RFC 7519): its first part is a JSON object with `alg`.
    Jwt,
    /// A Supabase token whose role is `anon`.
    JwtAnon,
    /// A Supabase token whose role is `service_role`.
    JwtService,
    /// Letters and digits mixed, as random text is and words are not.
    Mixed,
    /// The same, though its form holds a run of one letter, as templates do.
    Padded,
    /// Base64 of a JSON object.
    Base64Json,
    /// The value begins as a key in its container does: DER (RFC 5208, RFC 8017), OpenSSH, OpenPGP, or the header of an encrypted PEM (RFC 1421).
    Pem,
    /// A password as a person or a generator makes one, given to a name in quotes or in a file of settings.
    Password,
    /// A password as a person or a generator makes one, wherever it stands.
    Chosen,
    /// Drawn at random.
    Drawn,
    /// Drawn at random from more letters than a hash has.
    Lone,
    /// Drawn at random, given to a name in quotes or in a file of settings.
    Random,
    /// Made by a machine, and given to a name that tells a service and that what follows opens it.
    Service,
    /// A login whose password is no template's, on any machine.
    Login,
    /// An address with a password for a machine that is not the developer's own.
    RemoteLogin,
}

/// Whether the value (or its body, the part after the fixed word) proves what the rule asks.
pub(super) fn holds(proof: Proof, value: &[u8], body: &[u8], around: &Around<'_>) -> bool {
    match proof {
        Proof::Form => true,
        Proof::Base62Checksum => checksum::base62(body),
        Proof::GitlabChecksum => checksum::gitlab(value),
        Proof::AwsAccount => checksum::aws_account(value),
        Proof::Jwt => json(value, 0).is_some_and(|header| header.get("alg").is_some()),
        Proof::JwtAnon => role(value).as_deref() == Some("anon"),
        Proof::JwtService => role(value).as_deref() == Some("service_role"),
        Proof::RemoteLogin => remote_login(&String::from_utf8_lossy(body)),
        Proof::Base64Json => base64_json(body),
        Proof::Pem => super::pem::begins_a_key(value),
        Proof::Password => guess::password(value, around),
        Proof::Chosen => guess::chosen(value),
        Proof::Drawn => guess::drawn(value),
        Proof::Lone => guess::lone(value),
        Proof::Random => guess::random(value, around),
        Proof::Service => guess::of_service(value, around),
        Proof::Login => login(&String::from_utf8_lossy(body)).is_some(),
        Proof::Mixed | Proof::Padded => {
            body.iter().filter(|b| b.is_ascii_digit()).count() >= 2 && body.iter().any(u8::is_ascii_alphabetic)
        }
    }
}

fn base64_json(body: &[u8]) -> bool {
    let text: Vec<u8> = body.iter().copied().filter(|byte| *byte != b'=').collect();
    let decoded = STANDARD_NO_PAD.decode(&text).or_else(|_| URL_SAFE_NO_PAD.decode(&text));
    // What follows the object (a signature, say) does not matter.
    decoded.is_ok_and(|bytes| {
        serde_json::Deserializer::from_slice(&bytes)
            .into_iter::<serde_json::Map<_, _>>()
            .next()
            .is_some_and(|first| first.is_ok())
    })
}

/// `user:password@host`, where neither is a template's and the host is not the developer's own machine.
fn remote_login(address: &str) -> bool {
    // A host name of one word is a container's, reached from nowhere else.
    login(address).is_some_and(|host| host.contains('.') && !host.starts_with("127.") && !host.starts_with("0.0.0.0"))
}

/// The host of `user:password@host`, where the password is no template's.
fn login(address: &str) -> Option<&str> {
    const TEMPLATES: [&str; 22] = [
        "password",
        "pass",
        "passwd",
        "secret",
        "postgres",
        "root",
        "admin",
        "user",
        "test",
        "guest",
        "mysql",
        "redis",
        "token",
        "pwd",
        "username",
        "pw",
        "foo",
        "bar",
        "hunter2",
        "mypassword",
        "mysecretpassword",
        "x-oauth-basic",
    ];
    let (login, host) = address.rsplit_once('@')?;
    let (user, password) = login.trim_start_matches('/').split_once(':')?;
    let host = host.split([':', '/']).next().unwrap_or(host);
    let template = |text: &str| TEMPLATES.contains(&text.to_ascii_lowercase().as_str());
    let ours = ["example.com", "example.org", "example.net", "localhost", "domain.com", "host.com"];
    let made_up =
        ours.iter().any(|name| host == *name || host.ends_with(&format!(".{name}"))) || host.ends_with(".example");
    let real = password.len() >= 4
        && !template(password)
        && password != user
        && !password.contains(['$', '{', '<', '%', '*', '[']);
    (real && !made_up).then_some(host)
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
