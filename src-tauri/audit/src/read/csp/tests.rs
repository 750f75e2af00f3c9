//! Policies: read as browsers do, with the cases of Google's evaluator.

use super::{Hole, HoleKind, Policy, holes, policies, slips};

fn read(text: &str) -> Vec<Policy> {
    policies([text], [])
}

fn told(text: &str) -> Vec<(HoleKind, &'static str, Option<String>)> {
    holes(&read(text)).into_iter().map(|Hole { kind, directive, value, .. }| (kind, directive, value)).collect()
}

fn kinds(text: &str) -> Vec<HoleKind> {
    told(text).into_iter().map(|(kind, ..)| kind).collect()
}

#[test]
fn directives_are_read_once_in_lower_case() {
    let policy = &read(" Default-SRC 'self' ;; script-src a.example  b.example; script-src *; ;img-src")[0];
    assert_eq!(policy.values("script-src").unwrap(), ["a.example", "b.example"]);
    assert_eq!(policy.values("img-src").unwrap().len(), 0);
    assert_eq!(policy.repeated, ["script-src"]);
    assert_eq!(read("").len() + read(" ; ;").len() + read(",,").len(), 0);
    assert_eq!(read("default-src 'self', script-src 'none'").len(), 2);
}

#[test]
fn a_document_cannot_forbid_frames() {
    let found = policies([], ["frame-ancestors 'none'; default-src 'self'", "sandbox"]);
    assert_eq!((found.len(), found[0].values("frame-ancestors")), (1, None));
}

#[test]
fn holes_name_directive_and_value() {
    use HoleKind::{Anywhere, Base, Bypass, Eval, Handlers, Inline, Objects};
    for (text, kind, directive, value) in [
        ("default-src 'unsafe-inline'", Inline, "default-src", Some("'unsafe-inline'")),
        ("default-src 'self'; script-src 'self' 'Unsafe-Inline'", Inline, "script-src", Some("'unsafe-inline'")),
        ("default-src 'self'; script-src-attr 'unsafe-inline'", Inline, "script-src-attr", Some("'unsafe-inline'")),
        ("object-src 'none'", Inline, "script-src", None),
        ("default-src 'self'; script-src https:", Anywhere, "script-src", Some("https:")),
        ("default-src 'self'; script-src http://*", Anywhere, "script-src", Some("http://*")),
        ("default-src 'self'; script-src data:", Anywhere, "script-src", Some("data:")),
        ("default-src 'self'; object-src *", Objects, "object-src", Some("*")),
        ("script-src 'self'", Objects, "object-src", None),
        ("default-src 'self'; base-uri *; script-src 'nonce-abcdefgh'", Base, "base-uri", Some("*")),
        ("default-src 'self'; script-src 'nonce-abcdefgh'", Base, "base-uri", None),
        ("default-src 'self'; script-src 'self' 'unsafe-eval'", Eval, "script-src", Some("'unsafe-eval'")),
        ("default-src 'self'; script-src 'self' 'unsafe-hashes'", Handlers, "script-src", Some("'unsafe-hashes'")),
        ("default-src 'self' https://accounts.google.com", Bypass, "default-src", Some("https://accounts.google.com")),
    ] {
        assert_eq!(told(text), [(kind, directive, value.map(str::to_owned))], "{text}");
    }
}

#[test]
fn what_browsers_ignore_is_no_hole() {
    for text in [
        "default-src 'self'",
        "default-src 'none'",
        "default-src 'self'; script-src 'nonce-abcdefgh' 'unsafe-inline'; base-uri 'none'",
        "default-src 'self'; script-src 'sha256-abcd=' 'unsafe-inline'",
        "default-src 'self'; script-src 'nonce-abcdefgh' 'strict-dynamic' 'unsafe-inline' https: http: *; base-uri 'self'",
        "default-src 'self'; img-src *; style-src 'unsafe-inline'; connect-src https: data:",
        "default-src 'self' https://www.googletagmanager.com",
    ] {
        assert_eq!(told(text), [], "{text}");
    }
}

#[test]
fn malformed_nonces_and_hashes_hold_nothing_back() {
    for source in ["'nonce-'", "'nonce-a b'", "'nonce-ü'", "'sha256-'", "'sha1-abc='", "nonce-abcdefgh"] {
        let text = format!("default-src 'self'; script-src 'unsafe-inline' {source}");
        assert_eq!(kinds(&text), [HoleKind::Inline], "{text}");
    }
}

#[test]
fn policies_hold_together() {
    assert_eq!(kinds("script-src 'unsafe-inline'; object-src 'none', default-src 'self'"), []);
    assert_eq!(kinds("frame-ancestors 'none', default-src 'self' 'unsafe-inline'"), [HoleKind::Inline]);
    let found = policies(["frame-ancestors 'none'"], ["default-src 'self'"]);
    assert_eq!(holes(&found), []);
    assert_eq!(holes(&[]), []);
}

#[test]
fn slips_name_what_does_nothing() {
    for (text, says) in [
        ("script-scr 'self'", "not a directive"),
        ("script-src: 'self'", "colon"),
        ("default-src 'self' script-src 'self'", "semicolon"),
        ("script-src self", "without quotes"),
        ("script-src nonce-abcdefgh", "without quotes"),
        ("script-src 'unsafe-inlin'", "no browser understands"),
        ("script-src 'sha256-a b'", "no browser understands"),
        ("script-src 'nonce-a$bcdefgh'", "not base64"),
        ("script-src 'nonce-abc'", "guessed"),
        ("script-src 'self' 'none'", "'none' beside"),
        ("script-src http://cdn.example.com", "without encryption"),
        ("script-src 203.0.113.7:8080", "bare address"),
        ("script-src https://[2001:db8::1]/", "bare address"),
        ("referrer no-referrer", "Referrer-Policy"),
        ("img-src a; img-src b", "twice"),
        ("report-uri http://x.example/", "without encryption"),
    ] {
        let found = slips(&read(text)[0]);
        assert!(found.iter().any(|slip| slip.says.contains(says)), "{text}: {found:?}");
    }
    let good = "default-src 'self' *.example.com:443 wss: blob:; script-src 'nonce-b7Qw3k+/==' 'strict-dynamic' 'report-sample'; \
                require-trusted-types-for 'script'; trusted-types a 'allow-duplicates'; sandbox allow-scripts; report-to csp; report-uri https://x.example/";
    assert_eq!(slips(&read(good)[0]), []);
}

#[test]
fn hostile_policies_are_read_in_bounds() {
    let many: String = (0..50_000).map(|n| format!("d{n} a;")).collect();
    assert_eq!(read(&many)[0].directives.len(), 100);
    assert_eq!(read(&format!("script-src {}", "a.example ".repeat(50_000)))[0].directives[0].1.len(), 500);
    assert_eq!(read(&"default-src 'self',".repeat(50_000)).len(), 20);
    assert_eq!(read("\u{0}\u{202e}é 'nonce-é'")[0].directives.len(), 1);
}
