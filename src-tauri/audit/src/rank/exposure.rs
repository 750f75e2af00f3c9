//! Who meets what is wrong, and whether it stands where people sign up or pay.

use crate::audit::Exposure;
use crate::check::{Finding, Grade};
use crate::roadmap::Roadmap;

/// First labels of hosts that are not meant for customers.
const TRIAL_HOSTS: [&str; 11] =
    ["beta", "demo", "dev", "development", "preview", "qa", "sandbox", "stage", "staging", "test", "uat"];
/// Words in a path by which people sign up.
const SIGN_UP: [&str; 6] = ["join", "onboarding", "register", "registration", "signup", "sign-up"];
/// Words in a path by which people pay.
const PAY: [&str; 7] = ["billing", "checkout", "pay", "payment", "payments", "subscribe", "upgrade"];

/// A place that every customer has to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    /// Opening an account.
    SignUp,
    /// Paying.
    Payment,
}

impl Gate {
    /// How much this business minds when it is shut; 1.0 is neutral.
    pub(super) fn weight(self, roadmap: &Roadmap) -> f64 {
        match self {
            Self::SignUp => roadmap.weights.signup,
            Self::Payment => roadmap.weights.payment,
        }
    }

    pub(super) fn says(self) -> &'static str {
        match self {
            Self::SignUp => "It stands where people sign up.",
            Self::Payment => "It stands where people pay.",
        }
    }
}

/// The gate at which a finding stands: by its check, or by the path that it is about.
pub(super) fn gate(check: &str, subject: &str) -> Option<Gate> {
    match check {
        "journey.signup" | "auth.callback" => return Some(Gate::SignUp),
        "journey.checkout" => return Some(Gate::Payment),
        _ => {}
    }
    let path = subject.split_once("://")?.1.split_once('/')?.1;
    let path = path.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let named = |words: &[&str]| path.split(['/', '.']).any(|part| words.contains(&part));
    if named(&PAY) {
        Some(Gate::Payment)
    } else if named(&SIGN_UP) {
        Some(Gate::SignUp)
    } else {
        None
    }
}

/// Who meets a finding.
pub(super) fn of(check: &str, finding: &Finding) -> Exposure {
    match by_check(check, finding.grade) {
        // Nobody but the team opens a trial copy; who attacks it does not mind what it is called.
        Exposure::Visitors | Exposure::Customers if on_trial(&finding.subject) => Exposure::Team,
        other => other,
    }
}

fn by_check(check: &str, grade: Grade) -> Exposure {
    match check {
        // A broken chain of signatures shuts everybody out; a missing one only lets others forge answers.
        "dns.dnssec" if grade == Grade::Fail => Exposure::Visitors,
        "dns.caa"
        | "dns.dangling"
        | "dns.dnssec"
        | "tls.protocols"
        | "edge.proxy"
        | "http.cookies"
        | "http.cors"
        | "http.exposed_files"
        | "http.preview_hosts"
        | "http.rate_limit"
        | "http.security_headers"
        | "mail.transport" => Exposure::Attackers,
        "dns.expected" | "edge.cloudflare" | "edge.providers" | "env.inventory" | "http.health" | "http.request_id"
        | "logs.coverage" | "logs.request_ids" => Exposure::Team,
        "auth.callback" | "http.pagination" | "http.private_cache" => Exposure::Customers,
        "journey.signup" | "journey.demo_data" => Exposure::Visitors,
        _ => match check.split('.').next().unwrap_or_default() {
            "ai" | "auth" | "bundle" | "logs" | "secrets" => Exposure::Attackers,
            "code" | "db" | "env" | "jobs" | "journey" => Exposure::Customers,
            "deploy" | "handover" | "monitor" => Exposure::Team,
            "mail" => Exposure::Recipients,
            _ => Exposure::Visitors,
        },
    }
}

fn on_trial(subject: &str) -> bool {
    let host = subject.split_once("://").map_or(subject, |(_, rest)| rest);
    host.split_once('.').is_some_and(|(label, _)| TRIAL_HOSTS.contains(&label.to_ascii_lowercase().as_str()))
}

pub(super) fn says(exposure: Exposure) -> &'static str {
    match exposure {
        Exposure::Visitors => "Every visitor can meet it.",
        Exposure::Recipients => "Everybody whom you write to can meet it.",
        Exposure::Customers => "Customers meet it while they work.",
        Exposure::Attackers => "Somebody who looks for weak places finds it.",
        Exposure::Team => "Only your own people meet it.",
    }
}
