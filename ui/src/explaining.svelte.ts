// Which word of the trade is being explained, and where on the page it stands.
import { createContext } from 'svelte';
import type { Term } from './bindings';
import * as ipc from './ipc';
import { fresh, glossary, type Glossary, type Panel } from './jargon';

/** Milliseconds in which the pointer may go from the word to its explanation. */
const LEAVES = 200;

class Explaining {
  glossary = $state.raw<Glossary>(glossary([]));
  shown = $state.raw<{ term: Term; word: HTMLElement } | null>(null);
  private soon: ReturnType<typeof setTimeout> | undefined;

  async begin(): Promise<void> {
    this.glossary = glossary(await ipc.termList().catch(() => []));
  }

  show(term: Term, word: HTMLElement): void {
    clearTimeout(this.soon);
    this.shown = { term, word };
  }

  /** The pointer is on the explanation. */
  stay(): void {
    clearTimeout(this.soon);
  }

  leave(): void {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => { this.shown = null; }, LEAVES);
  }

  close(): void {
    clearTimeout(this.soon);
    this.shown = null;
  }
}

export const explaining = new Explaining();

const [inside, begin, within] = createContext<Panel>();

/** Begins a panel: each term is explained once in it. */
export const panel = (): Panel => begin(fresh());

/** The panel that a text stands in; one of its own where there is none. */
export const around = (): Panel => (within() ? inside() : fresh());
