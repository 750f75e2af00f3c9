//! Faults of the signed-in area: doors that stand open, answers that caches keep, lists without an end.

use super::{Fault, blind};
use crate::members::{HOST, Keeps, Limit, List, Members};
use crate::site::{At, Quirk};
use crate::world::DOMAIN;

const ANONYMOUS: &[&str] = &["auth.anonymous"];
const ROLES: &[&str] = &["auth.roles"];
const COPIES: &[&str] = &["http.private_cache"];
const LISTS: &[&str] = &["http.pagination"];
const BACK: &[&str] = &["auth.callback"];
const TRIES: &[&str] = &["http.rate_limit"];
const BOTH: &[&str] = &["auth.anonymous", "auth.roles"];

pub(super) const ROWS: [Fault; 33] = [
    Fault::found("open-board", "the page of a studio's boards is shown to strangers", ANONYMOUS, |world| {
        world.members.open = &["/boards"]
    }),
    Fault::found("open-account", "the interface tells strangers of a customer's account", ANONYMOUS, |world| {
        world.members.open = &["/v1/account"]
    }),
    Fault::found("open-list", "the interface gives strangers a customer's list", ANONYMOUS, |world| {
        world.members.open = &["/v1/boards"]
    }),
    Fault::found("open-admin", "the administrators' interface answers strangers", BOTH, |world| {
        world.members.open = &["/v1/admin/members"]
    }),
    Fault::found("ajar-page", "the administrators' page is shown to everybody who works there", ROLES, |world| {
        world.members.ajar = &["/admin"]
    }),
    Fault::found("ajar-interface", "the administrators' interface answers everybody who works there", ROLES, |world| {
        world.members.ajar = &["/v1/admin/members"]
    }),
    Fault::found("ajar-both", "nothing of the administrators' corner asks for the role", ROLES, |world| {
        world.members.ajar = &["/admin", "/v1/admin/members"]
    }),
    Fault::found("private-kept", "the delivery network keeps signed-in answers and hands them on", COPIES, |world| {
        world.members.keeps = Some(Keeps::Told);
        world.members.cache = Some("public, max-age=600");
    }),
    Fault::found("private-kept-unsaid", "a cache keeps signed-in answers against their headers", COPIES, |world| {
        world.members.keeps = Some(Keeps::Silent)
    }),
    Fault::found("private-storable", "headers allow every cache to keep signed-in answers", COPIES, |world| {
        world.members.cache = Some("public, max-age=600")
    }),
    Fault::found("private-unmarked", "nothing marks signed-in answers as private", COPIES, |world| {
        world.members.cache = None
    }),
    Fault::found("cookie-kept", "the front page sets a cookie and lets caches keep it", COPIES, |world| {
        let site = world.site(DOMAIN);
        site.kept_page = Some("public, max-age=600");
        site.cookies.push("__Host-visit=q7Zr; Path=/; Secure; HttpOnly; SameSite=Lax".to_owned());
    }),
    Fault::found("list-whole", "the list of boards comes as a whole", LISTS, |world| {
        world.members.list = List { usual: 2_400, most: 2_400, next: false }
    }),
    Fault::found("list-obeys", "the list of boards gives as many entries as anybody asks for", LISTS, |world| {
        world.members.list.most = usize::MAX
    }),
    Fault::found("list-unmarked", "the list of boards is long and tells of no further page", LISTS, |world| {
        world.members.list = List { usual: 300, most: 300, next: false }
    }),
    Fault::trap("list-stops", "the list of boards refuses to give more than its page", |world| {
        world.members.list.most = 50
    }),
    Fault::trap("private-for-browsers", "signed-in answers may be kept by the visitor's own browser", |world| {
        world.members.cache = Some("private, max-age=60")
    }),
    Fault::found("back-to-localhost", "the other login sends people to the developer's own machine", BACK, |world| {
        world.members.back = "http://localhost:3000/auth/callback".to_owned()
    }),
    Fault::found("back-to-staging", "the other login sends people to the trial copy", BACK, |world| {
        world.members.back = "https://staging.juniperdesk.example/auth/callback".to_owned()
    }),
    Fault::found("back-unencrypted", "the other login sends people back unencrypted", BACK, |world| {
        world.members.back = format!("http://{HOST}/auth/callback")
    }),
    Fault::found(
        "back-to-www",
        "the other login sends people back to the form that is not the main one",
        BACK,
        |world| world.members.back = "https://www.juniperdesk.example/auth/callback".to_owned(),
    ),
    Fault::found("issuer-differs", "the login's description gives another name for itself", BACK, |world| {
        world.members.issuer = format!("https://{DOMAIN}")
    }),
    Fault::found("token-at-localhost", "the login's description names the developer's own machine", BACK, |world| {
        world.members.token_at = "http://localhost:8080/oauth/token".to_owned()
    }),
    Fault::found("login-unlimited", "passwords can be tried without end", TRIES, |world| {
        world.members.login = Limit::Never
    }),
    Fault::found("reset-unlimited", "mail for a new password can be asked for without end", TRIES, |world| {
        world.members.reset = Limit::Never
    }),
    Fault::found("contact-unlimited", "the contact form can be sent without end", TRIES, |world| {
        world.members.contact = Limit::Never
    }),
    Fault::trap("limits-of-other-kinds", "forms slow tries down by a challenge, a lock and a curt refusal", |world| {
        let Members { login, reset, contact, .. } = &mut world.members;
        (*login, *reset, *contact) = (Limit::Locked, Limit::Curt, Limit::Challenge);
    }),
    Fault::trap("login-elsewhere", "the log-in form hands over to another company", |world| {
        world.members.login = Limit::Elsewhere
    }),
    Fault::passing(
        "login-unavailable",
        "the log-in form says that it is not available after some tries",
        &[TRIES],
        |world| world.members.login = Limit::Unavailable,
    ),
    Fault::passing("login-marked", "the log-in form takes nothing from programs", &[TRIES], |world| {
        world.members.login = Limit::Marked
    }),
    Fault::passing("desk-hang", "the signed-in area never answers", &[blind::SIGNED_IN], |world| {
        world.site(HOST).quirks.push((At::Everything, Quirk::Hang))
    }),
    Fault::passing("desk-429", "the signed-in area limits how often it may be asked", &[blind::SIGNED_IN], |world| {
        world.site(HOST).quirks.push((At::Everything, Quirk::Status(429)))
    }),
    Fault::passing("desk-reset", "the signed-in area resets every connection", &[blind::SIGNED_IN], |world| {
        world.site(HOST).quirks.push((At::Everything, Quirk::Reset))
    }),
];
