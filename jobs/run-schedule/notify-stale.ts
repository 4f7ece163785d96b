import type { Schedule } from '../../src/domain/schedule/schedule.ts';
import { isStale, staleAfter } from '../../src/domain/schedule/stale.ts';
import { type NotificationResources, tell } from '../notify.ts';
import type { Resources } from '../resources.ts';
import { scheduledDataset } from './scheduled-job.ts';

/**
 * Tells operators that a schedule's dataset has no commit any more: once for the version at which it stands still,
 * however many schedules look, and however often.
 * @param head the dataset's version now, before the work of this time
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
  await tell(
    {
      id: `dataset-stale.${dataset}.${head}`,
      type: 'dataset.stale',
      subject: { dataset, version: head, schedule: name },
      message: `${dataset} has had no commit for ${staleAfter} intervals of its schedule ${name}; it stands at ${head === 0 ? 'no version at all' : `version ${head}`}`,
      remedy: '`schedule list` shows how the last run ended; Bull Board shows the waiting jobs',
    },
    resources,
  );
}
