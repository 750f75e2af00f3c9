// Projects, hosts, labels and standards are arranged without losing any.
import { describe, expect, test } from 'vitest';
import type { Pictures, ProjectCard, RecordRow } from '../src/bindings';
import { byClient, hosts, labels, standard } from '../src/groups';

const card = (client: string, name: string, demo = false): ProjectCard => ({
  id: name, client, name, domain: `${name}.example`, roadmap: 'sd', demo, archived: false, created: '2026-11-20T10:00:00Z',
  last_run: null, verdict: null, ring: [], blockers: 0,
});
const record = (name: string, rtype: string): RecordRow => ({ name, rtype, value: 'x', ttl: 60 });
const pictures = (records: RecordRow[]): Pictures => ({ records, chains: [], latency: [] });

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
