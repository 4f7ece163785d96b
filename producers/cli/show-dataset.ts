import { Command } from 'commander';
import type { Stored } from '../../src/app/stored.ts';
import { type Manifest, type RunCounts, rowCounts } from '../../src/domain/dataset/manifest.ts';
import type { KeptRow, RemovedRow } from '../../src/domain/dataset/row.ts';
import { MlopsError } from '../../src/errors.ts';
import type { Numbered } from '../../src/store/artifacts/log.ts';
import { recordReading } from '../../src/store/audit/readings.ts';
import type { Datasets } from '../../src/store/datasets/datasets.ts';
import { describeRejects } from '../curation/rejects.ts';
import { printJson } from './json-result.ts';
import * as option from './options.ts';
import { grid, print, table } from './terminal.ts';
import { userName } from './user-name.ts';

interface ShowFlags {
  readonly removed?: number | true;
  readonly interaction?: string;
  readonly json?: boolean;
}

/** A removed row beside the row that it duplicates. */
interface Removal {
  readonly row: RemovedRow;
  readonly duplicates: KeptRow;
  readonly group: number;
  readonly cosine: number;
}

const shownRemovals = 20;
const shownVersions = 20;
/** Removed rows that the percentiles of the cosines are taken of. */
const sampledRemovals = 10_000;

export function showDataset(stored: () => Pick<Stored, 'datasets' | 'audit'>): Command {
  return new Command('show')
    .description('Show a dataset’s settings, counts and versions; --removed explains removals (prints customer text)')
    .argument('<name>', 'NAME or NAME@VERSION', option.datasetVersion)
    .option(
      '--removed [n]',
      `explain removals, the ones nearest to the threshold first (${shownRemovals})`,
      option.wholeNumber,
    )
    .option('--interaction <id>', 'Explain what happened to an interaction (prints customer text)')
    .option('--json', 'Print the result as JSON')
    .action(async ({ dataset, version }: ReturnType<typeof option.datasetVersion>, flags: ShowFlags) => {
      const { datasets: all, audit } = stored();
      const shown = await all.version(dataset, version);
      if (flags.interaction !== undefined || flags.removed !== undefined) {
        const rows = flags.interaction === undefined ? 'removed' : 'of an interaction';
        await recordReading(audit, { by: userName(), details: { dataset, version: shown.number, rows } });
      }
      if (flags.interaction !== undefined) return await explainInteraction(all, shown.entry, flags.interaction, flags);
      if (flags.removed !== undefined)
        return await explainRemovals(all, shown.entry, flags.removed === true ? shownRemovals : flags.removed, flags);
      await overview(all, dataset, shown, flags);
    });
}

async function overview(
  all: Datasets,
  dataset: string,
  { number, entry }: Numbered<Manifest>,
  { json }: ShowFlags,
): Promise<void> {
  const { identity, watermark, sweptAt, lastRun, nextGroup } = entry;
  const counts = rowCounts(entry);
  const cosines = await recentCosines(all, entry);
  const quantiles = cosines.length === 0 ? null : await quantilesOf(cosines);
  // Of the versions shown: a long history has to be read entry by entry.
  const versions = await all.lastVersions(dataset, number, shownVersions);
  const runs = versions.flatMap(({ entry: { made } }) => (made.by === 'run' ? [made] : []));
  const rejectedRecords = runs.flatMap(({ run, rejects }) => rejects.map(each => ({ run, ...each })));
  const sumOf = (count: (counts: RunCounts) => number) => runs.reduce((sum, each) => sum + count(each.counts), 0);
  const rejects = sumOf(each => each.rejects);
  const withoutTurns = sumOf(each => each.withoutTurns);
  const unknownWords = sumOf(each => each.unknownWords);
  if (json === true)
    return printJson({
      dataset,
      version: number,
      identity,
      watermark,
      sweptAt,
      lastRun,
      nextGroup,
      ...counts,
      cosineQuantiles: quantiles,
      rejects,
      rejectedRecords,
      withoutTurns,
      unknownWords,
      parts: entry.parts,
    });

  print(
    table([
      ['dataset', `${dataset}@${number}`],
      ['rows', counts.kept],
      ['near-duplicates removed', counts.removed],
      ...(quantiles === null
        ? []
        : [['  cosine, 10 % · half · 90 % below', quantiles.map(each => each.toFixed(4)).join(' · ')] as const]),
      ...(unknownWords === 0 ? [] : [['  without a word that the model knows', unknownWords] as const]),
      ...(withoutTurns === 0 ? [] : [['conversations without a turn', withoutTurns] as const]),
      ...(rejects === 0 ? [] : [['bad records left out', rejects] as const]),
      ['watermark', watermark],
      ['last late-rating sweep', sweptAt],
      ['similarity', identity.similarity],
      ['minimum rating', identity.minRating],
      ['bots', identity.bots === null ? 'all' : identity.bots.join(' ')],
      ['tenant', identity.tenant],
      ['model', identity.model.slice(0, 16)],
    ]),
  );
  for (const line of describeRejects(rejects, rejectedRecords)) print(line);
  print('');
  print(
    grid(
      ['version', 'made by', 'interactions', 'turns', 'kept', 'removed', 'watermark'],
      versions.map(({ number: version, entry: { made, watermark: at } }) =>
        made.by === 'run'
          ? [
              String(version),
              made.run,
              made.counts.interactions,
              made.counts.turns,
              made.counts.kept,
              made.counts.removed,
              at,
            ]
          : [String(version), `restore of ${made.version}`, 0, 0, 0, 0, at],
      ),
    ),
  );
}

