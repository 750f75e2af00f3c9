// Keys ask for one thing each, and the sheet names only keys that work.
import { describe, expect, test } from 'vitest';
import { sheet, wish } from '../src/keys';

const plain = (key: string, waiting = false): ReturnType<typeof wish> => wish({ key, ctrl: false, alt: false }, waiting);

describe('keys', () => {
  test('digits go to stages, and only to seven of them', () => {
    expect(plain('1')).toEqual({ do: 'stage', number: 1 });
    expect(plain('7')).toEqual({ do: 'stage', number: 7 });
    expect(plain('8')).toBeNull();
    expect(plain('0')).toBeNull();
  });

  test('r runs, but after g it goes to the risks', () => {
    expect(plain('r')).toEqual({ do: 'run' });
    expect(plain('r', true)).toEqual({ do: 'risks' });
    expect(plain('h', true)).toEqual({ do: 'handover' });
    expect(plain('x', true)).toBeNull();
  });

  test('keys held with Ctrl or Alt are left to the system, but for the text size and closing the window', () => {
    expect(wish({ key: 'r', ctrl: true, alt: false }, false)).toBeNull();
    expect(wish({ key: 'j', ctrl: false, alt: true }, false)).toBeNull();
    expect(wish({ key: '+', ctrl: true, alt: false }, false)).toEqual({ do: 'text', step: 1 });
    expect(wish({ key: 'q', ctrl: true, alt: false }, false)).toEqual({ do: 'quit' });
    expect(plain('q')).toBeNull();
  });

  test('every single key of the sheet asks for something', () => {
    const single = sheet.filter(([keys]) => keys.every((key) => key.length === 1 && key !== '…') && keys[0] !== 'g');
    expect(single.length).toBeGreaterThan(4);
    for (const [keys] of single) for (const key of keys) expect(plain(key), key).not.toBeNull();
    for (const [keys] of sheet.filter(([all]) => all[0] === 'g')) expect(plain(keys[1] ?? '', true), keys.join(' ')).not.toBeNull();
  });
});
