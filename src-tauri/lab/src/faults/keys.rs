//! Faults of the product's keys: in today's files, in the past of its repository, and in what the founder says of where they live.

use super::Fault;
use crate::repository::Past;
use crate::secret;
use crate::world::World;

/// The files of today and the past hold it.
const BOTH: &[&str] = &["secrets.history", "secrets.tree"];
const PAST: &[&str] = &["secrets.history"];
const HOMES: &[&str] = &["secrets.storage"];
const SEED: u64 = 11;

pub(super) const ROWS: [Fault; 12] = [
    Fault::found("key-in-code", "a file of the code holds the payment provider's secret key", BOTH, |world| {
        let key = secret::payment_key(SEED);
        world.files.add("src/charge.ts", &format!("export const stripe = connect(\"{key}\");\n"));
    })
    .telling("Stripe"),
    Fault::found("key-in-settings-file", "a settings file of the code holds a cloud key", BOTH, |world| {
        let (id, key) = secret::cloud_key(SEED);
        world.files.add(
            "config/cloud.yml",
            &format!("region: eu-west-1\naws_access_key_id: {id}\naws_secret_access_key: {key}\n"),
        );
    }),
    Fault::found("key-in-database-address", "a script holds the database's address with its password", BOTH, |world| {
        let word = secret::password(SEED);
        world.files.add(
            "scripts/seed.sh",
            &format!("psql postgres://desk:{word}@db.juniperdesk-live.com:5432/desk < seed.sql\n"),
        );
    }),
    Fault::found("key-in-workflow", "the build's own file holds a token of the code host", BOTH, |world| {
        let token = secret::token(SEED);
        world
            .files
            .add(".github/workflows/release.yml", &format!("jobs:\n  release:\n    env:\n      GH_TOKEN: {token}\n"));
    }),
    Fault::found(
        "key-removed-from-code",
        "an earlier commit holds a key that was removed from its file",
        PAST,
        |world| {
            past(
                world,
                "main",
                "src/server.ts",
                format!("const stripe = connect(\"{}\");\n", secret::payment_key(SEED)),
            );
        },
    )
    .telling("git filter-repo")
    .shown(),
    Fault::found(
        "key-in-deleted-file",
        "an earlier commit holds a settings file that was deleted since",
        PAST,
        |world| {
            past(world, "main", ".env.production", format!("GITHUB_TOKEN={}\n", secret::token(SEED)));
        },
    ),
    Fault::found("key-on-another-branch", "a branch that was never merged holds a cloud key", PAST, |world| {
        let (id, key) = secret::cloud_key(SEED);
        past(
            world,
            "try/uploads",
            "src/upload.ts",
            format!("export const s3 = {{ accessKeyId: \"{id}\", secretAccessKey: \"{key}\" }};\n"),
        );
    }),
    Fault::found("secret-home-code", "the founder says that a live secret lives in the code", HOMES, |world| {
        kept(world, "SESSION_SECRET home", "code");
    }),
    Fault::found("secret-home-chat", "the founder says that a live secret lives in a chat", HOMES, |world| {
        kept(world, "STRIPE_SECRET_KEY home", "chat");
    }),
    Fault::found("secret-without-owner", "nobody is named as the owner of a live secret", HOMES, |world| {
        kept(world, "STRIPE_SECRET_KEY owner", "");
    }),
    Fault::found("secret-never-replaced", "a live secret was last replaced years ago", HOMES, |world| {
        kept(world, "SESSION_SECRET rotated", "2023-01-15");
    }),
    Fault::trap(
        "key-in-ignored-file",
        "the founder's own .env file, which git ignores, holds the keys of development",
        |world| {
            world.files.add(
                ".env",
                &format!("STRIPE_SECRET_KEY={}\nDATABASE_URL=\nSESSION_SECRET=\n", secret::payment_key(SEED)),
            );
        },
    ),
];

fn past(world: &mut World, branch: &'static str, path: &'static str, text: String) {
    world.files.past.push(Past { branch, path, text });
}

fn kept(world: &mut World, row: &str, value: &str) {
    world.files.kept.insert(row.to_owned(), value.to_owned());
}
