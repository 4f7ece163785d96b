import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rocCurve } from '../../../src/domain/roc/curve.ts';
import { histogram, thinnedCurve } from '../../../src/domain/roc/drawing.ts';

const ascending = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 2000, size: 'max' })
  .map(scores => Float64Array.from(scores).sort());

test('a thinned curve is short, holds its ends and the chosen point, and stays near the curve', () => {
  fc.assert(
    fc.property(ascending, ascending, fc.double({ min: 0, max: 1, noNaN: true }), (positives, negatives, share) => {
      const curve = rocCurve(positives, negatives);
      const chosen = Math.floor(share * (curve.fpr.length - 1));
      const { fpr, tpr } = thinnedCurve(curve, chosen);
      const drawn = fpr.map((x, at) => ({ x, y: tpr[at] ?? 0 }));
      expect(drawn.length).toBeLessThanOrEqual(149);
      expect(drawn.at(0)).toEqual({ x: 0, y: 0 });
      expect(drawn.at(-1)).toEqual({ x: 1, y: 1 });
      expect(drawn).toContainEqual({ x: curve.fpr[chosen], y: curve.tpr[chosen] });
      let next = 0;
      curve.fpr.forEach((x, at) => {
        const y = curve.tpr[at] ?? 0;
        while (drawn[next] !== undefined && ((drawn[next]?.x ?? 0) < x || (drawn[next]?.y ?? 0) < y)) next++;
        const after = drawn[next] ?? { x: 9, y: 9 };
        const before = after.x === x && after.y === y ? after : (drawn[next - 1] ?? { x: 9, y: 9 });
        expect(after.x - before.x + (after.y - before.y)).toBeLessThan(
          after.x === x && after.y === y ? 1 : 2 / 73 + 1e-9,
        );
      });
    }),
    { numRuns: 60 },
  );
});

test('a histogram counts every score once, 1 in the last bin', () => {
  expect(histogram(Float64Array.of(0, 0.0249, 0.025, 0.5, 0.999, 1))).toEqual(
    Array.from({ length: 40 }, (_, bin) => ({ 0: 2, 1: 1, 20: 1, 39: 2 })[bin] ?? 0),
  );
});
