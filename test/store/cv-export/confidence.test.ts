import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseNumber, parseShortNumber } from '../../../src/store/cv-export/confidence.ts';

const parsed = (text: string) => {
  const bytes = new Uint8Array(Buffer.from(`x${text}9`));
  return parseNumber(bytes, 1, bytes.length - 1);
};
const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength });

test('numbers are the nearest double, as Number gives it', () => {
  const sign = fc.constantFrom('', '-', '+');
  const exponent = fc.oneof(
    fc.constant(''),
    fc.tuple(fc.constantFrom('e', 'E'), sign, fc.integer({ min: 0, max: 40 })).map(parts => parts.join('')),
  );
  const numbers = fc.tuple(sign, digits(20), fc.constantFrom('.', ''), digits(25), exponent);
  fc.assert(
    fc.property(numbers, parts => {
      const text = parts.join('');
      // Number takes no digits, and digits with spaces, for numbers: neither is written here.
      const expected = /\d/.test(parts.slice(0, 4).join('')) ? Number(text) : Number.NaN;
      expect(parsed(text), text).toBe(expected);
    }),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 100 }), (x, places) => {
      for (const text of [
        String(x),
        x.toExponential(),
        x.toExponential(places),
        Math.abs(x) < 1e21 ? x.toFixed(places) : '0',
      ])
        expect(parsed(text), text).toBe(Number(text));
    }),
    { numRuns: 1000 },
  );
});

test('what is no number is none', () => {
  for (const text of [
    '',
    ' 1',
    '1 ',
    '.',
    '-',
    '1e',
    '1e+',
    'e5',
    '0x1',
    '1_0',
    '1,5',
    '1.2.3',
    'nan',
    'Infinity',
    '--1',
    '1e5.0',
    '٣',
  ])
    expect(parsed(text), text).toBeNaN();
});

test('short numbers are the same, or left to the other', () => {
  const characters = fc.string({ unit: fc.constantFrom(...'0011239..-e '), maxLength: 12 });
  fc.assert(
    fc.property(characters, text => {
      const bytes = new Uint8Array(Buffer.from(`x${text}9`));
      const short = parseShortNumber(bytes, 1, bytes.length - 1);
      if (short !== -1) expect(short, text).toBe(parsed(text));
      else expect(text).not.toMatch(/^\d\.\d{1,8}$/);
    }),
    { numRuns: 3000 },
  );
});
