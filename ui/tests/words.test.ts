// Sentences, dates and sizes read as a person writes them, whatever the machine's locale.
import { describe, expect, test } from 'vitest';
import { ago, elapsed, exactly, grouped, millis, size, when } from '../src/dates';
import { count, full, minutesWord, sentence } from '../src/words';

describe('sentences', () => {
  test.each([
    ['the certificate ends in 2 days', 'The certificate ends in 2 days'],
    ['www.acme.com shows another site', 'www.acme.com shows another site'],
    ['acme.com has no address', 'acme.com has no address'],
    ['http://acme.com/ is not encrypted', 'http://acme.com/ is not encrypted'],
    ['_dmarc.acme.com is missing', '_dmarc.acme.com is missing'],
    ['2606:4700::1 refuses', '2606:4700::1 refuses'],
    ['nobody answered.', 'Nobody answered.'],
    ['', ''],
  ])('%s', (text, said) => expect(sentence(text)).toBe(said));

  test('a full stop is set once', () => {
    expect(full('try again')).toBe('Try again.');
    expect(full('Is it so?')).toBe('Is it so?');
    expect(full('')).toBe('');
  });

  test('numbers take their plural', () => {
    expect(count(1, 'blocker')).toBe('1 blocker');
    expect(count(0, 'blocker')).toBe('0 blockers');
    expect(minutesWord(1)).toBe('about 1 minute');
    expect(minutesWord(60)).toBe('about 1 hour');
    expect(minutesWord(100)).toBe('about 1.5 hours');
  });
});

describe('dates', () => {
  const at = new Date(2026, 10, 20, 14, 5, 9).toISOString();

  test('a date is written out', () => {
    expect(when(at)).toBe('20 Nov 2026 14:05');
    expect(exactly(at)).toMatch(/^20 Nov 2026 14:05:09 UTC[+−]\d\d:\d\d$/);
    expect(when('no date')).toBe('');
  });

  test('ages grow coarser', () => {
    const now = new Date(at).getTime();
    expect(ago(at, now + 5_000)).toBe('just now');
    expect(ago(at, now + 4 * 60_000)).toBe('4 min ago');
    expect(ago(at, now + 3 * 3_600_000)).toBe('3 h ago');
    expect(ago(at, now + 25 * 3_600_000)).toBe('1 day ago');
    expect(ago(at, now + 90 * 86_400_000)).toBe('on 20 Nov 2026 14:05');
  });

  test('durations and figures', () => {
    expect(elapsed(-5)).toBe('0 s');
    expect(elapsed(65_400)).toBe('1 min 05 s');
    expect(millis(1_312_400)).toBe('1\u202f312 ms');
    expect(grouped(86_400)).toBe('86\u202f400');
    expect(size(184_320)).toBe('184 kB');
    expect(size(12)).toBe('12 bytes');
  });
});
