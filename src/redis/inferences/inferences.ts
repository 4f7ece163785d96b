import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { auditEntry, type EntryDraft } from '../../domain/audit/entry.ts';
import { type Inference, inferenceDraft } from '../../domain/entity/inference.ts';
import type { Logger } from '../../logger.ts';
import { classify } from '../../runtime/classify.ts';
import type { Audit } from '../../store/audit/audit.ts';
import type { Sealing } from '../../store/sealing/sealing.ts';
import { countedOf } from './counted.ts';
import { type Batch, mostOfBatch, type Once, type Spool, type Window } from './spool.ts';

/**
 * Records the answers of a model: in the audit log, in the metrics, and for the analytics webhook. A recorded inference is
 * in Redis, its texts sealed, and within about a second in the audit log, which any process of the tenant writes: a killed
 * one loses none.
 */
export interface Inferences {
  /**
   * Records inferences in one round trip, all or none, before their results are handed out.
   * @param once inferences that an earlier attempt has recorded under the same id are neither counted nor audited again
   * @returns whether they were recorded now
   * @throws MlopsError what the store throws, once very many inferences wait for it
   */
  record(inferences: readonly Inference[], once?: Once): Promise<boolean>;
  /**
   * Resolves once the audit log holds everything that was recorded before.
   * @throws MlopsError what the store throws
   */
  flush(): Promise<void>;
}

/** With the writing to the audit log, which every process does for all. */
export interface InferenceRecorder extends Inferences {
  begin(): void;
  /** Writes what this process has recorded, if the store takes it in time. */
  end(): Promise<void>;
}

export interface InferenceParts {
  readonly spool: Spool;
  readonly audit: Pick<Audit, 'known' | 'appendBatch'>;
  sealing(): Promise<Sealing>;
  /** Hands a window over to be sent; a window that is given again is the same message. */
  send(window: Window): Promise<void>;
  readonly logger: Logger;
}

const purpose = 'inference';
const drainEveryMs = 1_000;
const lookAgainMs = 50;
const longestEndMs = 5_000;
/** Beyond this number a recorder waits for the store: more would fill Redis. */
const mostWaiting = 50_000;

const entryDraft = auditEntry.omit({ at: true, text: true }).extend({ at: z.number(), text: z.string() });

export function openInferences({ spool, audit, sealing, send, logger }: InferenceParts): InferenceRecorder {
  let timer: NodeJS.Timeout | undefined;
  let draining: Promise<void> = Promise.resolve();
  let hasRecorded = false;

  async function write(batch: Batch): Promise<void> {
    const opened = await sealing();
    const drafts = batch.entries.map(stored => draftOf(stored, opened));
    if (drafts.length > 0) await audit.appendBatch(batch.id, drafts, batch.after);
    await spool.release(batch);
  }

  async function drainNow(isForced: boolean): Promise<void> {
    for (;;) {
      const batch = await spool.claim(isForced, await audit.known());
      if (batch === null) break;
      await write(batch);
    }
    for (const window of await spool.windows()) {
      await send(window);
      await spool.releaseWindow(window);
    }
  }

  /** One after the other in this process. */
  async function drain(isForced: boolean): Promise<void> {
    const own = draining.then(() => drainNow(isForced));
    draining = own.catch(() => undefined);
    await own;
  }

  function drainSoon(): void {
    drain(false).catch((error: unknown) => {
      const { code, message } = classify(error, undefined);
      logger.error({ code }, `inferences are not yet in the audit log: ${message}`);
    });
  }

  function begin(): void {
    timer ??= setInterval(drainSoon, drainEveryMs).unref();
  }

  async function flush(): Promise<void> {
    await drain(true);
    // Another process may have taken some of them.
    let others = await spool.claimed();
    while (others.length > 0) {
      await pause(lookAgainMs);
      await drain(true);
      const now = new Set(await spool.claimed());
      others = others.filter(id => now.has(id));
    }
  }

  return {
    async record(inferences, once) {
      if (inferences.length === 0) return false;
      const opened = await sealing();
      const spooled = inferences.map(inference => ({
        counted: countedOf(inference),
        entry: spooledEntry(inferenceDraft(inference), opened),
        at: inference.at,
      }));
      const { isNew, waiting } = await spool.record(spooled, once ?? null);
      hasRecorded = true;
      begin();
      if (waiting >= mostWaiting) await drain(true);
      else if (waiting >= mostOfBatch) drainSoon();
      return isNew;
    },
    flush,
    begin,
    async end() {
      clearInterval(timer);
      timer = undefined;
      if (!hasRecorded) return await draining;
      const writing = flush().catch((error: unknown) => {
        const { code, message } = classify(error, undefined);
        logger.error({ code }, `inferences wait in Redis for the audit log: ${message}`);
      });
      await Promise.race([writing, pause(longestEndMs, undefined, { ref: false })]);
    },
  };
}

function spooledEntry({ text = '', ...entry }: EntryDraft, { seal }: Sealing): string {
  return JSON.stringify({ ...entry, text: seal(purpose, text) });
}

function draftOf(stored: string, { open }: Sealing): EntryDraft {
  const { text, ...entry } = entryDraft.parse(JSON.parse(stored));
  const opened = open(purpose, text);
  // Sealed with a secret that the store no longer has: the entry is kept without its text.
  return opened === null ? entry : { ...entry, text: opened };
}
