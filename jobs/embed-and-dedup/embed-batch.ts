import { z } from 'zod';
import { MlopsError } from '../../src/errors.ts';
import { done } from '../../src/runtime/outcome.ts';
import { parseLines } from '../../src/store/datasets/datasets.ts';
import { advance } from '../advance.ts';
import type { Context, Outcome } from './context.ts';

/** Embeds one batch of a run's texts, unless that has been done. */
export async function embedBatch(
  id: string,
  batch: number,
  { resources, signal, progress }: Context,
): Promise<Outcome> {
  const { runs, embedder } = resources;
  const run = await runs.read(id);
  const file = (await runs.plan(id))?.batches[batch];
  if (file === undefined) throw new MlopsError('ARTIFACT_MISSING', `the plan of ${id} has no batch ${batch}`);
  const embedded = await runs.embedded(id);
  if (!embedded.includes(batch)) {
    const texts = parseLines(await runs.readPlanned(id, file.name), z.string());
    const vectors = await embedder.embed(texts, {
      signal,
      onProgress: done => void progress({ embedded: done, of: texts.length }),
    });
    await runs.writeVectors(id, batch, vectors);
  }
  return done({ batch, texts: file.count }, { next: await followUp() });

  /** Only the batch that completes the set has something to spec. */
  async function followUp() {
    const batches = (await runs.plan(id))?.batches.length ?? 0;
    return (await runs.embedded(id)).length === batches ? await advance(run, resources) : [];
  }
}
