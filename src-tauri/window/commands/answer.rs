//! A person's answers: kept with their date, and taken back; the records that are accepted as right are one of them.

use super::Answered;
use crate::ipc::{AnswerGiven, View};
use crate::state::App;
use engine::store::ProjectId;
use jiff::Timestamp;
use tauri::State;

/// Keeps an answer with evidence, owner and date.
#[tauri::command]
pub(crate) async fn answer_save(
    app: State<'_, App>,
    id: ProjectId,
    key: String,
    answer: AnswerGiven,
) -> Answered<View> {
    let core = app.core()?;
    core.store.save_answer(id, &key, &answer.at(Timestamp::now())).await?;
    core.view(id).await
}

/// Takes an answer back.
#[tauri::command]
pub(crate) async fn answer_clear(app: State<'_, App>, id: ProjectId, key: String) -> Answered<View> {
    let core = app.core()?;
    core.store.clear_answer(id, &key, Timestamp::now()).await?;
    core.view(id).await
}

/// Keeps what was typed and not saved yet; nothing forgets it.
#[tauri::command]
pub(crate) async fn draft_keep(app: State<'_, App>, id: ProjectId, key: String, text: Option<String>) -> Answered<()> {
    Ok(app.core()?.store.keep_draft(id, &key, text.as_deref()).await?)
}

/// Accepts the records of the newest run as the right ones.
#[tauri::command]
pub(crate) async fn records_accept(app: State<'_, App>, id: ProjectId, by: String) -> Answered<View> {
    let core = app.core()?;
    core.accept_records(id, None, &by).await?;
    core.view(id).await
}
