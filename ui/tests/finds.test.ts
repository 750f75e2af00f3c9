// The search finds by id, words and host, forgives letters left out, and puts first what fits best.
import { describe, expect, test } from 'vitest';
import { computeCommandScore } from '../node_modules/bits-ui/dist/bits/command/compute-command-score.js';
import type { Audit, ProjectCard } from '../src/bindings';
import recorded from '../src/dev/recorded.json';
import { ofActions, ofAudit, ofProjects, rank, type Find } from '../src/finds';

const audit = recorded.audit as unknown as Audit;
const card = (id: string, client: string, name: string): ProjectCard => ({ id, client, name, domain: `${id}.example`, roadmap: 'sd', demo: false, archived: false, created: '', last_run: null, verdict: null, ring: [], blockers: 0 });
const all = [...ofActions(() => true), ...ofProjects([card('a', 'Ferrum GmbH', 'Fleet board'), card('b', 'Acme', 'Here')], 'b'), ...ofAudit(audit, 'b')];
const first = (query: string): Find | undefined => rank(all, query, computeCommandScore)[0];

describe('search', () => {
  test('an id finds its row, whole or in small letters', () => {
    const item = audit.stages[1]?.items[0];
    expect(first(item?.id ?? '')?.key).toBe(`row ${item?.id ?? ''}`);
    expect(first((item?.id ?? '').toLowerCase())?.key).toBe(`row ${item?.id ?? ''}`);
    const check = audit.outcomes[0]?.check ?? '';
    expect(first(check)?.key).toBe(`check ${check}`);
  });

  test('a screen is found by its name, by other words, and with letters left out', () => {
    expect(first('risks')?.key).toBe('action risks');
    expect(first('postgres')?.key).toBe('action database');
    expect(first('hndovr')?.key).toBe('action handover');
  });

  test('a finding is found by its host and by words in any order', () => {
    const outcome = audit.outcomes.find((one) => one.findings.length > 0);
    const finding = outcome?.findings[0];
    const words = (finding?.says ?? '').split(' ').slice(0, 4).reverse().join(' ');
    expect(rank(all, words, computeCommandScore).some((one) => one.kind === 'finding' && one.hint === finding?.subject)).toBe(true);
  });

  test('another client is found by its name, and the open project is not offered', () => {
    expect(first('ferrum')?.key).toBe('project a');
    expect(all.some((one) => one.key === 'project b')).toBe(false);
  });

  test('what nothing is called finds nothing, and an empty field offers actions first', () => {
    expect(rank(all, 'qqqqzz', computeCommandScore)).toEqual([]);
    expect(rank(all, ' ', computeCommandScore)[0]?.kind).toBe('action');
  });

  test('ten thousand findings are searched between two key presses', () => {
    const many = Array.from({ length: 10_000 }, (_, at): Find => ({ key: `finding ${at}`, kind: 'finding', name: `The certificate of host${at}.example.com ends soon`, hint: `host${at}.example.com`, words: `host${at}.example.com tls.validity`, weight: 0.85, goal: { do: 'check', check: 'tls.validity' } }));
    const began = performance.now();
    expect(rank([...all, ...many], 'host9876', computeCommandScore)[0]?.hint).toBe('host9876.example.com');
    expect(performance.now() - began).toBeLessThan(300);
  });
});
