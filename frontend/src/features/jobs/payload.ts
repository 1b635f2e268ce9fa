/** Payload text against the JSON schema of its task. Interprets the schema: compiling it would need `unsafe-eval`. */
import { Validator, type OutputUnit } from '@cfworker/json-schema';

import { duplicateKeys, parseAsWritten, plainNumbers, writeJson } from '@/lib/json';
import type { JsonSchema } from '@/types';

/** `value` is exact: to be sent, not calculated with. */
export type Checked<T = Record<string, unknown>> = { ok: true; value: T } | { ok: false; problems: string[] };

/** Of a payload that is not here, and stays as it is. */
export const kept: Checked = { ok: true, value: {} };

/** Text that may be any JSON. */
export function checkJson(text: string): Checked<unknown> {
  try {
    JSON.parse(text);
  } catch (error) {
    return { ok: false, problems: [`Not JSON: ${(error as Error).message}`] };
  }
  const twice = duplicateKeys(text);
  if (twice.length > 0) return { ok: false, problems: twice.map((key) => `“${key}” appears twice in the same object, with different values`) };
  return { ok: true, value: parseAsWritten(text) };
}

export function checkPayload(text: string, schema: JsonSchema | undefined): Checked {
  const checked = checkJson(text);
  if (!checked.ok) return checked;
  // plain numbers: a schema is about values, not about how they are written
  const rounded: unknown = JSON.parse(text);
  if (!isObject(rounded)) return { ok: false, problems: ['A payload is a JSON object: { … }'] };
  const problems = problemsOf(rounded, schema ?? {});
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: checked.value as Record<string, unknown> };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The payload with one member a line; its numbers stay as they are written. */
export function tidy(text: string): string {
  return writeJson(parseAsWritten(text), 2);
}

function problemsOf(value: Record<string, unknown>, schema: JsonSchema): string[] {
  const result = new Validator(plainNumbers(schema), '2020-12', false).validate(value);
  if (result.valid) return [];
  // Errors of parents only repeat those of children.
  const leaves = result.errors.filter((error) => valueAt(value, error.instanceLocation) !== REDACTED && !['properties', 'items', '$ref', 'prefixItems', 'additionalProperties'].includes(error.keyword));
  const hidden = result.errors.some((error) => valueAt(value, error.instanceLocation) === REDACTED);
  const shown = leaves.length > 0 || hidden ? leaves : result.errors;
  return [...new Set(shown.map((error) => describe(error, schema)))];
}

/** What the API shows in place of a value that it keeps: no problem, whatever the schema says. */
const REDACTED = '[redacted]';

function valueAt(value: unknown, location: string): unknown {
  const steps = location.replace(/^#\/?/, '').split('/').filter(Boolean);
  return steps.reduce<unknown>((at, step) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')] : undefined), value);
}

/** A problem in words: the field, and what is wrong with it. A regular expression is explained by the field's description. */
function describe({ instanceLocation, keyword, error }: OutputUnit, schema: JsonSchema): string {
  const path = instanceLocation.replace(/^#\/?/, '').replaceAll('/', '.');
  const meant = (schema['properties'] as Record<string, Node> | undefined)?.[path]?.['description'];
  const wrongForm = `has the wrong format${typeof meant === 'string' ? ` (${meant})` : ''}`;
  const text = keyword === 'pattern' ? wrongForm : error.replace(/^Instance /, '').replace(/\.$/, '');
  return path ? `${path}: ${text}` : text;
}

type Node = Record<string, unknown>;

/** A payload to start from: each required property, and those with a default, with a value of the right type. */
export function examplePayload(schema: JsonSchema | undefined): string {
  return writeJson(schema ? example(schema, schema) : {}, 2);
}

const blanks: Record<string, unknown> = { string: '', integer: 0, number: 0, boolean: false, array: [], null: null };

function example(node: Node, root: Node): unknown {
  const at = resolve(node, root);
  if ('default' in at) return at['default'];
  if (Array.isArray(at['examples'])) return at['examples'][0] as unknown;
  if ('const' in at) return at['const'];
  if (Array.isArray(at['enum'])) return at['enum'][0] as unknown;
  if (Array.isArray(at['anyOf'])) return example(at['anyOf'][0] as Node, root);
  if (at['type'] === 'object' || 'properties' in at) return exampleObject(at, root);
  if (typeof at['minimum'] === 'number') return at['minimum'];
  return blanks[String(at['type'])] ?? {};
}

function exampleObject(node: Node, root: Node): Node {
  const required = new Set(Array.isArray(node['required']) ? (node['required'] as string[]) : []);
  const properties = Object.entries((node['properties'] ?? {}) as Record<string, Node>);
  const wanted = properties.filter(([name, property]) => required.has(name) || (property['default'] ?? null) !== null);
  return Object.fromEntries(wanted.map(([name, property]) => [name, example(property, root)]));
}

function resolve(node: Node, root: Node): Node {
  const ref = node['$ref'];
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return node;
  const found = ref.slice(2).split('/').reduce<unknown>((at, key) => (at as Node | undefined)?.[key], root);
  return (found ?? {}) as Node;
}
