// A fix arranged for the eye: records and headers as the fields of a form, everything else as the text that is pasted.
import type { FixStep, RecordLine } from './bindings';

/** One part of a fix. */
export type Part =
  | { kind: 'fields'; record: boolean; does: string; fields: [string, string][] }
  | { kind: 'text'; text: string };

const record = (does: string, line: RecordLine, set: boolean): Part => ({
  kind: 'fields', record: true, does,
  fields: [
    ['Type', line.rtype], ['Name', line.name], ['Value', line.value],
    ...(line.ttl === null && !set ? [] : [['TTL', line.ttl === null ? 'as it is' : `${line.ttl} seconds`] satisfies [string, string]]),
  ],
});

/** The parts of a fix in order; nothing of the pasted text is left out. */
export function arrange(steps: FixStep[], paste: string): Part[] {
  // A redirect is a block of server configuration, which only makes sense as a whole.
  if (steps.length === 0 || steps.some((step) => step.kind === 'redirect')) return [{ kind: 'text', text: paste }];
  if (steps.every((step) => step.kind === 'words')) return [{ kind: 'text', text: paste }];
  const parts: Part[] = [];
  for (const step of steps) {
    const last = parts.at(-1);
    if (step.kind === 'set') parts.push(record('Set this record where your DNS is managed', step, true));
    else if (step.kind === 'remove') parts.push(record('Remove this record where your DNS is managed', step, false));
    else if (step.kind === 'header') parts.push({ kind: 'fields', record: false, does: 'Send this response header', fields: [['Name', step.name], ['Value', step.value]] });
    else if (step.kind !== 'words') continue;
    else if (last?.kind === 'text') last.text += `\n${step.text}`;
    else parts.push({ kind: 'text', text: step.text });
  }
  return parts;
}
