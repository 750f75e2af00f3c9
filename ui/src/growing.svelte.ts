// A long page that is drawn a few rows a frame, so that showing it for the first time never holds up the window.

/** Rows drawn at once, and with each frame after. */
const STEP = 5;
/** Rows drawn of one page at most. */
const MOST = 300;

export class Growing {
  private drawn = $state(STEP);

  constructor() {
    $effect(() => {
      if (this.drawn >= MOST) return;
      const frame = requestAnimationFrame(() => { this.drawn += STEP; });
      return () => { cancelAnimationFrame(frame); };
    });
  }

  /** The rows of one list that are drawn by now, when `before` rows stand above it. */
  part<T>(rows: T[], before: number): T[] {
    return rows.slice(0, Math.max(0, this.drawn - before));
  }
}
