import { type Handler, handle } from '../../src/runtime/handler.ts';
import { cancel } from '../../src/runtime/outcome.ts';
import { orRepair } from '../repair.ts';
import { isOver, noteFailure } from '../run-state.ts';
import { commitRun } from './commit.ts';
import { type Context, type Needs, type Outcome, undone } from './context.ts';
import { embedBatch } from './embed-batch.ts';
import { embedPage } from './embed-page.ts';
import { embedAndDedup } from './job.ts';
import { planRun } from './plan-run.ts';

type Payload = Parameters<typeof embedAndDedup.spec>[0];

export const handler: Handler<Needs> = handle(
  embedAndDedup,
  async (payload, context) => {
    if (await isOver(payload.run, context.resources)) return cancel(`the run ${payload.run} is over`);
    return await orRepair({ run: payload.run, undone }, context, () => work(payload, context));
  },
  (payload, error, context) => noteFailure(payload.run, error, context),
);

async function work(payload: Payload, context: Context): Promise<Outcome> {
  switch (payload.kind) {
    case 'page':
      return await embedPage(payload.run, payload, context);
    case 'plan':
      return await planRun(payload.run, payload.answers, context);
    case 'batch':
      return await embedBatch(payload.run, payload.batch, context);
    case 'commit':
      return await commitRun(payload.run, context);
  }
}
