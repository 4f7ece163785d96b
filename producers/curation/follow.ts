import { curation } from '../../jobs/flows/curation/flow.ts';
import type { CurationSummary } from '../../jobs/flows/curation/request.ts';
import type { CurationProgress } from '../../jobs/flows/curation/status.ts';
import { watchCuration } from '../../jobs/flows/curation/watch.ts';
import type { App } from '../../src/app/app.ts';
import { listed, quoted } from '../../src/domain/skill-training/problem.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import { print, progressLine, say, table } from '../cli/terminal.ts';
import { bringWorkers } from '../cli/workers.ts';
import { describeRejects } from './rejects.ts';

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
    for (const finding of findingsOf(summary)) say(finding);
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
      return `fetching: ${pages?.done ?? 0} of ${pages?.of ?? '?'} pages, ${pages?.embedded ?? 0} embedded; waiting for ${waitsFor}`;
    case 'embedding':
      if (texts === undefined) return `embedding: ${pages?.embedded ?? 0} of ${pages?.of ?? '?'} pages`;
      return `embedding: ${texts?.done.toLocaleString('en-US')} of ${texts?.of.toLocaleString('en-US')} texts of ${turns?.toLocaleString('en-US')} turns`;
    case 'deciding':
      return `removing near-duplicates among ${turns?.toLocaleString('en-US')} turns`;
  }
}

function describeSummary(summary: CurationSummary): string {
  const { runId, dataset, version, watermark, erased, rejects, withoutTurns, unknownWords } = summary;
  return [
    `run ${runId} → ${dataset}@${version}, watermark ${watermark}`,
    table([
      ['interactions', summary.interactions],
      ['  already in dataset', summary.alreadyTaken],
      ['  rated too low', summary.belowRating],
      ['  not rated yet', summary.unrated],
      ['  never rated', summary.neverRated],
      ...(summary.otherBots === 0 ? [] : [['  of other bots', summary.otherBots] as const]),
      ...(withoutTurns === 0 ? [] : [['  without a turn', withoutTurns] as const]),
      ...(rejects === 0 ? [] : [['bad records', rejects] as const]),
      ...(erased === 0 ? [] : [['erased meanwhile', erased] as const]),
      ['turns', summary.turns],
      ['  kept', summary.kept],
      ['  near-duplicates', summary.removed],
      ...(unknownWords === 0 ? [] : [['    without a word that the model knows', unknownWords] as const]),
      ['rows in the dataset', summary.rows],
    ]),
  ].join('\n');
}

/** What a person should look at, also where the run succeeded. */
function findingsOf({ rejects, rejectedRecords, withoutTurns, sendersMet, unknownWords }: CurationSummary): string[] {
  return [
    ...(rejects === 0
      ? []
      : [
          `warning: ${plural(rejects, 'bad record was', 'bad records were')} left out:`,
          ...describeRejects(rejects, rejectedRecords),
        ]),
    ...(withoutTurns === 0
      ? []
      : [
          `warning: ${plural(withoutTurns, 'well-rated conversation', 'well-rated conversations')} gave no turn; their senders: ${listed(sendersMet.map(quoted)) || 'none'}. Only "user" and "bot" are read`,
        ]),
    ...(unknownWords === 0
      ? []
      : [
          `warning: ${unknownWords} of the removed turns contain no word that the model knows, so that it takes different texts for equal. Use a model for their language (MODEL_PATH)`,
        ]),
  ];
}

function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
