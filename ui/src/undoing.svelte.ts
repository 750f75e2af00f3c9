// Undo and redo: what the next one is of, and the offer after each edit. Rust keeps what was edited, whoever edited it.
import type { Edit, Edits } from './bindings';
import * as ipc from './ipc';
import { desk } from './store.svelte';
import { taste } from './taste.svelte';

class Undoing {
  /** The edit that is offered to be undone, until the next one or until it is put away. */
  offer = $state.raw<Edit | null>(null);
  edits = $state.raw<Edits>({ undo: null, redo: null });
  private last: { project: string | null; act: number } | null = null;

  /** Takes note of what can be undone now; a newer edit than before is offered. */
  private note(project: string | null, edits: Edits): void {
    this.edits = edits;
    const act = edits.undo?.act ?? 0;
    const before = this.last;
    this.last = { project, act };
    if (before === null || before.project !== project || act < before.act) this.offer = null;
    else if (act > before.act) this.offer = edits.undo;
  }

  /** Asks Rust what can be undone now. */
  async ask(): Promise<void> {
    const project = desk.view?.project.id ?? null;
    const edits = await desk.try(() => ipc.edits(project));
    if (edits !== undefined && project === (desk.view?.project.id ?? null)) this.note(project, edits);
  }

  /** Undoes the newest edit, or does it again. */
  async undo(again: boolean): Promise<void> {
    const done = await desk.try(() => ipc.editUndo(desk.view?.project.id ?? null, again));
    if (done === undefined) return;
    this.offer = null;
    if (done.edit === null) desk.says = again ? 'Nothing to do again' : 'Nothing to undo';
    else desk.says = `${again ? 'Done again' : 'Undone'}: ${done.edit.says}`;
    if (done.view !== null) desk.take(done.view);
    else await desk.refresh();
    await taste.begin();
    // What is done again is no new edit that somebody may regret.
    this.last = null;
    await this.ask();
    desk.turn += 1;
  }
}

export const undoing = new Undoing();
