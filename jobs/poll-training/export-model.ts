import type { ModelFile } from '../../src/domain/skill-training/data-summary.ts';
import type { RequestState } from '../../src/domain/skill-training/request-state.ts';
import { type ArtifactExport, exportArtifacts } from '../../src/platform/endpoints.ts';
import type { Context } from './context.ts';
import { show } from './progress.ts';

type Evaluated = Extract<RequestState, { name: 'evaluated' }>;

/** The files of a model: their names in the registry, and the fields of their links. */
const parts = [
  ['model-weights', 'modelWeightsUrl'],
  ['config', 'configUrl'],
] as const;
/** A link that expires sooner than this is requested again. */
const marginMs = 5_000;

/** Fetches the model's files into the store. Files already stored are not fetched again. */
export async function exportModel(state: Evaluated, length: number, context: Context): Promise<void> {
  const { resources, signal } = context;
  const { trainings, models, cxone, downloads } = resources;
  const { jobId, opening } = state;
  let links: { readonly export: ArtifactExport; readonly goodUntil: number } | null = null;

  /** The links expire by the platform's clock, which its answers carry. */
  async function linkTo(part: keyof ArtifactExport['artifacts'], isAnew: boolean): Promise<string> {
    if (links === null || isAnew || Date.now() > links.goodUntil) {
      const { answer, sentAt, answeredAt } = await cxone.ask(exportArtifacts, { path: { jobId } }, signal);
      const lifeMs = Date.parse(answer.expiresAt) - (answeredAt ?? sentAt);
      links = { export: answer, goodUntil: sentAt + lifeMs - marginMs };
    }
    return links.export.artifacts[part];
  }

  await show(context, { stage: 'exporting', jobId });
  const files: ModelFile[] = [];
  for (const [name, part] of parts) {
    const known = await models.find(jobId, name);
    let requests = 0;
    const link = () => linkTo(part, requests++ > 0);
    files.push(known ?? (await models.keep(jobId, name, downloads.open(link, signal))));
  }
  await trainings.append(opening.request, length, { kind: 'exported', at: new Date().toISOString(), files });
}
