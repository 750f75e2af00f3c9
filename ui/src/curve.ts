// Places for percentile curves: how long so many of 100 waited, each further nine as wide as the one before. Times are microseconds.
import type { CurvePoint } from './bindings';

const wide = 720;
const high = 130;

export interface Line { path: string }
export interface Scale { x: number; label: string; anchor: 'start' | 'middle' | 'end' }
export interface Level { y: number; label: string }
export interface Curves { lines: Line[]; across: Scale[]; up: Level[]; target: number }

const nines = (percentile: number): number => Math.log10(100 / Math.max(100 - percentile, 1e-6));
const round = (number: number): number => Math.round(number * 10) / 10;

/** Nothing when no curve has two points. */
export function trace(curves: CurvePoint[][], target: number): Curves | null {
  const all = curves.flat();
  if (!curves.some((points) => points.length > 1)) return null;
  const far = Math.max(...all.map((point) => nines(point.percentile)), 1);
  const low = Math.min(...all.map((point) => point.micros), target) * 0.85;
  const top = Math.max(...all.map((point) => point.micros), target) * 1.15;
  const x = (percentile: number): number => round((nines(percentile) / far) * wide);
  const y = (micros: number): number => round(high - (Math.log(Math.max(micros, 1) / low) / Math.log(top / low)) * high);
  const lines = curves.map((points): Line => ({ path: points.map((point, at) => `${at === 0 ? 'M' : 'L'}${x(point.percentile)} ${y(point.micros)}`).join('') }));
  const across = [50, 90, 99, 99.9, 99.99, 99.999].filter((one) => nines(one) <= far + 1e-9)
    .map((one): Scale => ({ x: x(one), label: `p${one}`, anchor: x(one) > wide - 30 ? 'end' : 'middle' }));
  return { lines, across, up: levels(low, top, y), target: y(target) };
}

function levels(low: number, top: number, y: (micros: number) => number): Level[] {
  const steps = [0, 1, 2, 3, 4].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power));
  const within = steps.filter((ms) => ms * 1000 >= low && ms * 1000 <= top).map((ms): Level => ({ y: y(ms * 1000), label: ms >= 1000 ? `${ms / 1000} s` : `${ms} ms` }));
  return within.filter((level, at) => at === 0 || Math.abs((within[at - 1]?.y ?? 999) - level.y) > 12 || at % 2 === 0);
}
