// Takes the places that things have on this computer out of texts: of a path, its last part stays.

/** A path below somebody's own folder, on any system; not a part of an address. */
const HOME = /(?<![\w.:/\\-])(\/home\/[^/\s]+|\/Users\/[^/\s]+|\/root|~(?=\/)|[A-Za-z]:\\Users\\[^\\\s]+)(?:[/\\][^\s"'<>|,;)]*|(?=[\s"',;)]|$))/g;

const last = (path: string): string => `…/${path.split(/[/\\]/).findLast((part) => part !== '') ?? ''}`;

/** A text without paths: those that are known, and those that look as if they were somebody's. */
export function veil(text: string, paths: string[]): string {
  const known = [...paths].sort((a, b) => b.length - a.length).reduce((now, path) => now.split(path).join(last(path)), text);
  return known.replace(HOME, (path: string, home: string) => last(path.slice(home.length)));
}

/** The same for every text inside of something. */
export function veiled<T>(given: T, paths: string[]): T {
  const inside = (one: unknown): unknown => {
    if (typeof one === 'string') return one.includes('/') || one.includes('\\') ? veil(one, paths) : one;
    if (Array.isArray(one)) return one.map(inside);
    if (typeof one === 'object' && one !== null) return Object.fromEntries(Object.entries(one).map(([key, value]) => [key, inside(value)]));
    return one;
  };
  return inside(given) as T;
}
