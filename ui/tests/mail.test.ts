// Messages are handed over byte by byte, and the times between servers are read by people.
import { expect, test } from 'vitest';
import { gap, packed } from '../src/mail';

test('packs every byte as it is', () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256);
  const back = Uint8Array.from(atob(packed(bytes)), (c) => c.charCodeAt(0));
  expect(back).toEqual(bytes);
});

test('says how long a message lay', () => {
  expect([null, 0, 119, 540, -3].map(gap)).toEqual(['', '0 s', '119 s', '9 min', '-3 s (their clocks differ)']);
});
