//! Watches: which projects are watched and how often, the changes that were noted, and what was seen hour by hour.

use super::{ProjectId, Store, trouble};
use crate::EngineError;
use crate::watch::Round;
use audit::facts::{Fact, Spread, Watched, WatchedHour};
use audit::watch::{Change, Standing, stands};
use jiff::Timestamp;
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet};

/// Changes of one project that are kept.
const MOST: i64 = 500;
/// Seconds of an hour.
const HOUR: i64 = 3_600;
/// Hours that are kept, and those that an audit is told of.
const KEPT: i64 = 31 * 24;
const TOLD: i64 = 7 * 24;
/// Changes that an audit is told of.
const CHANGES: usize = 200;

impl Store {
    /// Begins or ends the watch of a project: every so many seconds, or none.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn set_watch(&self, project: ProjectId, every_s: Option<u32>) -> Result<(), EngineError> {
        let query = match every_s {
            Some(_) => "INSERT INTO watch VALUES (?1, ?2) ON CONFLICT (project) DO UPDATE SET every_s = ?2",
            None => "DELETE FROM watch WHERE project = ?1",
        };
        let query = sqlx::query(query).bind(project.to_string());
        let query = if let Some(every_s) = every_s { query.bind(every_s) } else { query };
        query.execute(&self.pool).await.map_err(trouble::of)?;
        Ok(())
    }

    /// The projects that are watched, each with its seconds.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn watches(&self) -> Result<Vec<(ProjectId, u32)>, EngineError> {
        let rows =
            sqlx::query("SELECT project, every_s FROM watch").fetch_all(&self.pool).await.map_err(trouble::of)?;
        Ok(rows
            .iter()
            .filter_map(|row| Some((row.get::<&str, _>("project").parse().ok()?, row.get("every_s"))))
            .collect())
    }

    /// Notes a change. When this returns it is on disk.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn note_change(&self, project: ProjectId, change: &Change) -> Result<(), EngineError> {
        let text = serde_json::to_string(change).map_err(|error| trouble::unreadable("change", error))?;
        sqlx::query("INSERT INTO watch_change (project, change) VALUES (?1, ?2)")
            .bind(project.to_string())
            .bind(text)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        sqlx::query(
            "DELETE FROM watch_change WHERE project = ?1 AND id NOT IN (SELECT id FROM watch_change WHERE project = ?1 ORDER BY id DESC LIMIT ?2)",
        )
        .bind(project.to_string())
        .bind(MOST)
        .execute(&self.pool)
        .await
        .map_err(trouble::of)?;
        Ok(())
    }

    /// Notes what a round saw, unless this machine reached nobody.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn note_round(&self, project: ProjectId, every_s: u32, round: &Round) -> Result<(), EngineError> {
        let hour = round.at.as_second().div_euclid(HOUR);
        for (subject, fact) in round.seen.iter().filter(|_| round.online) {
            let standing = stands(fact, round.online).standing;
            if standing == Standing::Unsure {
                continue;
            }
            let known: Option<String> =
                sqlx::query_scalar("SELECT times FROM watch_hour WHERE project = ?1 AND subject = ?2 AND hour = ?3")
                    .bind(project.to_string())
                    .bind(subject)
                    .bind(hour)
                    .fetch_optional(&self.pool)
                    .await
                    .map_err(trouble::of)?;
            // One that cannot be read is begun anew.
            let mut times: BTreeMap<u32, u32> = known
                .and_then(|text| serde_json::from_str::<Spread>(&text).ok())
                .unwrap_or_default()
                .into_iter()
                .collect();
            let well = standing == Standing::Well;
            if let (Fact::Seen { value, .. }, Standing::Well | Standing::Slow) = (fact, standing) {
                *times.entry(coarse(value.took_ms)).or_default() += 1;
            }
            let times = serde_json::to_string(&times.into_iter().collect::<Spread>())
                .map_err(|error| trouble::unreadable("times", error))?;
            sqlx::query(
                "INSERT INTO watch_hour VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7) ON CONFLICT (project, subject, hour) DO UPDATE SET looks = looks + 1, well = well + ?4, every_s = ?5, last = ?6, times = ?7",
            )
            .bind(project.to_string())
            .bind(subject)
            .bind(hour)
            .bind(i64::from(well))
            .bind(every_s)
            .bind(round.at.to_string())
            .bind(times)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        }
        sqlx::query("DELETE FROM watch_hour WHERE project = ?1 AND hour < ?2")
            .bind(project.to_string())
            .bind(hour - KEPT)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }

    /// What the watch of a project recorded in its last week; none where nobody watched.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn watched(&self, project: ProjectId) -> Result<Option<Watched>, EngineError> {
        let rows = sqlx::query(
            "SELECT subject, hour, looks, well, every_s, last, times FROM watch_hour WHERE project = ?1 AND hour > (SELECT max(hour) FROM watch_hour WHERE project = ?1) - ?2 ORDER BY hour",
        )
        .bind(project.to_string())
        .bind(TOLD)
        .fetch_all(&self.pool)
        .await
        .map_err(trouble::of)?;
        let mut subjects: BTreeMap<String, Vec<WatchedHour>> = BTreeMap::new();
        let mut newest: Option<(Timestamp, u32)> = None;
        for row in &rows {
            let hour = Timestamp::from_second(row.get::<i64, _>("hour").saturating_mul(HOUR));
            let (Ok(at), Ok(last)) = (hour, row.get::<&str, _>("last").parse::<Timestamp>()) else { continue };
            newest = newest.max(Some((last, row.get("every_s"))));
            subjects.entry(row.get("subject")).or_default().push(WatchedHour {
                at,
                looks: row.get("looks"),
                well: row.get("well"),
                times: serde_json::from_str(row.get("times")).unwrap_or_default(),
            });
        }
        let Some((last, every_s)) = newest else { return Ok(None) };
        let mut changes = self.changes(project).await?;
        changes.truncate(CHANGES);
        Ok(Some(Watched { every_s, last, subjects, changes }))
    }

    /// The changes of a project, newest first. One that cannot be read counts as none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn changes(&self, project: ProjectId) -> Result<Vec<Change>, EngineError> {
        let texts: Vec<String> =
            sqlx::query_scalar("SELECT change FROM watch_change WHERE project = ?1 ORDER BY id DESC")
                .bind(project.to_string())
                .fetch_all(&self.pool)
                .await
                .map_err(trouble::of)?;
        Ok(texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
    }

    /// The newest change of each subject: how it stands.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn standings(&self, project: ProjectId) -> Result<Vec<Change>, EngineError> {
        let mut told = BTreeSet::new();
        Ok(self.changes(project).await?.into_iter().filter(|change| told.insert(change.subject.clone())).collect())
    }
}

