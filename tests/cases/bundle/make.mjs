// Makes the packed script and its source map that `audit/src/read/secret/packed_tests.rs` fills with keys: node make.mjs, with esbuild installed.
//
// No key stands in any of these files: where one was planted stands @@rule@@, and the test puts the rule's own sample in its place.
import { readFileSync, writeFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, version } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const toml = readFileSync(join(here, '../../../assets/data/secrets.toml'), 'utf8');
const rules = toml.split('[[rule]]').slice(1).map((text) => {
  const value = (key) => new RegExp(`^${key} = (.*)$`, 'm').exec(text)?.[1];
  const pieces = /^yes = \[\n {2}(\[.*\]),$/m.exec(text)?.[1];
  return { id: JSON.parse(value('id')), named: value('named') === 'true', guess: value('guess') === 'true' || value('packed') === 'true', open: value('public') === 'true', sample: JSON.parse(pieces).join('') };
}).filter((rule) => !rule.guess && !rule.open);

// Without a name of its own a key is planted as what it is; with one, by that name.
const plain = [
  (mark, at) => `const token${at} = "${mark}";\nexport function open${at}(path: string) {\n  return send(path, token${at});\n}`,
  (mark, at) => `export const settings${at} = {\n  // the usual account\n  region: "eu-central-1",\n  credential: "${mark}",\n};`,
  (mark, at) => `export async function load${at}(id: number) {\n  return send("/v1/items/" + id, \`\${mode()} ${mark}\`);\n}`,
  (mark, at) => `export class Client${at} {\n  private readonly secret = '${mark}';\n  ask(path: string) {\n    return send(path, this.secret);\n  }\n}`,
  (mark, at) => `export function connect${at}(key = "${mark}", tries = 3) {\n  return Array.from({ length: tries }, () => send("/connect", key));\n}`,
];
const named = [
  (mark, at, name) => `export const settings${at} = {\n  ${name}: "${mark}",\n  tries: ${at % 7},\n};`,
  (mark, at, name) => `export function key${at}() {\n  const fallback = process.env.${name} || "${mark}";\n  return send("/keys", fallback);\n}`,
  (mark, at, name) => `export class Client${at} {\n  ${camel(name)} = "${mark}";\n  ask(path: string) {\n    return send(path, this.${camel(name)});\n  }\n}`,
  (mark, at, name) => `(globalThis as any).${name} = "${mark}";\nexport const ready${at} = () => send("/ready", "");`,
  (mark, at, name) => `const ${name} = "${mark}";\nexport const ask${at} = (path: string) => send(path, ${name});`,
];
const camel = (name) => name.toLowerCase().replace(/_+(.)/g, (_, letter) => letter.toUpperCase());

const source = join(here, 'source');
rmSync(source, { recursive: true, force: true });
mkdirSync(source);
const planted = {};
const files = [];
rules.forEach((rule, at) => {
  const mark = `@@${rule.id}@@`;
  const name = rule.named ? /^([A-Za-z0-9_]+)=/.exec(rule.sample)?.[1] : undefined;
  const text = name ? named[at % named.length](mark, at, name) : plain[at % plain.length](mark, at);
  const file = Math.floor(at / 16);
  files[file] ??= ['import { mode, send } from "./send";', '', `// part ${file} of the product: prices in \u20ac, the "usual" names`, ''];
  files[file].push(...text.split('\n'), '');
  planted[rule.id] = [`part-${file}.ts`, files[file].findIndex((line) => line.includes(mark)) + 1];
});
files.forEach((lines, file) => writeFileSync(join(source, `part-${file}.ts`), lines.join('\n')));
writeFileSync(join(source, 'send.ts'), 'export const mode = () => (Date.now() > 0 ? "Bearer" : "Basic");\nexport async function send(path: string, key: string) {\n  return fetch("https://api.juniperdesk.example" + path, { headers: { authorization: mode() + " " + key } });\n}\n');
const names = files.map((_, file) => `export * from "./part-${file}";`);
writeFileSync(join(source, 'main.ts'), `${names.join('\n')}\n`);
buildSync({ entryPoints: [join(source, 'main.ts')], bundle: true, minify: true, format: 'iife', globalName: 'desk', sourcemap: 'external', outfile: join(here, 'app.js'), define: { 'process.env': 'settings' }, logLevel: 'error' });
rmSync(source, { recursive: true });
const map = JSON.parse(readFileSync(join(here, 'app.js.map'), 'utf8'));
// Positions are not read; the original files are.
writeFileSync(join(here, 'app.js.map'), JSON.stringify({ ...map, mappings: '' }));
writeFileSync(join(here, 'planted.json'), `${JSON.stringify(planted)}\n`);
console.log(`${rules.length} kinds in ${files.length} files, packed by esbuild ${version}`);
