// Finds the words of the trade in a text, each once, so that they can be explained where they stand.
import type { Term } from './bindings';

/** A piece of a text, with the term that it is. */
export interface Piece {
  text: string;
  term: Term | null;
}

/** Every form of every term, and one pattern that finds them. */
export interface Glossary {
  forms: Map<string, Term>;
  pattern: RegExp | null;
}

/** The terms that a panel explains already, and which of its texts does. */
export type Panel = Map<Term, symbol>;

export const fresh = (): Panel => new Map();

const plain = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
/** A word with a capital letter is found as it is written, so that "ca" is no authority; another one at the start of a sentence too. */
const exact = (word: string): boolean => /[A-Z0-9]/.test(word);

export function glossary(terms: Term[]): Glossary {
  const forms = new Map<string, Term>();
  for (const term of terms) {
    for (const word of [term.word, ...term.also]) {
      forms.set(word, term);
      if (!exact(word)) forms.set(word.charAt(0).toUpperCase() + word.slice(1), term);
    }
  }
  const words = [...forms.keys()].sort((a, b) => b.length - a.length).map(plain);
  // Not inside of a host name, an id or a longer word.
  return { forms, pattern: words.length === 0 ? null : new RegExp(`(?<![\\p{L}\\d._@/=:-])(?:${words.join('|')})(?![\\p{L}\\d_@/=-]|\\.[\\p{L}\\d]|:\\S)`, 'gu') };
}

/** A text in pieces; `claim` says whether a term is still to be explained here. */
export function pieces(text: string, { forms, pattern }: Glossary, claim: (term: Term) => boolean): Piece[] {
  if (pattern === null) return [{ text, term: null }];
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const term = forms.get(match[0]);
    if (term === undefined || !claim(term)) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index), term: null });
    found.push({ text: match[0], term });
    from = match.index + match[0].length;
  }
  if (from < text.length || found.length === 0) found.push({ text: text.slice(from), term: null });
  return found;
}
