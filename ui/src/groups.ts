// Pure arrangements of what Rust sent: by client, names of hosts, systems that somebody must own.
import type { Answer, Audit, Deliverable, Form, Item, Outcome, Pictures, ProjectCard, SenderRow, SenderTree, Signal, Startup, State, Station, Status, Unseen, Waiver } from './bindings';

/** Projects by client, both in the order of their names; the demo comes first. */
export function byClient(cards: ProjectCard[]): [string, ProjectCard[]][] {
  const clients = new Map<string, ProjectCard[]>();
  const order = [...cards].sort((a, b) => Number(b.demo) - Number(a.demo) || a.client.localeCompare(b.client, 'en') || a.name.localeCompare(b.name, 'en'));
  for (const card of order) clients.set(card.client, [...(clients.get(card.client) ?? []), card]);
  return [...clients];
}

/** Labels of a table answer: the usual ones first, then those that a person added. */
export function labels(usual: string[], rows: Partial<Record<string, string>>): string[] {
  const known = new Set(usual);
  return [...usual, ...Object.keys(rows).filter((label) => !known.has(label))];
}

/** Sub-domains that have an address or an alias, as the records show them. */
export function hosts(pictures: Pictures | null, domain: string): string[] {
  const leads = new Set(['A', 'AAAA', 'CNAME']);
  const found = (pictures?.records ?? [])
    .filter((record) => leads.has(record.rtype) && record.name.endsWith(`.${domain}`) && !record.name.includes('_'))
    .map((record) => record.name)
    .filter((name) => name !== `www.${domain}`);
  return [...new Set(found)].slice(0, 100);
}

/** A term of an SPF record, with the terms that it leads to. */
export interface Branch {
  row: SenderRow;
  inner: Branch[];
}

/** The rows of an SPF record as the tree that their depths tell. */
export function branches(rows: SenderRow[]): Branch[] {
  const roots: Branch[] = [];
  const above: Branch[] = [];
  for (const row of rows) {
    const branch = { row, inner: [] };
    above.splice(row.depth);
    (above.at(-1)?.inner ?? roots).push(branch);
    above.push(branch);
  }
  return roots;
}

/** The terms of the domain's own record; a person marks each. */
export const senders = (tree: SenderTree | null): string[] => [...new Set(tree?.rows.filter((row) => row.depth === 0).map((row) => row.term))];

/** What a person said of each of them so far. */
export const marked = (tree: SenderTree | null): Partial<Record<string, string>> =>
  Object.fromEntries(tree?.rows.flatMap((row) => (row.approved === null ? [] : [[row.term, row.approved ? 'approved' : 'unwanted']])) ?? []);

/** What was answered to the question of a check. */
export const answered = (audit: Audit | null, check: string): Answer | null =>
  audit?.stages.flatMap((stage) => stage.items).find((item) => item.answers_to === check && item.answer !== null)?.answer ?? null;

/** Outcomes with findings, then those that could not be told, then the rest; otherwise as they came. */
export function workFirst(outcomes: Outcome[]): Outcome[] {
  const findings = outcomes.filter((one) => one.findings.length > 0);
  const unsure = outcomes.filter((one) => one.findings.length === 0 && one.unseen.length > 0);
  return [...findings, ...unsure, ...outcomes.filter((one) => one.findings.length === 0 && one.unseen.length === 0)];
}

const urgency: Record<Status, number> = { fail: 0, warn: 1, 'could-not-tell': 2, waived: 3, pass: 4, 'not-applicable': 5 };

/** What fails first, what does not apply last; otherwise as they came. */
export const worstFirst = (outcomes: Outcome[]): Outcome[] => [...outcomes].sort((a, b) => urgency[a.status] - urgency[b.status]);

/** Outcomes in an order in which somebody reads them already; those that are new to it come last. */
export function inPlace(outcomes: Outcome[], order: string[]): Outcome[] {
  const place = (one: Outcome): number => (order.includes(one.check) ? order.indexOf(one.check) : order.length);
  return [...outcomes].sort((a, b) => place(a) - place(b));
}

/** What was not seen, once for every reason, in the order in which the reasons came. */
export function byReason(unseen: Unseen[]): { says: string; way: string; what: string[] }[] {
  const reasons = new Map<string, { says: string; way: string; what: string[] }>();
  for (const { says, way, what } of unseen) {
    const key = `${says}\n${way}`;
    const there = reasons.get(key);
    if (there === undefined) reasons.set(key, { says, way, what: [what] });
    else there.what.push(what);
  }
  return [...reasons.values()];
}

/** Whether a question asks for a fact rather than for yes or no. */
export const open = (question: string): boolean => /^(at which|how|what|when|where|which|who)\b/i.test(question);

/** A question to a person, and under which id its answer is kept. */
export interface Asked {
  question: string;
  name: string;
  answer: Answer | null;
}

/** What a drawer shows, be it a row, a deliverable, a sign or a check of its own. */
export interface Matter {
  id: string;
  kind: 'item' | 'deliverable' | 'signal' | 'check';
  title: string;
  state: State | null;
  says: string;
  why: string;
  checks: string[];
  unbuilt: string[];
  asked: Asked | null;
  /** The part of the document that holds it; none where it holds none or this version does not write it. */
  report: string | null;
  /** The name that what people file on it is kept by; none for a check of its own. */
  filed: string | null;
  due: { day: string | null; over: boolean };
  /** Whether somebody can accept it as it stands. */
  acceptable: boolean;
  waiver: Waiver | null;
}

const ask = (question: string | null, name: string | null, answer: Answer | null): Asked | null =>
  question === null || name === null ? null : { question, name, answer };

const undated = { day: null, over: false };

