// The histogram stays inside its frame, keeps its order, and claims no percentile without samples.
import { describe, expect, test } from 'vitest';
import type { Bin, Sampled } from '../src/bindings';
import { draw, marks } from '../src/histogram';

const bins: Bin[] = [
  { from: 100_000, to: 120_000, count: 4 },
  { from: 120_000, to: 150_000, count: 20 },
  { from: 150_000, to: 400_000, count: 0 },
  { from: 900_000, to: 1_100_000, count: 5 },
];
const sampled = (samples: number): Sampled => ({
  wanted: 30, sent: 30, statuses: {}, failures: {}, signed_in: false, bins,
  phases: [{
    name: 'total', samples,
    percentiles: [
      { percentile: 50, micros: 130_000, needs: 2, low: null, high: null },
      { percentile: 95, micros: 1_000_000, needs: 20, low: null, high: null },
      { percentile: 99, micros: 1_090_000, needs: 100, low: null, high: null },
    ],
  }],
});

describe('histogram', () => {
  test('bars stay in the frame and in order, the tallest is full', () => {
    const picture = draw(bins, 500_000);
    expect(picture).not.toBeNull();
    const bars = picture?.bars ?? [];
    expect(bars).toHaveLength(3);
    expect(Math.max(...bars.map((bar) => bar.height))).toBe(76);
    for (const bar of bars) {
      expect(bar.x).toBeGreaterThanOrEqual(0);
      expect(bar.x + bar.width).toBeLessThanOrEqual(720);
    }
    expect(bars.map((bar) => bar.x)).toEqual([...bars.map((bar) => bar.x)].sort((a, b) => a - b));
    expect(bars.map((bar) => bar.over)).toEqual([false, false, true]);
  });

  test('an earlier measurement stands behind by its share of its own', () => {
    const picture = draw(bins, 500_000, bins.map((bin) => ({ ...bin, count: bin.count * 7 })));
    expect(picture?.earlier.map((bar) => bar.height)).toEqual(picture?.bars.map((bar) => bar.height));
    expect(draw([], 500_000, bins)).toBeNull();
  });

  test('the target lies between the bars that it divides', () => {
    const picture = draw(bins, 500_000);
    expect(picture?.target).toBeGreaterThan(picture?.bars[1]?.x ?? Infinity);
    expect(picture?.target).toBeLessThan(picture?.bars[2]?.x ?? 0);
  });

  test('words of the axis keep apart', () => {
    const places = draw(bins, 500_000)?.ticks.map((tick) => tick.x) ?? [];
    expect(places.length).toBeGreaterThan(1);
    places.slice(1).forEach((x, at) => expect(x - (places[at] ?? 0)).toBeGreaterThanOrEqual(60));
  });

  test('no sample, no picture', () => {
    expect(draw([], 500_000)).toBeNull();
    expect(draw([{ from: 1, to: 2, count: 0 }], 500_000)).toBeNull();
  });

  test('percentiles are claimed only with samples enough', () => {
    const picture = draw(bins, 500_000);
    if (picture === null) throw new Error('no picture');
    expect(marks(sampled(30).phases[0], picture).map((mark) => mark.label)).toEqual(['p50', 'p95']);
    expect(marks(sampled(19).phases[0], picture).map((mark) => mark.label)).toEqual(['p50']);
    expect(marks(sampled(1).phases[0], picture)).toEqual([]);
  });
});
