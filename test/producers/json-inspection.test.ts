import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectJson } from '../../producers/json-inspection.ts';

describe('the place of an error in JSON', () => {
  it.each([
    ['{"a": x}', 7],
    ['{"a": 1,}', 9],
    ['[1 2]', 4],
    ['[1, ]', 5],
    ['{"a" 1}', 6],
    ['{a: 1}', 2],
    ["{'a': 1}", 2],
    ['{"a": 1}}', 9],
    ['{"a": [1}', 9],
    ['[1, "line\nbreak"]', 5],
    ['[1, "\\x"]', 5],
    ['[tru ]', 2],
    ['nul', 1],
    ['01', 2],
    ['1.e', 1],
    ['// no', 1],
    [']', 1],
    ['\ufeff[1]', 1],
    ['[1,\u00a02]', 4],
    ['["a\u0001"]', 2],
    ['"\\', 1],
    ['["abc', 2],
  ])('%j: at column %i', (text, column) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(inspectJson(text).error).toEqual({ line: 1, column });
  });

  it.each(['', '  ', '{', '{"a"', '{"a":', '[1,', '[{"a": 1}'])('%j: the end, where it ends too early', text => {
    expect(inspectJson(text).error).toEqual({ line: 1, column: text.length + 1 });
  });

  it('counts lines', () => {
    expect(inspectJson('{\n  "a": [1,\r\n    2,, 3]\n}').error).toEqual({ line: 3, column: 7 });
  });

  it('is there exactly when JSON.parse refuses the text', () => {
    const piece = fc.constantFrom(
      ...'{}[]:,"\\ \n\r\t019-+.eE/*x',
      '"a"',
      'true',
      'null',
      '\\u00e9',
      '\u0001',
      '\u2028',
    );
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.nat({ max: 3 }), piece, (json, at, cut, put) => {
        const place = at % (json.length + 1);
        const text = `${json.slice(0, place)}${put}${json.slice(place + cut)}`;
        expect(inspectJson(text).error === null).toBe(isJson(text));
        expect(inspectJson(json).error).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it('is the level beyond which it is nested too deeply', () => {
    expect(inspectJson('['.repeat(200_000)).error).toEqual({ line: 1, column: 501 });
    expect(inspectJson(`${'['.repeat(500)}${']'.repeat(500)}`).error).toBeNull();
  });
});

describe('repeated keys', () => {
  it('are named with the places of all but the first', () => {
    expect(inspectJson('{"a": 1,\n "b": {"a": 2},\n "a": 3, "a": 4}').repeated).toEqual([
      { key: 'a', place: { line: 3, column: 2 } },
      { key: 'a', place: { line: 3, column: 10 } },
    ]);
  });

  it('are equal once escapes are resolved', () => {
    expect(inspectJson('[{"é": 1, "\\u00e9": 2}]').repeated).toEqual([{ key: 'é', place: { line: 1, column: 11 } }]);
  });

  it('are none in what JSON.stringify wrote', () => {
    fc.assert(
      fc.property(fc.json(), json => {
        expect(inspectJson(json)).toEqual({ error: null, repetitions: 0, repeated: [] });
      }),
    );
  });

  it('are all counted, and a hundred listed', () => {
    const { repetitions, repeated } = inspectJson(`{${'"a": 1, '.repeat(1_000)}"b": 2}`);
    expect(repetitions).toBe(999);
    expect(repeated).toHaveLength(100);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
