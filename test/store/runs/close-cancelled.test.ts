import { expect, test } from 'vitest';
import type { Run } from '../../../src/domain/run/run.ts';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { openCancellations } from '../../../src/store/requests/cancellations.ts';
import { closeIfCancelled, isWanted } from '../../../src/store/runs/close-cancelled.ts';
import { openRuns } from '../../../src/store/runs/runs.ts';
import { identity } from '../../domain/dataset/version.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const id = 'demo.00000001';
const upper = '2024-05-15T12:00:00.000Z';
const run: Run = {
  run: id,
  dataset: 'demo',
  openedBy: 'open.demo.a',
  total: 0,
  window: { after: null, upper, sweeps: true, watermark: null },
  parameters: { identity, since: null, lookBackMs: 0, ratingHorizonMs: 0, ratingSweepEveryMs: 0 },
};

async function opened(...joined: readonly string[]) {
  const store = openFileStore(temporaryFolder());
  const [runs, cancellations] = [openRuns(store), openCancellations(store)];
  await runs.create(run);
  await runs.note(id, { kind: 'opened' });
  for (const request of joined) await runs.note(id, { kind: 'joined', request });
  const kinds = async () => (await runs.events(id).all()).map(({ entry }) => entry.kind);
  return { runs, cancellations, kinds };
}

test('a run stays open while anybody wants it', async () => {
  const resources = await opened('open.demo.b', 'open.demo.c');
  for (const request of ['open.demo.c', 'open.demo.a']) {
    await resources.cancellations.cancel(request, 'ada');
    expect(await closeIfCancelled(id, resources)).toBe(false);
    expect(await isWanted(id, resources)).toBe(true);
  }
  await resources.cancellations.cancel('open.demo.b', 'ada');
  expect(await isWanted(id, resources)).toBe(false);
  expect(await closeIfCancelled(id, resources)).toBe(true);
  expect(await resources.kinds()).toEqual(['opened', 'joined', 'joined', 'closed']);
});

test('a run that is over stays as it is', async () => {
  const resources = await opened();
  await resources.runs.note(id, { kind: 'committed', version: 1 });
  await resources.cancellations.cancel('open.demo.a', 'ada');
  expect(await closeIfCancelled(id, resources)).toBe(true);
  expect(await resources.kinds()).toEqual(['opened', 'committed']);
});

test('who joins at the moment of the last cancelling either keeps the run open, or sees that it is closed', async () => {
  for (let round = 0; round < 50; round++) {
    const resources = await opened();
    await resources.cancellations.cancel('open.demo.a', 'ada');
    const [isClosed] = await Promise.all([
      closeIfCancelled(id, resources),
      resources.runs.note(id, { kind: 'joined', request: 'open.demo.b' }),
    ]);
    expect((await resources.kinds()).slice(1)).toEqual(isClosed ? ['closed'] : ['joined']);
  }
});

test('a request is cancelled once: the first mark stays', async () => {
  const { cancellations } = await opened();
  const first = await cancellations.cancel('open.demo.a', 'ada');
  expect(await cancellations.cancel('open.demo.a', 'bob')).toEqual(first);
  await expect(cancellations.proveWanted('open.demo.a')).rejects.toMatchObject({ name: 'Cancelled' });
  await cancellations.proveWanted('open.demo.b');
});
