// Recorded answers in place of Rust, for looking at the page in a plain browser (`npm run demo-page`). Never part of the shipped page.
import type {
  Answer, Audit, Item, OwnLookState, Pictures, ProjectCard, RoadmapCard, RunEvent, SessionStatus, Signal, Stage, State, VaultStatus, View,
} from '../bindings';
import recorded from './recorded.json';

const roadmaps = recorded.roadmaps as unknown as RoadmapCard[];
const scene = new URLSearchParams(location.search).get('scene') ?? 'projects';
const audit = scene === 'hostile' ? hostile(recorded.audit as unknown as Audit) : (recorded.audit as unknown as Audit);
const code: Pictures['code'] = {
  read: ['214 files (1 870 kB)', '3 911 versions of files in 412 commits (48 210 kB)'], unseen: [], homes: [{ word: 'platform', title: 'the platform\'s settings' }, { word: 'code', title: 'the code itself' }],
  kinds: [
    { title: 'Stripe live secret key', revoke: 'Roll it in the Stripe dashboard, API keys.', link: 'https://dashboard.stripe.com/apikeys' },
    { title: 'GitHub personal access token', revoke: 'Delete it in the settings of the account.', link: 'https://github.com/settings/tokens' },
  ],
  more: 0,
  keys: [
    { row: 'stripe-secret-key 0f', severity: 'critical', kind: 0, redacted: 'sk_live_…', places: ['src/charge.ts:12, committed first on 2026-03-02', 'scripts/refund.ts:4'], in_files: true, in_history: true, replaced: null, by: '', returned: false },
    { row: 'github-token 1a', severity: 'low', kind: 1, redacted: 'ghp_…', places: ['.github/release.yml:9, in the history only, committed first on 2026-01-14'], in_files: false, in_history: true, replaced: '2026-11-02T09:00:00Z', by: 'Maren Holt', returned: false },
  ],
  settings: ['SESSION_SECRET', 'STRIPE_SECRET_KEY', 'PAGE_SIZE'].map((name) => ({ name, secret: name !== 'PAGE_SIZE', required: 'src/server.ts:14', environments: [{ name: 'production', is: 'set' }], owner: name === 'SESSION_SECRET' ? 'Maren Holt' : '', purpose: '', home: name === 'SESSION_SECRET' ? 'platform' : '', rotated: '' })),
};
const drawn: Pictures = { ...(recorded.pictures as unknown as Pictures), code, journeys: [], reports: null };
const pictures = scene === 'hostile' ? many(drawn) : drawn;

/** Text as long and as shapeless as Rust lets through. */
function hostile(base: Audit): Audit {
  const long = '<img/src=x>\\u{202e}' + 'verylongwithoutanyspace'.repeat(40);
  const outcomes = base.outcomes.map((outcome) => ({
    ...outcome,
    proof: Array.from({ length: 300 }, (_, at) => `${at} ${long}`),
    findings: outcome.findings.flatMap((finding) => Array.from({ length: 120 }, () => ({ ...finding, subject: long, says: long, evidence: Array.from({ length: 60 }, () => long) }))),
  }));
  return { ...base, outcomes, says: [long, long, long], order: base.order.flatMap((step) => Array.from({ length: 30 }, (_, at) => ({ ...step, rank: step.rank * 100 + at, says: long, subject: long }))) };
}

function many(base: Pictures): Pictures {
  const row = base.records[0];
  const records = row === undefined ? [] : Array.from({ length: 3000 }, (_, at) => ({ ...row, name: `${at}.${'label.'.repeat(30)}example`, value: 'v'.repeat(1024) }));
  const chain = base.chains[0];
  return { ...base, records, chains: chain === undefined ? [] : Array.from({ length: 400 }, (_, at) => ({ ...chain, start: `https://${at}.example/${'a'.repeat(500)}`, hops: chain.hops.map((hop) => ({ ...hop, url: `https://x.example/${'p'.repeat(900)}` })) })) };
}

/** The same surface as Tauri's channel, for the one kind of event there is. */
export class Channel {
  onmessage: (event: RunEvent) => void = () => undefined;
}

interface Kept {
  card: ProjectCard;
  audit: Audit | null;
  answers: Record<string, Answer>;
  routes: string[];
  sources: View['sources'];
  session: SessionStatus;
  timer: ReturnType<typeof setInterval> | null;
  events: Channel | null;
}

const kept = new Map<string, Kept>();
const preferences = new Map<string, string>();
let own: OwnLookState = { look: { name: '', accent: '', headings: '' }, logo: null };
let serial = 0;

