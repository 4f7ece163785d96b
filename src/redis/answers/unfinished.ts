import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { KeptIn } from './answers.ts';

/**
 * What is known of chunks that are not finished: each answer, from the round trip after it on, so that a killed worker's
 * successor makes no call again. All values are sealed by the caller.
 */
export interface Unfinished {
  /** The fields of a chunk; empty if there is none, or Redis was emptied. */
  read(chunk: ChunkName): Promise<ReadonlyMap<string, string>>;
  /** Where `Answers` keeps the answer to a line. */
  place(chunk: ChunkName, field: string): Pick<KeptIn, 'key' | 'field'>;
  keep(chunk: ChunkName, field: string, value: string): Promise<void>;
  /** Counts one more. @returns how many there are */
  count(chunk: ChunkName, field: string): Promise<number>;
  /** Forgets a chunk that is finished. */
  forget(chunk: ChunkName): Promise<void>;
  /** Shows how far a chunk is: for people. */
  show(chunk: ChunkName, progress: ChunkProgress): Promise<void>;
  /** The sums of all chunks of a batch, as far as Redis knows them. */
  progress(batch: string): Promise<ChunkProgress>;
}

export interface ChunkName {
  readonly batch: string;
  readonly chunk: number;
}

/** Lines that are done, calls that were made, and lines that needed none. */
const chunkProgress = z.tuple([z.number(), z.number(), z.number()]);
export interface ChunkProgress {
  readonly done: number;
  readonly calls: number;
  readonly cacheHits: number;
}

const keptMs = 7 * 86_400_000;

export function openUnfinished(client: Redis, prefix: string): Unfinished {
  const key = ({ batch, chunk }: ChunkName) => `${prefix}:extractions:${batch}:${chunk}`;
  const progressKey = (batch: string) => `${prefix}:extractions:${batch}:progress`;

  return {
    async read(chunk) {
      return new Map(Object.entries(await client.hgetall(key(chunk))));
    },
    place: (chunk, field) => ({ key: key(chunk), field }),
    async keep(chunk, field, value) {
      await client.multi().hset(key(chunk), field, value).pexpire(key(chunk), keptMs).exec();
    },
    async count(chunk, field) {
      const [counted] = (await client.multi().hincrby(key(chunk), field, 1).pexpire(key(chunk), keptMs).exec()) ?? [];
      return z.number().parse(counted?.[1]);
    },
    async forget(chunk) {
      await client.del(key(chunk));
    },
    async show({ batch, chunk }, { done, calls, cacheHits }) {
      const value = JSON.stringify([done, calls, cacheHits]);
      await client.multi().hset(progressKey(batch), String(chunk), value).pexpire(progressKey(batch), keptMs).exec();
    },
    async progress(batch) {
      const values = Object.values(await client.hgetall(progressKey(batch)));
      return values.reduce<ChunkProgress>(
        (sum, value) => {
          const [done, calls, cacheHits] = chunkProgress.parse(JSON.parse(value));
          return { done: sum.done + done, calls: sum.calls + calls, cacheHits: sum.cacheHits + cacheHits };
        },
        { done: 0, calls: 0, cacheHits: 0 },
      );
    },
  };
}
