//! How fast the demo answers, and how long the window stops answering meanwhile: printed, since a busy machine is no defect.

use crate::SCREEN;
use crate::driver::{Home, Window};
use std::io::Write as _;

#[tokio::test]
async fn figures_of_a_demo_run() {
    let _screen = SCREEN.lock().await;
    let home = Home::new("pace");
    let window = Window::open(&home).await;
    window.click("door-demo").await;
    window.see("run").await;
    // Messages to oneself arrive as fast as the window answers anything; the time between two of them is the time it did not.
    window
        .script(
            "const probe = window.probe = { gaps: [], first: null, end: null, ran: false, last: performance.now() };
            const pipe = new MessageChannel();
            pipe.port1.onmessage = () => {
                const now = performance.now();
                if (now - probe.last > 16) probe.gaps.push(now - probe.last);
                if (now - probe.last === Math.max(...probe.gaps)) probe.at = now - probe.began;
                probe.last = now;
                const verdict = document.querySelector('[data-testid=\"verdict\"]')?.dataset.verdict;
                if (probe.first === null && verdict !== undefined && verdict !== 'none') probe.first = now - probe.began;
                probe.ran ||= document.querySelector('[data-testid=\"cancel\"]') !== null;
                if (probe.end === null && probe.ran && document.querySelector('[data-testid=\"run\"]')) probe.end = now - probe.began;
                if (probe.end === null) setTimeout(() => pipe.port2.postMessage(null), 0);
            };
            probe.began = performance.now();
            document.querySelector('[data-testid=\"run\"]').click();
            pipe.port2.postMessage(null);
            return null;",
        )
        .await;
    window
        .until("the probe has seen the end", async || !window.script("return window.probe.end").await.is_null())
        .await;
    let read = async |what: &str| window.script(&format!("return {what}")).await.as_f64().unwrap_or(f64::NAN);
    let (first, end) = (read("window.probe.first").await, read("window.probe.end").await);
    let longest = read("Math.max(0, ...window.probe.gaps)").await;
    let over = read("window.probe.gaps.filter((gap) => gap > 50).length").await;
    let at = read("window.probe.at").await;
    // Straight to the terminal: what a passing test prints is not shown otherwise.
    let told = writeln!(
        std::io::stderr(),
        "figure: first result of the demo {first:.0} ms after Run, whole demo {end:.0} ms\n\
         figure: longest time without an answer of the window {longest:.0} ms, {at:.0} ms after Run ({over} over 50 ms)"
    );
    told.unwrap();
    assert!(first.is_finite() && end > first, "the run was not seen; the page says: {}", window.words().await);
}
