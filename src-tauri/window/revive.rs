//! The page is drawn by a process of its own, which a graphics driver or a lack of memory can end. The window then begins the page anew where
//! it was: what goes on goes on in this program, and what was saved, answers in the middle of being typed too, is there again.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tauri::{AppHandle, Manager};

/// How often the page is begun anew within [`SPAN`]: one that ends again and again is not helped by it.
const OFTEN: usize = 3;

/// The time in which that is counted.
const SPAN: Duration = Duration::from_secs(60);

/// What is said when it ends too often.
#[cfg(target_os = "linux")]
const SAYS: &str = "The page of this window stopped again and again, so it is not begun anew. What was saved is kept: close the window and \
                    start Launch Ready again. If it happens once more, start it with WEBKIT_DISABLE_COMPOSITING_MODE=1 set, which \
                    draws without the graphics driver.";

/// The ends of the page's process.
#[derive(Default)]
pub(crate) struct Ends(Mutex<Told>);

#[derive(Default)]
struct Told {
    /// When it ended, newest last.
    at: Vec<Instant>,
    /// Whether nobody was told of the last one.
    fresh: bool,
}

impl Ends {
    /// Notes one more; whether the page is begun anew.
    fn note(&self, now: Instant) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.at.retain(|end| now.duration_since(*end) < SPAN);
        told.at.push(now);
        told.fresh = true;
        told.at.len() <= OFTEN
    }

    /// Whether the page was begun anew since somebody last asked.
    pub(crate) fn take(&self) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut told.fresh)
    }
}

/// Begins the page of the main window anew whenever its process ends.
///
/// # Errors
///
/// Where the window is already gone.
#[cfg(target_os = "linux")]
pub(crate) fn watch(app: &AppHandle) -> tauri::Result<()> {
    use tauri_plugin_dialog::{DialogExt, MessageDialogKind};
    use webkit2gtk::WebViewExt;

    app.manage(Ends::default());
    let Some(window) = app.get_webview_window("main") else { return Ok(()) };
    let app = app.clone();
    window.with_webview(move |page| {
        page.inner().connect_web_process_terminated(move |page, reason| {
            eprintln!("launch-ready-desktop: the page's process ended ({reason:?})");
            if app.state::<Ends>().note(Instant::now()) {
                page.reload();
            } else {
                app.dialog().message(SAYS).title("Launch Ready").kind(MessageDialogKind::Error).show(|_| {});
            }
        });
    })
}

/// Elsewhere the system's web view does what it does by itself; that is untried.
#[cfg(not(target_os = "linux"))]
pub(crate) fn watch(app: &AppHandle) -> tauri::Result<()> {
    app.manage(Ends::default());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Ends, OFTEN, SPAN};
    use std::time::Instant;

    #[test]
    fn a_page_that_ends_too_often_is_left_and_one_that_ends_now_and_then_is_not() {
        let (ends, now) = (Ends::default(), Instant::now());
        for _ in 0..OFTEN {
            assert!(ends.note(now));
        }
        assert!(!ends.note(now + SPAN / 2));
        assert!(ends.note(now + 2 * SPAN), "what is long ago does not count");
    }

    #[test]
    fn an_end_is_told_once() {
        let ends = Ends::default();
        assert!(!ends.take());
        ends.note(Instant::now());
        assert!(ends.take() && !ends.take());
    }
}
