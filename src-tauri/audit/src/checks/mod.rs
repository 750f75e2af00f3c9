//! The index of checks, by id. `UPDATE=1 cargo test -p audit index` rewrites the list between the marks from the files.

use crate::check::Check;

// index:begin
/// auth.
pub mod auth {
    /// auth.anonymous.
    pub mod anonymous;
    /// auth.callback.
    pub mod callback;
    /// auth.roles.
    pub mod roles;
}
/// bundle.
pub mod bundle {
    /// bundle.debug.
    pub mod debug;
    /// bundle.secrets.
    pub mod secrets;
    /// bundle.source_maps.
    pub mod source_maps;
}
/// code.
pub mod code {
    /// code.timeouts.
    pub mod timeouts;
}
/// db.
pub mod db {
    /// db.missing_indexes.
    pub mod missing_indexes;
    /// db.n_plus_one.
    pub mod n_plus_one;
    /// db.slow_queries.
    pub mod slow_queries;
    /// db.table_scans.
    pub mod table_scans;
}
/// deploy.
pub mod deploy {
    /// deploy.environments.
    pub mod environments;
    /// deploy.migrations.
    pub mod migrations;
    /// deploy.release_drill.
    pub mod release_drill;
    /// deploy.release_path.
    pub mod release_path;
    /// deploy.rollback_drill.
    pub mod rollback_drill;
    /// deploy.rollback_path.
    pub mod rollback_path;
}
/// dns.
pub mod dns {
    /// dns.apex.
    pub mod apex;
    /// dns.caa.
    pub mod caa;
    /// dns.dangling.
    pub mod dangling;
    /// dns.dnssec.
    pub mod dnssec;
    /// dns.expected.
    pub mod expected;
    /// dns.nameservers.
    pub mod nameservers;
    /// dns.propagation.
    pub mod propagation;
    /// dns.records.
    pub mod records;
    /// dns.subdomains.
    pub mod subdomains;
    /// dns.www.
    pub mod www;
}
/// domain.
pub mod domain {
    /// domain.registration.
    pub mod registration;
}
/// edge.
pub mod edge {
    /// edge.cache.
    pub mod cache;
    /// edge.cloudflare.
    pub mod cloudflare;
    /// edge.hosting.
    pub mod hosting;
    /// edge.providers.
    pub mod providers;
    /// edge.proxy.
    pub mod proxy;
}
/// env.
pub mod env {
    /// env.inventory.
    pub mod inventory;
    /// env.missing.
    pub mod missing;
}
/// handover.
pub mod handover {
    /// handover.access.
    pub mod access;
    /// handover.complete.
    pub mod complete;
    /// handover.links.
    pub mod links;
    /// handover.owners.
    pub mod owners;
    /// handover.sign_off.
    pub mod sign_off;
}
/// http.
pub mod http {
    /// http.caching.
    pub mod caching;
    /// http.canonical.
    pub mod canonical;
    /// http.compression.
    pub mod compression;
    /// http.cookies.
    pub mod cookies;
    /// http.cors.
    pub mod cors;
    /// http.dead_links.
    pub mod dead_links;
    /// http.error_pages.
    pub mod error_pages;
    /// http.exposed_files.
    pub mod exposed_files;
    /// http.health.
    pub mod health;
    /// http.https_only.
    pub mod https_only;
    /// http.images.
    pub mod images;
    /// http.mixed_content.
    pub mod mixed_content;
    /// http.pagination.
    pub mod pagination;
    /// http.payload_size.
    pub mod payload_size;
    /// http.preview_hosts.
    pub mod preview_hosts;
    /// http.private_cache.
    pub mod private_cache;
    /// http.rate_limit.
    pub mod rate_limit;
    /// http.redirects.
    pub mod redirects;
    /// http.request_id.
    pub mod request_id;
    /// http.security_headers.
    pub mod security_headers;
    /// http.third_party.
    pub mod third_party;
}
/// jobs.
pub mod jobs {
    /// jobs.background.
    pub mod background;
    /// jobs.idempotent.
    pub mod idempotent;
}
/// journey.
pub mod journey {
    /// journey.checkout.
    pub mod checkout;
    /// journey.core.
    pub mod core;
    /// journey.degraded.
    pub mod degraded;
    /// journey.demo_data.
    pub mod demo_data;
    /// journey.empty.
    pub mod empty;
    /// journey.login.
    pub mod login;
    /// journey.reset.
    pub mod reset;
    /// journey.signup.
    pub mod signup;
}
/// latency.
pub mod latency {
    /// latency.routes.
    pub mod routes;
}
/// load.
pub mod load {
    /// load.burst.
    pub mod burst;
    /// load.slow_network.
    pub mod slow_network;
}
/// logs.
pub mod logs {
    /// logs.coverage.
    pub mod coverage;
    /// logs.leaks.
    pub mod leaks;
    /// logs.request_ids.
    pub mod request_ids;
}
/// mail.
pub mod mail {
    /// mail.alignment.
    pub mod alignment;
    /// mail.bimi.
    pub mod bimi;
    /// mail.dkim.
    pub mod dkim;
    /// mail.dmarc.
    pub mod dmarc;
    /// mail.mx.
    pub mod mx;
    /// mail.received.
    pub mod received;
    /// mail.roundtrip.
    pub mod roundtrip;
    /// mail.spf.
    pub mod spf;
    /// mail.transport.
    pub mod transport;
}
/// monitor.
pub mod monitor {
    /// monitor.alert_drill.
    pub mod alert_drill;
    /// monitor.alerts.
    pub mod alerts;
    /// monitor.coverage.
    pub mod coverage;
    /// monitor.diagnosis.
    pub mod diagnosis;
    /// monitor.error_tracking.
    pub mod error_tracking;
    /// monitor.latency.
    pub mod latency;
    /// monitor.metrics.
    pub mod metrics;
    /// monitor.noise.
    pub mod noise;
}
/// page.
pub mod page {
    /// page.lighthouse.
    pub mod lighthouse;
}
/// secrets.
pub mod secrets {
    /// secrets.history.
    pub mod history;
    /// secrets.rotation.
    pub mod rotation;
    /// secrets.storage.
    pub mod storage;
    /// secrets.tree.
    pub mod tree;
}
/// tls.
pub mod tls {
    /// tls.certificate.
    pub mod certificate;
    /// tls.protocols.
    pub mod protocols;
    /// tls.renewal.
    pub mod renewal;
}

