import { describe, expect, it } from 'vitest';

import { duplicateKeys, parseAsWritten, parseJson, plainNumbers, writeJson } from './json';

describe('JSON that keeps its numbers', () => {
  it.each(['9007199254740993', '-9007199254740993', '123456789012345678901234', '1e400', '0.12345678901234567891', '9007199254740993.5'])('keeps %s', (number) => {
    for (const text of [number, `{"id":${number}}`, `[1,${number}]`, `{"id": ${number}}`]) expect(writeJson(parseJson(text))).toBe(text.replace(' ', ''));
  });

  it('reads what a double holds as a plain number', () => {
    expect(parseJson('{"a":0.1,"b":9007199254740991,"c":1234567890.12345,"d":1e3}')).toEqual({ a: 0.1, b: 9007199254740991, c: 1234567890.12345, d: 1000 });
    expect(parseJson('{"id":"123456789012345678901234"}')).toEqual({ id: '123456789012345678901234' });
  });

  it('keeps numbers as they are written where people see them', () => {
    expect(writeJson(parseAsWritten('{"a":1.0,"b":[1E2,-0,3]}'))).toBe('{"a":1.0,"b":[1E2,-0,3]}');
    expect(plainNumbers(parseAsWritten('{"a":1.0,"b":[10.50]}'))).toEqual({ a: 1, b: [10.5] });
  });

  it('finds keys that stand twice, at any depth', () => {
    expect(duplicateKeys('{"a":1,"b":{"c":1,"c":2},"a":3}')).toEqual(['c', 'a']);
    expect(duplicateKeys('{"a":{"a":1}}')).toEqual([]);
  });
});
