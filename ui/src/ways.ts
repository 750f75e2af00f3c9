// Where each form of the address leads, laid out as a picture: forms on the left, ends on the right, curves between.
import type { ChainRow, State } from './bindings';

export const WIDTH = 760;
export const PITCH = 22;
export const HEAD = 24;
const MIDDLE = 318;
const RIGHT = 448;
/** Width of one sign of the monospaced face at the size of the picture. */
const SIGN = 6.65;

/** One form on the left. */
export interface Form {
  y: number;
  text: string;
  title: string;
  codes: string;
  amiss: State | null;
  curve: string;
}

/** One end on the right. */
export interface End {
  y: number;
  text: string;
  title: string;
  state: State;
}

export interface Ways {
  height: number;
  middle: number;
  right: number;
  forms: Form[];
  ends: End[];
}

const cut = (text: string, wide: number): string => {
  const most = Math.floor(wide / SIGN);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
};

/** The worst of what is wrong on the way, if anything is. */
export function worst(chain: ChainRow): State | null {
  const all = [...chain.hops.flatMap((hop) => hop.wrong), ...chain.wrong];
  if (all.length === 0) return null;
  return all.some((wrong) => wrong.state === 'failing') ? 'failing' : 'attention';
}

/** Lays the picture out. */
export function lay(chains: ChainRow[]): Ways {
  const end = (chain: ChainRow): string => chain.to ?? chain.end;
  const keys = [...new Set(chains.map((chain) => `${chain.state} ${end(chain)}`))];
  const tall = PITCH * Math.max(chains.length, keys.length);
  const y = (at: number, of: number): number => HEAD + (tall * (at + 0.5)) / Math.max(of, 1);
  const forms = chains.map((chain, at): Form => {
    const codes = `${chain.hops.length > 4 ? '… ' : ''}${chain.hops.slice(-4).map((hop) => hop.status).join(' ')}`;
    const from = y(at, chains.length);
    const to = y(keys.indexOf(`${chain.state} ${end(chain)}`), keys.length);
    const start = MIDDLE + (codes === '' ? 0 : codes.length * SIGN + 6);
    const bend = (Math.max(start, RIGHT - 70) + RIGHT - 6) / 2;
    const curve = `M${start} ${from} H${Math.max(start, RIGHT - 70)} C${bend} ${from} ${bend} ${to} ${RIGHT - 6} ${to}`;
    return { y: from, text: cut(chain.start, MIDDLE - 28), title: chain.start, codes, amiss: worst(chain), curve };
  });
  const ends = keys.flatMap((key, at): End[] => {
    const chain = chains.find((one) => `${one.state} ${end(one)}` === key);
    if (chain === undefined) return [];
    return [{ y: y(at, keys.length), text: cut(end(chain), WIDTH - RIGHT - 22), title: end(chain), state: chain.state }];
  });
  return { height: HEAD + tall + 4, middle: MIDDLE, right: RIGHT, forms, ends };
}
