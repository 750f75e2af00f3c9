// Places for the bars, percentiles and target of a histogram, on a logarithmic axis 720 units wide with bars up to 76 high, so that words stand above them. Times are microseconds.
import type { Bin, Phase } from './bindings';

const wide = 720;
const high = 76;

export interface Bar { x: number; width: number; height: number; over: boolean }
export interface Tick { x: number; label: string; anchor: 'start' | 'middle' | 'end' }
export interface Mark { x: number; y: number; label: string; shift: number; anchor: 'start' | 'end' }
export interface Picture { bars: Bar[]; earlier: Bar[]; ticks: Tick[]; target: number; at: (micros: number) => number }

/** Nothing when there is no sample to draw. Bars of an earlier measurement stand behind, each by its share of its own. */
export function draw(bins: Bin[], target: number, before: Bin[] = []): Picture | null {
  const full = (all: Bin[]): Bin[] => all.filter((bin) => bin.count > 0);
  const edges = [...full(bins), ...full(before)];
  if (full(bins).length === 0) return null;
  const low = Math.max(1, Math.min(...edges.map((bin) => bin.from), target) * 0.9);
  const top = Math.max(...edges.map((bin) => bin.to), target) * 1.1;
  const sum = (all: Bin[]): number => Math.max(1, all.reduce((so, bin) => so + bin.count, 0));
  const share = (all: Bin[]): number[] => all.map((bin) => bin.count / sum(all));
  const most = Math.max(...share(bins), ...share(before));
  const scale = wide / Math.log(top / low);
  const at = (micros: number): number => round(Math.min(wide, Math.max(0, Math.log(Math.max(micros, 1) / low) * scale)));
  const bars = (all: Bin[]): Bar[] => full(all).map((bin): Bar => {
    const x = at(bin.from);
    return { x, width: Math.max(1.5, round(at(bin.to) - x - 1)), height: round((bin.count / sum(all) / most) * high), over: bin.from >= target };
  });
  return { bars: bars(bins), earlier: bars(before), ticks: ticks(low, top, at), target: at(target), at };
}

function ticks(low: number, top: number, at: (micros: number) => number): Tick[] {
  const steps = [1, 2, 5].flatMap((step) => [0, 1, 2, 3, 4].map((power) => step * 10 ** power));
  const all = steps
    .map((ms) => ({ ms, x: at(ms * 1000) }))
    .filter(({ ms }) => ms * 1000 >= low && ms * 1000 <= top)
    .sort((a, b) => a.ms - b.ms);
  const apart: Tick[] = [];
  let before = -100;
  for (const { ms, x } of all) {
    if (x - before < 60) continue;
    before = x;
    apart.push({ x, label: ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`, anchor: x < 20 ? 'start' : x > wide - 24 ? 'end' : 'middle' });
  }
  return apart;
}

/** Percentiles with samples enough to be claimed, each a step lower so that their words do not meet. */
export function marks(total: Phase | undefined, picture: Picture): Mark[] {
  if (total === undefined) return [];
  return total.percentiles
    .filter((one) => [50, 95, 99].includes(one.percentile) && one.needs <= total.samples)
    .map((one, at) => {
      const x = picture.at(one.micros);
      const left = x > wide - 60;
      return { x, y: 20 + (at % 2) * 10, label: `p${one.percentile}`, shift: left ? -4 : 4, anchor: left ? 'end' : 'start' };
    });
}

const round = (number: number): number => Math.round(number * 10) / 10;
