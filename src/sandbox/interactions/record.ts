import { z } from 'zod';
import { instant, interaction } from '../../domain/interaction/interaction.ts';
import { MlopsError } from '../../errors.ts';

/** One record of the simulated interaction log, ready to be served. */
export interface StoredRecord {
  /** `null` for an invalid interaction: nothing is known about it. */
  readonly id: string | null;
  /** Its place in the log: milliseconds since the epoch. */
  readonly at: number;
  /** The record as it goes over the wire, fields that we do not know included. */
  readonly json: string;
  /** What goes over the wire in its place, where that is not UTF-8 or must not be altered. */
  readonly bytes?: Uint8Array;
}

/** An interaction as the platform writes it; `text` may be null or absent. */
export type WrittenInteraction = z.input<typeof interaction>;

/** A record, valid or not, that the log serves unchanged, and its position in the log. */
export interface RawRecord {
  /** ISO 8601 with milliseconds and `Z`. */
  readonly timestamp: string;
  readonly record: unknown;
}

const moments = z.looseObject({
  timestamp: instant,
  messages: z.array(z.looseObject({ timestamp: instant })),
});
const anyObject = z.looseObject({});

/** What is wrong with a value that should be an interaction, by field and without its content; null when nothing is. */
export function faultOf(value: unknown): string | null {
  const parsed = interaction.safeParse(value);
  if (parsed.success) return null;
  return parsed.error.issues
    .map(issue => `${issue.path.length === 0 ? 'the record' : issue.path.join('.')}: ${issue.message}`)
    .join('; ');
}

/** @throws BAD_INPUT, naming the field, for an invalid interaction. */
export function storedInteraction(written: WrittenInteraction): StoredRecord {
  const fault = faultOf(written);
  if (fault !== null)
    throw new MlopsError('BAD_INPUT', `Not an interaction: ${fault}. Insert it as a raw record to serve it as it is.`, {
      where: 'interaction',
    });
  return { id: written.id, at: Date.parse(written.timestamp), json: JSON.stringify(written) };
}

/** @throws BAD_INPUT if the timestamp is not valid. */
export function storedRaw({ timestamp, record }: RawRecord): StoredRecord {
  if (!instant.safeParse(timestamp).success)
    throw new MlopsError('BAD_INPUT', 'A raw record needs a place in the log, such as 2023-10-05T14:22:10.000Z.', {
      where: 'timestamp',
    });
  return { id: null, at: Date.parse(timestamp), json: JSON.stringify(record ?? null) };
}

/** The same conversation at another time, under another id if one is given: all its messages move along. */
export function movedTo(record: StoredRecord, at: number, id: string | null = record.id): StoredRecord {
  const written = moments.parse(JSON.parse(record.json));
  const move = (iso: string): string => new Date(Date.parse(iso) - record.at + at).toISOString();
  const moved = {
    ...written,
    ...(id === null ? {} : { id }),
    timestamp: move(written.timestamp),
    messages: written.messages.map(message => ({ ...message, timestamp: move(message.timestamp) })),
  };
  return { id, at, json: JSON.stringify(moved) };
}

/** The same conversation with another rating. */
export function rated(record: StoredRecord, rating: number | null): StoredRecord {
  const { id, at } = record;
  return { id, at, json: JSON.stringify({ ...anyObject.parse(JSON.parse(record.json)), rating }) };
}
