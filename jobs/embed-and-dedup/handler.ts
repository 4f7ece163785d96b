import { type Context, handle } from '../../src/runtime/handler.ts';
import { cancel, type Outcome } from '../../src/runtime/outcome.ts';
import { orRepair } from '../repair.ts';
import type { Resources } from '../resources.ts';
import { isOver, noteFailure } from '../run-state.ts';
import { commitRun } from './commit.ts';
import { embedBatch } from './embed-batch.ts';
import { embedAndDedup } from './job.ts';
import { planRun } from './plan-run.ts';

type Payload = Parameters<typeof embedAndDedup.spec>[0];

export const handler = handle<Payload, Resources>(
  embedAndDedup,
  async (payload, context) => {
    if (await isOver(payload.run, context.resources)) return cancel(`the run ${payload.run} is over`);
    return await orRepair(payload.run, context, () => work(payload, context));
  },
  (payload, error, context) => noteFailure(payload.run, error, context),
);

async function work(payload: Payload, context: Context<Resources>): Promise<Outcome> {
  switch (payload.kind) {
    case 'plan':
      return await planRun(payload.run, payload.answers, context);
    case 'batch':
      return await embedBatch(payload.run, payload.batch, context);
    case 'commit':
      return await commitRun(payload.run, context);
  }
}
