// How a person likes the page: theme, density and text size, kept by Rust and set as attributes that the styles read.
import * as ipc from './ipc';
import { presenter } from './presenter.svelte';

export const themes = ['light', 'dark', 'system'] as const;
export const densities = ['comfortable', 'compact'] as const;
export const textSizes = ['100', '125', '150', '200'] as const;

export type Theme = (typeof themes)[number];
export type Density = (typeof densities)[number];
export type TextSize = (typeof textSizes)[number];

const one = <T extends string>(all: readonly T[], text: string | null, otherwise: T): T =>
  all.find((known) => known === text) ?? otherwise;

class Taste {
  theme = $state<Theme>('system');
  density = $state<Density>('comfortable');
  text = $state<TextSize>('100');
  /** How many settings were made and kept. */
  kept = $state(0);

  async begin(): Promise<void> {
    const ask = (key: ipc.PreferenceKey): Promise<string | null> => ipc.preferenceGet(key).catch(() => null);
    const [theme, density, text] = await Promise.all([ask('theme'), ask('density'), ask('text')]);
    this.theme = one(themes, theme, 'system');
    this.density = one(densities, density, 'comfortable');
    this.text = one(textSizes, text, '100');
    this.apply();
  }

  set(key: 'theme' | 'density' | 'text', value: string): void {
    if (key === 'theme') this.theme = one(themes, value, 'system');
    else if (key === 'density') this.density = one(densities, value, 'comfortable');
    else this.text = one(textSizes, value, '100');
    this.apply();
    ipc.preferenceSet(key, value).then(() => { this.kept += 1; }, () => undefined);
  }

  /** Whether the page is dark now. */
  get dark(): boolean {
    return this.theme === 'dark' || (this.theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  }

  /** One step larger or smaller text. */
  grow(step: 1 | -1): void {
    const next = textSizes[textSizes.indexOf(this.text) + step];
    if (next !== undefined) this.set('text', next);
  }

  apply(): void {
    const root = document.documentElement;
    root.dataset.theme = this.theme;
    root.dataset.density = this.density;
    // Whoever looks on sits farther away.
    root.dataset.text = presenter.on && Number(this.text) < 150 ? '150' : this.text;
    root.dataset.presenting = String(presenter.on);
  }
}

export const taste = new Taste();
