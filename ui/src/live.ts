// The running chart as fixed places: a tick falls into the place of its time, so that ten minutes take no more to draw than ten seconds.
import type { LoadTick } from './bindings';

export const PLACES = 300;

export class Live {
  readonly p50 = new Float64Array(PLACES);
  readonly p95 = new Float64Array(PLACES);
  readonly failed = new Uint32Array(PLACES);
  /** Places that time has reached. */
  reached = 0;
  /** Ticks that were taken in. */
  ticks = 0;
  /** The greatest time that was drawn, microseconds. */
  most = 0;
  plannedMs = 1;
  private failures = 0;

  begin(plannedMs: number): void {
    this.p50.fill(0);
    this.p95.fill(0);
    this.failed.fill(0);
    [this.reached, this.ticks, this.most, this.failures] = [0, 0, 0, 0];
    this.plannedMs = Math.max(1, plannedMs);
  }

  add(tick: LoadTick): void {
    const place = Math.min(PLACES - 1, Math.max(0, Math.floor((tick.at_ms / this.plannedMs) * PLACES)));
    this.ticks += 1;
    this.reached = Math.max(this.reached, place + 1);
    // The worst of what falls together is what somebody felt.
    this.p50[place] = Math.max(this.p50[place] ?? 0, tick.p50 ?? 0);
    this.p95[place] = Math.max(this.p95[place] ?? 0, tick.p95 ?? 0);
    this.most = Math.max(this.most, tick.p95 ?? 0);
    this.failed[place] = (this.failed[place] ?? 0) + Math.max(0, tick.failed - this.failures);
    this.failures = tick.failed;
  }
}

/** A round figure of 1, 2 or 5 that is at least this. */
export function ceiling(micros: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1000, micros)));
  return power * ([1, 2, 5, 10].find((step) => step * power >= micros) ?? 10);
}
