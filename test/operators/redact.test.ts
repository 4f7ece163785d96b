import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { registry } from '../../jobs/registry.ts';
import { redact } from '../../src/operators/redact.ts';
import { shown } from '../../src/runtime/shown.ts';

const texts = [
  'demo',
  'UTC',
  'demo.00000001',
  '2026-03-01T00:00:00.000Z',
  '6f1c2a52-6f1e-4c57-9a3d-0d7a5c0a9b11',
  'a'.repeat(64),
  `${'a'.repeat(32)}.1`,
];
const numbers = [1, 0, 0.5, 60, 1_000_000];

/** Values of a schema: one for each form that it can take, every optional field present. */
function samples(schema: unknown): unknown[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(samples);
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).reduce<Record<string, unknown>[]>(
      (partial, [field, own]) =>
        samples(own).flatMap((value, index) =>
          (index === 0 ? partial : partial.slice(0, 1)).map(each => ({ ...each, [field]: value })),
        ),
      [{}],
    );
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return samples(schema.unwrap());
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodCatch)
    return samples(schema.def.innerType);
  if (schema instanceof z.ZodArray) return samples(schema.element).map(value => [value]);
  if (schema instanceof z.ZodLiteral) return [...schema.values];
  if (schema instanceof z.ZodEnum) return [schema.options[0]];
  if (schema instanceof z.ZodType) {
    const fitting = [...texts, ...numbers, true].find(value => schema.safeParse(value).success);
    if (fitting !== undefined) return [fitting];
  }
  throw new Error(`no sample of ${String(schema)}`);
}

/** The paths of the fields of `value` that are not shown. */
function hiddenIn(value: unknown, board: unknown, path: readonly string[] = []): (readonly string[])[] {
  const [whole, seen] = [
    z.record(z.string(), z.unknown()).safeParse(value),
    z.record(z.string(), z.unknown()).safeParse(board),
  ];
  if (!whole.success) return JSON.stringify(value) === JSON.stringify(board) ? [] : [path];
  if (!seen.success) return [path];
  return Object.entries(whole.data).flatMap(([field, each]) => hiddenIn(each, seen.data[field], [...path, field]));
}

/** Whether the field is a string of any content: such fields may stay unmarked. */
function mayHoldText(schema: unknown, [field, ...rest]: readonly string[]): boolean {
  if (schema instanceof z.ZodUnion) return schema.options.some(option => mayHoldText(option, [field ?? '', ...rest]));
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return mayHoldText(schema.unwrap(), field === undefined ? [] : [field, ...rest]);
  if (field === undefined) return schema instanceof z.ZodString && (schema.def.checks ?? []).length === 0;
  return schema instanceof z.ZodObject && mayHoldText(schema.shape[field], rest);
}

const onBoard = (name: string, fields: object) => redact({ job: { name, ...fields } }, registry);

describe.each(registry.map(definition => [definition.name, definition] as const))('jobs of %s', (name, definition) => {
  it.each([
    ['data', definition.payload],
    ['returnValue', definition.result],
    ['progress', definition.progress],
  ])('show every field of their %s that can hold no text', (field, schema) => {
    for (const value of samples(schema)) {
      expect(schema.safeParse(value).success, JSON.stringify(value)).toBe(true);
      const { job } = z.object({ job: z.record(z.string(), z.unknown()) }).parse(onBoard(name, { [field]: value }));
      for (const path of hiddenIn(value, job[field])) expect(mayHoldText(schema, path), path.join('.')).toBe(true);
    }
  });

  it('hide a field that no schema has, and what is not a name in one that has', () => {
    const text = 'My card number is 4111 1111 1111 1111';
    const board = onBoard(name, { data: { text, tenant: text, by: text }, returnValue: text, progress: { text } });
    expect(JSON.stringify(board)).not.toContain('card');
  });
});

describe('a schema', () => {
  const schema = z.strictObject({
    seen: shown(z.string()),
    hidden: z.string(),
    nested: z.strictObject({ seen: shown(z.number()), hidden: z.number() }).nullable(),
    whole: shown(z.strictObject({ a: z.number(), b: z.array(z.string()) })),
  });
  const job = { name: 'x', payload: schema, result: schema, progress: schema };
  const data = { seen: 'a', hidden: 'b', nested: { seen: 1, hidden: 2 }, whole: { a: 1, b: ['c'] } };

  it('hides fields unless they are marked, and counts them', () => {
    expect(redact({ job: { name: 'x', data } }, [job])).toEqual({
      job: {
        name: 'x',
        data: {
          seen: 'a',
          nested: { seen: 1, '[redacted]': '1 field' },
          whole: { a: 1, b: ['c'] },
          '[redacted]': '1 field',
        },
      },
    });
  });

  it('hides the value of a marked field that does not fit it', () => {
    expect(redact({ job: { name: 'x', data: { seen: 1, whole: 'text of a customer' } } }, [job])).toEqual({
      job: { name: 'x', data: { '[redacted]': '2 fields' } },
    });
  });

  it('hides all data of jobs of queues that it does not know', () => {
    expect(redact({ job: { name: 'other', data } }, [job])).toEqual({
      job: { name: '[redacted]', data: '[redacted]' },
    });
  });
});
