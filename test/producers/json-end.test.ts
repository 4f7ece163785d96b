import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfJson } from '../../producers/json-end.ts';

describe('where a text ceases to be JSON', () => {
  it.each([
    ['{"a": x}', 6],
    ['{"a": 1,}', 8],
    ['[1 2]', 3],
    ['[1, ]', 4],
    ['{"a" 1}', 5],
    ['{a: 1}', 1],
    ["{'a': 1}", 1],
    ['{"a": 1}}', 8],
    ['{"a": [1}', 8],
    ['"line\nbreak"', 5],
    ['"\\x"', 1],
    ['tru ', 3],
    ['nul', 3],
    ['01', 1],
    ['1.e', 1],
    ['// no', 0],
    [']', 0],
  ])('%j: at %i', (text, end) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(endOfJson(text)).toBe(end);
  });

  it.each(['', '  ', '{', '{"a"', '{"a":', '[1,', '"abc', '"\\', '[{"a": 1}'])('%j: where it ends too early', text => {
    expect(endOfJson(text)).toBe(text === '"\\' ? 1 : text.length);
  });

  it('is nowhere in JSON, and where something is put in that stands nowhere', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, at) => {
        expect(endOfJson(text)).toBe(text.length);
        const place = at % (text.length + 1);
        const end = endOfJson(`${text.slice(0, place)}\u0001${text.slice(place)}`);
        // Within a number or an escape it may be that one's begin.
        expect(end).toBeLessThanOrEqual(place);
        expect(end).toBeGreaterThanOrEqual(place - 6);
      }),
    );
  });

  it('is found however deep it is, and however long the texts are', () => {
    const deep = `${'['.repeat(200_000)}"${'é\\n'.repeat(500_000)}"`;
    expect(endOfJson(`${deep}!`)).toBe(deep.length);
  });
});
