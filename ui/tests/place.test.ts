// Places survive being written and read, and anything else is home.
import { describe, expect, test } from 'vitest';
import { read, write, type Place } from '../src/place';

const places: [string, Place][] = [
  ['#/', { screen: 'home' }],
  ['#/p/a1/stage/3', { screen: 'project', id: 'a1', page: 'stage', stage: 3, item: null }],
  ['#/p/a1/stage/2/item/SD2.1', { screen: 'project', id: 'a1', page: 'stage', stage: 2, item: 'SD2.1' }],
  ['#/p/a%2F1/risks', { screen: 'project', id: 'a/1', page: 'risks', stage: 1, item: null }],
  ['#/p/a1/handover', { screen: 'project', id: 'a1', page: 'handover', stage: 1, item: null }],
];

describe('place', () => {
  test.each(places)('%s reads and writes back', (hash, place) => {
    expect(read(hash)).toEqual(place);
    expect(write(place)).toBe(hash);
  });

  test.each(['', '#', '#/p', '#/p/', '#/q/a1/stage/1', '#/p/%E0%A4%A/stage/1'])('%s is home', (hash) => {
    expect(read(hash)).toEqual({ screen: 'home' });
  });

  test.each(['0', '8', '1.5', '-1', 'x', ''])('stage %s falls back to the first', (stage) => {
    expect(read(`#/p/a1/stage/${stage}`)).toMatchObject({ page: 'stage', stage: 1 });
  });
});
