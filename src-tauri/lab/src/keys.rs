//! Keys made once with OpenSSL: the public halves of the lab's DKIM keys, whose private halves were thrown away for nobody signs mail here,
//! and the keys of its signed zones.

/// RSA 2048, selector `google`.
pub(crate) const GOOGLE: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAv9bZD82B/B/lyWypnUOk7+tAGgG+vih300paDzIUNmtt/mLleSS+3tkAU5OU8xqK9J\
    RbV1atkNrNa7PQYGPwcYsx4cUyhoeH6pS+DXlq6q9y6Sf/miTcgsdbAjWATqPbYf6UKbLqbAQrdwioZe0L/KpgG+UCUyg/iefupkjkNYB0Xgqz\
    DXQTwjkVzz7gUaB5CyEU3dY0v0w0A9pzsMBemjDjrbs+bCRYQF5KPelLfL9N2OaEumqo60Z1epFIsybPQStQjv+kuC51qZ/tC+uYBpZvIWj/yD\
    qDmjAMAfNdGETsmhlFQl8wesGncJeUFKj7fCUk7J+iKiIK/xrd8pvSNwIDAQAB";

/// RSA 2048, selector `pm`.
pub(crate) const POSTMARK: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwpQ0XYfEcXg0d2JVPQnUc4Y3kNrX1b+W2rU510n4y0/hJiKtCtE3Ky2coiWE1I5d1r\
    DhxtK+H4hT6LC11LeEDxLAJB8Sexn7LmE1ASMwVZT5ilh+lpL8Luj9p1oIIxHz4CRQ6AmN62D9TXjIKtMBDfGI4sqEvI8FaVkGC8I3QCkGzCz5\
    Up+Y5BqvmQ+phRZb0D75pgptyW1cTeUtj7mD6gOmy3BWxX7JT/eL6YIFDA1aGA7g1DszXwfMT6UjGH2VEUAtU8hkum73LzwMwDDnFP6AsMMNqV\
    /1kR55+nGPI8EMJqaDbAwjHhimKKqa0NkC2XOySJUMkwBP/1SDvHmSawIDAQAB";

/// RSA 1024: still accepted, below what RFC 8301 §3.2 recommends.
pub(crate) const SHORT: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDoflCFcgFxuVnpXshxNVRO3L6kBO0Zk68x1O6rSfCUC4euXJZvheSobP3o4XPkzAs9oumJT+\
    +QkZ79QdVbLs+Fz2tY0NbirB0OG8kM5dRf0p1aSwogoInEzjBOR8eKnt2OoXoq2e8rSVyiKvh1c5MQzrI3/hhdzMGwjBWBTYB/gQIDAQAB";

/// RSA 768: verifiers treat it as no signature (RFC 8301 §3.2).
pub(crate) const WEAK: &str = "MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhALuvu7GsCkGYoNxfFVQQN5pG5j1tjqjj8FApXcte2K5IutpZc1EI5fCYeX8+fYMeIBBkBjlJSWH5zo\
    wGJ2dPomQv2pnHJlM8cExMil+coUc9C9lPEE78aT8IxFmCnwMhZwIDAQAB";

/// PKCS #8 of the P-256 key that signs the lab's zones, in base64. A lab that starts anew signs with the same key, as real zones do.
pub(crate) const ZONE: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgitGXOdeqJmY4byXPl3fyGuI7Ps//zcE2/UtbidCRa8qhRANCAATkldda+P1zOBaynBJLCZXqqUzC+i2HHBQbFJ10ysQj8nTcYge+1oKwDtkH0/P2Es9A8Hf6Y2SqxP4eeE8PL+MQ";
/// PKCS #8 of the P-256 key that no zone has any more.
pub(crate) const STALE: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQM/9AEnOaCTiwSyjyNmB1gtng6m38vYoJ0tK6Lo65kShRANCAAQ9HHd8XT9sZyXKh+j8hbsrlkeILMWlCcjwNh35+gw36shb0+naRHsZfVOqlb2SHr+pcDr40ZviJzpr/2CIOvP+";
