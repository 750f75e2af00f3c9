// The house rules of the page, held by a tool: one border to Rust, no network, no markup from strings, no `any`.
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const border = {
  patterns: [
    { group: ['@tauri-apps/*'], message: 'Only src/ipc.ts talks to Rust.' },
    { group: ['**/dev/*'], message: 'Recorded answers never reach the shipped page.' },
  ],
};

export default ts.config(
  { ignores: ['dist/', 'dist-demo/', 'node_modules/', 'src/bindings.ts'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    rules: {
      'no-restricted-imports': ['error', border],
      'no-restricted-globals': ['error', 'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'alert', 'confirm', 'prompt'],
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'What was seen is hostile text: render it as text.' },
        { property: 'outerHTML', message: 'What was seen is hostile text: render it as text.' },
        { property: 'insertAdjacentHTML', message: 'What was seen is hostile text: render it as text.' },
        { object: 'window', property: 'fetch', message: 'The page has no network.' },
        { object: 'globalThis', property: 'fetch', message: 'The page has no network.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "SvelteDirective[kind='Transition']", message: 'Transitions add style elements, which the content policy forbids.' },
        { selector: "SvelteAttribute[key.name='style']", message: 'The content policy forbids style attributes; a style: directive goes through the CSSOM.' },
      ],
      'svelte/no-at-html-tags': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  { files: ['src/ipc.ts', 'tests/**'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['*.js', '*.ts'], languageOptions: { globals: { ...globals.node } } },
  { files: ['*.js'], ...ts.configs.disableTypeChecked },
);
