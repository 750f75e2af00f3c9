//! Where a project's own things lie on this machine: its folder, its log, and what its environments have. Names and places, never a value.

use super::{ProjectId, Store, trouble};
use crate::{Address, EngineError};
use audit::facts::Environment;
use sqlx::Row;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Longest path, bytes.
const LONGEST: usize = 4_096;
/// Most environments of one project.
const MOST: usize = 12;
/// Longest name of an environment, characters.
const NAME: usize = 60;

/// What a person named of a project on this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// The folder of its code.
    pub folder: Option<PathBuf>,
    /// Its log, a file or a folder.
    pub log: Option<PathBuf>,
    /// A log of its queries, a file or a folder.
    pub queries: Option<PathBuf>,
    /// Its database, where that is a file of SQLite.
    pub database: Option<PathBuf>,
    /// What each environment has, by its name.
    pub environments: BTreeMap<String, Environment>,
}

/// A thing that lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// The folder of the code.
    Folder,
    /// The log.
    Log,
    /// A log of queries.
    Queries,
    /// A database that is a file.
    Database,
}

impl SourceKind {
    fn word(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Log => "log",
            Self::Queries => "queries",
            Self::Database => "database",
        }
    }
}

impl Store {
    /// What was named for a project. An environment whose record cannot be read counts as none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn sources(&self, project: ProjectId) -> Result<Sources, EngineError> {
        let rows = sqlx::query("SELECT kind, name, value FROM source WHERE project = ?1")
            .bind(project.to_string())
            .fetch_all(&self.pool)
            .await
            .map_err(trouble::of)?;
        let mut sources = Sources::default();
        for row in rows {
            let (kind, value): (&str, &str) = (row.get("kind"), row.get("value"));
            match kind {
                "folder" => sources.folder = Some(PathBuf::from(value)),
                "log" => sources.log = Some(PathBuf::from(value)),
                "queries" => sources.queries = Some(PathBuf::from(value)),
                "database" => sources.database = Some(PathBuf::from(value)),
                _ => sources.environments.extend(serde_json::from_str(value).ok().map(|has| (row.get("name"), has))),
            }
        }
        Ok(sources)
    }

    /// Names where a thing lies; an empty path forgets it. What is there must be of the right kind now.
    ///
    /// # Errors
    /// Nothing that can be read lies there, or the file cannot be written.
    pub async fn set_source(&self, project: ProjectId, kind: SourceKind, path: &str) -> Result<(), EngineError> {
        if path.trim().is_empty() {
            return self.put_source(project, kind.word(), "", None).await;
        }
        let path = whole(path, kind)?;
        self.put_source(project, kind.word(), "", Some(path)).await
    }

    /// Keeps what an environment has; none forgets it.
    ///
    /// # Errors
    /// The name is none, there are too many, or the file cannot be written.
    pub async fn set_environment(
        &self,
        project: ProjectId,
        name: &str,
        has: Option<&Environment>,
    ) -> Result<(), EngineError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
            return Err(EngineError::new("environment", "give the environment a short name, such as production"));
        }
        let known = self.sources(project).await?.environments;
        if has.is_some() && !known.contains_key(name) && known.len() >= MOST {
            return Err(EngineError::new("environment", "a project may have at most 12 environments here"));
        }
        let text = has.map(serde_json::to_string).transpose();
        let text = text.map_err(|error| trouble::unreadable("environment", error))?;
        self.put_source(project, "environment", name, text).await
    }

    async fn put_source(
        &self,
        project: ProjectId,
        kind: &str,
        name: &str,
        value: Option<String>,
    ) -> Result<(), EngineError> {
        let query = if value.is_some() {
            "INSERT INTO source VALUES (?1, ?2, ?3, ?4) ON CONFLICT (project, kind, name) DO UPDATE SET value = excluded.value"
        } else {
            "DELETE FROM source WHERE project = ?1 AND kind = ?2 AND name = ?3"
        };
        let query = sqlx::query(query).bind(project.to_string()).bind(kind).bind(name);
        let query = if let Some(value) = value { query.bind(value) } else { query };
        query.execute(&self.pool).await.map_err(trouble::of)?;
        Ok(())
    }
}

/// A typed path as the whole path of something that can be read; `~/` is the home folder.
fn whole(typed: &str, kind: SourceKind) -> Result<String, EngineError> {
    let shown = audit::read::text::clean(typed.trim(), 200);
    let error = |says: &str| EngineError::new("path", format!("{shown}: {says}"));
    if typed.len() > LONGEST {
        return Err(error("this path is too long"));
    }
    let typed = typed.trim();
    let path = match (typed.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(typed),
    };
    if !path.is_absolute() {
        return Err(error("write the whole path, from the root of the disk or from ~/"));
    }
    let path: PathBuf =
        Path::new(&path).canonicalize().map_err(|_| error("there is nothing that can be read there"))?;
    if kind == SourceKind::Folder && std::fs::read_dir(&path).is_err() {
        return Err(error("this is no folder that can be read"));
    }
    if kind == SourceKind::Database && Address::file(&path).is_none() {
        return Err(error("this is no database of SQLite"));
    }
    path.into_os_string().into_string().map_err(|_| error("the name of this place is no text"))
}

#[cfg(test)]
mod tests {
    use super::SourceKind;
    use crate::store::Store;
    use crate::store::tests::{draft, folder};
    use audit::facts::Environment;

    #[tokio::test]
    async fn places_and_environments_are_kept_and_forgotten() {
        let dir = folder("sources");
        let store = Store::open(dir.path()).await.unwrap();
        let id = store.create_project(draft("a.example"), "2026-11-21T08:00:00Z".parse().unwrap()).await.unwrap().id;
        let code = dir.path().to_str().unwrap();
        store.set_source(id, SourceKind::Folder, &format!(" {code} ")).await.unwrap();
        let names = [("DATABASE_URL".to_owned(), None)].into();
        let has = Environment { from: "names".to_owned(), names };
        store.set_environment(id, " production ", Some(&has)).await.unwrap();
        let kept = store.sources(id).await.unwrap();
        assert_eq!(kept.folder, Some(dir.path().canonicalize().unwrap()));
        assert_eq!(kept.environments["production"], has);
        for wrong in ["code", "/nowhere/at/all", &format!("{code}/launch-ready.db")] {
            assert_eq!(store.set_source(id, SourceKind::Folder, wrong).await.unwrap_err().code, "path", "{wrong}");
        }
        store.set_source(id, SourceKind::Log, &format!("{code}/launch-ready.db")).await.unwrap();
        store.set_source(id, SourceKind::Folder, "").await.unwrap();
        store.set_environment(id, "production", None).await.unwrap();
        assert!(store.set_environment(id, "", Some(&has)).await.is_err());
        let kept = store.sources(id).await.unwrap();
        assert!(kept.folder.is_none() && kept.log.is_some() && kept.environments.is_empty());
    }
}