const ofItem = (one: Item): Matter => ({ ...one, kind: 'item', report: null, filed: one.answers_to ?? one.id, due: { day: one.due, over: one.overdue }, asked: ask(one.question, one.answers_to, one.answer) });

const ofDeliverable = (one: Deliverable): Matter => ({
  id: one.id, kind: 'deliverable', title: one.title, state: one.state, says: '', why: '', checks: [], unbuilt: [], acceptable: one.acceptable, waiver: one.waiver,
  report: one.state === 'not-built' ? null : one.report, filed: one.id, due: undated, asked: ask(one.question, one.id, one.answer),
});

const ofSignal = (one: Signal, built: Set<string>): Matter => ({
  id: one.id, kind: 'signal', title: one.says, state: one.state, says: '', why: '', checks: one.checks, acceptable: one.acceptable, waiver: one.waiver,
  unbuilt: one.checks.filter((check) => !built.has(check)), asked: ask(one.question, one.id, one.answer), report: null, filed: one.id, due: undated,
});

const ofOutcome = (one: Outcome): Matter => ({
  id: one.check, kind: 'check', title: one.title, state: null, says: '', why: one.why, checks: [one.check], unbuilt: [], asked: null, report: null, filed: null, due: undated, acceptable: false, waiver: null,
});

/** What a stage holds under an id: a row, a deliverable, a sign, or a check. */
export function matter(audit: Audit, stage: number, id: string): Matter | null {
  const there = audit.stages.find((one) => one.number === stage);
  const item = there?.items.find((one) => one.id === id);
  if (item !== undefined) return ofItem(item);
  const deliverable = there?.deliverables.find((one) => one.id === id);
  if (deliverable !== undefined) return ofDeliverable(deliverable);
  const signal = there?.signals.find((one) => one.id === id);
  if (signal !== undefined) return ofSignal(signal, new Set(audit.outcomes.map((one) => one.check)));
  const outcome = audit.outcomes.find((one) => one.check === id);
  return outcome === undefined ? null : ofOutcome(outcome);
}

/** What the question with this key asks for besides yes and no. */
export const formOf = (forms: Form[], key: string): Form | null => forms.find((form) => form.of.includes(key)) ?? null;

/** The question that a matter asks itself, and those of its checks that only a person can answer. */
export function questions(matter: Matter, { forms, asking }: Pick<Startup, 'forms' | 'asking'>, answers: Partial<Record<string, Answer>>): Asked[] {
  const asked = matter.asked === null ? [] : [matter.asked];
  const further = matter.checks.flatMap((check): [string, string][] => {
    const question = asking[check];
    const beside = forms.find((form) => form.beside.includes(check));
    const own: [string, string][] = question === undefined ? [] : [[formOf(forms, check)?.kept_as ?? check, question]];
    return beside?.question == null ? own : [...own, [beside.of[0] ?? check, beside.question]];
  });
  for (const [name, question] of further) {
    if (!asked.some((one) => one.name === name)) asked.push({ name, question, answer: answers[name] ?? null });
  }
  return asked;
}

/** Where a cell of a table is kept: under the label of its row, the first column alone. */
export const cell = (row: string, column: string): string => (column === '' ? row : `${row}\t${column}`);

/** The labels of the rows that cells stand in. */
export const rowsOf = (cells: Partial<Record<string, string>>): string[] => [...new Set(Object.keys(cells).map((key) => key.split('\t')[0] ?? key))];

/** What the audit found of a system, by the label of its row. */
export function proposed(stations: Station[]): Map<string, string> {
  const label: Record<string, string> = { registrar: 'Domain registrar', dns: 'DNS', network: 'Delivery network', hosting: 'Hosting', mail: 'E-mail' };
  return new Map(stations.flatMap((station): [string, string][] => {
    const names = station.parties.map((party) => party.name).join(', ');
    const system = label[station.role];
    return system === undefined || names === '' ? [] : [[system, names]];
  }));
}

/** What is kept of a filled-in table: cells with something in them, and rows that a person added; what was only proposed is not kept. */
export function kept(cells: Partial<Record<string, string>>, offered: string[], found: Map<string, string>): Record<string, string> {
  const trimmed = Object.entries(cells).map(([key, value]): [string, string] => [key, value?.trim() ?? '']);
  const said = (row: string): boolean => trimmed.some(([key, value]) => value !== '' && rowsOf({ [key]: '' })[0] === row && !(key === cell(row, 'company') && value === found.get(row)));
  return Object.fromEntries(trimmed.filter(([key, value]) => {
    const row = rowsOf({ [key]: '' })[0] ?? key;
    return value === '' ? !offered.includes(key) && key === row : offered.includes(row) ? said(row) : true;
  }));
}

/** Which table an answer is given in that is not made of a form. */
export function table(name: string): 'hosts' | 'senders' | null {
  if (name === 'mail.spf') return 'senders';
  return name === 'dns.subdomains' ? 'hosts' : null;
}

/** The page of a standard that a check names, or nothing when it is no RFC. */
export function standard(ref: string): string | null {
  const found = /^RFC (\d{3,5})(?: §([\d.]+[\d]|\d))?/.exec(ref);
  if (found?.[1] === undefined) return null;
  return `https://www.rfc-editor.org/rfc/rfc${found[1]}${found[2] === undefined ? '' : `#section-${found[2]}`}`;
}

/** Checks that look behind the login or at forms: a person says where. */
export const signedIn = ['auth.anonymous', 'auth.callback', 'auth.roles', 'http.pagination', 'http.private_cache', 'http.rate_limit'];

/** The host of the first form that nobody agreed to tries at. */
export function formHost(outcome: Outcome): string {
  const what = outcome.unseen.find((one) => one.why === 'no-consent')?.what ?? '';
  return URL.canParse(what) ? new URL(what).hostname : '';
}
