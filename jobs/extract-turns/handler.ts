import { createHash } from 'node:crypto';
import { countNewer, isNewestFirst, type PageRecord, parseRecords } from '../../src/domain/interaction/page.ts';
import type { ExtractedPage } from '../../src/domain/run/answer.ts';
import type { Run } from '../../src/domain/run/run.ts';
import type { StoredPage } from '../../src/domain/run/stored-page.ts';
import { sendersOf, extractTurns as turnsOf } from '../../src/domain/turn/turn.ts';
import { MlopsError } from '../../src/errors.ts';
import { listInteractions, pageSize } from '../../src/platform/endpoints.ts';
import { type Handler, handle } from '../../src/runtime/handler.ts';
import { cancel, done } from '../../src/runtime/outcome.ts';
import { noVectors } from '../../src/store/vectors/text-vectors.ts';
import { embedAndDedup } from '../embed-and-dedup/job.ts';
import { fetchPage } from '../fetch-page/job.ts';
import { lastOf } from '../first-pass.ts';
import { again, comeBack, orRepair, whatIsMissing } from '../repair.ts';
import { isOver, noteFailure } from '../run-state.ts';
import type { Context, Needs, Outcome } from './context.ts';
import { extractTurns } from './job.ts';

type Payload = Parameters<typeof extractTurns.spec>[0];

export const handler: Handler<Needs> = handle(
  extractTurns,
  async (payload, context) => {
    if (await isOver(payload.run, context.resources)) return cancel(`the run ${payload.run} is over`);
    return await orRepair({ run: payload.run, undone }, context, () => work(payload, context));
  },
  (payload, error, context) => noteFailure(payload.run, error, context),
);

/** The result if the page is missing and the run has failed. */
const undone = { interactions: 0, turns: 0, rejects: 0 } as const;

async function work(payload: Payload, context: Context): Promise<Outcome> {
  const { resources } = context;
  const { runs } = resources;
  if (!(await runs.isAnswered(payload.run, payload)))
    return await comeBack({ run: payload.run, undone }, context, [fetchPage.spec({ kind: 'page', ...payload })]);
  const run = await runs.read(payload.run);
  const extracted = extract(payload, run, await runs.readPage(payload.run, payload));
  await runs.writeTurns(payload.run, extracted);
  const embedding = await embed(payload, extracted, resources);

  const turns = extracted.interactions.reduce((sum, each) => sum + each.turns.length, 0);
  const result = { interactions: extracted.interactions.length, turns, rejects: extracted.rejects.length };
  if (await isPlainlyIncomplete(extracted, resources, payload.run)) return done(result, again(embedding));
  const { next = [] } = await whatIsMissing(payload.run, resources);
  return done(result, again([...embedding, ...next]));
}

/** The job that embeds the page's texts, while other pages are still fetched; none if it has no texts. */
async function embed({ tenant, run, pass, page, attempt }: Payload, extracted: ExtractedPage, { runs }: Needs) {
  const request = { pass, page, attempt };
  if (extracted.interactions.some(({ turns }) => turns.length > 0))
    return [embedAndDedup.spec({ kind: 'page', tenant, run, ...request })];
  await runs.writeVectors(run, request, noVectors, 1);
  return [];
}

function extract({ pass, page, attempt }: Payload, run: Run, stored: StoredPage): ExtractedPage {
  // Equal invalid records are distinguished by their rank from the end, which does not change.
  const top = stored.total - pageSize * (page - 1) - 1;
  const records = parseRecords(
    stored.interactions,
    (record, index) => `${createHash('sha256').update(JSON.stringify(record)).digest('hex')}-${top - index}`,
  );
  if (!isNewestFirst(records))
    throw new MlopsError(
      'PLATFORM_WRONG_SHAPE',
      `${listInteractions.name} did not return page ${page} newest first, as requested: report it to the platform`,
      {
        where: listInteractions.name,
      },
    );
  const newer = countNewer(records, run.window.upper);
  const inWindow = records.slice(newer);
  return {
    pass,
    page,
    attempt,
    sentAt: stored.sentAt,
    total: stored.total,
    rows: records.length,
    newer,
    interactions: inWindow.flatMap(record => (record.kind === 'interaction' ? [extractOne(record, run)] : [])),
    rejects: inWindow.flatMap(record => (record.kind === 'reject' ? [record.reject] : [])),
  };
}

function extractOne(
  { interaction }: PageRecord & { kind: 'interaction' },
  run: Run,
): ExtractedPage['interactions'][number] {
  const { id, timestamp, botId, rating } = interaction;
  const { minRating, bots } = run.parameters.identity;
  const isWanted = rating !== null && rating >= minRating && (bots === null || bots.includes(botId));
  const turns = isWanted ? turnsOf(interaction, rating) : [];
  const senders = isWanted && turns.length === 0 ? { senders: sendersOf(interaction) } : {};
  return { id, timestamp, botId, rating, turns: turns.map(turn => [turn.userUtterance, turn.botResponse]), ...senders };
}

/** In the first pass most pages find that others are still missing without listing or reading them all. */
async function isPlainlyIncomplete(extracted: ExtractedPage, { runs }: Needs, run: string): Promise<boolean> {
  const last = lastOf(extracted);
  if (last === null) return false;
  if (!(await runs.isExtracted(run, last))) return true;
  const there = await runs.extracted(run);
  return there.length < Math.ceil(extracted.total / pageSize);
}
