//! Faults on the way of a visitor: accounts that cannot be opened, logins that lead nowhere, orders that are never paid.

use std::time::Duration;

use super::Fault;
use crate::members::HOST;
use crate::site::{At, Quirk};
use crate::visits::Mail;

const SIGNUP: &[&str] = &["journey.signup"];
const LOGIN: &[&str] = &["journey.login"];
const RESET: &[&str] = &["journey.reset"];
const CHECKOUT: &[&str] = &["journey.checkout"];
const CORE: &[&str] = &["journey.core"];
/// Whatever begins with a login.
const ENTERED: &[&str] = &["journey.checkout", "journey.core", "journey.login"];
/// Whatever needs a session.
const SESSIONS: &[&str] = &["journey.checkout", "journey.core", "journey.login", "journey.signup"];
/// Whatever sends a form.
const FORMS: &[&str] = &["journey.checkout", "journey.core", "journey.login", "journey.reset", "journey.signup"];

pub(super) const ROWS: [Fault; 20] = [
    Fault::found("journey-login-broken", "sending the login ends in an error of the server", ENTERED, |world| {
        world.members.visits.broken = &["/enter"]
    })
    .telling("status 500"),
    Fault::found("journey-forms-unmarked", "forms lost their token against forged requests", FORMS, |world| {
        world.members.visits.unmarked = true
    })
    .telling("hidden field csrf"),
    Fault::found(
        "journey-circle",
        "the boards send to the login, and the login back to the boards",
        SESSIONS,
        |world| world.members.visits.circle = true,
    )
    .telling("round in a circle"),
    Fault::found("journey-login-forgets", "who signs in or up is given no session", SESSIONS, |world| {
        world.members.visits.forgets = true
    }),
    Fault::found("journey-session-stays", "signing out leaves the session open", LOGIN, |world| {
        world.members.visits.stays = true
    })
    .telling("Open the boards again"),
    Fault::found("journey-join-broken", "opening an account ends in an error of the server", SIGNUP, |world| {
        world.members.visits.broken = &["/join"]
    }),
    Fault::found("journey-join-refused", "nobody new is taken", SIGNUP, |world| world.members.visits.full = true)
        .telling("status 422"),
    Fault::found("journey-join-slow", "opening an account takes two seconds", SIGNUP, |world| {
        let slow = Quirk::Slow { each: 2, takes: Duration::from_millis(2_000) };
        world.site(HOST).quirks.push((At::Path("/join"), slow));
    })
    .telling("1.5 s was allowed"),
    Fault::found("journey-reset-broken", "asking for a new password ends in an error of the server", RESET, |world| {
        world.members.visits.broken = &["/forgot"]
    }),
    Fault::found(
        "journey-reset-denied",
        "whoever forgot the password is told that there is no account",
        RESET,
        |world| world.members.visits.denies = true,
    )
    .telling("A link is on its way"),
    Fault::found("journey-reset-unsent", "the mail with the link to a new password is never sent", RESET, |world| {
        world.members.visits.mail = Mail::Forgotten
    })
    .telling("did not come within"),
    Fault::found("journey-reset-linkless", "the mail to a new password lacks the link", RESET, |world| {
        world.members.visits.mail = Mail::Bare
    })
    .telling("link with /reset/"),
    Fault::found("journey-reset-stale", "the link to a new password is never good", RESET, |world| {
        world.members.visits.mail = Mail::Stale
    })
    .telling("status 410"),
    Fault::found("journey-order-broken", "ordering ends in an error of the server", CHECKOUT, |world| {
        world.members.visits.broken = &["/v1/orders"]
    }),
    Fault::found("journey-order-unpaid", "orders are taken and never paid", CHECKOUT, |world| {
        world.members.visits.unpaid = true
    })
    .telling("/state"),
    Fault::found("journey-report-trusted", "a payment is believed without a signature", CORE, |world| {
        world.members.visits.trusts = true
    })
    .telling("took what it must refuse"),
    Fault::found("journey-board-unnumbered", "a board that was made cannot be found again", CORE, |world| {
        world.members.visits.unnumbered = true
    })
    .telling("JSON field /id"),
    Fault::trap("journey-login-moved", "the login has moved, and sends on whoever comes", |world| {
        world.members.visits.moved = true
    }),
    Fault::passing("journey-challenged", "a bot challenge stands before the login", &[ENTERED], |world| {
        world.site(HOST).quirks.push((At::Path("/enter"), Quirk::Challenge))
    })
    .telling("bot challenge"),
    Fault::passing("journey-order-silent", "ordering is never answered", &[CHECKOUT], |world| {
        world.site(HOST).quirks.push((At::Path("/v1/orders"), Quirk::Hang))
    }),
];