function keep(client: string, name: string, domain: string, done: boolean, more: Partial<ProjectCard> = {}): Kept {
  serial += 1;
  const ring: State[] = done ? audit.stages.map((stage) => stage.state) : Array.from({ length: 7 }, () => 'unsure');
  const card: ProjectCard = {
    id: `p${serial}`, client, name, domain, roadmap: 'sd', demo: false, archived: false, created: '2026-11-18T09:00:00Z',
    last_run: done ? new Date(Date.now() - 4 * 60_000).toISOString() : null, verdict: done ? audit.verdict : null, ring,
    blockers: done ? 5 : 0, ...more,
  };
  const one: Kept = {
    card, audit: done ? { ...audit, finished: card.last_run } : null, answers: {}, routes: [], sources: { folder: done ? '/home/ada/code/juniper-desk' : '', log: '', queries: '', database: '', environments: [] },
    session: { database: false, database_trouble: null, cookie: false, token: false, lesser_cookie: false, lesser_token: false, keeper: scene === 'no-vault' ? 'memory' : 'keychain', trouble: scene === 'no-vault' ? 'the keychain was locked when the run began' : null, cloudflare: { stored: false, since: null, keeper: 'keychain', trouble: null }, smtp: false, imap: false, mail_trouble: null }, timer: null, events: null,
  };
  kept.set(card.id, one);
  return one;
}

if (scene !== 'first') {
  const calm: State[] = ['done', 'done', 'proposed', 'done', 'done', 'needs-you', 'done'];
  const warm: State[] = ['attention', 'done', 'not-built', 'attention', 'done', 'unsure', 'needs-you'];
  keep('Demo', 'Juniper Desk', 'juniperdesk.example', true, { demo: true });
  keep('Ferrum GmbH', 'Fleet board', 'fleet.ferrum.example', true, { verdict: 'go', blockers: 0, ring: calm });
  keep('Ferrum GmbH', 'Spare parts', 'teile.ferrum.example', true, { verdict: 'conditional', blockers: 0, ring: warm });
  keep('Nordlicht Yoga', 'Bookings', 'nordlicht-yoga.example', false);
  keep('Old clients', 'Harbour map', 'harbour.example', false, { archived: true });
}

function withAnswers(base: Audit, answers: Record<string, Answer>): Audit {
  const item = (one: Item): Item => {
    const answer = one.answers_to === null ? undefined : answers[one.answers_to];
    if (answer === undefined) return one;
    return { ...one, answer, state: answer.choice === 'no' ? 'failing' : 'done', says: 'Answered, with evidence.' };
  };
  const signal = (one: Signal): Signal => {
    const answer = answers[one.id];
    return answer === undefined ? one : { ...one, answer, state: answer.choice === 'yes' ? 'failing' : 'done' };
  };
  const stage = (one: Stage): Stage => ({ ...one, items: one.items.map(item), signals: one.signals.map(signal) });
  return { ...base, stages: base.stages.map(stage) };
}

function withAccepted(base: Pictures, answer: Answer | undefined): Pictures {
  const accepted = answer === undefined ? null : { at: answer.at, by: answer.owner, sets: base.expected.today };
  return { ...base, expected: { ...base.expected, accepted } };
}

function view(id: string): View {
  const one = kept.get(id);
  if (one === undefined) throw new Error('this project is not there any more');
  const judged = one.audit === null ? null : withAnswers(one.audit, one.answers);
  return {
    project: one.card, audit: judged, pictures: one.audit === null ? null : withAccepted(pictures, one.answers['dns.expected']), running: one.timer !== null,
    session: one.session, routes: one.routes, sources: one.sources, answers: one.answers, dossiers: {}, sprint: null, drafts: {}, own: '', notes: '',
  };
}

function partial(share: number): Audit {
  const all = audit.stages.flatMap((stage) => stage.items.map((item) => item.id));
  const seen = new Set(all.slice(0, Math.floor(all.length * share)));
  const item = (one: Item): Item =>
    seen.has(one.id) || one.state === 'not-built' ? one : { ...one, state: 'unsure', says: 'Not looked at in this run.' };
  const stages = audit.stages.map((stage) => {
    const items = stage.items.map(item);
    return { ...stage, items, state: items.some((one) => one.state === 'failing') ? stage.state : 'unsure' };
  });
  return { ...audit, stages, finished: null, order: audit.order.slice(0, Math.floor(audit.order.length * share)) };
}

