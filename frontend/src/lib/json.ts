/** JSON whose numbers survive: what a double cannot hold stays text in a `LosslessNumber`, and is written as it was. */
import { isLosslessNumber, isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json';

/** A number that could be inexact as a double: long, or with an exponent. May be wrong about digits in a text. */
const SUSPECT = /(?:^|[-:,[\s])\d(?:[\d.]{15,}|[\d.]*[eE])/;

const unlessInexact = (text: string): unknown => (isSafeNumber(text) ? Number(text) : new LosslessNumber(text));
const asWritten = (text: string): unknown => (String(Number(text)) === text ? Number(text) : new LosslessNumber(text));

/** Reads JSON; only what may hold an inexact number takes the slower reader. */
export function parseJson(text: string): unknown {
  return SUSPECT.test(text) ? parse(text, null, unlessInexact) : JSON.parse(text);
}

/** Reads JSON, keeping each number as it is written: `1.0` too. For what people see, change and send back. */
export function parseAsWritten(text: string): unknown {
  return parse(text, null, { parseNumber: asWritten, onDuplicateKey: ({ newValue }) => newValue });
}

/** Keys that occur twice in an object with different values: JSON keeps only the last. */
export function duplicateKeys(text: string): string[] {
  const keys = new Set<string>();
  parse(text, null, { onDuplicateKey: ({ key, newValue }) => { keys.add(key); return newValue; } });
  return [...keys];
}

/** Plain numbers in place of those kept as text, for fields that the page calculates with. */
export function plainNumbers<T>(value: T): T {
  if (isLosslessNumber(value)) return Number(value.value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plainNumbers) as T;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plainNumbers(part)])) as T;
}

export function writeJson(value: unknown, indent?: number): string {
  return stringify(value, null, indent) ?? 'null';
}
