import type { Schedule } from '../../src/domain/schedule/schedule.ts';
import { isStale, staleAfter } from '../../src/domain/schedule/stale.ts';
import { type NotificationResources, notify } from '../notify.ts';
import type { Resources } from '../resources.ts';
import { scheduledDataset } from './scheduled-job.ts';

/**
 * Notifies operators that a schedule's dataset no longer gets commits: once per version, however many schedules check it
 * and however often.
 * @param head the dataset's version before this run
 */
export async function notifyStale(
  schedule: Schedule,
  head: number,
  resources: NotificationResources & Pick<Resources, 'schedules'>,
): Promise<void> {
  if (!resources.webhooks.isSet('notify')) return;
  const { name, version } = schedule;
  const seen = (await resources.schedules.lastStarts(version, staleAfter)).map(each => each.head);
  if (!isStale(seen, head)) return;
  const dataset = scheduledDataset(schedule);
  await notify(
    {
      id: `dataset-stale.${dataset}.${head}`,
      type: 'dataset.stale',
      subject: { dataset, version: head, schedule: name },
      message: `${dataset} has had no commit for ${staleAfter} intervals of its schedule ${name}; ${head === 0 ? 'it has no version yet' : `its newest version is ${head}`}`,
      remedy: '`schedule list` shows how the last run ended; Bull Board shows the waiting jobs',
    },
    resources,
  );
}
