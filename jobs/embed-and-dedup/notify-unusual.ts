import type { VersionSummary } from '../../src/domain/dataset/change.ts';
import type { Manifest } from '../../src/domain/dataset/manifest.ts';
import { lookBack, type Outlier, outliersOf, type RunMeasure } from '../../src/domain/notification/unusual-run.ts';
import type { Numbered } from '../../src/store/artifacts/log.ts';
import { type NotificationResources, notify } from '../notify.ts';
import type { Resources } from '../resources.ts';

/** Notifies operators of a run whose figures are far outside those of the dataset's last runs. */
export async function notifyUnusual(
  run: string,
  { number, entry }: Numbered<Pick<Manifest, 'dataset' | 'made'>>,
  resources: NotificationResources & Pick<Resources, 'datasets'>,
): Promise<void> {
  if (!resources.webhooks.isSet('notify')) return;
  const own = measureOf(entry);
  if (own === null) return;
  const outliers = outliersOf(own, await earlierRuns(entry.dataset, number, resources));
  if (outliers.length === 0) return;
  await notify(
    {
      id: `run-unusual.${run}`,
      type: 'run.unusual',
      subject: { run, dataset: entry.dataset, version: number },
      message: `${entry.dataset}@${number} differs from the runs before: ${outliers.map(describe).join('; ')}`,
      remedy: `Review the version with \`dataset show ${entry.dataset}\`; \`dataset restore\` brings back version ${number - 1}`,
    },
    resources,
  );
}

/** The runs of the versions before `number`, oldest first; restores are left out. */
async function earlierRuns(
  dataset: string,
  number: number,
  { datasets }: Pick<Resources, 'datasets'>,
): Promise<RunMeasure[]> {
  const found: RunMeasure[] = [];
  for (let version = number - 1; version > 0 && found.length < lookBack.most; version--) {
    const measure = measureOf(await datasets.summary(dataset, version));
    if (measure !== null) found.unshift(measure);
  }
  return found;
}

function measureOf({ made }: Pick<VersionSummary, 'made'>): RunMeasure | null {
  return made.by === 'run' ? { turns: made.counts.turns, kept: made.counts.kept } : null;
}

function describe({ what, value, median, least, most }: Outlier): string {
  const show = (figure: number) => (what === 'turns' ? String(Math.round(figure)) : `${(100 * figure).toFixed(1)} %`);
  return `${what} ${show(value)}, expected ${show(least)} to ${show(most)} (median ${show(median)})`;
}
