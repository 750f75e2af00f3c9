// Places of this computer are taken out of texts, and nothing else is.
import { describe, expect, test } from 'vitest';
import { veil, veiled } from '../src/veil';

describe('veil', () => {
  test.each([
    ['/home/ada/clients/ferrum/board', '…/board'],
    ['failed to read /Users/ada/code/x: it is gone', 'failed to read …/x: it is gone'],
    ['C:\\Users\\Ada\\Documents\\a.pdf', '…/a.pdf'],
    ['~/clients/ferrum', '…/ferrum'],
    ['in /home/ada', 'in …/'],
    ['https://example.com/home/board and https://example.com/~/x', 'https://example.com/home/board and https://example.com/~/x'],
    ['v=spf1 include:_spf.example.com ~all', 'v=spf1 include:_spf.example.com ~all'],
  ])('%s', (text, shown) => {
    expect(veil(text, [])).toBe(shown);
  });

  test('a path that is known is hidden wherever it is, the longest first', () => {
    expect(veil('/srv/ferrum/board/src/a.rs in /srv/ferrum', ['/srv/ferrum', '/srv/ferrum/board'])).toBe('…/board/src/a.rs in …/ferrum');
  });

  test('every text inside is reached, and the rest stays as it is', () => {
    const given = { rows: [{ at: '/home/ada/x', count: 3, none: null }], on: true };
    expect(veiled(given, [])).toEqual({ rows: [{ at: '…/x', count: 3, none: null }], on: true });
  });
});
