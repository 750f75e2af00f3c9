//! What people file on a row: who does it until when, what they say of it, and what proves it; and the clock of their two days.

use super::Answered;
use crate::filed::{self, EvidenceGiven, EvidenceShown};
use crate::ipc::View;
use crate::state::App;
use engine::store::ProjectId;
use jiff::Timestamp;
use tauri::State;

/// Says who does a row until when; nobody and no day forgets it.
#[tauri::command]
pub(crate) async fn charge_set(
    app: State<'_, App>,
    id: ProjectId,
    key: String,
    owner: String,
    due: String,
) -> Answered<View> {
    let core = app.core()?;
    core.store.set_charge(id, &key, &owner, filed::day(&due)?).await?;
    core.view(id).await
}

/// Keeps what somebody says of a row.
#[tauri::command]
pub(crate) async fn comment_add(
    app: State<'_, App>,
    id: ProjectId,
    key: String,
    by: String,
    says: String,
) -> Answered<View> {
    let core = app.core()?;
    core.store.add_comment(id, &key, &by, &says, Timestamp::now()).await?;
    core.view(id).await
}

/// Takes a comment away.
#[tauri::command]
pub(crate) async fn comment_remove(app: State<'_, App>, id: ProjectId, comment: i64) -> Answered<View> {
    let core = app.core()?;
    core.store.remove_comment(id, comment).await?;
    core.view(id).await
}

/// Attaches a file, a text or a link to a row.
#[tauri::command]
pub(crate) async fn evidence_add(
    app: State<'_, App>,
    id: ProjectId,
    key: String,
    evidence: EvidenceGiven,
) -> Answered<View> {
    let core = app.core()?;
    core.store.attach(id, &key, evidence.unpacked()?, Timestamp::now()).await?;
    core.view(id).await
}

/// Shows a picture or a text that was attached; anything else is never opened.
#[tauri::command]
pub(crate) async fn evidence_show(app: State<'_, App>, id: ProjectId, hash: String) -> Answered<EvidenceShown> {
    Ok(EvidenceShown::of(&app.core()?.store.evidence(id, &hash).await?))
}

/// Takes a piece of evidence away from a row.
#[tauri::command]
pub(crate) async fn evidence_remove(app: State<'_, App>, id: ProjectId, key: String, hash: String) -> Answered<View> {
    let core = app.core()?;
    core.store.detach(id, &key, &hash).await?;
    core.view(id).await
}

/// Begins the two days of work at a time of one's choice, `2026-11-23T08:00:00Z`; no time ends them.
#[tauri::command]
pub(crate) async fn sprint_begin(app: State<'_, App>, id: ProjectId, at: Option<String>) -> Answered<View> {
    let core = app.core()?;
    core.store.begin_sprint(id, filed::moment(at.as_deref())?).await?;
    core.view(id).await
}

/// Pauses the two days of work, or goes on with them.
#[tauri::command]
pub(crate) async fn sprint_pause(app: State<'_, App>, id: ProjectId, paused: bool) -> Answered<View> {
    let core = app.core()?;
    core.store.pause_sprint(id, paused, Timestamp::now()).await?;
    core.view(id).await
}

/// Keeps the private notes of a project as they are now.
#[tauri::command]
pub(crate) async fn note_keep(app: State<'_, App>, id: ProjectId, text: String) -> Answered<()> {
    Ok(app.core()?.store.keep_private_note(id, &text).await?)
}
