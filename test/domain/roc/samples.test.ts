import { expect, test } from 'vitest';
import type { Label } from '../../../src/domain/roc/samples.ts';
import { Samples } from '../../../src/domain/roc/samples.ts';

test('keeps rows in their order, over chunks, and counts them', () => {
  const samples = new Samples();
  expect([samples.rows, [...samples.chunks()].length]).toEqual([0, 0]);
  const rows = 2 ** 17 + 5;
  for (let row = 0; row < rows; row++) {
    const label: Label = row % 10 === 0 ? 1 : 0;
    samples.add(samples.intent(`intent ${row % 3000}`), label, row);
  }
  expect(samples.rows).toBe(rows);
  expect(samples.intentIds).toHaveLength(3000);
  expect(samples.intentIds[2999]).toBe('intent 2999');
  let row = 0;
  for (const { classes, scores } of samples.chunks())
    for (const [at, score] of scores.entries()) {
      expect([score, classes[at]]).toEqual([row, 2 * (row % 3000) + (row % 10 === 0 ? 1 : 0)]);
      row++;
    }
  expect(row).toBe(rows);
  expect([samples.count(0, 1), samples.count(0, 0), samples.count(1, 1)]).toEqual([44, 0, 0]);
});
