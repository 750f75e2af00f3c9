// The percentile curve stays in its frame, rises, and the running chart keeps to its places however long it goes on.
import { describe, expect, test } from 'vitest';
import { trace } from '../src/curve';
import { ceiling, Live, PLACES } from '../src/live';

const points = [0, 50, 90, 99, 99.9].map((percentile, at) => ({ percentile, micros: 20_000 * 2 ** at }));

describe('curve', () => {
  test('it is drawn inside its frame and only as far as it goes', () => {
    const drawn = trace([points, points.slice(0, 4)], 100_000);
    const places = [...(drawn?.lines[0]?.path.matchAll(/[ML]([\d.]+) ([\d.]+)/g) ?? [])].map((found) => [Number(found[1]), Number(found[2])] as const);
    expect(places).toHaveLength(5);
    for (const [x, y] of places) {
      expect(x >= 0 && x <= 720 && y >= 0 && y <= 130).toBe(true);
    }
    expect(places.map(([x]) => x)).toEqual([...places.map(([x]) => x)].sort((a, b) => a - b));
    expect(drawn?.across.map((one) => one.label)).toEqual(['p50', 'p90', 'p99', 'p99.9']);
    expect(trace([[], points.slice(0, 1)], 100_000)).toBeNull();
  });
});

describe('running chart', () => {
  test('ten minutes of ticks fall into the same places as ten seconds', () => {
    for (const seconds of [10, 600]) {
      const live = new Live();
      live.begin(seconds * 1000);
      for (let at = 1; at <= seconds * 10; at += 1) live.add({ at_ms: at * 100, sent: at, answered: at, failed: at === 5 ? 2 : at > 5 ? 2 : 0, under_way: 1, p50: 1000, p95: at === 7 ? null : 2000 });
      expect(live.reached).toBe(PLACES);
      expect(live.ticks).toBe(seconds * 10);
      expect(live.failed.reduce((so, one) => so + one, 0)).toBe(2);
      expect(live.most).toBe(2000);
    }
  });
  test('a tick beyond the time planned falls into the last place', () => {
    const live = new Live();
    live.begin(1000);
    live.add({ at_ms: 5000, sent: 1, answered: 1, failed: 0, under_way: 0, p50: 10, p95: 10 });
    expect([live.reached, live.p95[PLACES - 1]]).toEqual([PLACES, 10]);
  });
  test('its axis ends at a round figure', () => {
    expect([0, 1500, 4999, 5001, 120_000, 900_000].map(ceiling)).toEqual([1000, 2000, 5000, 10_000, 200_000, 1_000_000]);
  });
});
