//! Checks that lose sight together, so that a row of the table names what is out of sight and not each check.

/// What reads the front page or the files and addresses found from it.
pub(super) const FRONT: &[&str] = &[
    "bundle.debug",
    "bundle.secrets",
    "bundle.source_maps",
    "edge.cache",
    "http.caching",
    "http.canonical",
    "http.compression",
    "http.dead_links",
    "http.error_pages",
    "http.exposed_files",
    "http.health",
    "http.images",
    "http.payload_size",
    "http.preview_hosts",
    "http.request_id",
    "http.security_headers",
];
/// What reads the page of every host.
pub(super) const HOST: &[&str] =
    &["http.cookies", "http.cors", "http.mixed_content", "http.redirects", "http.third_party"];
/// What reads the records of e-mail.
pub(super) const MAIL: &[&str] =
    &["mail.alignment", "mail.bimi", "mail.dkim", "mail.dmarc", "mail.mx", "mail.spf", "mail.transport"];
/// What greets every address over TLS.
pub(super) const TLS: &[&str] = &["tls.certificate", "tls.protocols", "tls.renewal"];
/// What is asked of the signed-in area.
pub(super) const SIGNED_IN: &[&str] =
    &["auth.anonymous", "auth.callback", "auth.roles", "http.pagination", "http.private_cache", "http.rate_limit"];
/// What only the database itself tells.
pub(super) const DATABASE: &[&str] = &["db.missing_indexes", "db.table_scans"];
