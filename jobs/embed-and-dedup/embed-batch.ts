import { z } from 'zod';
import { MlopsError } from '../../src/errors.ts';
import { done, type Following } from '../../src/runtime/outcome.ts';
import { parseLines } from '../../src/store/datasets/datasets.ts';
import { comeBack, whatIsMissing } from '../repair.ts';
import { type Context, type Outcome, undone } from './context.ts';
import { embedTexts } from './embed-texts.ts';

/** Embeds one batch of a run's texts, unless its vectors exist. */
export async function embedBatch(id: string, batch: number, context: Context): Promise<Outcome> {
  const { resources } = context;
  const { runs, embedder } = resources;
  const plan = await runs.plan(id);
  if (plan === null) return await comeBack({ run: id, undone }, context);
  const file = plan.batches[batch];
  if (file === undefined) throw new MlopsError('ARTIFACT_MISSING', `the plan of ${id} has no batch ${batch}`);
  if (!(await runs.embedded(id)).batches.includes(batch)) {
    const texts = parseLines(await runs.readPlanned(id, file.name), z.string());
    await runs.writeVectors(id, batch, await embedTexts(texts, context), embedder.dimension);
  }
  return done({ batch, texts: file.count }, await followUp());

  /** Only the batch that completes the set emits a job. */
  async function followUp(): Promise<Following> {
    const batches = (await runs.plan(id))?.batches.length ?? 0;
    return (await runs.embedded(id)).batches.length === batches ? await whatIsMissing(id, resources) : {};
  }
}
