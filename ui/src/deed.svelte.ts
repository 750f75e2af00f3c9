// One thing that a form does at a time: whether it is under way, and what went wrong with it, told where it was asked for.
import { desk } from './store.svelte';
import { trouble, type Trouble } from './ipc';

export class Deed {
  busy = $state(false);
  error = $state.raw<Trouble | null>(null);

  /** True when it was done. */
  async do(act: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    this.error = null;
    try {
      await act();
    } catch (thrown) {
      this.error = trouble(thrown);
    }
    this.busy = false;
    if (this.error === null) desk.deeds += 1;
    return this.error === null;
  }
}
