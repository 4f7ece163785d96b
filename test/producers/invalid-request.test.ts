import { expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidRequest } from '../../producers/http/invalid-request.ts';
import { troubleOf } from '../../producers/http/problem.ts';

const schema = z.strictObject({ list: z.array(z.string()), name: z.string().min(2).regex(/^a/) }).partial();

function answerTo(body: unknown) {
  const parsed = schema.safeParse(body);
  if (parsed.success) throw new Error('the body is valid');
  const { problem } = troubleOf(new InvalidRequest(parsed.error.issues));
  return { ...problem, bytes: Buffer.byteLength(JSON.stringify(problem)) };
}

test('unknown fields are named once each, 20 at most, and the others counted', () => {
  const body = Object.fromEntries(Array.from({ length: 4_000 }, (_, index) => [`k${index}`, 1]));
  const { errors, detail, bytes } = answerTo(body);
  expect(errors).toHaveLength(20);
  expect(errors?.[0]).toEqual({ field: 'k0', message: 'is not a known field' });
  expect(detail).toMatch(/; and 3,980 more$/);
  expect(bytes).toBeLessThan(64_000);
});

test('wrong items of a list are named once each, 20 at most', () => {
  const { errors, detail, bytes } = answerTo({ list: Array.from({ length: 50_000 }, () => 1) });
  expect(errors?.map(({ field }) => field)).toEqual(Array.from({ length: 20 }, (_, index) => `list.${index}`));
  expect(detail).toMatch(/; and 49,980 more$/);
  expect(bytes).toBeLessThan(64_000);
});

test('an answer stays below 64 kB when the names of fields are long and each character is escaped', () => {
  const name = (index: number) => `${index}${'\u0001'.repeat(10_000)}`;
  const { errors, bytes } = answerTo(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [name(index), 1])));
  expect(errors).toHaveLength(20);
  expect(bytes).toBeLessThan(64_000);
});

test('a field that breaks two rules is named once', () => {
  expect(answerTo({ name: 'x' }).errors).toEqual([{ field: 'name', message: expect.stringMatching(/./) }]);
});

test('a field that is wrong is named without a count', () => {
  const { detail } = answerTo({ other: 1 });
  expect(detail).toBe('The request body is invalid. other: is not a known field');
});
