import { describe, expect, it } from 'vitest';
import { NotNow } from '../../src/errors.ts';
import { readTrainingJob, submitTraining } from '../../src/platform/endpoints.ts';
import { useRedis } from '../redis-server.ts';
import { trainingSet } from '../sandbox/trainings.ts';
import { codedBy, thrownBy } from '../thrown.ts';
import { platform } from './platform.ts';

const redis = useRedis();
const never = new AbortController().signal;

async function site() {
  const { cxone, sandbox } = await platform(redis);
  let looks = 0;
  const beforeSend = async () => {
    looks += 1;
  };
  return {
    sandbox,
    looks: () => looks,
    submit: () => cxone.ask(submitTraining, { body: trainingSet(), once: true, beforeSend }, never),
    read: (jobId: string) => cxone.ask(readTrainingJob, { path: { jobId } }, never),
    statuses: () => sandbox.requests.flatMap(({ path, status }) => (path === submitTraining.path ? [status] : [])),
  };
}

describe('what is to be sent once', () => {
  it('is answered as anything else', async () => {
    const { submit, read } = await site();
    const { jobId } = (await submit()).answer;
    expect((await read(jobId)).answer).toMatchObject({ jobId, status: 'QUEUED' });
  });

  it('is not repeated here after a 401, which is told apart; the next time has a fresh token', async () => {
    const { submit, read, sandbox, statuses, looks } = await site();
    await thrownBy(() => read('x'));
    sandbox.revokeTokens();
    expect(await codedBy(submit)).toMatchObject({ code: 'CREDENTIALS_REFUSED', status: 401 });
    expect([statuses(), looks()]).toEqual([[401], 1]);
    await submit();
    expect([statuses(), looks()]).toEqual([[401, 202], 2]);
  });

  it('says when it never left', async () => {
    const { submit, read, sandbox } = await site();
    await thrownBy(() => read('x'));
    await sandbox.close();
    expect(await codedBy(submit)).toMatchObject({ code: 'PLATFORM_UNREACHABLE', verdict: 'retry' });
  });

  it.each(['before', 'after', 'mid-answer'] as const)(
    'does not say so where its answer was dropped %s',
    async moment => {
      const { submit, sandbox } = await site();
      sandbox.failNext({ kind: 'drop', moment, match: submitTraining.path });
      expect(await codedBy(submit)).toMatchObject({ code: 'PLATFORM_UNAVAILABLE', status: undefined });
    },
  );

  it.each([500, 503] as const)('tells the status of a %i', async status => {
    const { submit, sandbox } = await site();
    sandbox.failNext({ kind: '5xx', status, match: submitTraining.path });
    expect(await codedBy(submit)).toMatchObject({ code: 'PLATFORM_UNAVAILABLE', status });
  });
});

it.each([
  [5, true],
  [null, false],
])('a 429 with the Retry-After %j says whether the platform said how long', async (retryAfter, isTold) => {
  const { read, sandbox } = await site();
  sandbox.failNext({ kind: '429', retryAfter });
  const notNow = await thrownBy(() => read('x'));
  expect(notNow).toBeInstanceOf(NotNow);
  expect(notNow).toMatchObject({ isTold });
});
