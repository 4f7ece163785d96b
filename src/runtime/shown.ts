import { z } from 'zod';

const marks = z.registry<{ readonly isShown: true }>();

/**
 * Marks what operators may see of a job: the field, or with an object all fields in it. Fields that are not marked are
 * hidden on Bull Board. A text that a person wrote is never marked.
 */
export function shown<Schema extends z.ZodType>(schema: Schema): Schema {
  const copy = schema.clone();
  marks.add(copy, { isShown: true });
  return copy;
}

const hidden = '[redacted]';

/**
 * A payload, result or progress as operators may see it: the marked fields whose values fit their schema. Strings must
 * look like a name, an id or an instant as well, because anything can be planted in a job.
 */
export function showMarked(schema: z.ZodType, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  // BullMQ itself writes progress as a percentage, 0 at first.
  if (typeof value === 'number' && value >= 0 && value <= 100) return value;
  const shownValue = show([{ schema, isShown: false }], value);
  return shownValue === undefined ? hidden : shownValue;
}

/** A schema that a value may have, and whether it or one around it is marked. */
interface Candidate {
  readonly schema: z.ZodType;
  readonly isShown: boolean;
}

/** @returns `undefined` where none of the schemas lets it be seen */
function show(schemas: readonly Candidate[], value: unknown): unknown {
  const candidates = schemas.flatMap(unwrapped);
  if (isRecord(value)) return showFields(candidates, value);
  const fitting = candidates.filter(({ schema, isShown }) => isShown && schema.safeParse(value).success);
  if (fitting.length === 0) return undefined;
  return Array.isArray(value) ? value.map(showLeaf) : showLeaf(value);
}

function showFields(candidates: readonly Candidate[], value: Readonly<Record<string, unknown>>): unknown {
  const objects = candidates.flatMap(({ schema, isShown }) =>
    schema instanceof z.ZodObject ? [{ shape: schema.shape, isShown }] : [],
  );
  if (objects.length === 0) return undefined;
  const fields = Object.entries(value).flatMap(([field, each]) => {
    const own = objects.flatMap(({ shape, isShown }) => {
      const schema: unknown = Object.hasOwn(shape, field) ? shape[field] : undefined;
      return schema instanceof z.ZodType ? [{ schema, isShown }] : [];
    });
    const shownValue = show(own, each);
    return shownValue === undefined ? [] : [[field, shownValue] as const];
  });
  const left = Object.keys(value).length - fields.length;
  if (left > 0) fields.push([hidden, left === 1 ? '1 field' : `${left} fields`]);
  return Object.fromEntries(fields);
}

/** No blanks, not long; of the characters that texts and secrets are full of only those of an instant. */
const name = /^[\w.:-]{1,80}$/;

function showLeaf(value: unknown): unknown {
  if (typeof value === 'string') return name.test(value) ? value : hidden;
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? value : hidden;
}

/** The schemas below optional, nullable, default and union ones, each with whether it is marked. */
function unwrapped({ schema, isShown: isOuterShown }: Candidate): Candidate[] {
  const isShown = isOuterShown || marks.has(schema);
  const inner = innerOf(schema);
  if (inner.length === 0) return [{ schema, isShown }];
  const below = inner.flatMap(each => unwrapped({ schema: each, isShown }));
  return schema instanceof z.ZodNullable
    ? [...below, { schema: z.null(), isShown: isShown || isMarked(below) }]
    : below;
}

function isMarked(candidates: readonly Candidate[]): boolean {
  return candidates.some(({ schema, isShown }) => isShown || schema instanceof z.ZodObject);
}

function innerOf(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.filter(option => option instanceof z.ZodType);
  const { def } = schema;
  const inner = 'innerType' in def ? def.innerType : schema instanceof z.ZodPipe && 'in' in def ? def.in : undefined;
  return inner instanceof z.ZodType ? [inner] : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
