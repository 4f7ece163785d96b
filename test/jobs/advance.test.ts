import { describe, expect, it } from 'vitest';
import { advance } from '../../jobs/advance.ts';
import { windowUnstable } from '../../jobs/fetch-page/errors.ts';
import { isOver, noteFailure } from '../../jobs/run-state.ts';
import type { ExtractedPage } from '../../src/domain/run/answer.ts';
import type { Run } from '../../src/domain/run/run.ts';
import { type ErrorKind, MlopsError } from '../../src/errors.ts';
import { openFileStore } from '../../src/store/artifacts/file-store.ts';
import { type Cancellations, openCancellations } from '../../src/store/requests/cancellations.ts';
import { openRuns, type Runs } from '../../src/store/runs/runs.ts';
import { noVectors } from '../../src/store/vectors/text-vectors.ts';
import { identity } from '../domain/dataset/version.ts';
import { silence } from '../notification-resources.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { codeOf } from '../thrown.ts';

const id = 'demo.00000001';
const upper = '2024-05-15T12:00:00.000Z';
const run: Run = {
  run: id,
  dataset: 'demo',
  openedBy: 'open.request',
  total: 250,
  window: { after: null, upper, sweeps: true, watermark: null },
  parameters: { identity, since: null, lookBackMs: 0, ratingHorizonMs: 0, ratingSweepEveryMs: 0 },
};
const file = { name: 'x', count: 1 };
const counts = {
  interactions: 1,
  turns: 1,
  alreadyTaken: 0,
  withoutTurns: 0,
  sendersMet: [],
  belowRating: 0,
  unrated: 0,
  neverRated: 0,
  otherBots: 0,
  rejects: 0,
  erased: 0,
};
const request = (page: number, pass = 0) => ({ pass, page, attempt: 1 });

async function opened(): Promise<{ runs: Runs; cancellations: Cancellations; next: () => Promise<string[]> }> {
  const store = openFileStore(temporaryFolder());
  const runs = openRuns(store);
  await runs.create(run);
  await runs.note(id, { kind: 'opened' });
  return {
    runs,
    cancellations: openCancellations(store),
    next: async () => (await advance(run, { runs, tenant: 'ours' })).map(spec => `${spec.queue} ${spec.id}`),
  };
}

async function fetched(runs: Runs, page: number, total: number): Promise<void> {
  await runs.writePage(id, request(page), { sentAt: page, total, interactions: [] });
}

/** A page of 200 rows, or of what is left of `total`; `distinct` of them distinct, each with these turns. */
async function extracted(
  runs: Runs,
  page: number,
  total: number,
  distinct = 200,
  pass = 0,
  turns: ExtractedPage['interactions'][number]['turns'] = [],
): Promise<void> {
  const rows = Math.max(0, Math.min(200, total - 200 * (page - 1)));
  const interactions = Array.from({ length: Math.min(rows, distinct) }, (_, row) => ({
    id: `c-${page}-${row}`,
    timestamp: upper,
    botId: 'b',
    rating: null,
    turns,
  }));
  const made: ExtractedPage = {
    ...request(page, pass),
    sentAt: page,
    total,
    rows,
    newer: 0,
    interactions,
    rejects: [],
  };
  await runs.writePage(id, made, { sentAt: page, total, interactions: [] });
  await runs.writeTurns(id, made);
}

