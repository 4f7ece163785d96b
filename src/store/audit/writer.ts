import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AuditEntry } from '../../domain/audit/entry.ts';
import type { Position, Segment } from '../../domain/audit/segment.ts';
import { MlopsError } from '../../errors.ts';
import { sha256Of } from '../artifacts/sealed.ts';
import { encodeSegment } from './segment-file.ts';
import type { Segments } from './segments.ts';

/** Appends segments, one at a time in this process, concurrently with other processes. */
export interface Writer {
  /** The newest segment that this process knows; its number is 0 for an empty log. */
  known(): Promise<number>;
  /**
   * Appends one segment.
   * @param unless an entry with this id and kind, or a batch, to look for in all segments after `after`, up to the one
   *   that the new one follows, so that of any number of processes exactly one appends it
   * @returns its position; `null` if `unless` was found
   * @throws MlopsError STORE_CONTENDED if other writers were first every time
   */
  append(entries: readonly AuditEntry[], unless?: Unless): Promise<Position | null>;
}

export type Unless = { readonly after: number } & (
  | Pick<AuditEntry, 'id' | 'kind'>
  /** The id of entries that are appended as one segment: it is recorded as the segment's writer. */
  | { readonly batch: string }
);

/** Each loss means that another process has written: this many losses in a row indicate an error. */
const mostLosses = 1_000;
const longestPauseMs = 40;

export function openWriter(segments: Segments): Writer {
  const writer = randomUUID();
  /** The segment to start from: any that was once the newest; `undefined` before the first read. */
  let known: Position | null | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  async function look(): Promise<Position | null> {
    known ??= await segments.newest();
    return known;
  }

  async function holds(unless: Unless, after: number, last: number): Promise<boolean> {
    for await (const { number, segment, damage } of segments.read(range(after + 1, last))) {
      if (segment === null) throw damagedSegment(number, damage);
      if (isIn(segment, unless)) return true;
    }
    return false;
  }

  async function append(entries: readonly AuditEntry[], unless?: Unless): Promise<Position | null> {
    let head = await look();
    let searched = unless?.after ?? 0;
    const by = unless !== undefined && 'batch' in unless ? unless.batch : writer;
    for (let losses = 0; losses < mostLosses; losses++) {
      const last = head?.number ?? 0;
      if (unless !== undefined && (await holds(unless, searched, last))) return null;
      searched = last;
      const number = last + 1;
      const bytes = encodeSegment({ number, previous: head?.sha256 ?? null, writer: by, entries: [...entries] });
      if (await segments.create(number, bytes)) {
        known = { number, sha256: sha256Of(bytes) };
        return known;
      }
      await pause(Math.random() * Math.min(2 ** losses, longestPauseMs));
      head = await segments.newestSince(head);
      known = head;
    }
    throw new MlopsError(
      'STORE_CONTENDED',
      'the entry could not be appended to the audit log, because other writers were first each time; it is retried',
    );
  }

  return {
    known: async () => (await look())?.number ?? 0,
    append(entries, unless) {
      const own = turn.then(() => append(entries, unless));
      turn = own.catch(() => undefined);
      return own;
    },
  };
}

function isIn({ writer, entries }: Segment, unless: Unless): boolean {
  if ('batch' in unless) return writer === unless.batch;
  return entries.some(({ id, kind }) => id === unless.id && kind === unless.kind);
}

/** @param damage what is wrong with its file */
export function damagedSegment(number: number, damage: string): MlopsError {
  return new MlopsError(
    'AUDIT_LOG_DAMAGED',
    `segment ${number} of the audit log is damaged: ${damage}. Restore it from a backup of the store, then run audit verify`,
  );
}

function* range(first: number, last: number): Generator<number> {
  for (let number = first; number <= last; number++) yield number;
}
