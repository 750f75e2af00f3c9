// Remembers where the focus was, so that it never falls to the top of the page when a dialog opened from a menu closes.

const visited: HTMLElement[] = [];
const most = 8;

/** Takes note of an element that got the focus. */
export function note(event: FocusEvent): void {
  const at = event.target;
  if (!(at instanceof HTMLElement) || at.closest('dialog, [role="menu"]') !== null || at === visited.at(-1)) return;
  visited.push(at);
  if (visited.length > most) visited.shift();
}

/** Once a dialog is gone: back to the last place that is still there, if the browser has not found it by itself. */
export function back(): void {
  setTimeout(() => {
    if (document.activeElement !== document.body) return;
    visited.findLast((one) => one.isConnected)?.focus();
  });
}
