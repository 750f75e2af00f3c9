// Pure arrangements of what Rust sent: by client, names of hosts, systems that somebody must own.
import type { Item, Outcome, Pictures, ProjectCard } from './bindings';

/** Projects by client, both in the order of their names; the demo comes first. */
export function byClient(cards: ProjectCard[]): [string, ProjectCard[]][] {
  const clients = new Map<string, ProjectCard[]>();
  const order = [...cards].sort((a, b) => Number(b.demo) - Number(a.demo) || a.client.localeCompare(b.client, 'en') || a.name.localeCompare(b.name, 'en'));
  for (const card of order) clients.set(card.client, [...(clients.get(card.client) ?? []), card]);
  return [...clients];
}

/** Systems that every product has; a person names an owner for each. */
export const systems = ['Domain registrar', 'DNS', 'Hosting', 'E-mail', 'Payments', 'Monitoring', 'Code repository'];

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

/** Outcomes with findings, then those that could not be told, then the rest; otherwise as they came. */
export function workFirst(outcomes: Outcome[]): Outcome[] {
  const findings = outcomes.filter((one) => one.findings.length > 0);
  const unsure = outcomes.filter((one) => one.findings.length === 0 && one.unseen.length > 0);
  return [...findings, ...unsure, ...outcomes.filter((one) => one.findings.length === 0 && one.unseen.length === 0)];
}

/** Which table an item's answer is given in. */
export function table(item: Item): 'owners' | 'hosts' | null {
  if (item.checks.includes('handover.owners')) return 'owners';
  if (item.checks.includes('dns.subdomains')) return 'hosts';
  return null;
}

/** The page of a standard that a check names, or nothing when it is no RFC. */
export function standard(ref: string): string | null {
  const found = /^RFC (\d{3,5})(?: §([\d.]+[\d]|\d))?/.exec(ref);
  if (found?.[1] === undefined) return null;
  return `https://www.rfc-editor.org/rfc/rfc${found[1]}${found[2] === undefined ? '' : `#section-${found[2]}`}`;
}
