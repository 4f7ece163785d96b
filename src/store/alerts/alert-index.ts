import { z } from 'zod';
import type { AlertBatch } from '../../domain/sentiment/alert-record.ts';
import type { Log, Position } from '../artifacts/log.ts';
import { nameOfEntry } from '../artifacts/log-entry.ts';
import { sealJson, unsealJson } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { AlertColumns } from './alert-columns.ts';
import { hashOf, IdTable } from './id-table.ts';
import { factsOf, fromStoredFacts, type IndexFacts, storedFacts, toStoredFacts } from './index-facts.ts';

/**
 * Which events and alerts the log holds, and where. A part of the index is written beside the log for every 256 entries
 * and never changes, so a process reads the parts and the entries after the last one, and later only new entries. A part
 * that is missing, damaged, or that does not belong to the log's entry is computed again.
 *
 * Memory: up to 100 bytes for each alert with its event. Disk: about 110 bytes.
 */
export interface AlertIndex {
  /** Reads what was appended since. @returns the number of the newest entry, 0 while the log is empty */
  catchUp(): Promise<number>;
  knowsEvent(id: string): boolean;
  /** The row of an alert in `columns`; `null` if the alert is unknown. */
  rowOf(alertId: string): number | null;
  readonly columns: AlertColumns;
}

const entriesPerPart = 256;

const part = z.strictObject({ sha256: z.string(), facts: storedFacts });

export function openAlertIndex(store: ArtifactStore, folder: string, log: Log<AlertBatch>): AlertIndex {
  const key = (number: number) => `${folder}/${nameOfEntry(number)}`;
  let known = emptyContent();

  async function readPart(number: number): Promise<{ readonly position: Position; readonly facts: IndexFacts } | null> {
    const bytes = await store.readIfThere(key(number));
    const parsed = bytes === null ? undefined : part.safeParse(unsealJson(bytes)).data;
    if (parsed === undefined) return null;
    const position = { number, sha256: parsed.sha256 };
    return (await log.holds(position)) ? { position, facts: fromStoredFacts(parsed.facts) } : null;
  }

  async function writePart({ number, sha256 }: Position, facts: readonly IndexFacts[]): Promise<void> {
    // It can be computed again from the log: without it, opening the index takes longer.
    await store.replace(key(number), sealJson({ sha256, facts: toStoredFacts(facts) })).catch(() => undefined);
  }

  async function addParts(content: Content): Promise<void> {
    for (;;) {
      const number = content.position?.number ?? 0;
      const found = number % entriesPerPart === 0 ? await readPart(number + entriesPerPart) : null;
      if (found === null) return;
      addFacts(content, found.facts);
      content.position = found.position;
    }
  }

  async function addEntries(content: Content): Promise<void> {
    for await (const { number, sha256, entry } of log.entries(content.position)) {
      const facts = factsOf(number, entry);
      addFacts(content, facts);
      content.position = { number, sha256 };
      content.sincePart.push(facts);
      if (number % entriesPerPart !== 0) continue;
      await writePart(content.position, content.sincePart);
      content.sincePart = [];
    }
  }

  return {
    async catchUp() {
      const head = await log.position();
      if (head === null) {
        known = emptyContent();
        return 0;
      }
      const { position } = known;
      if (position?.number === head.number && position.sha256 === head.sha256) return head.number;
      const goesOn = position !== null && position.number < head.number && (await log.holds(position));
      if (!goesOn) known = emptyContent();
      const content = known;
      // What a failed reading leaves must not be used.
      known = emptyContent();
      await addParts(content);
      await addEntries(content);
      known = content;
      return known.position?.number ?? 0;
    },
    knowsEvent: id => known.table.get(hashOf('event', id)) !== null,
    rowOf: id => known.table.get(hashOf('alert', id)),
    get columns() {
      return known.columns;
    },
  };
}

interface Content {
  position: Position | null;
  readonly table: IdTable;
  readonly columns: AlertColumns;
  /** The facts of the entries after the last full part. */
  sincePart: IndexFacts[];
}

function emptyContent(): Content {
  return { position: null, table: new IdTable(), columns: new AlertColumns(), sincePart: [] };
}

function addFacts({ table, columns }: Content, { events, alerts, closed }: IndexFacts): void {
  for (const hash of events) table.add(hash, 0);
  for (const { hash, ...row } of alerts) table.add(hash, columns.add(row));
  for (const { hash, outcome, ...place } of closed) {
    const row = table.get(hash);
    if (row !== null) columns.close(row, outcome, place);
  }
}
