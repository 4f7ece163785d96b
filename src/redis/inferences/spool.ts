import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Totals } from '../../domain/entity/metrics.ts';
import { countersKey } from '../counters/shared-counters.ts';
import { type Counted, otherType } from './counted.ts';
import { claimScript, recordScript } from './scripts.ts';

/**
 * Recorded inferences in Redis, until the audit log and the analytics webhook have them. All processes of a tenant record
 * and empty it.
 */
export interface Spool {
  /** Counts them and queues their entries in one script, unless they were recorded under this id. */
  record(inferences: readonly SpooledInference[], once: Once | null): Promise<Recorded>;
  /**
   * Takes up to 1,000 entries as a batch of this process, or a batch whose process has not finished it in time.
   * @param isForced takes them although less than a second has passed since the last batch
   * @param known the newest segment of the audit log that this process knows
   */
  claim(isForced: boolean, known: number): Promise<Batch | null>;
  /** Forgets a batch that is in the audit log. */
  release(batch: Batch): Promise<void>;
  /** The ids of batches that are not yet released. */
  claimed(): Promise<string[]>;
  /** Windows of 10 requests that are to be sent, oldest first. */
  windows(): Promise<Window[]>;
  /** Forgets a window that will be sent. */
  releaseWindow(window: Window): Promise<void>;
}

export interface SpooledInference {
  readonly counted: Counted;
  /** Of the audit log, without readable text. */
  readonly entry: string;
  /** In ms since 1970. */
  readonly at: number;
}

/** By which a repetition is recognized: an id of the attempts, and for how long it is remembered. */
export interface Once {
  readonly id: string;
  readonly forMs: number;
}

export interface Recorded {
  /** Whether they were recorded now. */
  readonly isNew: boolean;
  /** Entries that wait now. */
  readonly waiting: number;
}

export interface Batch {
  readonly id: string;
  readonly entries: readonly string[];
  /** The newest segment of the audit log that was known before the first attempt to append the batch. */
  readonly after: number;
}

/** The totals of 10 consecutive requests. */
export interface Window {
  /** The same each time the window is read, and of no other window, also after Redis was emptied. */
  readonly id: string;
  readonly totals: Totals;
  /** Of its last request, in ms since 1970. */
  readonly at: number;
  /** As it is stored. */
  readonly stored: string;
}

export const windowRequests = 10;
export const mostOfBatch = 1_000;
/** More types than this are counted as `other`, over all requests. */
const mostTypes = 50;
/** Windows are dropped, oldest first, when the receiver of the webhook cannot keep up with this many. */
const mostWindows = 10_000;
const windowsAtOnce = 100;
/** The field of the claims that is none: the time of the last batch. */
const lastField = 'last';

const recordAnswer = z.tuple([z.number(), z.number()]);
const claimAnswer = z.tuple([z.string(), z.string(), z.array(z.string())]).nullable();
const storedWindow = z.tuple([
  z.string(),
  z.string(),
  z.coerce.number(),
  z.coerce.number(),
  z.coerce.number(),
  z.coerce.number(),
  z.coerce.number(),
  z.coerce.number(),
]);

/** Times in ms: between batches that are not full, and after which a batch is taken over from its process. */
export interface SpoolTimes {
  readonly batchEveryMs: number;
  readonly claimMs: number;
}

const defaultTimes: SpoolTimes = { batchEveryMs: 1_000, claimMs: 15_000 };

/** @param hasReceiver whether windows are to be sent; without a receiver none is kept */
export function openSpool(client: Redis, prefix: string, hasReceiver: boolean, times = defaultTimes): Spool {
  const key = (name: string) => `${prefix}:inferences:${name}`;
  const claims = key('claims');
  const spool = key('spool');
  const windows = key('windows');
  const batches = key('batch:');

  return {
    async record(inferences, once) {
      const content = inferences.map(({ counted, entry, at }) => ({
        fields: counted.fields,
        types: counted.types,
        totals: hasReceiver ? counted.totals : undefined,
        entry,
        at,
      }));
      const mark = key(`once:${once?.id ?? ''}`);
      const named = [countersKey(prefix), key('types'), spool, key('window'), windows, mark];
      const answer = await client.eval(
        recordScript,
        named.length,
        ...named,
        mostTypes,
        otherType,
        windowRequests,
        mostWindows,
        randomUUID(),
        once?.forMs ?? 0,
        JSON.stringify(content),
      );
      const [isNew, waiting] = recordAnswer.parse(answer);
      return { isNew: isNew === 1, waiting };
    },
    async claim(isForced, known) {
      const id = randomUUID();
      const named = [spool, claims, batches];
      const answer = await client.eval(
        claimScript,
        named.length,
        ...named,
        id,
        known,
        mostOfBatch,
        isForced ? 0 : times.batchEveryMs,
        times.claimMs,
      );
      const claimed = claimAnswer.parse(answer);
      return claimed === null ? null : { id: claimed[0], after: Number(claimed[1]), entries: claimed[2] };
    },
    async release({ id }) {
      await client
        .multi()
        .del(batches + id)
        .hdel(claims, id)
        .exec();
    },
    async claimed() {
      return (await client.hkeys(claims)).filter(id => id !== lastField);
    },
    async windows() {
      return (await client.lrange(windows, 0, windowsAtOnce - 1)).map(windowOf);
    },
    async releaseWindow({ stored }) {
      await client.lrem(windows, 1, stored);
    },
  };
}

function windowOf(stored: string): Window {
  const [epoch, number, at, requests, latencyUs, cacheHits, entities, confidenceMillionths] = storedWindow.parse(
    stored.split(' '),
  );
  return {
    id: `extraction.${epoch}.${number}`,
    totals: { requests, latencyUs, cacheHits, entities, confidenceMillionths },
    at,
    stored,
  };
}
