// Projects, hosts, labels and standards are arranged without losing any.
import { describe, expect, test } from 'vitest';
import type { Answer, Audit, Form, Outcome, Pictures, ProjectCard, RecordRow, SenderRow, Station, Unseen } from '../src/bindings';
import recorded from '../src/dev/recorded.json';
import { answered, branches, byClient, byReason, cell, formOf, hosts, inPlace, kept, labels, marked, matter, open, proposed, questions, rowsOf, senders, standard, table, workFirst, worstFirst } from '../src/groups';

const card = (client: string, name: string, demo = false): ProjectCard => ({
  id: name, client, name, domain: `${name}.example`, roadmap: 'sd', demo, archived: false, created: '2026-11-20T10:00:00Z',
  last_run: null, verdict: null, ring: [], blockers: 0,
});
const record = (name: string, rtype: string): RecordRow => ({ name, rtype, value: 'x', ttl: 60, from: 'test', line: null, marks: [] });
const pictures = (records: RecordRow[]): Pictures => ({
  records, unanswered: [], expected: { accepted: null, drifts: [], unseen: [], today: 0 }, spread: { questions: [], unseen: null }, chains: [],
  providers: { stations: [], border: null }, latency: [], journeys: [], code: { read: [], unseen: [], kinds: [], keys: [], more: 0, settings: [], homes: [] }, letters: [], selectors: [], senders: null, reports: null,
});

describe('groups', () => {
  test('clients are in order, the demo is first, none is lost', () => {
    const groups = byClient([card('Zeta', 'b'), card('Alpha', 'c'), card('Zeta', 'a'), card('Showcase', 'demo', true)]);
    expect(groups.map(([client, cards]) => [client, cards.map((one) => one.name)])).toEqual([
      ['Showcase', ['demo']], ['Alpha', ['c']], ['Zeta', ['a', 'b']],
    ]);
  });

  test('hosts are names below the domain that lead somewhere, once each', () => {
    const seen = pictures([
      record('acme.com', 'A'), record('www.acme.com', 'A'), record('app.acme.com', 'A'), record('app.acme.com', 'AAAA'),
      record('docs.acme.com', 'CNAME'), record('_dmarc.acme.com', 'CNAME'), record('mail.acme.com', 'TXT'), record('evilacme.com', 'A'),
    ]);
    expect(hosts(seen, 'acme.com')).toEqual(['app.acme.com', 'docs.acme.com']);
    expect(hosts(null, 'acme.com')).toEqual([]);
  });

  test('labels that a person added follow the usual ones', () => {
    expect(labels(['DNS', 'Hosting'], { Search: 'Ada', DNS: 'Bo' })).toEqual(['DNS', 'Hosting', 'Search']);
  });

  test('only an RFC becomes a link', () => {
    expect(standard('RFC 7208 §4.6.4')).toBe('https://www.rfc-editor.org/rfc/rfc7208#section-4.6.4');
    expect(standard('RFC 9989')).toBe('https://www.rfc-editor.org/rfc/rfc9989');
    expect(standard('CA/Browser Forum BR 6.3.2')).toBeNull();
    expect(standard('javascript:alert(1)')).toBeNull();
  });
});

