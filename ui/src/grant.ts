// Does what a key asked for, where it makes sense.
import * as ipc from './ipc';
import type { Wish } from './keys';
import { desk } from './store.svelte';
import { taste } from './taste.svelte';

/** True when something was done. */
export function grant(wish: Wish): boolean {
  if (wish.do === 'help') desk.dialog = { kind: 'shortcuts' };
  else if (wish.do === 'settings') desk.dialog = { kind: 'settings' };
  else if (wish.do === 'new') desk.dialog = { kind: 'new' };
  else if (wish.do === 'home') desk.go({ screen: 'home' });
  else if (wish.do === 'text') taste.grow(wish.step);
  else if (wish.do === 'move') return move(wish.step);
  else if (wish.do === 'await') return true;
  else if (wish.do === 'quit') void desk.try(() => ipc.windowClose(false));
  else if (desk.view === null || desk.place.screen !== 'project') return false;
  else inProject(wish);
  return true;
}

function inProject(wish: Wish): void {
  if (wish.do === 'run') desk.startRun();
  else if (wish.do === 'cancel') void desk.cancelRun();
  else if (wish.do === 'stage') desk.page('stage', wish.number);
  else if (wish.do === 'risks' || wish.do === 'records' || wish.do === 'code' || wish.do === 'speed' || wish.do === 'journeys' || wish.do === 'database' || wish.do === 'handover') desk.page(wish.do);
  else if (wish.do === 'close') document.querySelector<HTMLElement>('[data-testid="drawer-close"]')?.click();
}

/** Moves the focus between rows; without one, to the open row or the first. */
function move(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row], [data-testid^="card-"] h3 a')];
  if (rows.length === 0) return false;
  const focused = rows.findIndex((row) => row === document.activeElement);
  const open = rows.findIndex((row) => row.getAttribute('aria-expanded') === 'true');
  const from = focused >= 0 ? focused : open;
  const next = from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + step));
  rows[next]?.focus();
  return true;
}
