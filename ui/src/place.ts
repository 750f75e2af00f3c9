// Where in the product one is, as the part of the address behind `#`: restorable, and jumped to by links and keys.

/** The pages of a project. */
export type Page = 'stage' | 'risks' | 'records' | 'code' | 'speed' | 'journeys' | 'database' | 'history' | 'handover';

/** Those beside the stages. */
export const others = ['risks', 'records', 'code', 'speed', 'journeys', 'database', 'history', 'handover'] as const;

/** One place: home, or a page of a project, with the item whose drawer is open. */
export type Place =
  | { screen: 'home' }
  | { screen: 'project'; id: string; page: Page; stage: number; item: string | null };

const part = (text: string | undefined): string => {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    return '';
  }
};

/** Reads a hash; whatever is not a place is home. */
export function read(hash: string): Place {
  const [, kind, id, page, stage, , item] = hash.replace(/^#/, '').split('/');
  const project = part(id);
  if (kind !== 'p' || project === '') return { screen: 'home' };
  const other = others.find((one) => one === page);
  if (other !== undefined) return { screen: 'project', id: project, page: other, stage: 1, item: null };
  const number = Number(stage);
  const known = Number.isInteger(number) && number >= 1 && number <= 7 ? number : 1;
  return { screen: 'project', id: project, page: 'stage', stage: known, item: part(item) || null };
}

/** Writes a place as a hash. */
export function write(place: Place): string {
  if (place.screen === 'home') return '#/';
  const project = `#/p/${encodeURIComponent(place.id)}`;
  if (place.page !== 'stage') return `${project}/${place.page}`;
  const item = place.item === null ? '' : `/item/${encodeURIComponent(place.item)}`;
  return `${project}/stage/${place.stage}${item}`;
}
