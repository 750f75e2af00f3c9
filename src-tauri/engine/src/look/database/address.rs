//! Where a database is: read from a connection string that is never shown, or from the path of a file.

use super::NAME;
use crate::{EngineError, Secret};
use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The first bytes of every SQLite database (sqlite.org/fileformat.html §1.2).
const SQLITE: &[u8] = b"SQLite format 3\0";

/// Where a database is.
#[derive(Clone)]
pub enum Address {
    /// MySQL or MariaDB.
    Mysql(Box<MySqlConnectOptions>),
    /// PostgreSQL, or what speaks like it.
    Postgres(Box<PgConnectOptions>),
    /// A file of SQLite.
    Sqlite(PathBuf),
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mysql(_) => "Address::Mysql(…)",
            Self::Postgres(_) => "Address::Postgres(…)",
            Self::Sqlite(_) => "Address::Sqlite(…)",
        })
    }
}

impl Address {
    /// Reads a connection string, as hosts hand it out: `postgres://…`, `mysql://…`, `mariadb://…`, `sqlite:FILE`.
    ///
    /// # Errors
    /// It is none of these. No part of it is repeated.
    pub fn read(text: &Secret<String>) -> Result<Self, EngineError> {
        let text = text.reveal().trim().trim_matches(['"', '\'']);
        let wrong = |says: &str| EngineError::new("database", format!("the connection string {says}"));
        let scheme = text.split(':').next().unwrap_or_default().to_ascii_lowercase();
        match scheme.as_str() {
            "postgres" | "postgresql" => {
                let options = PgConnectOptions::from_str(text).map_err(|_| {
                    wrong("could not be read; a sign such as # or @ in the password is written as %23 or %40")
                })?;
                // A pooler takes no settings that it does not know.
                let options = options.application_name(NAME).extra_float_digits(None::<i8>).statement_cache_capacity(0);
                Ok(Self::Postgres(Box::new(options)))
            }
            "mysql" | "mariadb" => {
                let options = MySqlConnectOptions::from_str(text).map_err(|_| {
                    wrong("could not be read; a sign such as # or @ in the password is written as %23 or %40")
                })?;
                let options = options
                    .pipes_as_concat(false)
                    .no_engine_substitution(false)
                    .timezone(None::<String>)
                    .statement_cache_capacity(0);
                Ok(Self::Mysql(Box::new(options)))
            }
            "sqlite" | "file" => {
                let path = text.get(scheme.len() + 1..).unwrap_or_default().trim_start_matches("//");
                Self::file(Path::new(path.split('?').next().unwrap_or_default()))
                    .ok_or_else(|| wrong("names no file of SQLite"))
            }
            _ => Err(wrong("begins with none of postgres://, mysql://, mariadb:// and sqlite:")),
        }
    }

    /// A file of SQLite, told by its first bytes.
    #[must_use]
    pub fn file(path: &Path) -> Option<Self> {
        let mut first = [0; SQLITE.len()];
        std::fs::File::open(path).ok()?.read_exact(&mut first).ok()?;
        (first == *SQLITE).then(|| Self::Sqlite(path.to_owned()))
    }

    /// What to do where it did not answer.
    pub(super) fn way(&self) -> &'static str {
        match self {
            Self::Mysql(_) => {
                "see that the server can be reached from here, and that the user may connect: CREATE USER launch_ready IDENTIFIED BY '…'; GRANT SELECT ON performance_schema.* TO launch_ready;"
            }
            Self::Postgres(_) => {
                "see that the server can be reached from here, and that the role may connect: CREATE ROLE launch_ready LOGIN PASSWORD '…' IN ROLE pg_monitor;"
            }
            Self::Sqlite(_) => "copy the file while the product stands still, and name the copy",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Address;
    use crate::Secret;

    #[test]
    fn a_string_is_read_and_never_repeated() {
        let read = |text: &str| Address::read(&Secret::new(text.to_owned()));
        assert!(matches!(
            read("postgres://ada:canary-7@db.example:5432/desk?sslmode=require").unwrap(),
            Address::Postgres(_)
        ));
        assert!(matches!(read("\"mysql://ada:canary-7@db.example/desk\"").unwrap(), Address::Mysql(_)));
        for wrong in [
            "",
            "canary-7",
            "postgres://ada:canary-7@db.example:port/desk",
            "mysql://ada:canary#7@:x/",
            "sqlite:/canary-7/nowhere.db",
            "redis://:canary-7@db.example",
            "postgres://ada:canary-7@db.example/desk?sslmode=canary-7",
        ] {
            let told = read(wrong).unwrap_err();
            assert!(!told.message.contains("canary"), "{wrong}: {}", told.message);
        }
        let told = format!("{:?}", read("postgres://ada:canary-7@db.example/desk").unwrap());
        assert!(!told.contains("canary") && !told.contains("ada"), "{told}");
    }
}
