// What the search finds: actions, screens, rows, findings, checks, deliverables, signs and projects, ranked by how well they fit what was typed.
import { actions, told, type Action, type ActionId } from './actions';
import type { Audit, ProjectCard } from './bindings';
import { write } from './place';
import { sentence, stateWord, statusWord } from './words';

/** What choosing a find does. */
export type Goal = { do: 'action'; id: ActionId } | { do: 'place'; hash: string } | { do: 'check'; check: string };

/** One thing that can be found. */
export interface Find {
  key: string;
  /** What it is, in one word. */
  kind: string;
  name: string;
  /** Told beside the name: an id, a state, a host or keys. */
  hint: string;
  /** What it can be found by besides, lower case. */
  words: string;
  /** Small things win over what is long and many. */
  weight: number;
  goal: Goal;
}

const find = (kind: string, weight: number, key: string, name: string, hint: string, words: string, goal: Goal): Find => ({
  key: `${kind} ${key}`, kind, weight, name: sentence(name), hint, words: words.toLowerCase(), goal,
});

/** Actions that make sense now. */
export function ofActions(offered: (id: ActionId) => boolean): Find[] {
  const beside = new Set<ActionId>(['search', 'up', 'down', 'close']);
  return actions.filter((one) => !beside.has(one.id) && offered(one.id)).map((one: Action) =>
    find('action', 1, one.id, one.id === 'help' ? 'keyboard shortcuts' : one.name, told(one).join(' '), one.words ?? '', { do: 'action', id: one.id as ActionId }));
}

/** The other projects. */
export const ofProjects = (cards: ProjectCard[], here: string | null): Find[] => cards.filter((card) => card.id !== here).map((card) =>
  find('project', 0.95, card.id, card.name, card.client, `${card.client} ${card.domain}${card.archived ? ' archived' : ''}`, { do: 'place', hash: write({ screen: 'project', id: card.id, page: 'stage', stage: 1, item: null }) }));

/** Everything that an audit holds. */
export function ofAudit(audit: Audit, project: string): Find[] {
  const at = (stage: number, item: string | null): Goal => ({ do: 'place', hash: write({ screen: 'project', id: project, page: 'stage', stage, item }) });
  const stages = audit.stages.flatMap((stage) => [
    find('stage', 1, String(stage.number), `${stage.number} ${stage.title}`, stateWord[stage.state], stage.goal, at(stage.number, null)),
    ...stage.items.map((item) => find('row', 0.9, item.id, item.title, item.id, `${item.id} ${item.says} ${stateWord[item.state]} ${item.checks.join(' ')} ${item.answer?.owner ?? ''}`, at(stage.number, item.id))),
    ...stage.deliverables.map((one) => find('deliverable', 0.85, one.id, one.title, one.id, `${one.id} ${stateWord[one.state]}`, at(stage.number, one.question === null ? null : one.id))),
    ...stage.signals.map((one) => find('sign', 0.8, one.id, one.says, one.id, `${one.id} ${one.checks.join(' ')}`, at(stage.number, one.id))),
  ]);
  const outcomes = audit.outcomes.flatMap((one) => [
    find('check', 0.75, one.check, one.title, one.check, `${one.check} ${statusWord[one.status]} ${one.refs.join(' ')}`, { do: 'check', check: one.check }),
    ...one.findings.map((finding, row) => find('finding', 0.85, `${one.check} ${row}`, finding.says, finding.subject, `${finding.subject} ${one.check} ${finding.severity}`, { do: 'check', check: one.check })),
  ]);
  return [...stages, ...outcomes];
}

/** How well one word of the query fits; nothing where it does not. */
function fits(one: Find, name: string, word: string): number {
  const at = name.indexOf(word);
  if (one.hint.toLowerCase() === word) return 4;
  if (at === 0) return 3;
  if (at > 0) return /[a-z0-9]/.test(name[at - 1] ?? '') ? 1.4 : 2.4;
  return one.words.includes(word) || one.hint.toLowerCase().includes(word) ? 1 : 0;
}

/** The best finds first. Letters left out are forgiven in names that are few; `fuzzy` scores those from 0 to 1. */
export function rank(all: Find[], query: string, fuzzy: (name: string, query: string) => number, most = 60): Find[] {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return all.filter((one) => one.kind !== 'finding' && one.kind !== 'check').slice(0, most);
  const scored = all.flatMap((one): [Find, number][] => {
    const name = one.name.toLowerCase();
    const fit = words.map((word) => fits(one, name, word));
    if (!fit.includes(0)) return [[one, (fit.reduce((sum, now) => sum + now, 0) / words.length) * one.weight]];
    if (one.kind === 'finding' || query.length < 3) return [];
    const near = fuzzy(one.name, query.trim());
    return near > 0.01 ? [[one, near * one.weight * 0.9]] : [];
  });
  // The order of the list, where two fit as well: what stands first in the audit matters more.
  return scored.sort(([, a], [, b]) => b - a).slice(0, most).map(([one]) => one);
}
