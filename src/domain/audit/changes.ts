import type { AuditEntry } from './entry.ts';

/** A change that was begun and has no outcome: under way, or its process died; its outcome is unknown. */
export interface OpenIntent {
  readonly id: string;
  readonly what: string;
  readonly by: string;
  readonly at: string;
  /** Position of its intent entry. */
  readonly segment: number;
}

/** Pairs intents with their outcomes; it remembers open ones only. */
export interface ChangeFold {
  /** @returns the outcomes among `entries` that belong to no open intent */
  next(segment: number, entries: readonly AuditEntry[]): AuditEntry[];
  /** In the log's order. */
  open(): OpenIntent[];
}

export function foldChanges(): ChangeFold {
  const intents = new Map<string, OpenIntent>();
  return {
    next(segment, entries) {
      const strays: AuditEntry[] = [];
      for (const entry of entries) {
        const { id, what, by, at } = entry;
        if (entry.kind === 'intent') intents.set(id, { id, what, by, at, segment });
        if (entry.kind === 'outcome' && !intents.delete(id)) strays.push(entry);
      }
      return strays;
    },
    open: () => [...intents.values()],
  };
}
