// Dates and durations as this page writes them: 20 Nov 2026 14:05. Months are spelt here, since a machine's locale can be anything.

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');

/** `20 Nov 2026 14:05` in the zone of this machine; empty for what is no date. */
export function when(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  return `${at.getDate()} ${months[at.getMonth()] ?? ''} ${at.getFullYear()} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The same with seconds and the zone, for hovering. */
export function exactly(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  const east = -at.getTimezoneOffset();
  const zone = `UTC${east < 0 ? '−' : '+'}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
  return `${when(iso)}:${two(at.getSeconds())} ${zone}`;
}

/** `20 Nov 2026` for a day that is written `2026-11-20`; empty for what is none. */
export function day(iso: string): string {
  const [year, month, date] = iso.split('-').map(Number);
  const word = months[(month ?? 0) - 1];
  return word === undefined || date === undefined || year === undefined ? '' : `${date} ${word} ${year}`;
}

/** The day so many days after a time, as `2026-11-20`, UTC. */
export const dayFrom = (ms: number, days: number): string => new Date(ms + days * 86_400_000).toISOString().slice(0, 10);

/** How long ago, as a person says it. */
export function ago(iso: string, now: number): string {
  const seconds = Math.floor((now - new Date(iso).getTime()) / 1000);
  if (Number.isNaN(seconds)) return '';
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  return days < 30 ? `${days} ${days === 1 ? 'day' : 'days'} ago` : `on ${when(iso)}`;
}

/** `4 s`, `1 min 05 s`. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
}

/** Microseconds as milliseconds with a thin thousands gap: `1 312 ms`. */
export function millis(micros: number): string {
  const whole = Math.round(micros / 1000);
  return `${grouped(whole)} ms`;
}

/** Thousands apart by a narrow space that does not break. */
export const grouped = (number: number): string => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');

/** File sizes: `180 kB`. */
export const size = (bytes: number): string =>
  bytes < 1000 ? `${bytes} bytes` : bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
