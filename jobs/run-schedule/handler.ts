import type { Schedule, Start } from '../../src/domain/schedule/schedule.ts';
import { type Handler, handle } from '../../src/runtime/handler.ts';
import { done, snooze } from '../../src/runtime/outcome.ts';
import { recordRequest, tokenOf } from '../flows/start-request.ts';
import type { Context, Needs, Outcome } from './context.ts';
import { runSchedule } from './job.ts';
import { notifyStale } from './notify-stale.ts';
import { scheduledDataset, scheduledSpec } from './scheduled-job.ts';
import { slotSpecs } from './slots.ts';

export const handler: Handler<Needs> = handle(runSchedule, async (payload, context): Promise<Outcome> => {
  const { schedules, tenant } = context.resources;
  const { schedule: name, version, slot } = payload;
  const schedule = await schedules.find(name);
  if (schedule?.version !== version) return done({ schedule: name, over: true });

  const [before = null] = await schedules.lastStarts(version, 1);
  if (before !== null && before.slot > slot) return done({ schedule: name, over: true });
  const early = slot - Date.now();
  if (early > 0) return snooze(early);
  const begun = before?.slot === slot ? before : await begin(schedule, slot, before, context);
  const { spec, joins, head } = begun;
  const started = joins ? [] : [scheduledSpec(tenant, schedule, slot, head)];
  for (const { id, queue, payload } of started)
    await recordRequest(context.resources, {
      token: tokenOf(id),
      id,
      queue,
      payload,
      by: `schedule ${name}`,
      at: new Date(begun.at).toISOString(),
      body: '',
    });
  return done(
    { schedule: name, request: spec.id, joined: joins },
    { next: [...started, ...slotSpecs(tenant, schedule, begun)] },
  );
});

/** If the previous request is still waiting, this one joins it, so that a stopped queue does not fill up. */
async function begin(
  schedule: Schedule,
  slot: number,
  before: Start | null,
  { resources, logger }: Context,
): Promise<Start> {
  const { schedules, datasets, queues, tenant } = resources;
  const head = (await datasets.head(scheduledDataset(schedule)))?.number ?? 0;
  await notifyStale(schedule, head, resources);
  const joins = before !== null && (await queues.isUnderWay(before.spec));
  const { queue, id } = scheduledSpec(tenant, schedule, slot, head);
  const begun: Start = { slot, at: Date.now(), spec: joins ? before.spec : { queue, id }, joins, head };
  const isFirst = await schedules.noteStart(schedule.version, begun);
  if (isFirst) logger.info({ schedule: schedule.name, request: begun.spec.id, joins }, 'scheduled work started');
  const [noted = begun] = isFirst ? [begun] : await schedules.lastStarts(schedule.version, 1);
  return noted;
}
