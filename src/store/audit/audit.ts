import { sealed } from '../../domain/audit/draft.ts';
import type { AuditEntry, EntryDraft } from '../../domain/audit/entry.ts';
import type { Position } from '../../domain/audit/segment.ts';
import { MlopsError } from '../../errors.ts';
import { sha256Of } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { type AuditBatch, openBatch } from './batch.ts';
import { chunks } from './chunks.ts';
import { openSegments } from './segments.ts';
import { type AuditTail, readTail } from './tail.ts';
import { openTexts } from './texts.ts';
import { type AuditReport, type EntryCheck, verifyAudit } from './verify.ts';
import { openWriter } from './writer.ts';

/**
 * The audit log of one tenant: append-only, each segment holding the hash of the one before it. Entries are cleaned
 * before they are written; a customer's text goes into `text` and nowhere else.
 *
 * A change on the platform: `await audit.intent(change)` before it, `await audit.outcome(change)` once it is known what
 * became of it. Both may be called again by a job that runs again: an id has one intent and one outcome.
 */
export interface Audit {
  /**
   * Appends the entries as one segment; durable once it resolves.
   * @throws MlopsError INTERNAL for an invalid entry, STORE_CONTENDED, or what the store throws
   */
  append(drafts: readonly EntryDraft[]): Promise<Position>;
  /**
   * Appends unless the log has an entry of this id and kind already, by this way: of any number of processes, and of
   * runs of a job that was killed, one alone appends it.
   * @returns whether it appended
   */
  appendOnce(draft: EntryDraft): Promise<boolean>;
  /** What is about to be done, once per id. */
  intent(change: Change): Promise<boolean>;
  /** What became of it, once per id: the first one stays. */
  outcome(change: Change): Promise<boolean>;
  /** A way in for many entries, which are written together. The caller closes it. */
  batch(): AuditBatch;
  /** The newest segment, as the store has it now; `null` while the log is empty. */
  head(): Promise<Position | null>;
  /** The newest `count` entries, oldest first. */
  tail(count: number): Promise<AuditTail>;
  /**
   * Checks the whole log.
   * @param expected a head noted earlier, without which a cut-off end cannot show
   * @param check adds what something outside the log knows of an entry
   */
  verify(expected?: Position, check?: EntryCheck): Promise<AuditReport>;
  /**
   * Erases the texts of all entries of this id; the log records it first. The chain stays whole.
   * @returns how many there were
   */
  eraseTexts(id: string, by: string): Promise<number>;
}

/** A change on the platform, on its way in or out. */
export type Change = Omit<EntryDraft, 'kind'>;

const textsAtOnce = 32;

/** Where it is noted from which segment on an entry of this id and kind can stand. */
export function onceKey({ id, kind }: Pick<EntryDraft, 'id' | 'kind'>): string {
  return `audit/once/${sha256Of(JSON.stringify([kind, id]))}`;
}

export function openAudit(store: ArtifactStore): Audit {
  const segments = openSegments(store);
  const texts = openTexts(store);
  const writer = openWriter(segments);
  /** A segment that was the newest one: from there the head is a step or two away. */
  let seen: Position | null = null;

  /** Texts first: an entry whose text was never written would look like one whose text was erased. */
  async function entriesOf(drafts: readonly EntryDraft[]): Promise<AuditEntry[]> {
    const now = Date.now();
    const checked = drafts.map(draft => ({ entry: sealed(draft, now), text: draft.text }));
    const entries: AuditEntry[] = [];
    for (const some of chunks(checked, textsAtOnce))
      entries.push(
        ...(await Promise.all(
          some.map(async ({ entry, text }) =>
            text === undefined ? entry : { ...entry, text: await texts.write(entry.id, text) },
          ),
        )),
      );
    return entries;
  }

  /**
   * A segment after which alone the entry can stand. It is noted before the first try to append it, so a job that runs
   * again after a crash looks at what came since, not at the whole log; and one that runs for the first time at nothing.
   * These notes are not part of the chain, and must stay as long as a job may run again.
   */
  async function firstTriedAfter({ id, kind }: EntryDraft): Promise<number> {
    const key = onceKey({ id, kind });
    const known = await writer.known();
    if (await store.create(key, String(known))) return known;
    const noted = (await store.read(key)).toString('utf8');
    return /^\d{1,12}$/.test(noted) ? Number(noted) : 0;
  }

  async function appendOnce(draft: EntryDraft): Promise<boolean> {
    const after = await firstTriedAfter(draft);
    const entries = await entriesOf([draft]);
    if ((await writer.append(entries, { id: draft.id, kind: draft.kind, after })) !== null) return true;
    for (const { text } of entries) if (text !== undefined) await texts.remove(text);
    return false;
  }

  const audit: Audit = {
    async append(drafts) {
      if (drafts.length === 0) throw new MlopsError('INTERNAL', 'nothing to append to the audit log');
      const position = await writer.append(await entriesOf(drafts));
      if (position === null) throw new MlopsError('INTERNAL', 'an unconditional append was refused');
      return position;
    },
    appendOnce,
    intent: change => appendOnce({ ...change, kind: 'intent' }),
    outcome: change => appendOnce({ ...change, kind: 'outcome' }),
    batch: () => openBatch(drafts => audit.append(drafts)),
    async head() {
      seen = await segments.newestSince(seen);
      return seen;
    },
    tail: count => readTail(segments, count),
    verify: (expected, check) => verifyAudit(segments, texts, expected, check),
    async eraseTexts(id, by) {
      const count = await texts.count(id);
      if (count === 0) return 0;
      await audit.append([{ id, kind: 'action', what: 'audit.erase', by, details: { texts: count } }]);
      await texts.erase(id);
      return count;
    },
  };
  return audit;
}
