// Answers of name servers and resolvers, arranged: who was asked, and who gave which answer.
import type { Asked, Voice } from './bindings';

/** One row of the table: who, how, and the answer to each question. */
export interface Person {
  who: string;
  way: string;
  own: boolean;
  said: (Voice | undefined)[];
}

/** Everybody who was asked anything, the domain's own name servers first. */
export function people(asked: Asked[]): Person[] {
  const rows = new Map<string, Person>();
  for (const voice of asked.flatMap((one) => one.voices)) {
    const key = `${voice.who}\u0000${voice.way}`;
    if (rows.has(key)) continue;
    const said = asked.map((one) => one.voices.find((other) => other.who === voice.who && other.way === voice.way));
    rows.set(key, { who: voice.who, way: voice.way, own: voice.own, said });
  }
  return [...rows.values()];
}

/** One answer, and everybody who gave it. */
export interface Given {
  question: string;
  voice: Voice;
  by: string;
}

const names = (voices: Voice[]): string => voices.map(({ who, way }) => `${who} ${way}`).join(', ');

/** Each answer once. */
export function answers(asked: Asked[]): Given[] {
  return asked.flatMap((one) => {
    const told = new Map<string, Voice[]>();
    for (const voice of one.voices) {
      const key = JSON.stringify([voice.state, voice.ttl === null, voice.answer]);
      told.set(key, [...(told.get(key) ?? []), voice]);
    }
    return [...told.values()].flatMap((voices) => {
      const [voice] = voices;
      if (voice === undefined) return [];
      const others = one.voices.filter((other) => !voices.includes(other));
      const by = others.length === 0 ? 'all of them' : others.length < voices.length ? `all but ${names(others)}` : names(voices);
      return [{ question: one.question, voice, by }];
    });
  });
}

/** A question without the domain, which is the same for all: `A`, `www A`. */
export function short(question: string, domain: string): string {
  const [name = '', rtype = ''] = question.split(' ');
  const label = name.endsWith(domain) ? name.slice(0, -domain.length).replace(/\.$/, '') : name;
  return `${label} ${rtype}`.trim();
}
