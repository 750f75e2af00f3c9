// Every action of the window, once: from this list come its keys, the sheet of keys, and what the search offers. What each does is in grant.ts.

/** One thing that a person can have done. */
export interface Action {
  id: string;
  /** As a fragment that stands after "to". */
  name: string;
  /** Key presses that ask for it, each as the keys pressed one after another; the first is the one that is told. */
  keys: readonly (readonly string[])[];
  /** Where it makes sense: anywhere, or only in an open project. */
  where: 'everywhere' | 'project';
  /** What the sheet of keys says of several actions in one line. */
  together?: string;
  /** Other words that somebody may search it by. */
  words?: string;
}

const go = 'project';

export const actions = [
  { id: 'search', name: 'search everything', keys: [['Ctrl+k']], where: 'everywhere', words: 'find command palette' },
  { id: 'down', name: 'next row', keys: [['j'], ['ArrowDown']], where: 'everywhere', together: 'next and previous row (arrow keys too)' },
  { id: 'up', name: 'previous row', keys: [['k'], ['ArrowUp']], where: 'everywhere', together: 'next and previous row (arrow keys too)' },
  { id: 'close', name: 'close what is open', keys: [['Escape']], where: go },
  { id: 'stage-1', name: 'go to stage 1', keys: [['1']], where: go, together: 'go to a stage' },
  { id: 'stage-2', name: 'go to stage 2', keys: [['2']], where: go, together: 'go to a stage' },
  { id: 'stage-3', name: 'go to stage 3', keys: [['3']], where: go, together: 'go to a stage' },
  { id: 'stage-4', name: 'go to stage 4', keys: [['4']], where: go, together: 'go to a stage' },
  { id: 'stage-5', name: 'go to stage 5', keys: [['5']], where: go, together: 'go to a stage' },
  { id: 'stage-6', name: 'go to stage 6', keys: [['6']], where: go, together: 'go to a stage' },
  { id: 'stage-7', name: 'go to stage 7', keys: [['7']], where: go, together: 'go to a stage' },
  { id: 'run', name: 'run the audit', keys: [['r']], where: go, words: 'start again look' },
  { id: 'cancel', name: 'cancel the run', keys: [['.']], where: go, words: 'stop' },
  { id: 'risks', name: 'go to risks', keys: [['g', 'r']], where: go, words: 'fix order blockers accepted' },
  { id: 'records', name: 'go to records', keys: [['g', 'd']], where: go, words: 'dns redirects resolvers' },
  { id: 'code', name: 'go to code and keys', keys: [['g', 'c']], where: go, words: 'secrets settings environment folder' },
  { id: 'speed', name: 'go to speed and load', keys: [['g', 's']], where: go, words: 'latency measure percentile' },
  { id: 'journeys', name: 'go to journeys', keys: [['g', 'j']], where: go, words: 'sign-up checkout watch' },
  { id: 'database', name: 'go to database', keys: [['g', 'b']], where: go, words: 'queries index postgres mysql' },
  { id: 'history', name: 'go to history', keys: [['g', 't']], where: go, words: 'runs compare difference accepted timeline' },
  { id: 'handover', name: 'go to handover', keys: [['g', 'h']], where: go, words: 'pdf report document markdown' },
  { id: 'home', name: 'go to all projects', keys: [['g', 'p']], where: 'everywhere', words: 'home clients' },
  { id: 'new', name: 'new project', keys: [['n']], where: 'everywhere', words: 'audit a domain client' },
  { id: 'import', name: 'import a project file', keys: [], where: 'everywhere', words: 'open launchready colleague receive' },
  { id: 'demo', name: 'explore the demo', keys: [], where: 'everywhere', words: 'example juniper' },
  { id: 'roadmap', name: 'change roadmap', keys: [], where: go, words: 'question kind of launch' },
  { id: 'rename', name: 'rename this project', keys: [], where: go, words: 'client name' },
  { id: 'notes', name: 'private notes', keys: [['g', 'n']], where: go, words: 'jot memo own' },
  { id: 'own', name: 'rows and checks of your own', keys: [['g', 'o']], where: go, words: 'custom extra item expectation toml add' },
  { id: 'export-project', name: 'export this project as one file', keys: [], where: go, words: 'launchready backup colleague send' },
  { id: 'session', name: 'signed-in routes', keys: [], where: go, words: 'cookie token login session' },
  { id: 'cloudflare', name: 'Cloudflare token', keys: [], where: go, words: 'credential' },
  { id: 'mail', name: 'mail account', keys: [], where: go, words: 'smtp imap test message' },
  { id: 'places', name: 'addresses behind the login', keys: [], where: go, words: 'private pages roles' },
  { id: 'export-pdf', name: 'write the PDF', keys: [], where: go, words: 'export handover document report' },
  { id: 'export-html', name: 'write the handover as a web page', keys: [], where: go, words: 'export handover document report html' },
  { id: 'export-guide', name: 'write the one-page guide', keys: [], where: go, words: 'export handover document operating' },
  { id: 'export-markdown', name: 'write the Markdown', keys: [], where: go, words: 'export handover document report' },
  { id: 'export-csv', name: 'write the lists as tables', keys: [], where: go, words: 'export handover csv spreadsheet' },
  { id: 'undo', name: 'undo the last edit', keys: [['Ctrl+z']], where: 'everywhere', words: 'back take' },
  { id: 'redo', name: 'do again what was undone', keys: [['Ctrl+Shift+z'], ['Ctrl+y']], where: 'everywhere', words: 'redo' },
  { id: 'look', name: 'your own name, logo and colours', keys: [], where: 'everywhere', words: 'template brand letterhead handover document' },
  { id: 'larger', name: 'larger text', keys: [['Ctrl++'], ['Ctrl+=']], where: 'everywhere', words: 'zoom size' },
  { id: 'smaller', name: 'smaller text', keys: [['Ctrl+-']], where: 'everywhere', words: 'zoom size' },
  { id: 'theme', name: 'light or dark', keys: [], where: 'everywhere', words: 'theme colours night' },
  { id: 'presenter', name: 'presenter mode', keys: [['p']], where: 'everywhere', words: 'present share screen customer hide clients stop' },
  { id: 'settings', name: 'settings', keys: [[',']], where: 'everywhere', words: 'preferences theme density' },
  { id: 'help', name: 'this sheet', keys: [['?']], where: 'everywhere', words: 'keyboard shortcuts help keys' },
  { id: 'quit', name: 'close the window', keys: [['Ctrl+q']], where: 'everywhere', words: 'exit leave' },
] as const satisfies readonly Action[];

