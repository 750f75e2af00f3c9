// What `launch-ready secrets --format sarif` prints against the schema of SARIF 2.1.0; a Rust test keeps the sample equal to what is printed.
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
import Ajv from 'ajv';
import draft4 from 'ajv/lib/refs/json-schema-draft-04.json';
import { describe, expect, it } from 'vitest';
import sample from '../../tests/cases/sarif/finds.sarif?raw';

const log = JSON.parse(sample) as { runs: { results: { level: string }[] }[] };

function troubles(sarif: unknown): unknown {
  const ajv = new Ajv({ schemaId: 'auto', meta: false, allErrors: true, unknownFormats: 'ignore' });
  ajv.addMetaSchema(draft4);
  const valid = ajv.validate(schema, sarif);
  return valid === true ? [] : ajv.errors;
}

describe('finds as SARIF', () => {
  it('fit the schema', () => {
    expect(log.runs[0]?.results.length).toBeGreaterThan(3);
    expect(troubles(log)).toEqual([]);
  });
  it('would not, if they were otherwise', () => {
    const spoiled = structuredClone(log);
    const first = spoiled.runs[0]?.results[0];
    if (first !== undefined) first.level = 'severe';
    expect(troubles(spoiled)).not.toEqual([]);
  });
});
