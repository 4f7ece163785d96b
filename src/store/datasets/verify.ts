import { changed } from '../../domain/dataset/change.ts';
import type { Manifest, Part } from '../../domain/dataset/manifest.ts';
import { isAhead } from '../../domain/run/clock.ts';
import { isCoded } from '../../errors.ts';
import type { Runs } from '../runs/runs.ts';
import { claimedIdBytes } from './claimed-ids.ts';
import { type Datasets, type FileKind, fileKinds } from './datasets.ts';

/** A problem and its place. */
export interface Finding {
  readonly where: string;
  readonly what: string;
}

const float = 4;

/**
 * Checks every version of a dataset and every file that one of them names. No findings: the dataset is whole.
 * @param now our clock, in ms: no watermark may be later
 */
export async function verifyDataset(datasets: Datasets, dataset: string, now = Date.now()): Promise<Finding[]> {
  const findings: Finding[] = await datasets.verifyLog(dataset);
  const named = new Set(findings.map(({ where }) => where));
  const parts = new Map<string, { part: Part; dimension: number }>();
  let before: Manifest | null = null;
  let dimension = 0;
  for (const number of await datasets.numbers(dataset)) {
    const where = `${dataset}@${number}`;
    try {
      const { entry } = await datasets.entry(dataset, number);
      dimension = entry.base?.dimension ?? dimension;
      for (const part of entry.parts?.add ?? []) parts.set(part.run, { part, dimension });
      findings.push(...verifyWatermark(where, entry, now));
      const version: Manifest | null = changed(before, entry);
      const isNew = entry.parts !== undefined || entry.nextGroup !== undefined;
      if (version !== null && isNew) findings.push(...verifyNumbers(where, version));
      before = version;
    } catch (error) {
      before = null;
      // The check of the log has already reported most of these.
      const found = finding(where, error);
      if (![...named].some(key => found.where.endsWith(key))) findings.push(found);
    }
  }
  for (const each of parts.values()) findings.push(...(await verifyPart(datasets, dataset, each.part, each.dimension)));
  return findings;
}

function verifyWatermark(where: string, { watermark }: Pick<Manifest, 'watermark'>, now: number): Finding[] {
  if (!isAhead(watermark, now)) return [];
  return [{ where, what: `its watermark ${watermark} is in the future by this machine's clock` }];
}

/** Checks the logs of a dataset's runs. */
export async function verifyRuns(runs: Pick<Runs, 'ofDataset' | 'events'>, dataset: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const id of await runs.ofDataset(dataset)) findings.push(...(await runs.events(id).verify()));
  return findings;
}

async function verifyPart(datasets: Datasets, dataset: string, part: Part, dimension: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  const where = `${dataset}, part of ${part.run}`;
  const expect = (name: string, is: number, wanted: number) => {
    if (is !== wanted) findings.push({ where, what: `${name}: ${is}, but its version says ${wanted}` });
  };
  const check: Readonly<Record<FileKind, () => Promise<void>>> = {
    kept: async () => expect('kept rows', (await datasets.keptRows(dataset, part)).length, part.keptCount),
    removed: async () => expect('removed rows', (await datasets.removedRows(dataset, part)).length, part.removedCount),
    vectors: async () =>
      expect(
        'bytes of vectors',
        (await datasets.readFile(dataset, 'vectors', part.vectors)).length,
        part.keptCount * dimension * float,
      ),
    taken: async () =>
      expect(
        'bytes of taken ids',
        (await datasets.readFile(dataset, 'taken', part.taken)).length,
        part.takenCount * claimedIdBytes,
      ),
  };
  for (const kind of fileKinds) await check[kind]().catch((error: unknown) => findings.push(finding(where, error)));
  return findings;
}

/** Row numbers ascend over the parts and stay below the next one. */
function verifyNumbers(where: string, { parts, nextGroup }: Manifest): Finding[] {
  let next = 0;
  const findings: Finding[] = [];
  for (const part of parts) {
    if (part.firstGroup < next)
      findings.push({ where, what: `the rows of ${part.run} begin at number ${part.firstGroup}, which is taken` });
    next = part.firstGroup + part.keptCount;
  }
  if (nextGroup < next) findings.push({ where, what: `the next row number ${nextGroup} is taken` });
  return findings;
}

function finding(where: string, error: unknown): Finding {
  if (isCoded(error)) return { where: error.where ?? where, what: error.message };
  return { where, what: error instanceof Error ? error.name : 'it cannot be read' };
}
