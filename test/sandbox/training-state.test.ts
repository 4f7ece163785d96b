import { describe, expect, it } from 'vitest';
import { openBuiltInSandbox } from '../../src/app/built-in-sandbox.ts';
import { defaultLimits, services, submitTraining, tokenAnswer } from '../../src/platform/endpoints.ts';
import { memoryState } from '../../src/sandbox/kernel/state.ts';
import { openFileStore } from '../../src/store/artifacts/file-store.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { json, start, tenant } from './tenant.ts';
import { askJob, evaluationOf, exportOf, jobOf, submit, submitted, trainingSet, trainingToken } from './trainings.ts';

describe.each([
  ['in memory', memoryState],
  ['in files', () => openFileStore(temporaryFolder())],
])('sandboxes that share a state %s', (_place, open) => {
  it('serve the same jobs, the one that took them in being gone', async () => {
    const training = { state: open(), seconds: 10, artifactBytes: 500 };
    const first = await tenant({ training });
    const jobId = await submitted(first, await trainingToken(first), trainingSet(5, 20));
    await first.close();

    const second = await tenant({ training: { state: training.state, seconds: 1_000, artifactBytes: 7 } });
    const token = await trainingToken(second);
    expect((await jobOf(second, token, jobId)).status).toBe('QUEUED');
    second.clock.advance(5_000);
    expect(await jobOf(second, token, jobId)).toMatchObject({ stage: 'TRAINING', progress: 50 });
    second.clock.advance(5_000);
    expect((await jobOf(second, token, jobId)).status).toBe('COMPLETED');
    expect((await evaluationOf(second, token, jobId)).actuals).toHaveLength(20);
    const { artifacts } = await exportOf(second, token, jobId);
    const weights = Buffer.from(await (await fetch(artifacts.modelWeightsUrl)).arrayBuffer());
    expect(weights).toHaveLength(500);

    const third = await tenant({ training, clock: { start: second.clock.iso(), rate: 0 } });
    const also = await exportOf(third, await trainingToken(third), jobId);
    const same = await fetch(also.artifacts.modelWeightsUrl);
    expect(Buffer.from(await same.arrayBuffer()).equals(weights)).toBe(true);
    expect(await evaluationOf(third, await trainingToken(third), jobId)).toEqual(
      await evaluationOf(second, token, jobId),
    );
  });

  it('agree on what was planned for a job, done to it, and how many are under way', async () => {
    const training = { state: open(), seconds: 10, atOnce: 2 };
    const [one, other] = [await tenant({ training }), await tenant({ training })];
    const [token, otherToken] = [await trainingToken(one), await trainingToken(other)];
    one.trainings.plan({ end: 'FAILED', reason: 'Out of memory.' });
    one.trainings.plan({ holdIn: 'PREPARING' });
    const [failing, held] = [await submitted(one, token), await submitted(one, token)];
    expect((await submit(other, otherToken, trainingSet())).status).toBe(503);

    other.clock.advance(100_000);
    one.clock.advance(100_000);
    expect(await jobOf(other, otherToken, failing)).toMatchObject({
      status: 'FAILED',
      failureReason: 'Out of memory.',
    });
    expect((await jobOf(other, otherToken, held)).stage).toBe('PREPARING');
    await other.trainings.release(held);
    await one.trainings.cancel(held);
    expect((await jobOf(other, otherToken, held)).status).toBe('CANCELLED');
    expect(await other.trainings.list()).toEqual(await one.trainings.list());
    expect(await other.trainings.list()).toHaveLength(2);
  });

  it('do not know a job of which only the submission was kept', async () => {
    const state = open();
    const jobId = `training-${crypto.randomUUID()}`;
    await state.create(`sandbox-trainings/${jobId}/submission.json`, JSON.stringify(trainingSet()));
    const sandbox = await tenant({ training: { state } });
    expect((await askJob(sandbox, await trainingToken(sandbox), jobId)).status).toBe(404);
    expect(await sandbox.trainings.list()).toEqual([]);
  });
});

it('sandboxes that share nothing know nothing of each other', async () => {
  const [one, other] = [await tenant(), await tenant()];
  const jobId = await submitted(one, await trainingToken(one));
  expect((await askJob(other, await trainingToken(other), jobId)).status).toBe(404);
});

it('a training that one process submitted to its own tenant goes on in that of another', async () => {
  const store = openFileStore(temporaryFolder());
  const open = async () => {
    const { access, close } = await openBuiltInSandbox(store, defaultLimits);
    const sandbox = { url: access.baseUrl, clientId: access.clientId, clientSecret: access.clientSecret };
    return { close, ...sandbox };
  };
  const asksToken = async (own: Awaited<ReturnType<typeof open>>) => {
    const given = {
      grant_type: 'client_credentials',
      client_id: own.clientId,
      client_secret: own.clientSecret,
      scope: services.training.scopes.join(' '),
    };
    const answer = await fetch(`${own.url}${services.training.tokenPath}`, { method: 'POST', ...json(given) });
    return tokenAnswer.parse(await answer.json()).access_token;
  };

  const killed = await open();
  const token = await asksToken(killed);
  const answer = await fetch(`${killed.url}${submitTraining.path}`, { method: 'POST', ...json(trainingSet(), token) });
  const { jobId } = submitTraining.answer.parse(await answer.json());
  await killed.close();

  const next = await open();
  const polled = await fetch(`${next.url}${submitTraining.path}/${jobId}`, {
    headers: { authorization: `Bearer ${await asksToken(next)}` },
  });
  expect(await polled.json()).toMatchObject({ jobId, progress: expect.any(Number) });
  await next.close();
});

it('a state in memory creates once and lists what is directly under a folder', async () => {
  const state = memoryState();
  expect(await state.create('a/b/c', start)).toBe(true);
  expect(await state.create('a/b/c', 'other')).toBe(false);
  await state.create('a/d', '');
  await state.create('ab/e', '');
  expect(new TextDecoder().decode((await state.readIfThere('a/b/c')) ?? undefined)).toBe(start);
  expect(await state.readIfThere('a/b')).toBeNull();
  expect(await state.list('a')).toEqual(['b', 'd']);
  expect(await state.list('x')).toEqual([]);
});