/// A time to two digits, so that an hour has a few of them and not one for each look.
fn coarse(millis: u32) -> u32 {
    let step = 10_u32.pow(millis.checked_ilog10().unwrap_or(0).saturating_sub(1));
    millis.saturating_add(step / 2) / step * step
}

#[cfg(test)]
mod tests {
    use super::coarse;
    use crate::store::Store;
    use crate::store::tests::{begun, draft, folder};
    use audit::watch::{Change, Standing};

    #[tokio::test]
    async fn what_a_watch_noted_is_there_after_a_restart() {
        let dir = folder("watch");
        let store = Store::open(dir.path()).await.unwrap();
        let at = begun().started;
        let id = store.create_project(draft("a.example"), at).await.unwrap().id;
        store.set_watch(id, Some(300)).await.unwrap();
        store.set_watch(id, Some(60)).await.unwrap();
        let change = |standing, before| Change {
            subject: "https://a.example/".to_owned(),
            standing,
            cause: None,
            says: "status 503".to_owned(),
            since: at,
            before,
        };
        for change in [change(Standing::Well, None), change(Standing::Down, Some(Standing::Well))] {
            store.note_change(id, &change).await.unwrap();
        }
        store.close().await;
        let store = Store::open(dir.path()).await.unwrap();
        assert_eq!(store.watches().await.unwrap(), [(id, 60)]);
        assert_eq!(store.changes(id).await.unwrap().len(), 2);
        assert_eq!(store.standings(id).await.unwrap(), [change(Standing::Down, Some(Standing::Well))]);
        store.set_watch(id, None).await.unwrap();
        assert_eq!(store.watches().await.unwrap(), []);
    }

    #[tokio::test]
    async fn rounds_are_kept_by_the_hour_and_an_offline_one_is_not() {
        use crate::watch::Round;
        use audit::facts::{Fact, JourneyEnd, JourneyKind, JourneySeen};
        let dir = folder("watched");
        let store = Store::open(dir.path()).await.unwrap();
        let at = begun().started;
        let id = store.create_project(draft("a.example"), at).await.unwrap().id;
        assert_eq!(store.watched(id).await.unwrap(), None);
        let round = |minute: i64, took_ms, end: JourneyEnd, online| {
            let at = at.checked_add(jiff::SignedDuration::from_mins(minute)).unwrap();
            let (kind, steps) = (JourneyKind::Core, vec![]);
            let value = JourneySeen {
                kind,
                steps,
                planned: 1,
                took_ms,
                within_ms: None,
                by: None,
                slow: None,
                earlier: None,
                end,
                stop: None,
            };
            let seen = vec![("https://a.example/".to_owned(), Fact::Seen { value, at, from: String::new() })];
            Round { seen, online, at }
        };
        for (minute, took, end, online) in [
            (0, 181, JourneyEnd::Whole, true),
            (1, 184, JourneyEnd::Whole, true),
            (2, 12, JourneyEnd::Failed, true),
            (3, 184, JourneyEnd::Whole, false),
            (70, 97, JourneyEnd::Whole, true),
        ] {
            store.note_round(id, 60, &round(minute, took, end, online)).await.unwrap();
        }
        let watched = store.watched(id).await.unwrap().unwrap();
        let hours = &watched.subjects["https://a.example/"];
        assert_eq!((watched.every_s, hours.len()), (60, 2));
        assert_eq!((hours[0].looks, hours[0].well, hours[0].times.as_slice()), (3, 2, &[(180, 2)][..]));
        assert_eq!((hours[1].looks, hours[1].times.as_slice()), (1, &[(97, 1)][..]));
        assert_eq!(watched.last.duration_since(at).as_mins(), 70);
        store.note_round(id, 60, &round(40 * 24 * 60, 50, JourneyEnd::Whole, true)).await.unwrap();
        assert_eq!(store.watched(id).await.unwrap().unwrap().subjects["https://a.example/"].len(), 1);
        assert_eq!([0, 7, 42, 184, 1_849].map(coarse), [0, 7, 42, 180, 1_800]);
    }
}
