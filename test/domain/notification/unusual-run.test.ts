import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageId } from '../../../src/domain/notification/notification.ts';
import { outliersOf } from '../../../src/domain/notification/unusual-run.ts';

const run = (turns: number, kept: number) => ({ turns, kept });
const steady = [run(1000, 500), run(1010, 510), run(990, 490), run(1005, 505), run(995, 500)];

describe('a run', () => {
  it('is like those before', () => {
    expect(outliersOf(run(1100, 540), steady)).toEqual([]);
  });

  it('has far fewer or far more turns', () => {
    expect(outliersOf(run(200, 100), steady)).toMatchObject([{ what: 'turns', value: 200, median: 1000 }]);
    expect(outliersOf(run(0, 0), steady)).toMatchObject([{ what: 'turns', value: 0 }]);
    expect(outliersOf(run(5000, 2500), steady)).toMatchObject([{ what: 'turns', least: 500, most: 1500 }]);
  });

  it('keeps another share of its turns', () => {
    expect(outliersOf(run(1000, 100), steady)).toMatchObject([{ what: 'kept share', value: 0.1 }]);
    expect(outliersOf(run(1000, 950), steady)).toMatchObject([{ what: 'kept share' }]);
  });

  it('is not judged by fewer than five, nor its share by a few turns', () => {
    expect(outliersOf(run(0, 0), steady.slice(1))).toEqual([]);
    const small = Array.from({ length: 8 }, () => run(10, 10));
    expect(outliersOf(run(10, 0), small)).toEqual([]);
    expect(outliersOf(run(30, 0), small)).toEqual([]);
  });

  it('may move within the slack, however steady those before were', () => {
    const same = Array.from({ length: 10 }, () => run(100, 50));
    expect(outliersOf(run(150, 89), same)).toEqual([]);
    expect(outliersOf(run(151, 75), same)).toMatchObject([{ what: 'turns' }]);
    expect(outliersOf(run(100, 61), same)).toMatchObject([{ what: 'kept share' }]);
  });

  it('is judged by the last ten alone', () => {
    const old = Array.from({ length: 30 }, () => run(100_000, 100_000));
    const recent = Array.from({ length: 10 }, () => run(1000, 500));
    expect(outliersOf(run(1000, 500), [...old, ...recent])).toEqual([]);
  });

  it('is judged alike when up to four of ten were odd themselves', () => {
    const odd = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 4 });
    fc.assert(
      fc.property(odd, sizes => {
        const most = Array.from({ length: 10 - sizes.length }, (_, index) => run(1000 + index, 500));
        const earlier = [...most, ...sizes.map(size => run(size, Math.floor(size / 2)))];
        expect(outliersOf(run(1003, 500), earlier)).toEqual([]);
      }),
    );
  });
});

describe('a notification', () => {
  it('has an id that is a key and a part of a job’s id', () => {
    for (const id of ['run-failed.demo.00000001.3', 'run-failed.open.demo.r_1', 'push-refused.push.1b-2c'])
      expect(messageId.safeParse(id).success, id).toBe(true);
    for (const id of ['a', 'a/b.c', 'run failed.x', '..', 'a:b.c'])
      expect(messageId.safeParse(id).success, id).toBe(false);
  });
});