function run(id: string, events: Channel): void {
  const one = kept.get(id);
  if (one === undefined) return;
  if (scene === 'failed') {
    events.onmessage({ kind: 'failed', code: 'no-network', message: 'this machine has no way to the internet; connect it and press Run again' });
    return;
  }
  const total = 64;
  let done = 0;
  const began = Date.now();
  one.events = events;
  one.timer = setInterval(() => {
    done += 1;
    const names = ['MX', 'TXT', 'certificate of app', 'https page of www', 'status'];
    events.onmessage({ kind: 'looking', what: `${one.card.domain} ${names[done % names.length] ?? ''}`, done, total, elapsed_ms: Date.now() - began });
    if (done % 4 === 0) events.onmessage({ kind: 'judged', audit: partial(done / total), pictures, code_stays: false });
    if (done >= total) finish(id, false);
  }, 60);
}

function finish(id: string, cut: boolean): void {
  const one = kept.get(id);
  if (one?.timer == null) return;
  clearInterval(one.timer);
  one.timer = null;
  one.audit = { ...audit, cut_short: cut, finished: new Date().toISOString() };
  one.card = { ...one.card, last_run: one.audit.finished, verdict: 'no-go', blockers: 5, ring: audit.stages.map((stage) => stage.state) };
  one.events?.onmessage({ kind: 'finished', view: view(id), cut_short: cut });
}

const vault: VaultStatus = scene === 'no-vault'
  ? { state: 'missing', says: 'This computer has no keychain that Launch Ready can reach, so secrets stay in memory until you quit.', way: 'Install and unlock one (GNOME Keyring or KWallet), then try again.' }
  : { state: 'available', says: 'The keychain works.', way: '' };

type Args = Record<string, unknown>;
const text = (args: Args, key: string): string => (typeof args[key] === 'string' ? args[key] : '');

