//! What the keychain gives, and a word on standard error where it is locked: a locked one says of everything that it is not there.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the word was said: once is enough for a command.
static SAID: AtomicBool = AtomicBool::new(false);

/// What was looked for in the keychain; where it is not there and the keychain is locked, that is told.
pub async fn taken<T>(looked: impl Future<Output = Option<T>>) -> Option<T> {
    let found = looked.await;
    if found.is_none()
        && !SAID.swap(true, Ordering::Relaxed)
        && let Some(status) = engine::vault::held_back().await
    {
        eprintln!("{}; {}", status.says, status.way);
    }
    found
}
