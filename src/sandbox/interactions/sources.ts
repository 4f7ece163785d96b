import { hash, Random } from '../kernel/random.ts';
import type { ArrivalSource } from './arrivals.ts';
import { movedTo, type StoredRecord } from './record.ts';

/** Splits a corpus into what is there from the start and the `fraction` of it that is yet to come, picked by the seed. */
export function holdBack(
  corpus: readonly StoredRecord[],
  fraction: number,
  seed: number,
): { present: StoredRecord[]; held: StoredRecord[] } {
  const random = new Random(seed, 'hold back');
  const shuffled = [...corpus]
    .map(record => ({ record, order: random.next() }))
    .sort((one, other) => one.order - other.order)
    .map(({ record }) => record);
  const count = Math.round(corpus.length * fraction);
  return { present: shuffled.slice(count), held: shuffled.slice(0, count) };
}

/** The records in turn, under their own ids, and then nothing more. */
export function heldBackSource(held: readonly StoredRecord[]): ArrivalSource {
  const left = held.values();
  return at => {
    const next = left.next();
    return next.done === true ? null : movedTo(next.value, at);
  };
}

/** Conversations of the corpus over again, under new ids; nothing from a corpus without any. */
export function copySource(corpus: readonly StoredRecord[], seed: number): ArrivalSource {
  const random = new Random(seed, 'arrivals');
  const conversations = corpus.filter(record => record.id !== null);
  let drawn = 0;
  return at => {
    if (conversations.length === 0) return null;
    drawn += 1;
    return movedTo(random.pick(conversations), at, liveId(seed, at, drawn));
  };
}

/** The id of a live arrival. It holds the instant, so that a restarted sandbox does not hand out the same ids for other conversations. */
export function liveId(seed: number, at: number, drawn: number): string {
  const half = (salt: number): string => hash(seed, at, drawn, salt).toString(16).padStart(8, '0');
  return `int_${half(1)}${half(2)}`;
}
