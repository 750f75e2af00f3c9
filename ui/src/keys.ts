// Which action a key press asks for. Typing in a field is never one, nor is anything while a dialog or menu is open.
import { actions, type Action, type ActionId } from './actions';

/** What a key asks for: an action, or to wait for the next key. */
export type Wish = ActionId | 'await';

const all: readonly Action[] = actions;

/** A press as the list of actions writes it. */
function written(press: { key: string; ctrl: boolean; shift: boolean }): string {
  const key = press.key.length === 1 && press.ctrl ? press.key.toLowerCase() : press.key;
  // Shift is part of a sign that needs it, such as `?`; only with Ctrl is it a key of its own.
  const shift = press.shift && press.ctrl && /^[a-z]$/.test(key);
  return `${press.ctrl ? 'Ctrl+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

/** What a key press asks for; `waiting` is the key before it, where that one began something. */
export function wish(press: { key: string; ctrl: boolean; alt: boolean; shift: boolean }, waiting: string | null): Wish | null {
  if (press.alt) return null;
  const now = written(press);
  const keys = waiting === null ? [now] : [waiting, now];
  const found = all.find((action) => action.keys.some((one) => one.length === keys.length && one.every((key, at) => key === keys[at])));
  if (found !== undefined) return found.id as ActionId;
  return waiting === null && all.some((action) => action.keys.some((one) => one.length > 1 && one[0] === now)) ? 'await' : null;
}
