//! The window: shows what the engine sees and the audit judges, and decides nothing itself.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

#[cfg(test)]
mod border;
mod close;
mod commands;
mod demo;
mod error;
mod export;
mod filed;
mod history;
mod ipc;
mod journey;
mod measure;
mod parcel;
mod places;
mod preview;
mod revive;
mod run;
mod start;
mod state;
mod template;
mod view;
mod watch;

use commands::{
    answer, code, consent, database, desk, dossier, edit, export as document, history as earlier, journey as journeys,
    mail, measure as measures, parcel as file, project, roadmap, run as runs, session, waiver,
};
use state::App;
use tauri::Manager;

fn main() -> tauri::Result<()> {
    start::quiet_panics();
    start::renderer();
    window().inspect_err(start::once_more)
}

fn window() -> tauri::Result<()> {
    let work = start::workers()?;
    tauri::async_runtime::set(work.handle().clone());
    tauri::Builder::default()
        .plugin(start::single())
        .plugin(start::own_pages_only())
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_dialog::init())
        .setup(|app| {
            let data = places::data(app.handle());
            app.manage(close::Bell::default());
            app.manage(tauri::async_runtime::block_on(App::open(data.as_deref().map_err(Clone::clone))));
            revive::watch(app.handle())?;
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(async move { watch::resume(&handle).await });
            Ok(())
        })
        .on_window_event(close::requested)
        .invoke_handler(tauri::generate_handler![
            project::project_list,
            project::project_create,
            project::project_rename,
            project::project_archive,
            project::project_delete,
            project::project_open,
            file::project_export,
            file::project_import,
            project::demo_open,
            project::domain_check,
            project::routes_set,
            project::own_check,
            project::own_set,
            roadmap::roadmap_list,
            roadmap::roadmap_choose,
            runs::run_start,
            runs::check_again,
            runs::stage_again,
            runs::run_cancel,
            earlier::run_list,
            earlier::run_compare,
            earlier::run_accept,
            runs::message_add,
            runs::mail_send,
            runs::reports_add,
            runs::lighthouse_add,
            measures::measured,
            measures::measure_start,
            measures::measured_compare,
            measures::measured_baseline,
            measures::measured_forget,
            measures::load_agree,
            measures::load_withdraw,
            journeys::watch,
            journeys::watch_start,
            journeys::watch_stop,
            journeys::journeys,
            journeys::journey_keep,
            journeys::journey_record,
            journeys::journey_import,
            journeys::journey_forget,
            journeys::journey_run,
            journeys::journey_secret_set,
            journeys::journey_secret_clear,
            journeys::journey_agree,
            journeys::journey_withdraw,
            database::database_set,
            database::queries_set,
            database::queries_add,
            mail::mail_account,
            mail::mail_account_set,
            mail::mail_account_clear,
            answer::answer_save,
            answer::answer_clear,
            answer::draft_keep,
            answer::records_accept,
            dossier::charge_set,
            dossier::comment_add,
            dossier::comment_remove,
            dossier::evidence_add,
            dossier::evidence_show,
            dossier::evidence_remove,
            dossier::note_keep,
            dossier::sprint_begin,
            dossier::sprint_pause,
            consent::consent_list,
            consent::consent_give,
            consent::consent_withdraw,
            consent::place_list,
            waiver::waiver_give,
            waiver::waiver_withdraw,
            code::folder_set,
            code::log_set,
            code::environment_set,
            code::environment_forget,
            code::key_replaced,
            code::key_reopened,
            session::session_set,
            session::session_status,
            session::session_clear,
            session::vault_status,
            session::vault_retry,
            document::export,
            document::deliverable_preview,
            edit::edits,
            edit::edit_undo,
            document::preflight,
            document::template_read,
            document::template_keep,
            document::logo_take,
            document::logo_remove,
            document::color_told,
            desk::startup,
            desk::closing_asks,
            desk::window_close,
            desk::preference_get,
            desk::preference_set,
            desk::presenter_set,
            desk::term_list,
            desk::fix_steps,
            desk::copy_text,
            desk::open_link,
            desk::path_choose,
        ])
        .build(tauri::generate_context!())?
        .run(close::ended);
    Ok(())
}
