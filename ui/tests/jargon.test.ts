// Words of the trade are found where they stand alone, once in a panel, and nowhere inside of names.
import { describe, expect, test } from 'vitest';
import { glossary, pieces } from '../src/jargon';

const terms = glossary([
  { word: 'TLS', also: ['SSL'], says: 'Encryption.' },
  { word: 'MX', also: ['MX records'], says: 'Who takes mail.' },
  { word: 'registrar', also: ['registrars'], says: 'Where a domain is paid for.' },
  { word: 'N+1', also: [], says: 'A query for every row.' },
]);
const found = (text: string): string[] => pieces(text, terms, () => true).flatMap((one) => (one.term === null ? [] : [one.text]));

describe('jargon', () => {
  test.each([
    ['Your registrar sells TLS.', ['registrar', 'TLS']],
    ['Registrars differ', ['Registrars']],
    ['no MX records, and no MX', ['MX records', 'MX']],
    ['tls.example.com, TLS-RPT, mx.example.com, _TLS and STARTTLS', []],
    ['ends in TLS', ['TLS']],
    ['N+1 queries (SSL)', ['N+1', 'SSL']],
    ['TLS: the lock', ['TLS']],
  ])('%s', (text, words) => {
    expect(found(text)).toEqual(words);
    expect(pieces(text, terms, () => true).map((one) => one.text).join('')).toBe(text);
  });

  test('what is explained already is plain text', () => {
    const seen = new Set<unknown>();
    const claim = (term: unknown): boolean => !seen.has(term) && seen.add(term).has(term);
    expect(pieces('TLS and SSL and TLS', terms, claim)).toHaveLength(2);
    expect(pieces('TLS', terms, claim)).toEqual([{ text: 'TLS', term: null }]);
    expect(pieces('TLS', glossary([]), () => true)).toEqual([{ text: 'TLS', term: null }]);
  });
});
