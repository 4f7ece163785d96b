import type { PageRequest } from '../../src/domain/interaction/coverage.ts';
import type { ExtractedPage } from '../../src/domain/run/answer.ts';
import { done, type Following } from '../../src/runtime/outcome.ts';
import { pageName } from '../../src/store/runs/runs.ts';
import { extractTurns } from '../extract-turns/job.ts';
import { lastOf } from '../first-pass.ts';
import { comeBack, whatIsMissing } from '../repair.ts';
import { type Context, type Needs, type Outcome, undone } from './context.ts';
import { embedTexts } from './embed-texts.ts';

/** Embeds the texts of a page that may be new to the dataset, unless their vectors exist. */
export async function embedPage(id: string, request: PageRequest, context: Context): Promise<Outcome> {
  const { resources } = context;
  const { runs, tenant, embedder } = resources;
  if (!(await runs.isExtracted(id, request)))
    return await comeBack({ run: id, undone }, context, [extractTurns.spec({ tenant, run: id, ...request })]);
  const page = await runs.readTurns(id, request);
  const texts = await newUtterances(id, page, resources);
  if (!(await runs.isEmbedded(id, request)))
    await runs.writeVectors(id, request, await embedTexts(texts, context), embedder.dimension);
  return done({ page: request.page, texts: texts.length }, await followUp(id, page, resources));
}

/** The utterances of interactions that the dataset has not taken yet: most of a look-back has been. */
async function newUtterances(id: string, page: ExtractedPage, { runs, datasets }: Needs): Promise<string[]> {
  const { dataset } = await runs.read(id);
  const isTaken = await datasets.claimedIds((await datasets.head(dataset))?.entry ?? null);
  const fresh = page.interactions.filter(interaction => !isTaken(interaction.id));
  return [...new Set(fresh.flatMap(({ turns }) => turns.map(([userUtterance]) => userUtterance)))];
}

/** Only the page that completes the set looks for what the run needs next. */
async function followUp(id: string, page: ExtractedPage, resources: Needs): Promise<Following> {
  const { runs } = resources;
  const last = lastOf(page);
  if (last !== null && !(await runs.isEmbedded(id, last))) return {};
  const [extracted, { pages }] = await Promise.all([runs.extracted(id), runs.embedded(id)]);
  const isEmbedded = new Set(pages.map(pageName));
  return extracted.every(each => isEmbedded.has(pageName(each))) ? await whatIsMissing(id, resources) : {};
}
