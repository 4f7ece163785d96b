import fc from 'fast-check';
import type { Row } from './plain-rule.ts';

export const scores = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map(n => n / 5),
  fc.integer({ min: 0, max: 1000 }).map(n => n / 1000),
  fc.integer({ min: 0, max: 1e6 }).map(n => n / 1e6),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 1, 0.5, 5e-324, 1 - 2 ** -53),
);

export const labels = fc.constantFrom(0 as const, 1 as const);

/** Rows of one intent. */
export const rowsOfOne = (maxLength: number) =>
  fc.array(fc.record({ intentId: fc.constant('a'), label: labels, score: scores }), { minLength: 1, maxLength });

export const rowsOfMany: fc.Arbitrary<Row[]> = fc.array(
  fc.record({ intentId: fc.constantFrom('a', 'b', 'ç', 'toString'), label: labels, score: scores }),
  { minLength: 1, maxLength: 120 },
);
