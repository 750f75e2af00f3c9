// What is typed into a question and not saved yet: kept in Rust while it is typed, so that neither closing nor killing loses it.
import type { AnswerGiven, Choice, View } from './bindings';
import * as ipc from './ipc';
import { trouble, type Trouble } from './ipc';

/** How long a pause in typing lasts before it is kept, milliseconds. */
const PAUSE = 250;

/** An answer while it is typed. */
export interface Draft extends Omit<AnswerGiven, 'choice'> {
  choice: Choice | '';
}

/** What was typed since the view was made; null where the answer was saved or the draft thrown away. */
const typed = new Map<string, string | null>();

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function read(draft: string): Draft | null {
  try {
    const all = JSON.parse(draft) as Record<string, unknown>;
    const choice = (['yes', 'no', 'not-applicable'] as const).find((one) => one === all['choice']) ?? '';
    const cells = typeof all['rows'] === 'object' && all['rows'] !== null ? Object.entries(all['rows']) : [];
    const rows = Object.fromEntries(cells.map(([key, value]): [string, string] => [key, text(value)]));
    return { choice, note: text(all['note']), evidence: text(all['evidence']), owner: text(all['owner']), rows };
  } catch {
    return null;
  }
}

/** The draft of a question, where there is one. */
export function draftOf(view: View, key: string): Draft | null {
  const now = typed.get(`${view.project.id} ${key}`);
  const there = now === undefined ? view.drafts[key] : now;
  return there === undefined || there === null ? null : read(there);
}

/** Keeps the draft of one question while it is typed. */
export class Jotter {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private last: string | null = null;
  private readonly name: string;

  constructor(private readonly project: string, private readonly key: string, private readonly failed: (why: Trouble | null) => void) {
    this.name = `${project} ${key}`;
  }

  /** Something was typed. */
  jot(draft: Draft, now = false): void {
    this.last = JSON.stringify(draft);
    typed.set(this.name, this.last);
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), now ? 0 : PAUSE);
  }

  /** Whatever was typed is kept at once. */
  flush(): void {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    ipc.draftKeep(this.project, this.key, this.last).then(() => this.failed(null), (thrown: unknown) => this.failed(trouble(thrown)));
  }

  /** The answer was saved; Rust let go of the draft with it. */
  saved(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    typed.set(this.name, null);
  }

  /** What was typed is thrown away. */
  async forget(): Promise<void> {
    this.saved();
    await ipc.draftKeep(this.project, this.key, null);
  }
}
