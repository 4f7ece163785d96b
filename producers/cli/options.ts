import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { datasetName } from '../../src/domain/dataset/identity.ts';
import { durationShape, parseDuration } from '../../src/domain/duration.ts';
import { curationParameters } from '../../src/domain/run/run.ts';

/** An option's value, validated by `schema`. Commander adds the option's name to the error. */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(
    `It ${parsed.error.issues.map(issue => issue.message.replace(/^Invalid input: /, 'must be: ')).join('; ')}.`,
  );
}

const parameter = curationParameters.shape;

export const dataset = (text: string) => checked(datasetName, text);
export const minRating = (text: string) => checked(parameter.minRating.unwrap(), number(text));
export const similarity = (text: string) => checked(parameter.similarity.unwrap(), number(text));

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** A date or a date with time in ISO 8601, as the platform writes instants; without a zone it is UTC. */
export function since(text: string): string {
  const shape = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;
  const hasZone = /(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T');
  const ms = shape.test(text) ? Date.parse(hasZone ? text : `${text}Z`) : Number.NaN;
  // Date.parse takes a day that the month lacks for one of the next month.
  const day = Number(text.slice(8, 10));
  if (!Number.isNaN(ms) && new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() !== day)
    throw new InvalidArgumentError(`${text.slice(0, 7)} has no day ${day}.`);
  if (Number.isNaN(ms))
    throw new InvalidArgumentError(
      'It must be an ISO 8601 date or instant, such as 2026-03-01 or 2026-03-01T08:00:00Z.',
    );
  if (ms > Date.now()) throw new InvalidArgumentError('It is in the future.');
  return new Date(ms).toISOString();
}

/** A duration such as 90s, 10m, 72h, 3d, or 0; in milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError(`It ${durationShape}.`);
  return ms;
}

export function port(text: string): number {
  const value = wholeNumber(text);
  if (value > 65_535) throw new InvalidArgumentError('It must be a port, 0 to 65535.');
  return value;
}

export function fraction(text: string): number {
  const value = number(text);
  if (value < 0 || value > 1) throw new InvalidArgumentError('It must be from 0 to 1.');
  return value;
}

/** Such as 50/s or 10/min. */
export function rate(text: string): { count: number; perMs: number } {
  const [, count, unit] = /^([1-9]\d{0,6})\/(s|min)$/.exec(text) ?? [];
  if (count === undefined)
    throw new InvalidArgumentError('It must be a number of requests per s or min, such as 50/s.');
  return { count: Number(count), perMs: unit === 's' ? 1_000 : 60_000 };
}

/** `NAME` or `NAME@VERSION`. */
export function datasetVersion(text: string): { dataset: string; version: number | undefined } {
  const [name = '', version, ...rest] = text.split('@');
  if (rest.length > 0 || (version !== undefined && !/^[1-9]\d{0,11}$/.test(version)))
    throw new InvalidArgumentError('It must be NAME or NAME@VERSION, such as demo@3.');
  return { dataset: dataset(name), version: version === undefined ? undefined : Number(version) };
}

/** A whole number of that range. */
export function within(low: number, high: number): (text: string) => number {
  return text => {
    const value = wholeNumber(text);
    if (value < low || value > high) throw new InvalidArgumentError(`It must be ${low} to ${high}.`);
    return value;
  };
}
