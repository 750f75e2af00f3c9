//! Progress on standard error: a bar on a terminal, lines otherwise.

use audit::Facts;
use audit::read::text::clean;
use engine::Event;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

/// Lets a run go on with its progress shown; Ctrl-C cuts it short.
pub async fn watched<F: Future<Output = Facts>>(
    run: impl FnOnce(CancellationToken, UnboundedSender<Event>) -> F,
) -> Facts {
    let cancel = CancellationToken::new();
    let (send, events) = unbounded_channel();
    let shown = tokio::spawn(show(events));
    let interrupt = tokio::spawn({
        let cancel = cancel.clone();
        async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                cancel.cancel();
            }
        }
    });
    let facts = run(cancel, send).await;
    interrupt.abort();
    // Only the last lines of progress could be lost; the facts are whole.
    let _ = shown.await;
    facts
}

/// Shows events until the run drops its end.
async fn show(mut events: UnboundedReceiver<Event>) {
    let bar = std::io::stderr().is_terminal().then(bar);
    while let Some(event) = events.recv().await {
        match (&bar, event) {
            (Some(bar), Event::Looking { what, done, total }) => {
                bar.set_length(u64::from(total));
                bar.set_position(u64::from(done));
                bar.set_message(clean(&what, 60));
            }
            (None, Event::Saw(seen)) => match seen.unseen() {
                None => eprintln!("saw {}", clean(&seen.what(), 120)),
                Some(unseen) => eprintln!("could not see {}: {}", clean(&seen.what(), 120), clean(&unseen.says, 200)),
            },
            _ => {}
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {elapsed} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}
