//! Projects: one domain of one client, with its roadmap and routes.

use super::{Store, trouble};
use crate::EngineError;
use audit::facts::Target;
use audit::read::text::clean;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use std::fmt;
use std::str::FromStr;
use ts_rs::TS;
use uuid::Uuid;

/// Longest name of a client or project, characters.
const LONGEST_NAME: usize = 120;
/// Most routes of a project, and the longest one in bytes.
const MOST_ROUTES: usize = 20;
const LONGEST_ROUTE: usize = 2_000;

/// Names one project for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts", type = "string")]
pub struct ProjectId(Uuid);

impl ProjectId {
    /// One that no project has.
    pub(super) fn fresh() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ProjectId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// What a person says of a project when making it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Whom it is for.
    pub client: String,
    /// What the product is called; the domain where nothing is said.
    pub name: String,
    /// Its domain.
    pub target: Target,
    /// The roadmap's id, `sd` … `io`.
    pub roadmap: String,
    /// Whether it is the built-in demo.
    pub demo: bool,
}

/// One project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Whom it is for.
    pub client: String,
    /// What the product is called.
    pub name: String,
    /// Its domain.
    pub target: Target,
    /// The roadmap's id, `sd` … `io`.
    pub roadmap: String,
    /// Routes that are sampled, absolute URLs; none means the page of the bare domain.
    pub routes: Vec<String>,
    /// Whether it is the built-in demo.
    pub demo: bool,
    /// Whether it was put away.
    pub archived: bool,
    /// When it was made.
    pub created: Timestamp,
}

impl Store {
    /// Makes a project.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn create_project(&self, draft: Draft, now: Timestamp) -> Result<Project, EngineError> {
        let project = Project {
            id: ProjectId::fresh(),
            client: named(&draft.client, "No client"),
            name: named(&draft.name, &draft.target.name),
            target: draft.target,
            roadmap: draft.roadmap,
            routes: Vec::new(),
            demo: draft.demo,
            archived: false,
            created: now,
        };
        sqlx::query(
            "INSERT INTO project (id, client, name, domain, shown, roadmap, routes, demo, archived, created)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, '[]', ?7, 0, ?8)",
        )
        .bind(project.id.to_string())
        .bind(&project.client)
        .bind(&project.name)
        .bind(&project.target.domain)
        .bind(&project.target.name)
        .bind(&project.roadmap)
        .bind(project.demo)
        .bind(project.created.to_string())
        .execute(&self.pool)
        .await
        .map_err(trouble::of)?;
        Ok(project)
    }

    /// Every project, by client and name.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn projects(&self) -> Result<Vec<Project>, EngineError> {
        let rows =
            sqlx::query("SELECT * FROM project ORDER BY demo, client COLLATE NOCASE, name COLLATE NOCASE, created")
                .fetch_all(&self.pool)
                .await
                .map_err(trouble::of)?;
        rows.iter().map(read).collect()
    }

    /// One project.
    ///
    /// # Errors
    /// It is not there any more, or the file cannot be read.
    pub async fn project(&self, id: ProjectId) -> Result<Project, EngineError> {
        let row = sqlx::query("SELECT * FROM project WHERE id = ?1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(trouble::of)?;
        row.as_ref().map_or_else(|| Err(gone()), read)
    }

    /// The demo project, when it was made.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn demo_project(&self) -> Result<Option<Project>, EngineError> {
        let row = sqlx::query("SELECT * FROM project WHERE demo = 1").fetch_optional(&self.pool).await;
        row.map_err(trouble::of)?.as_ref().map(read).transpose()
    }

    /// Gives a project other names.
    ///
    /// # Errors
    /// It is not there any more, or the file cannot be written.
    pub async fn rename_project(&self, id: ProjectId, client: &str, name: &str) -> Result<(), EngineError> {
        let project = self.project(id).await?;
        let change = sqlx::query("UPDATE project SET client = ?2, name = ?3 WHERE id = ?1")
            .bind(id.to_string())
            .bind(named(client, &project.client))
            .bind(named(name, &project.name));
        changed(change.execute(&self.pool).await)
    }

    /// Puts a project away, or brings it back.
    ///
    /// # Errors
    /// It is not there any more, or the file cannot be written.
    pub async fn archive_project(&self, id: ProjectId, archived: bool) -> Result<(), EngineError> {
        let change = sqlx::query("UPDATE project SET archived = ?2 WHERE id = ?1").bind(id.to_string()).bind(archived);
        changed(change.execute(&self.pool).await)
    }

    /// Deletes a project with its runs, answers and evidence. Its secrets are the vault's business.
    ///
    /// # Errors
    /// It is not there any more, or the file cannot be written.
    pub async fn delete_project(&self, id: ProjectId) -> Result<(), EngineError> {
        changed(sqlx::query("DELETE FROM project WHERE id = ?1").bind(id.to_string()).execute(&self.pool).await)?;
        self.sweep_evidence().await
    }

    /// Judges a project by another roadmap from now on.
    ///
    /// # Errors
    /// It is not there any more, or the file cannot be written.
    pub async fn choose_roadmap(&self, id: ProjectId, roadmap: &str) -> Result<(), EngineError> {
        let change = sqlx::query("UPDATE project SET roadmap = ?2 WHERE id = ?1").bind(id.to_string()).bind(roadmap);
        changed(change.execute(&self.pool).await)
    }

    /// Sets the routes whose speed is measured, absolute URLs.
    ///
    /// # Errors
    /// Too many or too long, the project is not there any more, or the file cannot be written.
    pub async fn set_routes(&self, id: ProjectId, routes: &[String]) -> Result<(), EngineError> {
        if routes.len() > MOST_ROUTES || routes.iter().any(|route| route.len() > LONGEST_ROUTE) {
            let says = "a project may have at most 20 routes of at most 2,000 characters each; keep the ones that customers wait for";
            return Err(EngineError::new("too-long", says));
        }
        let text = serde_json::to_string(routes).map_err(|error| trouble::unreadable("list of routes", error))?;
        let change = sqlx::query("UPDATE project SET routes = ?2 WHERE id = ?1").bind(id.to_string()).bind(text);
        changed(change.execute(&self.pool).await)
    }
}

/// A name as typed, on one line, or the stand-in when nothing was typed.
fn named(text: &str, otherwise: &str) -> String {
    let text = text.trim();
    clean(if text.is_empty() { otherwise } else { text }, LONGEST_NAME)
}

fn changed(done: Result<sqlx::sqlite::SqliteQueryResult, sqlx::Error>) -> Result<(), EngineError> {
    if done.map_err(trouble::of)?.rows_affected() == 0 { Err(gone()) } else { Ok(()) }
}

fn gone() -> EngineError {
    EngineError::new("project-gone", "this project was deleted")
}

fn read(row: &SqliteRow) -> Result<Project, EngineError> {
    let unreadable = |error: &dyn fmt::Display| trouble::unreadable("project", error);
    Ok(Project {
        id: row.get::<&str, _>("id").parse().map_err(|error: uuid::Error| unreadable(&error))?,
        client: row.get("client"),
        name: row.get("name"),
        target: Target { name: row.get("shown"), domain: row.get("domain") },
        roadmap: row.get("roadmap"),
        routes: serde_json::from_str(row.get("routes")).map_err(|error| unreadable(&error))?,
        demo: row.get("demo"),
        archived: row.get("archived"),
        created: row.get::<&str, _>("created").parse().map_err(|error: jiff::Error| unreadable(&error))?,
    })
}
