import { expect, it } from 'vitest';
import { clockCheck, skewOf } from '../../src/operators/doctor/clock.ts';

const at = Date.parse('2026-03-01T12:00:00.000Z');

it.each([
  ['as the platform’s', 400, 'ok'],
  ['5 s ahead, which whole seconds and the way there may be', 5_900, 'ok'],
  ['7 s ahead', 7_000, 'warn'],
  ['7 s behind', -7_000, 'warn'],
  ['two minutes ahead', 120_000, 'bad'],
  ['an hour behind', -3_600_000, 'bad'],
])('our clock is %s', (_, ahead, state) => {
  expect(clockCheck('nlp', skewOf(at + ahead, at + ahead + 200, at)).state).toBe(state);
});

it('a slow answer proves nothing', () => {
  expect(clockCheck('nlp', skewOf(at, at + 30_000, at)).state).toBe('ok');
  expect(clockCheck('nlp', skewOf(at + 90_000, at + 90_200, at)).detail).toMatch(/^ours is 89\.6 s ahead/);
});
