// How Svelte files are compiled: plain TypeScript in script blocks, styles always in files of their own (strict content policy).
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default { preprocess: vitePreprocess({ script: false }) };
