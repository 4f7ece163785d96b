import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { exportArtifacts } from '../../src/platform/endpoints.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { start, tenant } from './tenant.ts';
import { askJob, exportOf, submitted, trainingSet, trainingToken } from './trainings.ts';

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = async (answer: Response) => new Uint8Array(await answer.arrayBuffer());

/** A sandbox with a completed job. */
async function completed(options: SandboxOptions = {}) {
  const sandbox = await tenant({ ...options, training: { seconds: 0, artifactBytes: 1_000, ...options.training } });
  const token = await trainingToken(sandbox);
  const jobId = await submitted(sandbox, token);
  const { artifacts, expiresAt } = await exportOf(sandbox, token, jobId);
  return { sandbox, token, jobId, expiresAt, ...artifacts };
}

/** What arrives of an answer until its connection breaks. */
async function beginningOf(url: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of (await fetch(url)).body ?? []) parts.push(part);
  } catch {
    return Buffer.concat(parts);
  }
  throw new Error('the whole answer arrived');
}

describe('artifacts', () => {
  it('are had with a signed URL alone, the same each time', async () => {
    const { sandbox, token, jobId, modelWeightsUrl, configUrl } = await completed({ training: { artifactBytes: 3e6 } });
    expect(modelWeightsUrl.startsWith(`${sandbox.url}/artifacts/${jobId}/model.bin?`)).toBe(true);
    const answer = await fetch(modelWeightsUrl);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
    expect([answer.headers.get('accept-ranges'), answer.headers.get('content-length')]).toEqual(['bytes', '3000000']);
    const weights = await bytesOf(answer);
    expect(weights).toHaveLength(3_000_000);

    sandbox.clock.advance(5_000);
    const again = await exportOf(sandbox, token, jobId);
    expect(again.artifacts.modelWeightsUrl).not.toBe(modelWeightsUrl);
    expect(hashOf(await bytesOf(await fetch(again.artifacts.modelWeightsUrl)))).toBe(hashOf(weights));

    const config = await fetch(configUrl);
    expect(config.headers.get('content-type')).toBe('application/json');
    const { labels, hyperparameters } = trainingSet();
    const said = await config.json();
    expect(said).toMatchObject({ jobId, skillId: 'skill-1', labels, hyperparameters, utterances: 30, language: 'en' });
    expect(JSON.stringify(said)).not.toContain('common');
  });

  it('of two jobs differ', async () => {
    const { sandbox, token, modelWeightsUrl } = await completed();
    const other = await exportOf(sandbox, token, await submitted(sandbox, token));
    const [one, two] = [await fetch(modelWeightsUrl), await fetch(other.artifacts.modelWeightsUrl)];
    expect(one.headers.get('etag')).not.toBe(two.headers.get('etag'));
    expect(hashOf(await bytesOf(one))).not.toBe(hashOf(await bytesOf(two)));
  });

  it('are refused with 403 when the signature is not that of the URL', async () => {
    const { modelWeightsUrl, configUrl, jobId, sandbox, token } = await completed();
    const other = await submitted(sandbox, token);
    const changed = (change: (url: URL) => void) => {
      const url = new URL(modelWeightsUrl);
      change(url);
      return fetch(url);
    };
    const answers = [
      await changed(url => url.searchParams.delete('signature')),
      await changed(url => url.searchParams.set('signature', 'x')),
      await changed(url => url.searchParams.set('signature', `${new URL(configUrl).searchParams.get('signature')}`)),
      await changed(url => url.searchParams.set('expires', `${Number(url.searchParams.get('expires')) + 1}`)),
      await changed(url => {
        url.pathname = url.pathname.replace(jobId, other);
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
  });

  it('are refused with 403 once they expired, by the clock of the sandbox', async () => {
    const { sandbox, token, jobId, expiresAt, configUrl } = await completed({
      training: { artifactLifetimeSeconds: 60 },
    });
    expect(Date.parse(expiresAt)).toBe(Math.floor(Date.parse(start) / 1_000 + 60) * 1_000);
    sandbox.clock.set(expiresAt);
    sandbox.clock.advance(-1);
    expect((await fetch(configUrl)).status).toBe(200);
    sandbox.clock.advance(1);
    const answer = await fetch(configUrl);
    expect([answer.status, await answer.json()]).toEqual([403, { message: 'The link has expired.', errors: [] }]);
    expect((await fetch((await exportOf(sandbox, token, jobId)).artifacts.configUrl)).status).toBe(200);
  });

  it('leave no signature in the log of requests', async () => {
    const { sandbox, configUrl } = await completed();
    await fetch(configUrl);
    const { searchParams, pathname } = new URL(configUrl);
    expect(sandbox.requests.at(-1)).toMatchObject({
      method: 'GET',
      path: pathname,
      status: 200,
      query: { expires: searchParams.get('expires') },
    });
    expect(JSON.stringify(sandbox.requests)).not.toContain(`${searchParams.get('signature')}`);
  });

  it('of an empty model are served too', async () => {
    const { modelWeightsUrl } = await completed({ training: { artifactBytes: 0 } });
    const answer = await fetch(modelWeightsUrl);
    expect([answer.status, await bytesOf(answer)]).toEqual([200, new Uint8Array()]);
  });
});

describe('a part of an artifact', () => {
  it.each([
    ['bytes=0-9', 206, 'bytes 0-9/1000', [0, 10]],
    ['bytes=7-7', 206, 'bytes 7-7/1000', [7, 8]],
    ['bytes=333-', 206, 'bytes 333-999/1000', [333, 1000]],
    ['bytes=990-5000', 206, 'bytes 990-999/1000', [990, 1000]],
    ['bytes=-16', 206, 'bytes 984-999/1000', [984, 1000]],
    ['bytes=-5000', 206, 'bytes 0-999/1000', [0, 1000]],
    ['bytes=0-1,5-6', 200, null, [0, 1000]],
    ['bytes=9-3', 200, null, [0, 1000]],
    ['lines=0-9', 200, null, [0, 1000]],
    ['bytes=-', 200, null, [0, 1000]],
  ])('is %s', async (range, status, contentRange, [from, to]) => {
    const { modelWeightsUrl } = await completed();
    const whole = await bytesOf(await fetch(modelWeightsUrl));
    const answer = await fetch(modelWeightsUrl, { headers: { range } });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([status, contentRange]);
    expect(await bytesOf(answer)).toEqual(whole.slice(from, to));
  });

  it.each(['bytes=1000-', 'bytes=-0'])('beyond the end is refused: %s', async range => {
    const { modelWeightsUrl } = await completed();
    const answer = await fetch(modelWeightsUrl, { headers: { range } });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */1000']);
  });

  it('is given for the same artifact only, if it is so asked for', async () => {
    const { modelWeightsUrl } = await completed();
    const etag = (await fetch(modelWeightsUrl)).headers.get('etag') ?? '';
    const ask = (ifRange: string) => fetch(modelWeightsUrl, { headers: { range: 'bytes=10-19', 'if-range': ifRange } });
    expect((await ask(etag)).status).toBe(206);
    expect((await ask('"another"')).status).toBe(200);
    expect((await ask(new Date().toUTCString())).status).toBe(200);
  });
});

describe('a download', () => {
  it('that breaks off is resumed where it broke off', async () => {
    const { sandbox, modelWeightsUrl } = await completed({ training: { artifactBytes: 5_000_000 } });
    const whole = await bytesOf(await fetch(modelWeightsUrl));
    sandbox.failNext({ kind: 'drop', moment: 'mid-answer', match: new URL(modelWeightsUrl).pathname });
    const first = await beginningOf(modelWeightsUrl);
    expect(first.length).toBeGreaterThan(1_000_000);
    expect(first.length).toBeLessThan(whole.length);
    const rest = await fetch(modelWeightsUrl, { headers: { range: `bytes=${first.length}-` } });
    expect(rest.status).toBe(206);
    expect(hashOf(Buffer.concat([first, await bytesOf(rest)]))).toBe(hashOf(whole));
  });

  it('meets the seeded faults', async () => {
    const { sandbox, modelWeightsUrl } = await completed();
    sandbox.setFaults({ rate: 1, seed: 1, kinds: ['5xx'] });
    expect((await fetch(modelWeightsUrl)).status).toBeGreaterThanOrEqual(500);
  });

  it('is offered where the caller reaches the sandbox', async () => {
    const { sandbox, token, jobId } = await completed();
    const named: Pick<Sandbox, 'url'> = { url: sandbox.url.replace('127.0.0.1', 'localhost') };
    const { artifacts } = await exportOf({ ...sandbox, ...named }, token, jobId);
    expect(new URL(artifacts.configUrl).host).toBe(new URL(named.url).host);
    expect((await askJob(sandbox, token, jobId, exportArtifacts)).status).toBe(200);
  });
});