describe('matters', () => {
  const audit = recorded.audit as unknown as Audit;

  test('every row, deliverable and sign of an audit opens under its own id, and its question comes along', () => {
    for (const stage of audit.stages) {
      for (const item of stage.items) expect(matter(audit, stage.number, item.id)).toMatchObject({ kind: 'item', title: item.title, state: item.state });
      for (const one of stage.deliverables) expect(matter(audit, stage.number, one.id)).toMatchObject({ kind: 'deliverable', title: one.title });
      for (const one of stage.signals) {
        const found = matter(audit, stage.number, one.id);
        expect(found).toMatchObject({ kind: 'signal', title: one.says });
        expect(found?.asked?.question ?? null).toBe(one.question);
        expect(found?.asked?.name ?? one.id).toBe(one.id);
      }
    }
  });

  test('a check opens in any stage, an unknown id in none', () => {
    const check = audit.outcomes[0]?.check ?? '';
    expect(matter(audit, 3, check)).toMatchObject({ kind: 'check', checks: [check] });
    expect(matter(audit, 1, 'XX.0')).toBeNull();
  });

  test('a row of another stage does not open in this one', () => {
    const other = audit.stages[1]?.items[0]?.id ?? '';
    expect(other).not.toBe('');
    expect(matter(audit, 1, other)).toBeNull();
  });

  test('checks of a sign that have no outcome are told as not built', () => {
    const sign = audit.stages.flatMap((stage) => stage.signals.map((one) => ({ one, number: stage.number }))).find(({ one }) => one.checks.includes('secrets.tree'));
    expect(sign).toBeDefined();
    if (sign !== undefined) expect(matter(audit, sign.number, sign.one.id)?.unbuilt).toEqual(['secrets.tree']);
  });

  test('work comes first, and nothing is lost', () => {
    const sorted = workFirst(audit.outcomes);
    const rank = (one: Outcome): number => (one.findings.length > 0 ? 0 : one.unseen.length > 0 ? 1 : 2);
    expect(sorted).toHaveLength(audit.outcomes.length);
    expect(sorted.map(rank)).toEqual([...sorted.map(rank)].sort());
  });

  test('only two answers are tables', () => {
    expect([table('mail.spf'), table('dns.subdomains'), table('SD1.1')]).toEqual(['senders', 'hosts', null]);
  });

  test('a reason is told once, with everything that it holds for', () => {
    const unseen = (what: string, says: string): Unseen => ({ what, why: 'timeout', says, way: 'try again' });
    const told = byReason([unseen('a', 'silence'), unseen('b', 'refused'), unseen('c', 'silence')]);
    expect(told.map((one) => [one.says, one.what])).toEqual([['silence', ['a', 'c']], ['refused', ['b']]]);
  });

  test('a question for a fact is not answered with yes', () => {
    expect(['Which company runs the servers?', 'At which registrar is the domain?', 'Who looks after it?'].every(open)).toBe(true);
    expect(['Is it locked?', 'Does each system have an owner?', 'Whichever'].some(open)).toBe(false);
  });

  test('what fails comes first, and equals keep their order', () => {
    const outcome = (check: string, status: Outcome['status']): Outcome => ({ ...(recorded.audit.outcomes[0] as unknown as Outcome), check, status });
    const sorted = worstFirst([outcome('a', 'pass'), outcome('b', 'could-not-tell'), outcome('c', 'fail'), outcome('d', 'pass'), outcome('e', 'warn')]);
    expect(sorted.map((one) => one.check)).toEqual(['c', 'e', 'b', 'a', 'd']);
    // Later they are other ones; whoever reads them finds each where it was, and what is new at the end.
    const later = [outcome('n', 'fail'), outcome('a', 'fail'), outcome('c', 'pass'), outcome('d', 'pass'), outcome('m', 'pass')];
    expect(inPlace(later, ['c', 'e', 'b', 'a', 'd']).map((one) => one.check)).toEqual(['c', 'a', 'd', 'n', 'm']);
  });
});

