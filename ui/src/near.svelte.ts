// Which stretches of a long list are near the view. Only those are in the page; every other one keeps the room that it had, so that nothing
// jumps. A stretch is a few rows that come and go together, in the flow of the page: no heights have to be known beforehand.
import { flushSync, untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import { SvelteSet } from 'svelte/reactivity';

/** Rows of a stretch. */
export const STRETCH = 20;
/** Rows that are in the page wherever they are: find-in-page and screen readers come to them by themselves. */
export const FEW = 2 * STRETCH;
/** How far outside of the view a stretch still is in the page, pixels. */
const MARGIN = 700;

interface Part {
  element: HTMLElement;
  rows: number;
  /** Whether it is near the view. */
  near: boolean;
}

/** What scrolls an element up and down; nothing where that is the window itself. */
function scroller(of: Element): Element | null {
  for (let one = of.parentElement; one !== null; one = one.parentElement) {
    if (['auto', 'scroll'].includes(getComputedStyle(one).overflowY)) return one;
  }
  return null;
}

export class Near {
  /** Stretches that are in the page; the first one is before anything was measured. */
  private here = new SvelteSet<number>([0]);
  private parts: (Part | undefined)[] = [];
  /** The stretch that holds the focus: it stays, and with it its neighbours, so that the next row can always be reached by keys. */
  private held: number | null = null;
  /** Height of a row of each stretch when it was seen last, pixels. */
  private heights: (number | undefined)[] = [];
  private observer: IntersectionObserver | null = null;
  private root: Element | null = null;

  /** `tall` is the height of a row of which nothing is known yet, pixels; `few` whether all rows are so few that they are always in the page. */
  constructor(private readonly tall: number, private readonly few: () => boolean) {}

  /** How many stretches so many rows are. */
  static count = (rows: number): number => Math.ceil(rows / STRETCH);

  /** Whether a stretch is in the page. */
  has(at: number): boolean {
    return this.here.has(at);
  }

  /** Keeps a stretch in the page, as something in it has the focus or is to get it. */
  hold(at: number | null): void {
    this.held = at;
    this.settle();
  }

  /** Learns how high rows are from those in the page: before many more come, so that the room of those is right. */
  measure(): void {
    for (const [at, part] of this.parts.entries()) {
      if (part !== undefined && this.here.has(at)) this.heights[at] = part.element.getBoundingClientRect().height / part.rows;
    }
  }

  /** Goes on the element of a stretch of so many rows, whether they are there or not. */
  stretch(at: number, rows: number): Attachment<HTMLElement> {
    return (element) => {
      this.parts[at] = { element, rows, near: false };
      // It comes and goes later by itself: the element stays the same.
      const here = untrack(() => {
        if (this.few()) this.here.add(at);
        return this.here.has(at);
      });
      element.style.height = here ? '' : `${Math.round((this.heights[at] ?? this.usual()) * rows)}px`;
      this.observer?.observe(element);
      return () => {
        this.parts[at] = undefined;
        this.observer?.unobserve(element);
      };
    };
  }

  /** Goes on the list as a whole. */
  list: Attachment<HTMLElement> = (element) => {
    let width = -1;
    // Another text size or window may make another part of the page the one that scrolls, and every row higher or lower.
    const sizes = new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      this.heights = [];
      this.watch(scroller(element));
    });
    sizes.observe(element);
    const hold = ({ target }: FocusEvent): void => {
      const at = this.parts.findIndex((part) => part?.element.contains(target as Node) === true);
      this.hold(at < 0 ? null : at);
    };
    const free = ({ relatedTarget }: FocusEvent): void => {
      if (!element.contains(relatedTarget as Node | null)) this.hold(null);
    };
    element.addEventListener('focusin', hold);
    element.addEventListener('focusout', free);
    return () => {
      sizes.disconnect();
      this.observer?.disconnect();
      this.observer = null;
      element.removeEventListener('focusin', hold);
      element.removeEventListener('focusout', free);
    };
  };

  private usual(): number {
    const all = this.heights.filter((one) => one !== undefined);
    return all.length === 0 ? this.tall : all.reduce((sum, one) => sum + one, 0) / all.length;
  }

  private watch(root: Element | null): void {
    if (this.observer !== null && root === this.root) return;
    this.observer?.disconnect();
    this.root = root;
    const see = (seen: IntersectionObserverEntry[]): void => {
      for (const { target, isIntersecting } of seen) {
        const part = this.parts.find((one) => one?.element === target);
        if (part !== undefined) part.near = isIntersecting;
      }
      this.settle();
    };
    this.observer = new IntersectionObserver(see, { root, rootMargin: `${MARGIN}px 0px` });
    for (const part of this.parts) if (part !== undefined) this.observer.observe(part.element);
  }

  /** Brings in everything. */
  private all(): void {
    for (const [at, part] of this.parts.entries()) {
      if (part === undefined || this.here.has(at)) continue;
      this.here.add(at);
      part.element.style.height = '';
    }
  }

  /** Brings in what is wanted and lets go of the rest. A stretch has its room until its rows are there, and again before they go: a list that was
   * shorter for a moment would throw whoever is at its end back. */
  private settle(): void {
    if (untrack(this.few)) {
      this.all();
      return;
    }
    const top = this.root?.getBoundingClientRect().top ?? 0;
    const come: { element: HTMLElement; height: number; above: boolean }[] = [];
    const gone: [HTMLElement, number][] = [];
    for (const [at, part] of this.parts.entries()) {
      const wanted = part?.near === true || (this.held !== null && Math.abs(this.held - at) <= 1);
      if (part === undefined || wanted === this.here.has(at)) continue;
      const { bottom, height } = part.element.getBoundingClientRect();
      if (wanted) {
        come.push({ element: part.element, height, above: bottom <= top });
        this.here.add(at);
      } else {
        gone.push([part.element, height]);
        this.heights[at] = height / part.rows;
        this.here.delete(at);
      }
    }
    if (come.length + gone.length === 0) return;
    for (const [element, height] of gone) element.style.height = `${height}px`;
    // Laid out before the rows go: WebKit else takes the list for shorter by them, and scrolls back from its end.
    for (const [element] of gone) element.getBoundingClientRect();
    flushSync();
    for (const { element } of come) element.style.height = '';
    // What comes in above the view may be higher than the room it had: what is in view stays where it is.
    const more = come.reduce((sum, { element, height, above }) => (above ? sum + element.getBoundingClientRect().height - height : sum), 0);
    if (Math.abs(more) >= 1) (this.root ?? document.scrollingElement)?.scrollBy(0, more);
  }
}
