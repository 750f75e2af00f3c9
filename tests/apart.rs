//! Audits side by side, each on a thread of its own.

/// Works on a thread of its own: futures that are polled together share one core, however many the machine has.
pub async fn apart<F: Future>(work: impl FnOnce() -> F + Send + 'static) -> F::Output
where
    F::Output: Send + 'static,
{
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || runtime.block_on(work())).await.unwrap()
}
