//! The rules of http.cookies for one cookie; those that look like a session are judged harder.

use super::Seen;
use crate::Case;
use crate::check::{Finding, Fix, Grade, Severity};
use crate::read::cookie::SameSite;

/// Parts of names that sessions and tokens usually have.
const SESSION: [&str; 9] = ["sess", "sid", "auth", "token", "jwt", "login", "remember", "identity", "passport"];
/// Parts of names whose cookies scripts must be able to read, or that hold nothing of worth.
const OTHER: [&str; 8] = ["csrf", "xsrf", "inside", "consent", "affinity", "_ga", "resid", "side"];

/// Whether the name is one of a session.
fn session(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let platform = ["connect.sid", "phpsessid", "jsessionid", "asp.net_sessionid", "sb-"];
    let other = OTHER.iter().any(|part| name.contains(part));
    platform.iter().any(|start| name.starts_with(start)) || !other && SESSION.iter().any(|part| name.contains(part))
}

pub(super) fn broken(case: &Case<'_>, seen: &Seen) -> Vec<Finding> {
    let (cookie, name) = (&seen.cookie, &seen.cookie.name);
    let session = session(name);
    let kind = if session { "session cookie" } else { "cookie" };
    let harder = |soft, hard| if session { hard } else { soft };
    let mut found = Vec::new();
    let mut tell = |(grade, severity), says: String| found.push(finding(seen, session, grade, severity, says));
    if let Some(why) = cookie.broken_prefix() {
        let says = format!("Browsers refuse the {kind} {name}: {why}.");
        tell(harder((Grade::Warn, Severity::Medium), (Grade::Fail, Severity::High)), says);
        return found;
    }
    if !cookie.fits(&seen.host) {
        let domain = cookie.domain().unwrap_or_default();
        tell(
            (Grade::Warn, Severity::Low),
            format!("Browsers drop the {kind} {name}: {} may not set it for {domain}.", seen.host),
        );
        return found;
    }
    let same_site = cookie.same_site();
    if !cookie.secure() && same_site == SameSite::None {
        let says = format!("Browsers refuse the {kind} {name}: SameSite=None needs Secure beside it.");
        tell(harder((Grade::Warn, Severity::Medium), (Grade::Fail, Severity::High)), says);
    } else if !cookie.secure() {
        let how = if seen.secure { "" } else { ", and it was set without encryption" };
        let says = format!(
            "The {kind} {name} is also sent without encryption{how}, where anybody on the same network can read it."
        );
        tell(harder((Grade::Warn, Severity::Low), (Grade::Fail, Severity::High)), says);
    }
    if session && !cookie.http_only() {
        let says =
            format!("Scripts can read the session cookie {name}, so one injected script takes over the account.");
        tell((Grade::Fail, Severity::High), says);
    }
    match same_site {
        SameSite::Unknown(word) => {
            tell(
                (Grade::Warn, Severity::Low),
                format!("The {kind} {name} has SameSite={word}, a word that browsers do not know."),
            );
        }
        SameSite::Missing if session => {
            let says = format!(
                "The session cookie {name} does not say whether other sites' requests may carry it (SameSite); browsers differ."
            );
            tell((Grade::Warn, Severity::Low), says);
        }
        SameSite::None if session && cookie.secure() && !cookie.partitioned() => {
            let says = format!(
                "The session cookie {name} goes along with every request that other sites cause (SameSite=None)."
            );
            tell((Grade::Warn, Severity::Low), says);
        }
        _ => {}
    }
    if let Some(domain) = cookie.domain().filter(|domain| session && (*domain != seen.host || domain == case.apex())) {
        let says = format!(
            "The session cookie {name} is sent to every host below {domain}, also to those that others run for you."
        );
        tell((Grade::Warn, Severity::Low), says);
    }
    found
}

fn finding(seen: &Seen, session: bool, grade: Grade, severity: Severity, says: String) -> Finding {
    let name = &seen.cookie.name;
    let bare = name.trim_start_matches("__Host-").trim_start_matches("__Secure-");
    // A cookie that another host needs keeps its domain; what is pasted suits a session of one host.
    let paste = if session {
        format!("Set-Cookie: __Host-{bare}=<value>; Path=/; Secure; HttpOnly; SameSite=Lax")
    } else {
        format!("Set-Cookie: {bare}=<value>; Path={}; Secure; SameSite=Lax", seen.cookie.path().unwrap_or("/"))
    };
    Finding {
        subject: format!("{name} of {}", seen.host),
        grade,
        severity,
        says,
        evidence: vec![format!("{} → set-cookie: {}", seen.url, seen.line)],
        fix: Fix {
            says: "Set the cookie like this where the application makes it; the name with __Host- makes browsers hold it to one host. Express: res.cookie(name, value, { secure: true, httpOnly: true, sameSite: 'lax' }). Django: SESSION_COOKIE_SECURE = True. Rails: cookies with secure: true, httponly: true, same_site: :lax.".to_owned(),
            paste: Some(paste),
            minutes: 20,
            after: vec!["http.https_only".to_owned()],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::session;

    #[test]
    fn names_of_sessions_are_told_apart() {
        for name in [
            "sid",
            "sessionid",
            "PHPSESSID",
            "connect.sid",
            "__Host-session",
            "auth_token",
            "next-auth.session-token",
            "sb-abc",
        ] {
            assert!(session(name), "{name}");
        }
        for name in ["_ga", "theme", "XSRF-TOKEN", "csrftoken", "sidebar_open", "cookie_consent", "lang", "residence"] {
            assert!(!session(name), "{name}");
        }
    }
}