/** The cosines of the rows removed last: enough for percentiles, however many rows there are. */
async function recentCosines(all: Datasets, { dataset, parts }: Manifest): Promise<number[]> {
  const cosines: number[] = [];
  for (const part of [...parts].reverse()) {
    if (cosines.length >= sampledRemovals) break;
    if (part.removedCount > 0) for (const row of await all.removedRows(dataset, part)) cosines.push(row[6]);
  }
  return cosines;
}

/** The 10th, 50th and 90th percentiles. The library is large and only this command needs it, so it is loaded here. */
async function quantilesOf(values: number[]): Promise<number[]> {
  const { quantileSeq } = await import('mathjs/number');
  return [0.1, 0.5, 0.9].map(share => Number(quantileSeq(values, share)));
}

async function explainRemovals(all: Datasets, entry: Manifest, most: number, { json }: ShowFlags): Promise<void> {
  const shown = (await removals(all, entry)).sort((a, b) => a.cosine - b.cosine).slice(0, most);
  if (json === true) return printJson({ dataset: entry.dataset, removed: shown });
  for (const removal of shown) print(`${describeRemoval(removal)}\n`);
}

async function explainInteraction(all: Datasets, entry: Manifest, id: string, { json }: ShowFlags): Promise<void> {
  const kept = (await keptRows(all, entry)).filter(({ row }) => row[0] === id);
  const removed = (await removals(all, entry)).filter(({ row }) => row[0] === id);
  if (kept.length + removed.length === 0)
    throw new MlopsError(
      'BAD_INPUT',
      `${entry.dataset} has no turns of the interaction ${id}: it is not fetched yet, is rated too low, or has no turns`,
      {
        field: 'interaction',
      },
    );
  if (json === true) return printJson({ dataset: entry.dataset, interaction: id, kept, removed });
  for (const { row, group } of kept) print(`kept as row ${group}\n  ${JSON.stringify(row[4])}\n`);
  for (const removal of removed) print(`${describeRemoval(removal)}\n`);
}

function describeRemoval({ row, duplicates, group, cosine }: Removal): string {
  return [
    `removed: ${row[0]} of ${row[1]}`,
    `  ${JSON.stringify(row[4])}`,
    `  cosine ${cosine.toFixed(4)} with row ${group}, kept first: ${duplicates[0]} of ${duplicates[1]}`,
    `  ${JSON.stringify(duplicates[4])}`,
  ].join('\n');
}

async function keptRows(all: Datasets, { dataset, parts }: Manifest): Promise<{ row: KeptRow; group: number }[]> {
  const rows = [];
  for (const part of parts)
    for (const [index, row] of (await all.keptRows(dataset, part)).entries())
      rows.push({ row, group: part.firstGroup + index });
  return rows;
}

async function removals(all: Datasets, entry: Manifest): Promise<Removal[]> {
  const kept = new Map((await keptRows(all, entry)).map(({ row, group }) => [group, row]));
  const found: Removal[] = [];
  for (const part of entry.parts)
    for (const row of await all.removedRows(entry.dataset, part)) {
      const [cosine, group] = [row[6], row[7]];
      const duplicates = kept.get(group);
      if (duplicates === undefined)
        throw new MlopsError(
          'DATASET_DAMAGED',
          `a removed row of ${part.run} refers to row ${group}, which does not exist`,
        );
      found.push({ row, duplicates, group, cosine });
    }
  return found;
}
