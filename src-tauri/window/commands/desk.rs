//! The window itself: how it was started, its settings, the clipboard and links.

use super::Answered;
use crate::close::{self, Bell};
use crate::error::Trouble;
use crate::ipc::Startup;
use crate::revive::Ends;
use crate::state::App;
use audit::form;
use audit::read::fix::FixStep;
use audit::read::text::clean;
use audit::terms::Term;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State, WebviewWindow, Window};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;

/// Longest text that the page copies, bytes.
const LONGEST: usize = 100_000;

/// Tells how this window was started.
#[tauri::command]
pub(crate) async fn startup(handle: AppHandle) -> Answered<Startup> {
    let demo = std::env::args().skip(1).any(|argument| argument == "--demo");
    let version = handle.package_info().version.to_string();
    let anew = handle.state::<Ends>().take();
    if anew {
        eprintln!("launch-ready-desktop: the page is there again");
    }
    Ok(Startup { demo, version, anew, forms: form::all().to_vec(), asking: form::asking() })
}

/// Tells the page whenever it is to ask before the window closes.
#[tauri::command]
pub(crate) async fn closing_asks(bell: State<'_, Bell>, channel: Channel<()>) -> Answered<()> {
    bell.hang(channel);
    Ok(())
}

/// Closes the window; `sure` is the answer that runs may be stopped for it.
#[tauri::command]
pub(crate) async fn window_close(window: Window, app: State<'_, App>, sure: bool) -> Answered<()> {
    close::close(&window, app.core(), sure).await
}

/// Reads a setting.
#[tauri::command]
pub(crate) async fn preference_get(app: State<'_, App>, key: String) -> Answered<Option<String>> {
    Ok(app.core()?.store.preference(&key).await?)
}

/// Keeps a setting.
#[tauri::command]
pub(crate) async fn preference_set(app: State<'_, App>, key: String, value: String) -> Answered<()> {
    Ok(app.core()?.store.prefer(&key, &value).await?)
}

/// Begins or ends presenter mode: whose projects may be seen, and nothing where it is off.
#[tauri::command]
pub(crate) async fn presenter_set(window: Window, app: State<'_, App>, state: String) -> Answered<()> {
    window.set_title(if state.is_empty() { "Launch Ready" } else { "Launch Ready · presenting" })?;
    Ok(app.core()?.store.prefer(close::PRESENTER, &state).await?)
}

/// Tells what the words of the trade mean.
#[tauri::command]
pub(crate) async fn term_list() -> Answered<&'static [Term]> {
    Ok(audit::terms::all())
}

/// Reads a fix into fields that a form at a DNS provider has.
#[tauri::command]
pub(crate) async fn fix_steps(paste: String) -> Answered<Vec<FixStep>> {
    if paste.len() > LONGEST {
        return Err(Trouble::new("too-long", "this is too long for a fix"));
    }
    Ok(audit::read::fix::steps(&paste))
}

/// Puts a fix or a piece of evidence on the clipboard.
#[tauri::command]
pub(crate) async fn copy_text(handle: AppHandle, text: String) -> Answered<()> {
    if text.len() > LONGEST {
        return Err(Trouble::new("too-long", "this is too long for the clipboard; export the document instead"));
    }
    Ok(tauri::async_runtime::spawn_blocking(move || handle.clipboard().write_text(text)).await??)
}

/// Lets a person choose a folder or a file in the system's own dialog; nothing when it is closed without a choice.
#[tauri::command]
pub(crate) async fn path_choose(window: WebviewWindow, title: String, folder: bool) -> Answered<Option<String>> {
    let dialog = window.dialog().file().set_parent(&window).set_title(clean(&title, 80));
    let ask = move || if folder { dialog.blocking_pick_folder() } else { dialog.blocking_pick_file() };
    let Some(chosen) = tauri::async_runtime::spawn_blocking(ask).await? else { return Ok(None) };
    let path = chosen.into_path().map_err(|_| Trouble::new("path", "this place is not on this computer's disks"))?;
    let text = path.into_os_string().into_string();
    Ok(Some(text.map_err(|_| Trouble::new("path", "this name is not written in UTF-8; rename it, or type the path"))?))
}

/// Opens a link in the browser or the mail program.
#[tauri::command]
pub(crate) async fn open_link(handle: AppHandle, url: String) -> Answered<()> {
    let safe = tauri::Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https" | "mailto"));
    let link = safe.ok_or_else(|| Trouble::new("link", "only web and mail addresses can be opened from here"))?;
    Ok(tauri::async_runtime::spawn_blocking(move || handle.opener().open_url(link, None::<&str>)).await??)
}
