import { describe, expect, it } from 'vitest';

import { writeJson } from '@/lib/json';

import { checkJson, checkPayload, examplePayload } from './payload';

const schema = {
  type: 'object',
  required: ['to'],
  additionalProperties: false,
  properties: {
    to: { $ref: '#/$defs/address' },
    copies: { type: 'integer', minimum: 1, default: 1 },
    note: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null },
    style: { enum: ['plain', 'rich'] },
  },
  $defs: { address: { type: 'string', minLength: 3, examples: ['someone@example.com'] } },
};

it('of an event is any JSON, each number as it is written', () => {
  for (const [text, value] of [['null', null], ['"yes"', 'yes'], ['[1, true]', [1, true]], ['7', 7]] as const) expect(checkJson(text)).toEqual({ ok: true, value });
  const exact = checkJson('{"by": 9007199254740993, "rate": 1.0}');
  expect(exact.ok && writeJson(exact.value)).toBe('{"by":9007199254740993,"rate":1.0}');
  expect(checkJson('')).toMatchObject({ ok: false });
  expect(checkJson('{"a": 1, "a": 2}')).toMatchObject({ ok: false });
});

describe('a payload', () => {
  it('must be JSON, and an object', () => {
    expect(checkPayload('{', undefined)).toMatchObject({ ok: false });
    expect(checkPayload('[1]', undefined)).toMatchObject({ ok: false });
    expect(checkPayload('{"a":1}', undefined)).toEqual({ ok: true, value: { a: 1 } });
  });

  it('may keep what is redacted, whatever its type', () => {
    expect(checkPayload('{"to":"[redacted]","copies":"[redacted]"}', schema)).toMatchObject({ ok: true });
    expect(checkPayload('{"to":"[redacted]","copies":0}', schema)).toMatchObject({ ok: false });
    expect(checkPayload('{"to":"someone","copies":"redacted"}', schema)).toMatchObject({ ok: false });
  });

  it('is checked against the schema, and the problem names the field', () => {
    const checked = checkPayload('{"to":"someone","copies":0}', schema);
    expect(checked).toMatchObject({ ok: false });
    expect(checked.ok ? [] : checked.problems).toEqual([expect.stringMatching(/^copies: /)]);
    const code = { properties: { code: { pattern: '^[A-Z]+$', description: 'capital letters' } } };
    expect(checkPayload('{"code":"x"}', code)).toMatchObject({ problems: ['code: has the wrong format (capital letters)'] });
    expect(checkPayload('{}', schema)).toMatchObject({ ok: false, problems: [expect.stringContaining('to')] });
  });

  it('begins as an example that fits', () => {
    const example = examplePayload(schema);
    expect(JSON.parse(example)).toEqual({ to: 'someone@example.com', copies: 1 });
    expect(checkPayload(example, schema).ok).toBe(true);
    expect(examplePayload(undefined)).toBe('{}');
  });
});
