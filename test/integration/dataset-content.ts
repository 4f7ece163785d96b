import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type KeptRow, keptRow, type RemovedRow } from '../../src/domain/dataset/row.ts';
import type { Datasets } from '../../src/store/datasets/datasets.ts';

/** The rows of a version of a dataset. */
export interface Content {
  readonly kept: readonly KeptRow[];
  readonly removed: readonly RemovedRow[];
}

export async function contentOf(datasets: Datasets, dataset: string, version?: number): Promise<Content> {
  const { entry } = await datasets.version(dataset, version);
  const kept = await Promise.all(entry.parts.map(part => datasets.keptRows(dataset, part)));
  const removed = await Promise.all(entry.parts.map(part => datasets.removedRows(dataset, part)));
  return { kept: kept.flat(), removed: removed.flat() };
}

/** The first six columns of all rows, kept and removed, sorted: what a dataset took, and how often. */
export function takenRows({ kept, removed }: Content): string[] {
  return [...kept, ...removed.map(row => keptRow.parse(row.slice(0, 6)))].map(row => JSON.stringify(row)).sort();
}

const record = z.object({
  id: z.string(),
  timestamp: z.string(),
  botId: z.string(),
  rating: z.number().nullable(),
  messages: z.array(z.object({ from: z.string(), text: z.string().nullish() })),
});

export interface Wanted {
  readonly minRating?: number;
  readonly bots?: readonly string[];
  /** Only interactions up to this instant. */
  readonly upTo?: string;
}

/** The rows that the contract wants of these records, in the form of `takenRows`; written anew from the contract's words. */
export function wantedRows(records: readonly unknown[], { minRating = 4, bots, upTo }: Wanted = {}): string[] {
  const rows: string[] = [];
  for (const unread of records) {
    const parsed = record.safeParse(unread);
    if (!parsed.success) continue;
    const { id, timestamp, botId, rating, messages } = parsed.data;
    if (rating === null || rating < minRating) continue;
    if (bots !== undefined && !bots.includes(botId)) continue;
    if (upTo !== undefined && timestamp > upTo) continue;
    let asked: string | undefined;
    for (const { from, text } of messages) {
      const said = (text ?? '').trim();
      if (said === '') continue;
      if (from === 'user') asked = said;
      if (from !== 'bot' || asked === undefined) continue;
      rows.push(JSON.stringify([id, timestamp, botId, rating, asked, said]));
      asked = undefined;
    }
  }
  return rows.sort();
}

/** Every file of a dataset with its content's hash; what a killed writer left half-written under a hidden name is no part of it. */
export async function filesOf(store: string, dataset: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const folder of ['parts', 'log']) {
    const place = join(store, 'datasets', dataset, folder);
    const names = await readdir(place).catch(() => []);
    for (const name of names.filter(each => !each.startsWith('.')).sort())
      files[`${folder}/${name}`] = createHash('sha256')
        .update(await readFile(join(place, name)))
        .digest('hex');
  }
  return files;
}
