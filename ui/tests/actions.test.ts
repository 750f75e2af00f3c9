// Every action has one name, keys of its own that ask for it, a line in the sheet, and a place in the search.
import { describe, expect, test } from 'vitest';
import { actions, sheet, told, type Action } from '../src/actions';
import { ofActions } from '../src/finds';
import { wish } from '../src/keys';

const all: readonly Action[] = actions;

/** Presses keys one after another, as a keyboard would report them. */
function press(keys: readonly string[]): ReturnType<typeof wish> {
  let waiting: string | null = null;
  let found: ReturnType<typeof wish> = null;
  for (const one of keys) {
    const ctrl = one.startsWith('Ctrl+');
    const key = one.replace(/^Ctrl\+/, '').replace(/^Shift\+/, '');
    found = wish({ key, ctrl, alt: false, shift: one.includes('Shift+') || /[?+]/.test(key) }, waiting);
    waiting = found === 'await' ? key : null;
  }
  return found;
}

describe('actions', () => {
  test('no two have the same id, name or keys', () => {
    const keys = all.flatMap((one) => one.keys.map((keys) => keys.join(' ')));
    for (const told of [all.map((one) => one.id), all.map((one) => one.name), keys]) expect(new Set(told).size).toBe(told.length);
    expect(all.length).toBeGreaterThan(30);
  });

  test.each(all.flatMap((one) => one.keys.map((keys) => [keys.join(' '), keys, one.id] as const)))('%s asks for it', (_, keys, id) => {
    expect(press(keys)).toBe(id);
  });

  test('no key that begins two presses is one of its own', () => {
    for (const [first] of all.flatMap((one) => one.keys).filter((keys) => keys.length > 1)) expect(press([first ?? ''])).toBe('await');
  });

  test('whoever has keys is on the sheet, and what is on the sheet has keys', () => {
    const said = sheet().map(([, says]) => says);
    for (const one of all) expect(said.includes(one.together ?? one.name), one.id).toBe(one.keys.length > 0);
    expect(sheet().find(([, says]) => says === 'go to a stage')?.[0]).toEqual(['1', '…', '7']);
    expect(sheet().find(([, says]) => says === 'next row')).toBeUndefined();
  });

  test('whoever has no keys is in the search', () => {
    const found = new Set(ofActions(() => true).map((one) => one.key));
    for (const one of all.filter((one) => one.keys.length === 0)) expect(found.has(`action ${one.id}`), one.id).toBe(true);
    expect(ofActions(() => false)).toEqual([]);
  });

  test('keys are told as they stand on the keyboard', () => {
    const keys = (id: string): string[] => told(all.find((one) => one.id === id) ?? { id, name: '', keys: [], where: 'everywhere' });
    expect(keys('search')).toEqual(['Ctrl', 'K']);
    expect(keys('larger')).toEqual(['Ctrl', '+']);
    expect(keys('smaller')).toEqual(['Ctrl', '−']);
    expect(keys('close')).toEqual(['Esc']);
    expect(keys('cancel')).toEqual(['.']);
  });
});
