import { describe, expect, it } from 'vitest';
import { countScale, shareScale, steps } from '../../src/reports/confusion-scale.ts';

describe('colours of the matrix', () => {
  it('leave nothing uncoloured but nothing, and get stronger with what they stand for', () => {
    for (const scale of [shareScale(1), shareScale(0.07), countScale(1), countScale(3), countScale(40)]) {
      const highest = scale.bounds.at(-1) ?? 0;
      expect(scale.stepOf(0)).toBe(0);
      expect(scale.stepOf(highest)).toBe(steps);
      expect(scale.bounds).toEqual([...new Set(scale.bounds)].toSorted((a, b) => a - b));
      const drawn = scale.bounds.map(scale.stepOf);
      expect(drawn).toEqual([...new Set(drawn)].toSorted((a, b) => a - b));
      expect(scale.stepOf(highest / 1e6)).toBe(drawn[0]);
    }
  });

  it('of counts are whole, none standing for no count', () => {
    expect(countScale(1).bounds).toEqual([1]);
    expect(countScale(5).bounds).toEqual([1, 2, 4, 5]);
    expect(countScale(100).bounds).toEqual([2, 5, 10, 20, 40, 70, 100]);
  });

  it('of shares change where the key says', () => {
    const { stepOf } = shareScale(1);
    expect([0.02, 0.021, 0.05, 0.1, 0.2, 0.4, 0.7, 0.71].map(stepOf)).toEqual([1, 2, 2, 3, 4, 5, 6, 7]);
  });
});
