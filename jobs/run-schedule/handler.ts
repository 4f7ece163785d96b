import type { Schedule, Start } from '../../src/domain/schedule/schedule.ts';
import { type Context, handle } from '../../src/runtime/handler.ts';
import { done, type Outcome, snooze } from '../../src/runtime/outcome.ts';
import type { Edges } from '../resources.ts';
import { runSchedule, type SlotPayload } from './job.ts';
import { tellStale } from './notify-stale.ts';
import { workOrder } from './scheduled-job.ts';
import { slotOrders } from './slots.ts';

export const handler = handle<SlotPayload, Edges>(runSchedule, async (payload, context): Promise<Outcome> => {
  const { schedules, tenant } = context.edges;
  const { schedule: name, version, slot } = payload;
  const schedule = await schedules.find(name);
  if (schedule?.version !== version) return done({ schedule: name, over: true });

  const [before = null] = await schedules.lastStarts(version, 1);
  if (before !== null && before.slot > slot) return done({ schedule: name, over: true });
  const early = slot - Date.now();
  if (early > 0) return snooze(early);
  const begun = before?.slot === slot ? before : await begin(schedule, slot, before, context);
  const { order, joins, head } = begun;
  return done({ schedule: name, request: order.id, joined: joins }, [
    ...(joins ? [] : [workOrder(tenant, schedule, slot, head)]),
    ...slotOrders(tenant, schedule, begun),
  ]);
});

/** A request of the time before that nobody has taken up yet does this one's work too: a queue that stands does not fill up. */
async function begin(
  schedule: Schedule,
  slot: number,
  before: Start | null,
  { edges, logger }: Context<Edges>,
): Promise<Start> {
  const { schedules, datasets, queues, tenant } = edges;
  const head = (await datasets.head(schedule.work.dataset))?.number ?? 0;
  await tellStale(schedule, head, edges);
  const joins = before !== null && (await queues.isUnderWay(before.order));
  const { queue, id } = workOrder(tenant, schedule, slot, head);
  const begun: Start = { slot, at: Date.now(), order: joins ? before.order : { queue, id }, joins, head };
  const isFirst = await schedules.noteStart(schedule.version, begun);
  if (isFirst) logger.info({ schedule: schedule.name, request: begun.order.id, joins }, 'scheduled work begins');
  const [noted = begun] = isFirst ? [begun] : await schedules.lastStarts(schedule.version, 1);
  return noted;
}