describe('advance', () => {
  it('requests for the pages that the first answer counted where there is nothing', async () => {
    const { next } = await opened();
    expect(await next()).toEqual([`fetch-page page.${id}.0.0000001.1`, `fetch-page page.${id}.0.0000002.1`]);
  });

  it('specs what was fetched to be extracted, and the pages that its count speaks of', async () => {
    const { runs, next } = await opened();
    await fetched(runs, 1, 450);
    expect(await next()).toEqual([
      `extract-turns turns.${id}.0.0000001.1`,
      `fetch-page page.${id}.0.0000002.1`,
      `fetch-page page.${id}.0.0000003.1`,
    ]);
  });

  it('goes on to the plan once all is covered, and says the same when requested again', async () => {
    const { runs, next } = await opened();
    await extracted(runs, 1, 250);
    expect(await next()).toEqual([`fetch-page page.${id}.0.0000002.1`]);
    await extracted(runs, 2, 250);
    expect(await next()).toEqual([`embed-and-dedup plan.${id}.2`]);
    expect(await next()).toEqual([`embed-and-dedup plan.${id}.2`]);
  });

  it('embeds the pages with texts before the plan, and again where their vectors are lost', async () => {
    const { runs, next } = await opened();
    await extracted(runs, 1, 250, 200, 0, [['Where is my parcel?', 'On its way.']]);
    await extracted(runs, 2, 250);
    expect(await next()).toEqual([`embed-and-dedup texts.${id}.0.0000001.1`]);
    await runs.writeVectors(id, request(1), noVectors, 1);
    expect(await next()).toEqual([`embed-and-dedup plan.${id}.2`]);
    await runs.writeVectors(id, request(2), noVectors, 1);
    await runs.writePlan(id, { turns: file, rejects: file, batches: [], counts });
    expect(await next()).toEqual([`embed-and-dedup commit.${id}`]);
    await runs.discard(`runs/${id}/vectors/0.0000001.1`);
    expect(await next()).toEqual([`embed-and-dedup texts.${id}.0.0000001.1`]);
  });

  it('specs the batches without vectors, then the commit', async () => {
    const { runs, next } = await opened();
    await runs.writePlan(id, { turns: file, rejects: file, batches: [file, file], counts });
    await runs.writeVectors(id, 1, noVectors, 1);
    expect(await next()).toEqual([`embed-and-dedup batch.${id}.0000000`]);
    await runs.writeVectors(id, 0, noVectors, 1);
    expect(await next()).toEqual([`embed-and-dedup commit.${id}`]);
  });

  it('gives a window up that three walks did not find whole', async () => {
    const { runs } = await opened();
    await extracted(runs, 1, 3, 2, 3);
    expect(await codeOf(() => advance(run, { runs, tenant: 'ours' }))).toBe('WINDOW_UNSTABLE');
  });

  it('carries the tenant in every order', async () => {
    const { runs } = await opened();
    await fetched(runs, 1, 450);
    for (const order of await advance(run, { runs, tenant: 'ours' }))
      expect(order.payload).toMatchObject({ tenant: 'ours' });
  });
});

describe('a failed job', () => {
  const failWith = async (kind: ErrorKind) => {
    const { runs, cancellations } = await opened();
    await noteFailure(id, new MlopsError(kind, 'why'), {
      resources: { runs, ...silence() },
      jobId: 'job-1',
    });
    return { runs, cancellations, state: (await runs.events(id).head())?.entry };
  };

  it('marks its run as failed, with the cause, to be taken up again', async () => {
    const { runs, cancellations, state } = await failWith('PLATFORM_UNAVAILABLE');
    expect(state).toEqual({ kind: 'failed', code: 'PLATFORM_UNAVAILABLE', message: 'why', job: 'job-1' });
    expect(await isOver(id, { runs, cancellations })).toBe(false);
  });

  it('closes its run where trying again cannot help', async () => {
    const { runs, cancellations, state } = await failWith(windowUnstable);
    expect(state).toEqual({ kind: 'closed', code: 'WINDOW_UNSTABLE', message: 'why' });
    expect(await isOver(id, { runs, cancellations })).toBe(true);
  });

  it('says nothing more of a run that is over', async () => {
    const { runs } = await failWith(windowUnstable);
    await runs.note(id, { kind: 'failed', code: 'INTERNAL', message: 'late', job: 'job-2' });
    expect((await runs.events(id).all()).map(each => each.entry.kind)).toEqual(['opened', 'closed']);
  });
});
