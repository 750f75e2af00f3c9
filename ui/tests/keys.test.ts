// Keys ask for one thing each, and held ones are the system's but for a few.
import { describe, expect, test } from 'vitest';
import { wish } from '../src/keys';

const plain = (key: string, waiting: string | null = null): ReturnType<typeof wish> => wish({ key, ctrl: false, alt: false, shift: false }, waiting);

describe('keys', () => {
  test('digits go to stages, and only to seven of them', () => {
    expect(plain('1')).toBe('stage-1');
    expect(plain('7')).toBe('stage-7');
    expect(plain('8')).toBeNull();
    expect(plain('0')).toBeNull();
  });

  test('r runs, but after g it goes to the risks', () => {
    expect(plain('r')).toBe('run');
    expect(plain('r', 'g')).toBe('risks');
    expect(plain('h', 'g')).toBe('handover');
    expect(plain('x', 'g')).toBeNull();
    expect(plain('r', 'x')).toBeNull();
  });

  test('keys held with Ctrl or Alt are left to the system, but for those of the list', () => {
    expect(wish({ key: 'r', ctrl: true, alt: false, shift: false }, null)).toBeNull();
    expect(wish({ key: 'j', ctrl: false, alt: true, shift: false }, null)).toBeNull();
    expect(wish({ key: 'K', ctrl: true, alt: false, shift: false }, null)).toBe('search');
    expect(wish({ key: 'q', ctrl: true, alt: false, shift: false }, null)).toBe('quit');
    expect(plain('q')).toBeNull();
  });

  test('a sign that needs Shift is what it is', () => {
    expect(wish({ key: '?', ctrl: false, alt: false, shift: true }, null)).toBe('help');
    expect(wish({ key: '+', ctrl: true, alt: false, shift: true }, null)).toBe('larger');
  });
});
