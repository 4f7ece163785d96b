import { sealed } from '../../domain/audit/draft.ts';
import type { AuditEntry, EntryDraft } from '../../domain/audit/entry.ts';
import type { Position } from '../../domain/audit/segment.ts';
import { MlopsError } from '../../errors.ts';
import { sha256Of } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { chunks } from './chunks.ts';
import { openSegments } from './segments.ts';
import { type AuditTail, readTail } from './tail.ts';
import { type BatchedText, isBatched, openTextBatches } from './text-batches.ts';
import { openTexts } from './texts.ts';
import { type AuditReport, type EntryCheck, verifyAudit } from './verify.ts';
import { damagedSegment, openWriter } from './writer.ts';

/**
 * The audit log of one tenant: append-only, each segment holding the hash of the one before it. Entries are cleaned
 * before they are written; a customer's text goes into `text` and nowhere else.
 *
 * A change on the platform: `await audit.intent(change)` before it, `await audit.outcome(change)` once its outcome is
 * known. Both may be called again by a job that runs again: an id has one intent and one outcome.
 */
export interface Audit {
  /**
   * Appends the entries as one segment; durable once it resolves.
   * @throws MlopsError INTERNAL for an invalid entry, STORE_CONTENDED, or what the store throws
   */
  append(drafts: readonly EntryDraft[]): Promise<Position>;
  /**
   * Appends unless this method has already appended an entry of this id and kind: of any number of processes, and of
   * attempts of a killed job, exactly one appends it.
   * @returns whether it appended
   */
  appendOnce(draft: EntryDraft): Promise<boolean>;
  /**
   * Appends the entries as one segment, their texts in one side file, unless a batch of this id has been appended: of any
   * number of processes exactly one appends it.
   * @param after the newest segment, by `known`, at a time before the first attempt to append this batch
   * @returns whether it appended
   */
  appendBatch(batch: string, drafts: readonly EntryDraft[], after: number): Promise<boolean>;
  /** The number of the newest segment that this process knows; 0 for an empty log. */
  known(): Promise<number>;
  /** A change about to be made, once per id. */
  intent(change: Change): Promise<boolean>;
  /** Its outcome, once per id: the first one is kept. */
  outcome(change: Change): Promise<boolean>;
  /** The newest segment in the store now; `null` while the log is empty. */
  head(): Promise<Position | null>;
  /** All entries, oldest first, a few segments in memory at a time. @throws MlopsError AUDIT_LOG_DAMAGED */
  entries(): AsyncGenerator<AuditEntry>;
  /** The text of an entry; `null` if it has none, it was erased, or it does not match the entry. */
  textOf(entry: AuditEntry): Promise<string | null>;
  /** The newest `count` entries, oldest first. */
  tail(count: number): Promise<AuditTail>;
  /**
   * Checks the whole log.
   * @param expected a head from an earlier check, without which truncation cannot be detected
   * @param check adds findings about an entry from outside the log
   */
  verify(expected?: Position, check?: EntryCheck): Promise<AuditReport>;
  /**
   * Erases the texts of all entries of this id; the log records it first. The chain stays intact.
   * @returns the number of texts
   */
  eraseTexts(id: string, by: string): Promise<number>;
}

/** A change on the platform, before or after it is made. */
export type Change = Omit<EntryDraft, 'kind'>;

const textsAtOnce = 32;

/** The key of the note that says from which segment on an entry of this id and kind can be. */
export function onceKey({ id, kind }: Pick<EntryDraft, 'id' | 'kind'>): string {
  return `audit/once/${sha256Of(JSON.stringify([kind, id]))}`;
}

export function openAudit(store: ArtifactStore): Audit {
  const segments = openSegments(store);
  const texts = openTexts(store);
  const textBatches = openTextBatches(store);
  const writer = openWriter(segments);
  /** A segment that was the newest: the head is a step or two from there. */
  let seen: Position | null = null;

  /** Texts are written first: an entry whose text was never written would look as if its text was erased. */
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
   * The segment after which the entry must be, if it exists. It is noted before the first attempt to append, so that a
   * job that runs again after a crash reads only later segments, not the whole log, and a first run reads none. These
   * notes are not part of the chain, and must be kept as long as a job may run again.
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

  async function batchedEntriesOf(drafts: readonly EntryDraft[]): Promise<AuditEntry[]> {
    const now = Date.now();
    const entries = drafts.map(draft => sealed(draft, now));
    const given = drafts.flatMap(({ text }) => (text === undefined ? [] : [text]));
    const written = (given.length === 0 ? [] : await textBatches.write(given)).values();
    return entries.map((entry, index) => {
      const text = drafts[index]?.text === undefined ? undefined : written.next().value;
      return text === undefined ? entry : { ...entry, text };
    });
  }

  async function appendBatch(batch: string, drafts: readonly EntryDraft[], after: number): Promise<boolean> {
    const entries = await batchedEntriesOf(drafts);
    if ((await writer.append(entries, { batch, after })) !== null) return true;
    const [unused] = entries.flatMap(({ text }) => (text !== undefined && isBatched(text) ? [text] : []));
    if (unused !== undefined) await textBatches.remove(unused);
    return false;
  }

  async function* allEntries(): AsyncGenerator<AuditEntry> {
    const { numbers } = await segments.list();
    for await (const { number, segment, damage } of segments.read(numbers)) {
      if (segment === null) throw damagedSegment(number, damage);
      yield* segment.entries;
    }
  }

  /** The texts of this id in files that it shares with others, by file. */
  async function batchedTextsOf(id: string): Promise<Map<string, BatchedText[]>> {
    const found = new Map<string, BatchedText[]>();
    for await (const { id: of, text } of allEntries())
      if (of === id && text !== undefined && isBatched(text))
        found.set(text.file, [...(found.get(text.file) ?? []), text]);
    return found;
  }

  const audit: Audit = {
    async append(drafts) {
      if (drafts.length === 0) throw new MlopsError('INTERNAL', 'nothing to append to the audit log');
      const position = await writer.append(await entriesOf(drafts));
      if (position === null) throw new MlopsError('INTERNAL', 'an unconditional append was refused');
      return position;
    },
    appendOnce,
    appendBatch,
    known: () => writer.known(),
    intent: change => appendOnce({ ...change, kind: 'intent' }),
    outcome: change => appendOnce({ ...change, kind: 'outcome' }),
    async head() {
      seen = await segments.newestSince(seen);
      return seen;
    },
    entries: allEntries,
    async textOf({ text }) {
      if (text === undefined) return null;
      return await (isBatched(text) ? textBatches.read(text) : texts.read(text));
    },
    tail: count => readTail(segments, count),
    verify: (expected, check) => verifyAudit(segments, texts, textBatches, expected, check),
    async eraseTexts(id, by) {
      const batched = await batchedTextsOf(id);
      let count = await texts.count(id);
      for (const some of batched.values()) count += await textBatches.count(some);
      if (count === 0) return 0;
      await audit.append([{ id, kind: 'action', what: 'audit.erase', by, details: { texts: count } }]);
      await texts.erase(id);
      for (const some of batched.values()) await textBatches.erase(some);
      return count;
    },
  };
  return audit;
}
