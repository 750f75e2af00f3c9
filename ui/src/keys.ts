// Keys for everything that is done often. Typing in a field is never a shortcut, nor is anything while a dialog or menu is open.

/** What a key asks for. */
export type Wish =
  | { do: 'move'; step: 1 | -1 }
  | { do: 'close' | 'run' | 'cancel' | 'risks' | 'records' | 'code' | 'speed' | 'journeys' | 'database' | 'handover' | 'home' | 'new' | 'help' | 'settings' | 'await' | 'quit' }
  | { do: 'stage'; number: number }
  | { do: 'text'; step: 1 | -1 };

/** The sheet shown on `?`. */
export const sheet: [string[], string][] = [
  [['j', 'k'], 'next and previous row (arrow keys too)'],
  [['Enter'], 'open the row'],
  [['Esc'], 'close what is open'],
  [['1', '…', '7'], 'go to a stage'],
  [['r'], 'run the audit'],
  [['.'], 'cancel the run'],
  [['g', 'r'], 'go to risks'],
  [['g', 'd'], 'go to records'],
  [['g', 'c'], 'go to code and keys'],
  [['g', 's'], 'go to speed and load'],
  [['g', 'j'], 'go to journeys'],
  [['g', 'b'], 'go to database'],
  [['g', 'h'], 'go to handover'],
  [['g', 'p'], 'go to all projects'],
  [['n'], 'new project'],
  [['Ctrl', '+'], 'larger text'],
  [['Ctrl', '−'], 'smaller text'],
  [['Ctrl', 'Q'], 'close the window'],
  [[','], 'settings'],
  [['?'], 'this sheet'],
];

const plain: Record<string, Wish> = {
  j: { do: 'move', step: 1 },
  ArrowDown: { do: 'move', step: 1 },
  k: { do: 'move', step: -1 },
  ArrowUp: { do: 'move', step: -1 },
  Escape: { do: 'close' },
  r: { do: 'run' },
  '.': { do: 'cancel' },
  n: { do: 'new' },
  ',': { do: 'settings' },
  '?': { do: 'help' },
  g: { do: 'await' },
};
const afterG: Record<string, Wish> = { r: { do: 'risks' }, d: { do: 'records' }, c: { do: 'code' }, s: { do: 'speed' }, j: { do: 'journeys' }, b: { do: 'database' }, h: { do: 'handover' }, p: { do: 'home' } };

/** What a key press asks for; `waiting` is true right after `g`. */
export function wish(press: { key: string; ctrl: boolean; alt: boolean }, waiting: boolean): Wish | null {
  if (press.alt) return null;
  if (press.ctrl) {
    if (press.key === '+' || press.key === '=') return { do: 'text', step: 1 };
    if (press.key === 'q') return { do: 'quit' };
    return press.key === '-' ? { do: 'text', step: -1 } : null;
  }
  if (waiting) return afterG[press.key] ?? null;
  if (/^[1-7]$/.test(press.key)) return { do: 'stage', number: Number(press.key) };
  return plain[press.key] ?? null;
}
