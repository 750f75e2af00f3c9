// A long page that is drawn a few rows at a time, so that showing it for the first time never holds up the window.

/** Rows drawn at once, and after each pause. */
const STEP = 5;
/** Milliseconds in which the window can do other things. */
const PAUSE = 8;
/** Rows drawn of one page at most. */
const MOST = 300;

export class Growing {
  private drawn = $state(STEP);

  constructor() {
    $effect(() => {
      if (this.drawn >= MOST) return;
      // Not the next frame: a window that is hidden or busy has none, and its page must be whole all the same.
      const soon = setTimeout(() => { this.drawn += STEP; }, PAUSE);
      return () => { clearTimeout(soon); };
    });
  }

  /** The rows of one list that are drawn by now, when `before` rows stand above it. */
  part<T>(rows: T[], before: number): T[] {
    return rows.slice(0, Math.max(0, this.drawn - before));
  }
}