export type ActionId = (typeof actions)[number]['id'];

/** Keys as a person reads them. */
const caps: Partial<Record<string, string>> = { Escape: 'Esc', ArrowDown: '↓', ArrowUp: '↑', '-': '−' };

const cap = (key: string): string => caps[key] ?? key;

/** The keys of one press: `Ctrl+k` is two of them. */
function pressed(press: string): string[] {
  if (press.length < 2 || !press.includes('+')) return [cap(press)];
  const last = press.endsWith('++') ? '+' : press.slice(press.lastIndexOf('+') + 1);
  const held = press.slice(0, press.length - last.length - 1).split('+');
  return [...held, last.length === 1 && /[a-z]/.test(last) ? last.toUpperCase() : cap(last)];
}

/** The keys of an action, as they are told. */
export const told = (action: Action): string[] => (action.keys[0] ?? []).flatMap(pressed);

/** The sheet of keys: what stands together is one line. */
export function sheet(): [string[], string][] {
  const lines = new Map<string, string[][]>();
  for (const action of actions as readonly Action[]) {
    if (action.keys.length === 0) continue;
    const says = action.together ?? action.name;
    lines.set(says, [...(lines.get(says) ?? []), told(action)]);
  }
  return [...lines].map(([says, keys]) => [keys.length > 2 ? [...(keys[0] ?? []), '…', ...(keys.at(-1) ?? [])] : keys.flat(), says]);
}
