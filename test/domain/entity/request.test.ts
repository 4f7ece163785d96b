import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languages } from '../../../src/domain/entity/language.ts';
import { canonicalForm, platformRequest, platformRequestOf } from '../../../src/domain/entity/platform-request.ts';
import { checkOptions, checkRequest, requestDefaults } from '../../../src/domain/entity/request.ts';

function fieldsOf(json: unknown, maxTextKb = 60): string[] {
  const checked = checkRequest(json, maxTextKb);
  return checked.ok ? [] : checked.invalid.map(({ field }) => field);
}

describe('a request', () => {
  it('has defaults for all it leaves open', () => {
    expect(checkRequest({ text: 'hi' }, 60)).toEqual({ ok: true, request: { text: 'hi', ...requestDefaults } });
  });

  it('keeps what it says, over the defaults', () => {
    const request = {
      text: 'hola',
      id: 'a-1',
      language: 'es-ES',
      types: ['date'],
      threshold: 0,
      timeZone: 'Europe/Madrid',
      referenceTime: '2026-11-18T14:30:00+01:00',
      prefer: 'past',
    };
    expect(checkRequest(request, 60, { ...requestDefaults, prefer: 'future' })).toEqual({ ok: true, request });
  });

  it('reports every mistake at once, field by field, with the value', () => {
    const checked = checkRequest(
      {
        text: ' ',
        language: 'it-IT',
        types: [],
        threshold: 1.1,
        timeZone: 'Mars/Base',
        prefer: 'soon',
        referenceTime: 'now',
        extra: 1,
      },
      60,
    );
    const shown = checked.ok ? [] : checked.invalid.map(({ field, value }) => [field, value]);
    expect(new Map(shown.map(([field, value]) => [field, value]))).toEqual(
      new Map<unknown, unknown>([
        ['language', 'it-IT'],
        ['types', 'an array of 0'],
        ['threshold', 1.1],
        ['referenceTime', 'now'],
        ['timeZone', 'Mars/Base'],
        ['prefer', 'soon'],
        ['text', undefined],
        ['extra', undefined],
      ]),
    );
  });

  it.each([
    ['no text', {}, ['text']],
    ['a blank text', { text: ' \t\u00a0' }, ['text']],
    ['NUL', { text: 'a\0b' }, ['text']],
    ['a lone surrogate', { text: 'a\ud800b' }, ['text']],
    ['a text that is too long in bytes', { text: 'é'.repeat(600) }, ['text']],
    ['11 types', { text: 'a', types: Array.from({ length: 11 }, (_, index) => `t${index}`) }, ['types']],
    ['a blank type', { text: 'a', types: ['date', ' '] }, ['types[1]']],
    ['a threshold below 0', { text: 'a', threshold: -0.1 }, ['threshold']],
    ['a threshold in words', { text: 'a', threshold: 'high' }, ['threshold']],
    ['an offset for a time zone', { text: 'a', timeZone: '+02:00' }, ['timeZone']],
    ['a time without an offset', { text: 'a', referenceTime: '2026-11-18T14:30:00' }, ['referenceTime']],
    ['an array', [], ['(root)']],
  ])('is refused for %s', (_, json, fields) => {
    expect(fieldsOf(json, 1)).toEqual(fields);
  });

  it('never shows a text', () => {
    const checked = checkRequest({ text: 'secret\0', types: 1 }, 60);
    expect(JSON.stringify(checked)).not.toContain('secret');
  });

  it('accepts 10 types, an emoji, and a text of exactly the limit', () => {
    const types = Array.from({ length: 10 }, (_, index) => `t${index}`);
    expect(fieldsOf({ text: '😀'.repeat(256), types }, 1)).toEqual([]);
    expect(fieldsOf({ text: `${'😀'.repeat(256)}a`, types }, 1)).toEqual(['text']);
  });

  it('checks options by themselves', () => {
    expect(checkOptions({ threshold: 0.5, timeZone: 'UTC' })).toEqual([]);
    expect(checkOptions({ threshold: 2, text: 'a' }).map(({ field }) => field)).toEqual(['threshold', 'text']);
  });
});

const arbitraryRequest = fc.record({
  text: fc.string({ unit: 'binary', minLength: 1 }),
  language: fc.constantFrom(...languages),
  types: fc.array(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 10 }),
  threshold: fc.double({ min: 0, max: 1, noNaN: true }),
  timeZone: fc.constant('UTC'),
});

describe('the canonical form', () => {
  const formOf = (request: Parameters<typeof platformRequestOf>[0]) => canonicalForm(platformRequestOf(request));

  it('is shared by no two requests that ask for different things', () => {
    fc.assert(
      fc.property(arbitraryRequest, arbitraryRequest, (one, other) => {
        const parts = ({ text, language, threshold, types }: typeof one) => [
          text,
          language,
          threshold + 0,
          new Set(types),
        ];
        const isSame = formOf(one) === formOf(other);
        let isEqual = true;
        try {
          expect(parts(one)).toEqual(parts(other));
        } catch {
          isEqual = false;
        }
        expect(isSame).toBe(isEqual);
      }),
    );
  });

  it('tells separators inside texts and types apart', () => {
    const base = { language: 'en-US', threshold: 0.75, timeZone: 'UTC' } as const;
    expect(formOf({ ...base, text: 'a', types: ['b,c'] })).not.toBe(formOf({ ...base, text: 'a', types: ['b', 'c'] }));
    expect(formOf({ ...base, text: 'a|b', types: ['c'] })).not.toBe(formOf({ ...base, text: 'a', types: ['b|c'] }));
    expect(formOf({ ...base, text: 'A', types: ['c'] })).not.toBe(formOf({ ...base, text: 'a', types: ['c'] }));
  });

  it('does not depend on the order of types or on doubled ones, nor on when and where the text was said', () => {
    fc.assert(
      fc.property(arbitraryRequest, request => {
        const types = [...request.types].reverse().concat(request.types).slice(0, 10);
        const all = new Set(types).size === new Set(request.types).size ? types : request.types;
        const other = {
          ...request,
          types: all,
          id: 'x',
          referenceTime: '2026-11-18T00:00:00Z',
          prefer: 'past',
        } as const;
        expect(formOf(other)).toBe(formOf(request));
        expect(platformRequest.safeParse(platformRequestOf(request)).success).toBe(true);
      }),
    );
  });
});
