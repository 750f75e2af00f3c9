// A fix is shown with every field of its records, and nothing of it is lost.
import { describe, expect, test } from 'vitest';
import { arrange } from '../src/fixes';

describe('fixes', () => {
  test('records have type, name, value and time to live', () => {
    const parts = arrange([
      { kind: 'remove', name: 'a.example', ttl: null, rtype: 'CNAME', value: 'x.' },
      { kind: 'set', name: 'a.example', ttl: 300, rtype: 'A', value: '192.0.2.1' },
      { kind: 'words', text: 'then wait' }, { kind: 'words', text: 'an hour' },
      { kind: 'header', name: 'X-Frame-Options', value: 'DENY' },
    ], 'x');
    expect(parts.map((part) => (part.kind === 'text' ? part.text : part.fields.map(([name]) => name).join(' ')))).toEqual([
      'Type Name Value', 'Type Name Value TTL', 'then wait\nan hour', 'Name Value',
    ]);
  });
  test('a block of configuration stays as it is pasted', () => {
    const paste = 'server {\n    listen 80;\n}';
    expect(arrange([{ kind: 'words', text: 'server {' }, { kind: 'words', text: 'listen 80;' }, { kind: 'words', text: '}' }], paste)).toEqual([{ kind: 'text', text: paste }]);
    expect(arrange([{ kind: 'redirect', from: 'http', host: 'a.example', status: 301, to: 'https://a.example' }], paste)).toEqual([{ kind: 'text', text: paste }]);
    expect(arrange([], paste)).toEqual([{ kind: 'text', text: paste }]);
  });
});
