import { describe, expect, test } from 'vitest';
import { globalThreshold } from '../../../src/domain/roc/global-threshold.ts';
import { isPushable } from '../../../src/domain/roc/pushable.ts';
import { type Flag, flags } from '../../../src/domain/roc/result.ts';

const tuned = (threshold: number | null, ...flags: Flag[]) => ({ threshold, flags });

describe('what may be pushed', () => {
  test('keeps flags that only say what it does not keep', () => {
    const all = Object.keys(flags).filter((name): name is Flag => name in flags);
    expect(all.filter(flag => isPushable(tuned(0.5, flag)))).toEqual(['max-fpr-unmet', 'rounding-breaks-max-fpr']);
    expect(isPushable(tuned(0.5))).toBe(true);
    expect(isPushable(tuned(null))).toBe(false);
  });

  test('has the median as global threshold', () => {
    expect(globalThreshold([tuned(0.1), tuned(0.9, 'one-class'), tuned(0.3), tuned(null), tuned(0.2)])).toBe(0.2);
    // 0.0625 is a tie, and goes to the even digit.
    expect(globalThreshold([tuned(0.062), tuned(0.063)])).toBe(0.062);
    expect(globalThreshold([tuned(0.9, 'one-class')])).toBeNull();
    expect(globalThreshold([])).toBeNull();
  });
});
