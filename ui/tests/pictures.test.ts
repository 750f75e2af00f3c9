// Pictures are laid out without losing a form, an end or a voice.
import { describe, expect, test } from 'vitest';
import type { Asked, ChainRow, State, Voice } from '../src/bindings';
import { answers, people, short } from '../src/voices';
import { HEAD, lay, WIDTH, worst } from '../src/ways';

const chain = (start: string, to: string | null, state: State = 'done', codes = [301, 200]): ChainRow => ({
  start, to, end: 'port 80 is closed', state, word: 'answers', wrong: [],
  hops: codes.map((status) => ({ url: start, status, target: null, took_ms: 4, wrong: [] })),
});

describe('redirect map', () => {
  test('every form is on the left and every end once on the right, inside the picture', () => {
    const long = `https://${'a'.repeat(300)}.example/`;
    const ways = lay([chain('http://a.example/', 'https://a.example/'), chain('https://a.example/', 'https://a.example/'), chain(long, null, 'not-applicable', [])]);
    expect(ways.forms).toHaveLength(3);
    expect(ways.ends.map((end) => end.title)).toEqual(['https://a.example/', 'port 80 is closed']);
    for (const one of [...ways.forms, ...ways.ends]) {
      expect(one.y).toBeGreaterThan(HEAD);
      expect(one.y).toBeLessThan(ways.height);
    }
    expect(18 + (ways.forms[2]?.text.length ?? 0) * 6.65).toBeLessThan(ways.middle);
    expect(ways.ends.every((end) => ways.right + 18 + end.text.length * 6.65 <= WIDTH)).toBe(true);
    expect(ways.forms[0]?.codes).toBe('301 200');
  });

  test('the worst thing on the way is shown', () => {
    const one = chain('http://a.example/', null);
    expect(worst(one)).toBeNull();
    expect(worst({ ...one, wrong: [{ state: 'attention', says: 'x', check: 'http.redirects' }] })).toBe('attention');
    const hops = one.hops.map((hop) => ({ ...hop, wrong: [{ state: 'failing' as const, says: 'x', check: 'http.redirects' }] }));
    expect(worst({ ...one, hops, wrong: [{ state: 'attention', says: 'x', check: 'http.redirects' }] })).toBe('failing');
  });
});

const voice = (who: string, way: string, answer: string[], state: State, ttl: number | null = 60): Voice => ({ who, way, at: 'x', own: false, answer, ttl, state, says: 'the same' });

describe('resolvers', () => {
  const asked: Asked[] = [
    { question: 'a.example A', voices: [voice('One', 'TLS', ['1'], 'done'), voice('One', 'HTTPS', ['2'], 'attention'), voice('Two', 'TLS', ['1'], 'done', 9)] },
    { question: 'www.a.example A', voices: [voice('Two', 'TLS', [], 'unsure', null)] },
  ];
  test('everybody is there once, with a place for every question', () => {
    expect(people(asked).map(({ who, way, said }) => [who, way, said.map((one) => one?.state)])).toEqual([
      ['One', 'TLS', ['done', undefined]], ['One', 'HTTPS', ['attention', undefined]], ['Two', 'TLS', ['done', 'unsure']],
    ]);
  });
  test('the same answers are told together', () => {
    expect(answers(asked).map(({ question, by }) => [question, by])).toEqual([
      ['a.example A', 'all but One HTTPS'], ['a.example A', 'One HTTPS'], ['www.a.example A', 'all of them'],
    ]);
    expect([short('a.example A', 'a.example'), short('www.a.example A', 'a.example')]).toEqual(['A', 'www A']);
  });
});
