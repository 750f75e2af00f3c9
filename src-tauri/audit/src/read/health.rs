//! The usual addresses under which programs tell whether they are well.

/// Paths that are asked for.
pub const PATHS: [&str; 9] =
    ["/health", "/healthz", "/api/health", "/healthcheck", "/up", "/ready", "/readyz", "/livez", "/api/status"];
