// A measurement under way and what was measured before, as the page Speed shows them.
import type { LoadTick, MeasureState, MeasureWish, MeasuredCard } from './bindings';
import * as ipc from './ipc';
import { trouble, type Trouble } from './ipc';
import { Live } from './live';
import { desk } from './store.svelte';

/** What is being measured now. */
export interface Under { what: string; at: number; of: number; plannedMs: number }

/** An address that can be measured, as the form holds it. */
export interface RouteRow { route: string; method: string; status: string; contains: string; headers: string; body: string; chosen: boolean; open: boolean }

class Measuring {
  state = $state.raw<MeasureState | null>(null);
  under = $state.raw<Under | null>(null);
  tick = $state.raw<LoadTick | null>(null);
  error = $state.raw<Trouble | null>(null);
  /** The points of the running chart; drawn from there, never copied. */
  readonly live = new Live();
  private project = '';

  async show(project: string): Promise<void> {
    if (this.project !== project) [this.state, this.error, this.tick] = [null, null, null];
    this.project = project;
    await this.take(() => ipc.measured(project));
  }

  /** Does something that hands back what is measured; a failure stands where it was asked for. */
  async take(act: () => Promise<MeasureState>, says = ''): Promise<boolean> {
    const project = this.project;
    try {
      const state = await act();
      if (this.project === project) this.state = state;
      this.error = null;
      if (says !== '') desk.says = says;
      return true;
    } catch (thrown) {
      this.error = trouble(thrown);
      return false;
    }
  }

  start(wish: MeasureWish): void {
    const project = this.project;
    this.error = null;
    this.tick = null;
    const done = desk.measures(project);
    if (done === null) return;
    ipc.measureStart(project, wish, (event) => {
      if (event.kind === 'began') {
        this.under = { what: event.what, at: event.at, of: event.of, plannedMs: event.planned_ms };
        this.live.begin(event.planned_ms);
        done.says(`Measuring ${event.what}`);
      } else if (event.kind === 'tick') {
        this.tick = event.tick;
        this.live.add(event.tick);
      } else if (event.kind === 'finished') {
        this.over(project);
        done.over(event.view);
      } else {
        this.error = event;
        this.over(project);
        done.over(null);
      }
    }).catch((thrown: unknown) => {
      this.error = trouble(thrown);
      this.over(project);
      done.over(null);
    });
  }

  private over(project: string): void {
    this.under = null;
    const failed = this.error;
    if (this.project === project) void this.take(() => ipc.measured(project)).then(() => { this.error = failed ?? this.error; });
  }

  /** The measurements of the same address, the newest first. */
  alike(card: MeasuredCard): MeasuredCard[] {
    return (this.state?.rows ?? []).filter((other) => other.row.what === card.row.what && other.id !== card.id);
  }
}

export const measuring = new Measuring();