static ALL: [&Check; 102] = [
    &auth::anonymous::CHECK,
    &auth::callback::CHECK,
    &auth::roles::CHECK,
    &bundle::debug::CHECK,
    &bundle::secrets::CHECK,
    &bundle::source_maps::CHECK,
    &code::timeouts::CHECK,
    &db::missing_indexes::CHECK,
    &db::n_plus_one::CHECK,
    &db::slow_queries::CHECK,
    &db::table_scans::CHECK,
    &deploy::environments::CHECK,
    &deploy::migrations::CHECK,
    &deploy::release_drill::CHECK,
    &deploy::release_path::CHECK,
    &deploy::rollback_drill::CHECK,
    &deploy::rollback_path::CHECK,
    &dns::apex::CHECK,
    &dns::caa::CHECK,
    &dns::dangling::CHECK,
    &dns::dnssec::CHECK,
    &dns::expected::CHECK,
    &dns::nameservers::CHECK,
    &dns::propagation::CHECK,
    &dns::records::CHECK,
    &dns::subdomains::CHECK,
    &dns::www::CHECK,
    &domain::registration::CHECK,
    &edge::cache::CHECK,
    &edge::cloudflare::CHECK,
    &edge::hosting::CHECK,
    &edge::providers::CHECK,
    &edge::proxy::CHECK,
    &env::inventory::CHECK,
    &env::missing::CHECK,
    &handover::access::CHECK,
    &handover::complete::CHECK,
    &handover::links::CHECK,
    &handover::owners::CHECK,
    &handover::sign_off::CHECK,
    &http::caching::CHECK,
    &http::canonical::CHECK,
    &http::compression::CHECK,
    &http::cookies::CHECK,
    &http::cors::CHECK,
    &http::dead_links::CHECK,
    &http::error_pages::CHECK,
    &http::exposed_files::CHECK,
    &http::health::CHECK,
    &http::https_only::CHECK,
    &http::images::CHECK,
    &http::mixed_content::CHECK,
    &http::pagination::CHECK,
    &http::payload_size::CHECK,
    &http::preview_hosts::CHECK,
    &http::private_cache::CHECK,
    &http::rate_limit::CHECK,
    &http::redirects::CHECK,
    &http::request_id::CHECK,
    &http::security_headers::CHECK,
    &http::third_party::CHECK,
    &jobs::background::CHECK,
    &jobs::idempotent::CHECK,
    &journey::checkout::CHECK,
    &journey::core::CHECK,
    &journey::degraded::CHECK,
    &journey::demo_data::CHECK,
    &journey::empty::CHECK,
    &journey::login::CHECK,
    &journey::reset::CHECK,
    &journey::signup::CHECK,
    &latency::routes::CHECK,
    &load::burst::CHECK,
    &load::slow_network::CHECK,
    &logs::coverage::CHECK,
    &logs::leaks::CHECK,
    &logs::request_ids::CHECK,
    &mail::alignment::CHECK,
    &mail::bimi::CHECK,
    &mail::dkim::CHECK,
    &mail::dmarc::CHECK,
    &mail::mx::CHECK,
    &mail::received::CHECK,
    &mail::roundtrip::CHECK,
    &mail::spf::CHECK,
    &mail::transport::CHECK,
    &monitor::alert_drill::CHECK,
    &monitor::alerts::CHECK,
    &monitor::coverage::CHECK,
    &monitor::diagnosis::CHECK,
    &monitor::error_tracking::CHECK,
    &monitor::latency::CHECK,
    &monitor::metrics::CHECK,
    &monitor::noise::CHECK,
    &page::lighthouse::CHECK,
    &secrets::history::CHECK,
    &secrets::rotation::CHECK,
    &secrets::storage::CHECK,
    &secrets::tree::CHECK,
    &tls::certificate::CHECK,
    &tls::protocols::CHECK,
    &tls::renewal::CHECK,
];
// index:end

/// Every built check, by id.
#[must_use]
pub fn all() -> &'static [&'static Check] {
    &ALL
}

/// The built check with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.id == id)
}

#[cfg(test)]
mod index;
