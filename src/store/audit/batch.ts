import { sealed } from '../../domain/audit/draft.ts';
import type { EntryDraft } from '../../domain/audit/entry.ts';

/** Collects entries and writes them together, so that one second of inferences is one segment. */
export interface AuditBatch {
  /** Resolves once the entry is durable; rejects if its batch could not be written. */
  add(draft: EntryDraft): Promise<void>;
  /** Writes the waiting entries. Entries added later are written at once. */
  close(): Promise<void>;
}

const longestWaitMs = 1_000;
const mostEntries = 1_000;

interface Waiting {
  readonly draft: EntryDraft;
  resolve(): void;
  reject(error: unknown): void;
}

export function openBatch(append: (drafts: readonly EntryDraft[]) => Promise<unknown>): AuditBatch {
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const writing = new Set<Promise<void>>();

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    const written = append(batch.map(each => each.draft)).then(
      () => {
        for (const each of batch) each.resolve();
      },
      (error: unknown) => {
        for (const each of batch) each.reject(error);
      },
    );
    writing.add(written);
    void written.then(() => writing.delete(written));
  }

  return {
    async add(draft) {
      const at = draft.at ?? Date.now();
      // Rejected here, an invalid entry does not fail its batch.
      sealed(draft, at);
      await new Promise<void>((resolve, reject) => {
        waiting.push({ draft: { ...draft, at }, resolve, reject });
        if (isClosed || waiting.length >= mostEntries) flush();
        else timer ??= setTimeout(flush, longestWaitMs);
      });
    },
    async close() {
      isClosed = true;
      flush();
      await Promise.all(writing);
    },
  };
}
