// Does what was asked for, by key or from the search, where it makes sense.
import { tick } from 'svelte';
import { actions, type Action, type ActionId } from './actions';
import * as ipc from './ipc';
import { presenter } from './presenter.svelte';
import { desk, type Dialog } from './store.svelte';
import { taste } from './taste.svelte';
import { testids } from './testids';
import { undoing } from './undoing.svelte';

const opens = (dialog: Dialog) => (): void => { desk.dialog = dialog; };

const deeds: Record<ActionId, () => unknown> = {
  search: opens({ kind: 'search' }),
  down: () => move(1),
  up: () => move(-1),
  close: () => document.querySelector<HTMLElement>('[data-testid="drawer-close"]')?.click(),
  'stage-1': () => { desk.page('stage', 1); },
  'stage-2': () => { desk.page('stage', 2); },
  'stage-3': () => { desk.page('stage', 3); },
  'stage-4': () => { desk.page('stage', 4); },
  'stage-5': () => { desk.page('stage', 5); },
  'stage-6': () => { desk.page('stage', 6); },
  'stage-7': () => { desk.page('stage', 7); },
  run: () => { desk.startRun(); },
  cancel: () => desk.cancelRun(),
  risks: () => { desk.page('risks'); },
  records: () => { desk.page('records'); },
  code: () => { desk.page('code'); },
  speed: () => { desk.page('speed'); },
  journeys: () => { desk.page('journeys'); },
  database: () => { desk.page('database'); },
  history: () => { desk.page('history'); },
  handover: () => { desk.page('handover'); },
  home: () => { desk.go({ screen: 'home' }); },
  new: opens({ kind: 'new' }),
  import: opens({ kind: 'import' }),
  demo: () => desk.openDemo(),
  roadmap: opens({ kind: 'roadmap' }),
  rename: () => { if (desk.view !== null) desk.dialog = { kind: 'rename', card: desk.view.project }; },
  notes: opens({ kind: 'notes' }),
  own: opens({ kind: 'own' }),
  'export-project': () => { if (desk.view !== null) desk.dialog = { kind: 'export', card: desk.view.project }; },
  session: opens({ kind: 'session' }),
  cloudflare: opens({ kind: 'cloudflare' }),
  mail: opens({ kind: 'mail' }),
  places: opens({ kind: 'places' }),
  'export-pdf': () => write(testids.exportPdf),
  'export-html': () => write(testids.exportHtml),
  'export-guide': () => write(testids.exportGuide),
  'export-markdown': () => write(testids.exportMarkdown),
  'export-csv': () => write(testids.exportCsv),
  undo: () => undoing.undo(false),
  redo: () => undoing.undo(true),
  look: opens({ kind: 'look' }),
  larger: () => { taste.grow(1); },
  smaller: () => { taste.grow(-1); },
  theme: () => { taste.set('theme', taste.dark ? 'light' : 'dark'); },
  presenter: () => desk.present(),
  settings: opens({ kind: 'settings' }),
  help: opens({ kind: 'shortcuts' }),
  quit: () => desk.try(() => ipc.windowClose(false)),
};

/** Whether an action makes sense now. */
export function offered(id: ActionId): boolean {
  const action = (actions as readonly Action[]).find((one) => one.id === id);
  if (action?.where === 'project' && (desk.view === null || desk.place.screen !== 'project')) return false;
  if (id === 'cancel') return desk.running;
  if (id === 'undo') return undoing.edits.undo !== null;
  if (id === 'redo') return undoing.edits.redo !== null;
  if (id === 'notes') return !presenter.on;
  if (id === 'run') return !desk.running;
  if (id.startsWith('export-')) return desk.view?.audit != null;
  return true;
}

/** True when something was done. */
export function grant(id: ActionId): boolean {
  if (!offered(id)) return false;
  return deeds[id]() !== false;
}

/** The handover page writes, and says where the document went. */
async function write(testid: string): Promise<void> {
  desk.page('handover');
  await tick();
  document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.click();
}

/** Moves the focus between rows; without one, to the open row or the first. */
function move(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row], [data-testid^="card-"] h3 a')];
  if (rows.length === 0) return false;
  const focused = rows.findIndex((row) => row === document.activeElement);
  const open = rows.findIndex((row) => row.getAttribute('aria-expanded') === 'true');
  const from = focused >= 0 ? focused : open;
  const next = from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + step));
  rows[next]?.focus();
  return true;
}
