import { expect, test } from 'vitest';
import { idle } from './site.ts';
import { expectAudited, push, putBodies, rollBack, thresholdSite } from './threshold-site.ts';

test('pushes and rollbacks of several processes reach the platform in the order of their versions', async () => {
  const { site, changes } = await thresholdSite(['a']);
  const { sandbox } = site;
  const [one, two] = [await site.workingHouse(changes), await site.workingHouse(changes)];
  const worker = await site.worker(changes);
  expect(await push(one, { a: 0.5 })).toBe(1);

  sandbox.setFaults({ rate: 0.2, seed: 3, kinds: ['slow'], slowMs: 30 });
  const versions = await Promise.all([
    push(one, { a: 0.6 }),
    push(two, { a: 0.7 }),
    rollBack(two, 1),
    push(one, { a: 0.8 }),
    rollBack(one, 1),
  ]);
  expect(versions.toSorted()).toEqual([2, 3, 4, 5, 6]);
  await Promise.all([idle(one), idle(two)]);

  const { pushes } = await one.pushes.read();
  expect(pushes.map(({ version, state, timesSent }) => [version, state, timesSent])).toEqual(
    [1, 2, 3, 4, 5, 6].map(version => [version, 'applied', 1]),
  );
  const wanted = pushes.map(({ thresholds: { global, intents } }) => ({
    defaultConfidenceThreshold: global,
    intentThresholds: intents.map(({ intentId, threshold }) => ({ intentId, confidenceThreshold: threshold })),
  }));
  expect(sandbox.nlpConfigs).toEqual(wanted);
  expect(putBodies(sandbox)).toEqual(wanted.map(each => JSON.stringify(each)));
  await expectAudited(two, ...pushes.map(() => 'applied'));
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toMatchObject({ code: 0 });
});
