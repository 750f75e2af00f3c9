// How the page is built: one folder of files, nothing inlined. The mode `demo-page` swaps the border to Rust for recorded answers.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  base: './',
  clearScreen: false,
  resolve: {
    alias: mode === 'demo-page' ? { '@tauri-apps/api/core': '/src/dev/core.ts' } : {},
  },
  server: { host: '127.0.0.1', port: 5173, strictPort: true, fs: { allow: ['..'] } },
  build: {
    outDir: mode === 'demo-page' ? 'dist-demo' : 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'safari16.4',
    sourcemap: false,
    modulePreload: { polyfill: false },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
}));
