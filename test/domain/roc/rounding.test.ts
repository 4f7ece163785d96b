import { expect, test } from 'vitest';
import { roundTo3 } from '../../../src/domain/roc/rounding.ts';
import { roundings } from './reference.ts';

test('rounds as Python does', () => {
  for (const [value, rounded] of roundings) expect(roundTo3(value), String(value)).toBe(rounded + 0);
  expect(roundTo3(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
});
