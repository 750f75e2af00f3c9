//! The settings of mail accounts, one a project, without their passwords.

use super::{ProjectId, Store, trouble};
use crate::{Account, EngineError};

impl Store {
    /// Keeps the settings of a project's account in place of earlier ones.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn keep_account(&self, project: ProjectId, account: &Account) -> Result<(), EngineError> {
        let text = serde_json::to_string(account).map_err(|error| trouble::unreadable("mail account", error))?;
        sqlx::query("INSERT INTO mail_account VALUES (?1, ?2) ON CONFLICT (project) DO UPDATE SET settings = ?2")
            .bind(project.to_string())
            .bind(text)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }

    /// The settings of a project's account; none where there are none, or what is kept cannot be read.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn account(&self, project: ProjectId) -> Result<Option<Account>, EngineError> {
        let kept: Option<String> = sqlx::query_scalar("SELECT settings FROM mail_account WHERE project = ?1")
            .bind(project.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(kept.and_then(|text| serde_json::from_str::<Account>(&text).ok()).and_then(|kept| kept.checked().ok()))
    }

    /// Forgets the settings of a project's account.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn forget_account(&self, project: ProjectId) -> Result<(), EngineError> {
        sqlx::query("DELETE FROM mail_account WHERE project = ?1")
            .bind(project.to_string())
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::Account;
    use crate::store::Store;
    use crate::store::tests::{begun, draft, folder};

    #[tokio::test]
    async fn settings_are_kept_with_their_project_and_go_with_it() {
        let dir = folder("account");
        let store = Store::open(dir.path()).await.unwrap();
        let project = store.create_project(draft("juniperdesk.example"), begun().started).await.unwrap().id;
        let account = |port| Account {
            host: "smtp.example.com".to_owned(),
            port,
            user: "ada".to_owned(),
            from: "hello@example.com".to_owned(),
            to: "ada@inbox.example".to_owned(),
            inbox: None,
        };
        assert_eq!(store.account(project).await.unwrap(), None);
        store.keep_account(project, &account(587)).await.unwrap();
        store.keep_account(project, &account(465)).await.unwrap();
        assert_eq!(store.account(project).await.unwrap(), Some(account(465)));
        store.forget_account(project).await.unwrap();
        assert_eq!(store.account(project).await.unwrap(), None);
        store.keep_account(project, &account(587)).await.unwrap();
        store.delete_project(project).await.unwrap();
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM mail_account").fetch_one(&store.pool).await.unwrap();
        assert_eq!(left, 0);
    }
}
