// Presenter mode: somebody else looks on. Other clients, and where things lie on this computer, are not in the page at all then.
import type { ProjectCard, View } from './bindings';
import * as ipc from './ipc';
import { veil, veiled } from './veil';

class Presenter {
  on = $state(false);
  /** Whose projects are shown; nobody's where it began outside of any project. */
  private client = $state('');
  /** Paths of the project that is open. */
  private paths: string[] = [];

  /** Goes on as a crash left it; a window that was closed begins without it. */
  async begin(): Promise<void> {
    const kept = await ipc.preferenceGet('presenter').catch(() => null);
    if (kept !== null && kept !== '') await this.set(true, kept.slice(1));
  }

  async set(on: boolean, client: string): Promise<void> {
    [this.on, this.client] = [on, client];
    // Never a name in the title of the window: it is on every list of windows.
    await ipc.presenterSet(on ? `!${client}` : '').catch(() => undefined);
  }

  /** Whether a project may be seen. */
  shows(card: ProjectCard): boolean {
    return !this.on || card.demo || card.client === this.client;
  }

  /** A project without private notes, and without the places that its things have on this computer. */
  view(view: View): View {
    if (!this.on) return view;
    const { folder, log, queries, database } = view.sources;
    this.paths = [folder, log, queries, database].filter((path) => path !== '');
    return veiled({ ...view, notes: '' }, this.paths);
  }

  /** A sentence without such places. */
  text(text: string): string {
    return this.on ? veil(text, this.paths) : text;
  }
}

export const presenter = new Presenter();