const commands: Record<string, (args: Args) => unknown> = {
  startup: () => ({ demo: false, version: '0.1.0', forms: [], asking: {} }),
  draft_keep: () => null,
  deliverable_preview: () => ({ pages: [], first: 1, total: 1, more: 0, blocks: [{ kind: 'heading', level: 1, text: 'Preview' }] }),
  sprint_begin: (args) => view(text(args, 'id')),
  sprint_pause: (args) => view(text(args, 'id')),
  charge_set: (args) => view(text(args, 'id')),
  comment_add: (args) => view(text(args, 'id')),
  comment_remove: (args) => view(text(args, 'id')),
  evidence_add: (args) => view(text(args, 'id')),
  evidence_show: () => ({ picture: null, text: 'as attached' }),
  evidence_remove: (args) => view(text(args, 'id')),
  closing_asks: () => null,
  window_close: () => null,
  project_list: () => [...kept.values()].map((one) => one.card),
  project_open: (args) => view(text(args, 'id')),
  project_create: (args) => view(keep(text(args, 'client'), text(args, 'name'), text(args, 'domain'), false, { roadmap: text(args, 'roadmap') }).card.id),
  project_rename: (args) => change(args, (one) => { one.card = { ...one.card, client: text(args, 'client'), name: text(args, 'name') }; }),
  project_archive: (args) => { change(args, (one) => { one.card = { ...one.card, archived: args.archived === true }; }); return null; },
  project_delete: (args) => { kept.delete(text(args, 'id')); return null; },
  roadmap_list: () => roadmaps,
  roadmap_choose: (args) => change(args, (one) => { one.card = { ...one.card, roadmap: text(args, 'roadmap') }; }),
  run_start: (args) => { run(text(args, 'id'), args.channel as Channel); return null; },
  check_again: (args) => { run(text(args, 'id'), args.channel as Channel); return null; },
  run_cancel: (args) => { finish(text(args, 'id'), true); return null; },
  answer_save: (args) => change(args, (one) => { one.answers[text(args, 'key')] = { ...(args.answer as Answer), at: new Date().toISOString() }; }),
  answer_clear: (args) => change(args, (one) => { one.answers = Object.fromEntries(Object.entries(one.answers).filter(([key]) => key !== text(args, 'key'))); }),
  own_check: () => [],
  own_set: (args) => view(text(args, 'id')),
  routes_set: (args) => change(args, (one) => { one.routes = args.routes as string[]; }),
  records_accept: (args) => change(args, (one) => { one.answers['dns.expected'] = { choice: 'yes', note: '', evidence: '', owner: text(args, 'by'), rows: {}, at: new Date().toISOString() }; }),
  folder_set: (args) => change(args, (one) => { one.sources = { ...one.sources, folder: text(args, 'path') }; }),
  log_set: (args) => change(args, (one) => { one.sources = { ...one.sources, log: text(args, 'path') }; }),
  environment_set: (args) => change(args, (one) => { one.sources = { ...one.sources, environments: [{ name: text(args, 'name'), from: 'dotenv file', names: 5, empty: 1 }] }; }),
  environment_forget: (args) => change(args, (one) => { one.sources = { ...one.sources, environments: [] }; }),
  key_replaced: (args) => view(text(args, 'id')),
  key_reopened: (args) => view(text(args, 'id')),
  session_set: (args) => change(args, (one) => { one.session = holding(one.session, text(args, 'kind'), true); }).session,
  session_status: (args) => view(text(args, 'id')).session,
  session_clear: (args) => change(args, (one) => { one.session = holding(one.session, text(args, 'kind'), false); }).session,
  vault_status: () => vault,
  vault_retry: () => vault,
  export: (args) => ({ path: `/home/ada/Documents/Launch Ready/juniperdesk.example 2026-11-20.${text(args, 'form')}`, bytes: 184_320 }),
  preflight: () => [{ says: '3 questions without an answer.', way: 'Answer each in its stage; what is not known is said as that.', stops: false }],
  fix_steps: (args) => [{ kind: 'words', text: text(args, 'paste') }],
  copy_text: () => null,
  open_link: () => null,
  consent_list: () => [],
  consent_give: (args) => [{ host: text(args, 'host'), by: text(args, 'by'), what: '', cap: Number(args['cap']), at: new Date().toISOString(), until: new Date(Date.now() + 2_592_000_000).toISOString() }],
  consent_withdraw: () => [],
  place_list: () => null,
  reports_add: () => null,
  measured: () => ({ routes: ['https://juniperdesk.example/'], target_ms: 500, most: { users: 50, per_second: 200, seconds: 600 }, agreed: [], rows: [] }),
  journeys: () => ({ rows: [], secrets: [], agreed: [], written: [], mailbox: false }),
  watch: () => ({ every_s: null, looked: null, online: true, trouble: null, standings: [], changes: [] }),
  mail_account: () => ({ account: null, agreed: null }),
  demo_open: () => view((([...kept.values()].find((one) => one.card.demo)) ?? keep('Demo', 'Juniper Desk', 'juniperdesk.example', false, { demo: true })).card.id),
  term_list: () => [{ word: 'DMARC', also: [], says: 'A record that tells receivers what to do with mail that claims to be yours and is not.' }],
  edits: () => ({ undo: null, redo: null }),
  preference_get: (args) => preferences.get(text(args, 'key')) ?? null,
  preference_set: (args) => { preferences.set(text(args, 'key'), text(args, 'value')); return null; },
  template_read: () => own,
  template_keep: (args) => { own = { ...own, look: args.look as OwnLookState['look'] }; return own; },
  logo_take: () => { throw new Error('the logo is an SVG drawing, and only PNG is read; save it as PNG, 600 pixels wide'); },
  logo_remove: () => { own = { ...own, logo: null }; return own; },
  color_told: (args) => (/^#[0-9a-f]{6}$/i.test(text(args, 'color')) ? { fits: true, says: 'contrast 7.2 : 1 on paper; text needs 4.5' } : { fits: false, says: 'a colour is written like #1f5eff' }),
  domain_check: (args) => {
    const name = text(args, 'text').trim().toLowerCase();
    if (!/^[\p{L}\d-]+(\.[\p{L}\d-]+)+$/u.test(name)) throw new Error(`“${name}” is not a domain name: type it like example.com, without https:// and without a path`);
    return { name, domain: name };
  },
};

function holding(session: SessionStatus, kind: string, stored: boolean): SessionStatus {
  if (kind !== 'cloudflare') return { ...session, [kind.replace('-', '_')]: stored };
  return { ...session, cloudflare: { ...session.cloudflare, stored, since: stored ? new Date().toISOString() : null } };
}

function change(args: Args, how: (one: Kept) => void): View {
  const one = kept.get(text(args, 'id'));
  if (one !== undefined) how(one);
  return view(text(args, 'id'));
}

/** The same surface as Tauri's `invoke`. */
export async function invoke(command: string, args: Args = {}): Promise<unknown> {
  await new Promise((resolve) => setTimeout(resolve, 40));
  const found = commands[command];
  if (found === undefined) throw new Error(`no such command: ${command}`);
  try {
    return found(args);
  } catch (thrown) {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- Rust rejects with a plain object
    throw { code: 'refused', message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
