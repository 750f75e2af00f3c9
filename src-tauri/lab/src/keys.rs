//! Keys made once with OpenSSL: the public halves of the lab's DKIM keys, the one private half that mail is signed with here (the others
//! were thrown away), and the keys of its signed zones.

/// RSA 2048, selector `google`.
pub(crate) const GOOGLE: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAv9bZD82B/B/lyWypnUOk7+tAGgG+vih300paDzIUNmtt/mLleSS+3tkAU5OU8xqK9J\
    RbV1atkNrNa7PQYGPwcYsx4cUyhoeH6pS+DXlq6q9y6Sf/miTcgsdbAjWATqPbYf6UKbLqbAQrdwioZe0L/KpgG+UCUyg/iefupkjkNYB0Xgqz\
    DXQTwjkVzz7gUaB5CyEU3dY0v0w0A9pzsMBemjDjrbs+bCRYQF5KPelLfL9N2OaEumqo60Z1epFIsybPQStQjv+kuC51qZ/tC+uYBpZvIWj/yD\
    qDmjAMAfNdGETsmhlFQl8wesGncJeUFKj7fCUk7J+iKiIK/xrd8pvSNwIDAQAB";

/// RSA 2048, selector `pm`; the service that signs with it is in the lab.
pub(crate) const POSTMARK: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA9bQ96aFjy6+n/qgH+tOaIVPCMmTHhOb2dCQiLufMv74PGVrAF2Puj4iXOlGiVfZ68v/IZl1ZFu\
    QndISLSbp3lsGQxsU+ZeETRgDxAFlTBYESxBZjmIE6WCpHYoa3KEeFyELlnzB9NWV0wzP6tBIf8N2xXrINhO3+Csq9/kdbOFCG5XhY5gwJ6jPhUn4QwRP+\
    RfrJWPo3KuQMWx6myucG0xsHHcmAgOPMnStjXucJm/pj75nAItlFCwG7n0YA9YHo3ZsWcUp2kS0SVo1So1ChIsulQ0TuEyvrPtQ4zQyPNsqZyX9VrcMh6F\
    3IzuwtDCS8b46umv31GC5yxzh/LQGClQIDAQAB";
/// PKCS #8 of its private half, in base64.
pub(crate) const POSTMARK_PRIVATE: &str = "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQD1tD3poWPLr6f+qAf605ohU8IyZMeE5vZ0JCIu58y/vg8ZWsAXY+6PiJc6UaJV9nry/8\
    hmXVkW5Cd0hItJuneWwZDGxT5l4RNGAPEAWVMFgRLEFmOYgTpYKkdihrcoR4XIQuWfMH01ZXTDM/q0Eh/w3bFesg2E7f4Kyr3+R1s4UIbleFjmDAnqM+FS\
    fhDBE/5F+slY+jcq5AxbHqbK5wbTGwcdyYCA48ydK2Ne5wmb+mPvmcAi2UULAbufRgD1gejdmxZxSnaRLRJWjVKjUKEiy6VDRO4TK+s+1DjNDI82ypnJf1\
    WtwyHoXcjO7C0MJLxvjq6a/fUYLnLHOH8tAYKVAgMBAAECggEAEILQNkb2IdXoACDiiGR30w2B20kSb0fl/9/9vBEvnSL0eMu0ZN3+Rf7zyqN5uTUbBgFS\
    Qi67seIbFKVjhszVBHh1diYDD22Ukfu2NkPKZHBMBolKoBDvDsWojmJnJHnJ768vJwdnIpNyyTtQ+ZDOPK1pIeftKKWlkKwXIGNDKgF9mhYCli71HFV/vd\
    iztFGQwdMjNoRVWoJQgoL23RSTKvPMYnTRera5aoqG+5Nprz0tpbJL5IejghIJvAyOTsHvJUX4rxNajbaSXivlipYQeosxTxgUAQbi8zW6C8C4SFwIu+8l\
    iVVB5dH7wIodjtoghfq2xZ2tIwVoYRqsnIlZgQKBgQD6+zy56K3UzYp8mT8DmI7k0enKsP+x488k8PflG88/2Vwk2fmc4515y6/AuJqdxPwNVPF5DsDcaN\
    cNPS5n8dF6cuUWGVoRPM2/S/9GlyCH4QM54MKy+/ZodBPoeqpf/xzl6ufGxhMHXF25gok/1nVeCa0b1b2+w0QODgZzSTPADQKBgQD6nf2ADclwNlG7Bmpx\
    FK6oQOtEUJQ4nV1GACebUPTirCU6uO4es1oUbjOzCTYGxhYA3wUxDsZUEp1Spo0dH5O4oq6t+NZ96gwUN/8RBMUyGc8rxmjwY4nqX0ofaE/QScvduWV7WI\
    c5wfNpmbSmd/hqQAZ/6uRw4po113pCWC4iqQKBgFFAvwMs6gIH3PrDnhvq6u/3aWn+bXlI2EoMXSTmIO150BP6IY6CPfwtTiPlX+EN4c/rHRXlCdkRc/XM\
    RdbO+dNbmQDTik4kUjPJRcazrItw9FtrgXzyh25/jeZot/nGHLPuncTDYWuzooApW4e4RV0BYvKs+vXkP4cRUVNHcqKNAoGBAKf9o2Fk3HRFVP/CyzLFpF\
    XQPmPqh5Bzm4RCskngOGaA8eus7qDRpD4xqKIIOJjNyw4GcJpzxumwGJjAX7L36bNICUNAm7aHXlVnO6iSxARTXJWBR/JrJpVeDneDGo0KCoezsJy/uNU0\
    dw+AIqG7pV7DUBgKwdoRa0FQEPnL1hERAoGBAK9zgoXbY/cokJ+hrtM9Ji65hViDUg4wRq4McBNu8XRbR8YD8HfJK2wybEJuse0lv0CVQqRmu65satKa5R\
    iWFfU6mDVGmI0jjLehbFwbsg0M4bbv+WfySnB1uZgvqIEbrP5/AMyHsFwZJlVC0ioxpgDK4I9o804q0RLW1CnW2LI0";

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