describe('who may send', () => {
  const row = (depth: number, term: string, approved: boolean | null = null): SenderRow => ({ depth, term, who: null, lookups: depth + 1, approved });
  const rows = [row(0, 'include:a'), row(1, 'include:b'), row(2, 'include:c'), row(1, 'include:d'), row(0, 'ip4:192.0.2.1', false), row(0, 'mx', true)];
  const tree = { lookups: 5, limit: 10, rows };

  test('the depths of the rows make a tree, and none is lost', () => {
    const shape = (all: ReturnType<typeof branches>): unknown => all.map((one) => [one.row.term, shape(one.inner)]);
    expect(shape(branches(rows))).toEqual([['include:a', [['include:b', [['include:c', []]]], ['include:d', []]]], ['ip4:192.0.2.1', []], ['mx', []]]);
    // A row that leaves out a level still has a place.
    expect(shape(branches([row(1, 'x'), row(3, 'y'), row(0, 'z')]))).toEqual([['x', [['y', []]]], ['z', []]]);
    expect(branches([])).toEqual([]);
  });

  test('only the terms of the record itself are marked', () => {
    expect(senders(tree)).toEqual(['include:a', 'ip4:192.0.2.1', 'mx']);
    expect(marked(tree)).toEqual({ 'ip4:192.0.2.1': 'unwanted', mx: 'approved' });
    expect([senders(null), marked(null), answered(null, 'mail.spf')]).toEqual([[], {}, null]);
  });

  const form = (of: string[], more: Partial<Form> = {}): Form => ({ of, kept_as: null, beside: [], question: null, judged: false, fields: [], table: null, ...more });

  test('a row asks its own question and those of its checks, each once and under the name that it is kept by', () => {
    const forms = [form(['handover.owners', 'handover.access'], { kept_as: 'handover.owners' }), form(['alerts.routing'], { beside: ['monitor.alerts'], question: 'Who first?' })];
    const asking = { 'handover.access': 'Who else?', 'handover.owners': 'Who?', 'deploy.rollback_drill': 'How long?' };
    const answer: Answer = { choice: 'yes', note: '', evidence: '', owner: '', rows: {}, at: '2026-11-20T10:00:00Z' };
    const row = (checks: string[], name: string | null) => ({ id: 'SD7.4', kind: 'item' as const, title: '', state: null, says: '', why: '', checks, unbuilt: [], acceptable: false, waiver: null, report: null, filed: null, due: { day: null, over: false }, asked: name === null ? null : { question: 'Own?', name, answer: null } });
    const names = (checks: string[], name: string | null): string[] => questions(row(checks, name), { forms, asking }, { 'handover.owners': answer }).map((one) => `${one.name} ${one.question}`);
    expect(names(['deploy.rollback_drill', 'dns.www'], 'SD7.4')).toEqual(['SD7.4 Own?', 'deploy.rollback_drill How long?']);
    expect(names(['handover.access', 'handover.owners'], null)).toEqual(['handover.owners Who else?']);
    expect(names(['handover.access'], 'handover.owners')).toEqual(['handover.owners Own?']);
    expect(names(['monitor.alerts'], null)).toEqual(['alerts.routing Who first?']);
    expect(questions(row(['handover.access'], null), { forms, asking }, { 'handover.owners': answer })[0]?.answer).toBe(answer);
    expect(formOf(forms, 'handover.access')).toBe(forms[0]);
    expect(formOf(forms, 'SD1.1')).toBeNull();
  });

  test('cells are kept with their row, and what was only proposed is not kept', () => {
    expect([cell('DNS', ''), cell('DNS', 'mfa')]).toEqual(['DNS', 'DNS\tmfa']);
    expect(rowsOf({ 'DNS\tmfa': 'on', DNS: 'Ada', Search: '' })).toEqual(['DNS', 'Search']);
    const station = (role: Station['role'], name: string): Station => ({ role, title: '', does: '', state: 'done', says: '', parties: [{ role, name, evidence: [] }] });
    const found = proposed([station('dns', 'Cloudflare'), station('hosting', 'Hetzner'), station('certificates', 'Let’s Encrypt')]);
    expect([...found]).toEqual([['DNS', 'Cloudflare'], ['Hosting', 'Hetzner']]);
    const cells = { 'DNS\tcompany': 'Cloudflare', 'Hosting\tcompany': 'Hetzner', Hosting: ' Ada ', 'E-mail': '', Search: '', took: '12' };
    expect(kept(cells, ['DNS', 'Hosting', 'E-mail'], found)).toEqual({ 'Hosting\tcompany': 'Hetzner', Hosting: 'Ada', Search: '', took: '12' });
    expect(kept({ 'DNS\tcompany': 'deSEC' }, ['DNS'], found)).toEqual({ 'DNS\tcompany': 'deSEC' });
    expect(kept({ took: '', 'took\tfrom': '' }, [], found)).toEqual({ took: '' });
  });
});
