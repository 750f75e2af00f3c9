//! Closing the window: at once, unless a run goes on. Then the page asks first, and what was seen so far stays.

use crate::error::Trouble;
use crate::state::{App, Core};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, RunEvent, Window, WindowEvent};

/// How long stopped runs may take to keep what they saw.
const PATIENCE: Duration = Duration::from_secs(3);

/// The setting that says whether somebody presents, and whose projects.
pub(crate) const PRESENTER: &str = "presenter";

/// The way to the page's question, once the page is there.
#[derive(Default)]
pub(crate) struct Bell(Mutex<Option<Channel<()>>>);

impl Bell {
    /// A page that was loaded anew hangs up its own.
    pub(crate) fn hang(&self, channel: Channel<()>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(channel);
    }

    /// Whether there is a page that heard it.
    fn ring(&self) -> bool {
        let bell = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bell.as_ref().is_some_and(|channel| channel.send(()).is_ok())
    }
}

/// Holds the window open while a run goes on and somebody is there to be asked.
pub(crate) fn requested(window: &Window, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    let runs = window.state::<App>().core().is_ok_and(|core| core.runs.any());
    if runs && window.state::<Bell>().ring() {
        api.prevent_close();
    } else if let Ok(core) = window.state::<App>().core() {
        tauri::async_runtime::block_on(stop_presenting(core));
    }
}

/// The last thing before the program ends.
pub(crate) fn ended(handle: &AppHandle, event: RunEvent) {
    if !matches!(event, RunEvent::Exit) {
        return;
    }
    if let Some(Ok(core)) = handle.try_state::<App>().as_deref().map(App::core) {
        core.demo.leave();
    }
}

/// Who closes the window has presented: the next start is not hidden from them by surprise. A crash leaves it on.
async fn stop_presenting(core: &Core) {
    // A file that cannot be written keeps no window open.
    let _ = core.store.prefer(PRESENTER, "").await;
}

/// Closes the window as its own button does, or for sure: then runs are stopped, and what they saw is kept.
pub(crate) async fn close(window: &Window, core: Result<&Core, Trouble>, sure: bool) -> Result<(), Trouble> {
    if !sure {
        return Ok(window.close()?);
    }
    if let Ok(core) = core {
        core.runs.end(PATIENCE).await;
        stop_presenting(core).await;
    }
    Ok(window.destroy()?)
}
