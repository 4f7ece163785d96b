import { curation } from '../../jobs/flows/curation/flow.ts';
import type { CurationSummary } from '../../jobs/flows/curation/request.ts';
import type { CurationProgress } from '../../jobs/flows/curation/status.ts';
import { watchCuration } from '../../jobs/flows/curation/watch.ts';
import type { App } from '../../src/app/app.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import { print, progressLine, table } from '../cli/terminal.ts';
import { bringWorkers } from '../cli/workers.ts';

/** Shows a curation's progress until it is done, then (unless `quiet`) its summary. If no workers run, this process starts its own. */
export async function follow(
  app: App,
  spec: JobSpec,
  options: { readonly quiet?: boolean },
  signal: AbortSignal,
): Promise<CurationSummary> {
  await bringWorkers(app, curation.queues);
  const line = progressLine();
  try {
    const summary = await watchCuration(app, spec, progress => line.show(describe(progress)), signal);
    line.end();
    if (options.quiet !== true) print(describeSummary(summary));
    return summary;
  } finally {
    line.end();
  }
}

function describe({ stage, pages, turns, texts, waitsFor }: CurationProgress): string {
  switch (stage) {
    case 'waiting':
      return `waiting for ${waitsFor}`;
    case 'fetching':
      return `fetching: ${pages?.done ?? 0} of ${pages?.of ?? '?'} pages; waiting for ${waitsFor}`;
    case 'embedding':
      return `embedding: ${texts?.done.toLocaleString('en-US')} of ${texts?.of.toLocaleString('en-US')} texts of ${turns?.toLocaleString('en-US')} turns`;
    case 'deciding':
      return `removing near-duplicates among ${turns?.toLocaleString('en-US')} turns`;
  }
}

function describeSummary(summary: CurationSummary): string {
  const { runId, dataset, version, watermark, erased, rejects } = summary;
  return [
    `run ${runId} → ${dataset}@${version}, watermark ${watermark}`,
    table([
      ['interactions', summary.interactions],
      ['  already in dataset', summary.alreadyTaken],
      ['  rated too low', summary.belowRating],
      ['  not rated yet', summary.unrated],
      ['  never rated', summary.neverRated],
      ...(summary.otherBots === 0 ? [] : [['  of other bots', summary.otherBots] as const]),
      ...(rejects === 0 ? [] : [['invalid records', rejects] as const]),
      ...(erased === 0 ? [] : [['erased during the run', erased] as const]),
      ['turns', summary.turns],
      ['  kept', summary.kept],
      ['  near-duplicates', summary.removed],
      ['rows in the dataset', summary.rows],
    ]),
  ].join('\n');
}
