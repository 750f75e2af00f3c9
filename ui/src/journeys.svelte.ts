// The journeys of a project as the page Journeys shows them, and the one that is gone through now.
import type { JourneyCard, JourneyState } from './bindings';
import * as ipc from './ipc';
import { trouble, type Trouble } from './ipc';
import { desk } from './store.svelte';

class Journeys {
  state = $state.raw<JourneyState | null>(null);
  error = $state.raw<Trouble | null>(null);
  private project = '';

  async show(project: string): Promise<void> {
    if (this.project !== project) [this.state, this.error] = [null, null];
    this.project = project;
    await this.take(() => ipc.journeys(project));
  }

  /** Does something that hands back the journeys; a failure stands where it was asked for. */
  async take(act: () => Promise<JourneyState>, says = ''): Promise<boolean> {
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

  /** Goes through these, or all of them. */
  run(names: string[]): void {
    desk.goThrough(names);
  }

  /** The step of this journey that is under way, from 0; none when another one is. */
  step(card: JourneyCard): number | null {
    return underWay(card, desk.run?.what ?? '');
  }
}

/** The place of the step that the word on a run names: `journey: step`. */
export function underWay(card: Pick<JourneyCard, 'name' | 'steps'>, what: string): number | null {
  if (what === `journey "${card.name}"`) return 0;
  if (!what.startsWith(`${card.name}: `)) return null;
  const at = card.steps.indexOf(what.slice(card.name.length + 2));
  return at < 0 ? null : at;
}

export const journeys = new Journeys();
