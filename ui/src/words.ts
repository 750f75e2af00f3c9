// The words of the page for what Rust says in kinds: states, verdicts, severities. Word, shape and colour always go together.
import type { Concern, DiffKind, JourneyKind, JourneyWord, Launch, SessionKind, Severity, Standing, State, Status, VaultStatus } from './bindings';

export const stateWord: Record<State, string> = {
  failing: 'failing',
  attention: 'needs attention',
  unsure: 'could not tell',
  'needs-you': 'needs you',
  proposed: 'to confirm',
  done: 'done',
  waived: 'accepted',
  'not-applicable': 'does not apply',
  stale: 'out of date',
  'not-built': 'not built yet',
};

/** What a state of a row means and what ends it, in one sentence. */
export const stateSays: Record<State, string> = {
  failing: 'A check fails, or somebody answered that it is not so; mend it, then check again.',
  attention: 'It works, but something about it should be mended before many people meet it.',
  unsure: 'A check could not see what it needs; the way to an answer stands below.',
  'needs-you': 'No machine can tell this; it waits for your answer or for something that you give.',
  proposed: 'The checks are clean, and only your word is missing that it is meant this way.',
  done: 'Nothing more is to be done until the evidence grows old.',
  waived: 'Somebody accepted it as it is for a time; it returns by itself after the last day.',
  'not-applicable': 'Somebody said that it does not apply here, and why.',
  stale: 'It was done, but so long ago that somebody should look again.',
  'not-built': 'This version cannot look at it yet, so it never counts as passed.',
};

/** The shape of a state that a check's status shares. */
export const statusShape: Record<Status, State> = {
  pass: 'done',
  warn: 'attention',
  fail: 'failing',
  'could-not-tell': 'unsure',
  waived: 'waived',
  'not-applicable': 'not-applicable',
};

export const statusWord: Record<Status, string> = {
  pass: 'all well',
  warn: 'warning',
  fail: 'failing',
  'could-not-tell': 'could not tell',
  waived: 'accepted',
  'not-applicable': 'does not apply',
};

export const launchWord: Record<Launch, string> = { go: 'Go', conditional: 'Conditional', 'no-go': 'No-go' };
export const launchShape: Record<Launch, State> = { go: 'done', conditional: 'attention', 'no-go': 'failing' };

/** What happened to a finding between two runs, with its shape. */
export const changeWord: Record<DiffKind, [State, string]> = {
  new: ['failing', 'New'],
  worse: ['failing', 'Worse'],
  'counts-again': ['attention', 'No longer accepted'],
  'untold-now': ['unsure', 'Could not be told now'],
  'untold-then': ['unsure', 'Could not be told then'],
  better: ['done', 'Better'],
  accepted: ['waived', 'Accepted since'],
  fixed: ['done', 'Fixed'],
  unchanged: ['not-applicable', 'Unchanged'],
};

export const severityWord: Record<Severity, string> = {
  critical: 'stops the launch',
  high: 'hurts most users, or will soon',
  medium: 'hurts some users, or may one day',
  low: 'polish',
};

export const concernWord: Record<Concern, string> = {
  reach: 'reaching the product',
  trust: 'trust of people and browsers',
  mail: 'mail that arrives',
  data: 'customer data and keys',
  speed: 'speed',
  control: 'your control',
};

/** Sessions that can be stored; the ordinary user's shows what an administrator's page must refuse. */
export const sessionWord: [Exclude<SessionKind, 'cloudflare' | 'smtp' | 'imap' | 'database'>, string][] = [
  ['cookie', 'Cookie'],
  ['token', 'Token'],
  ['lesser-cookie', 'Cookie of an ordinary user'],
  ['lesser-token', 'Token of an ordinary user'],
];

/** How a journey ended. */
export const journeyWord: Record<JourneyWord, string> = { well: 'Went well', slow: 'Too slow', failed: 'Failed', lost: 'Could not tell' };

/** How something that is watched stands. */
export const standingWord: Record<Standing, string> = { well: 'works', slow: 'is slow', down: 'is down', unsure: 'could not tell' };

/** What a journey can be for, in the order of a customer's life. */
export const journeyKindWord: [JourneyKind, string][] = [
  ['signup', 'Opening an account'], ['login', 'Signing in'], ['dashboard', 'The first page behind the login'], ['core', 'The one thing the product is for'], ['booking', 'Booking'],
  ['checkout', 'Paying'], ['reset', 'A new password'], ['webhook', 'A report of another service'], ['logout', 'Signing out'],
];

/** Where a value for later steps can be taken from. */
export const captureWord: [string, string][] = [
  ['field', 'hidden field of a form'], ['meta', '<meta> element'], ['json', 'place in JSON, such as /user/id'], ['header', 'header of the answer'], ['cookie', 'cookie'],
  ['regex', 'regular expression'], ['mail', 'link in the mail that comes'],
];

export const vaultWord: Record<VaultStatus['state'], string> = {
  available: 'Keychain works',
  locked: 'Keychain is locked',
  denied: 'Keychain refused access',
  missing: 'No keychain found',
};

/** Signals are statements of trouble, so their states read differently from those of items. */
export function signalWord(state: State): string {
  if (state === 'failing') return 'raised';
  if (state === 'done') return 'not so';
  return stateWord[state];
}

export const deliverableWord = (state: State): string => (state === 'done' ? 'in the handover' : state === 'needs-you' ? 'you attach it' : stateWord[state]);

/** Stretches of a request, in the order in which they come. */
export const stretchWord: Partial<Record<string, string>> = {
  response: 'Waited', service: 'Once sent', dns: 'Name looked up', connect: 'Connection opened', tls: 'Encryption agreed', ttfb: 'First byte after the request',
  cold: 'Whole, on a new connection', warm: 'Whole, on a kept one', total: 'Whole request',
};

/** `1 blocker`, `3 blockers`. */
export const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;

/** Minutes of work as a person says them. */
export function minutesWord(minutes: number): string {
  if (minutes < 60) return `about ${count(minutes, 'minute')}`;
  const hours = Math.round(minutes / 30) / 2;
  return `about ${hours === 1 ? '1 hour' : `${hours} hours`}`;
}

/** The same with a full stop, unless it ends in one of its own. */
export const full = (text: string): string => (text === '' || /[.?!…]$/.test(text) ? sentence(text) : `${sentence(text)}.`);

/** First letter large, so that a fragment stands as a sentence. Domain names keep their own form. */
export function sentence(text: string): string {
  const first = text.split(/[\s,:;]/, 1)[0] ?? '';
  if (first === '' || /[.@/_\d]/.test(first.replace(/[.]$/, '')) || /^(www|http)/.test(first)) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
