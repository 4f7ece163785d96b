import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { apiSite, openApi } from './api-site.ts';

/** An answer to a request whose `Host` is set too, which fetch does not allow. */
async function ask(url: string, headers: Record<string, string>, method = 'GET') {
  return await new Promise<{ status: number; location: string | undefined; text: string }>((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.on('error', reject).end();
  });
}

const base = (page: string) => /<base href="([^"]*)"/.exec(page)?.[1];
const firstScript = (page: string) => /src="([^"]+\.js)"/.exec(page)?.[1] ?? 'none';

describe('behind a reverse proxy', () => {
  test.each([
    ['that takes the path off', ''],
    ['that passes the path on', '/mlops'],
  ])('%s, all links have PUBLIC_URL', async (_, passed) => {
    const publicUrl = 'https://cxone.example:8443/mlops';
    const { url, ask: askApi } = await openApi(await apiSite(), { changes: { PUBLIC_URL: `${publicUrl}/` } });
    const host = { host: 'cxone.example:8443' };

    const accepted = await askApi('POST', `${passed}/v1/curations`, { json: { dataset: 'demo' } });
    expect(accepted.body.statusUrl).toBe(`${publicUrl}/v1/jobs/${accepted.body.id}`);
    expect(accepted.headers.get('location')).toBe(accepted.body.statusUrl);
    const job = await askApi('GET', `${passed}/v1/jobs/${accepted.body.id}`);
    expect(job.body.links).toMatchObject({ self: accepted.body.statusUrl });

    const root = await ask(`${url}${passed}/`, host);
    expect([root.status, root.location]).toEqual([302, '/mlops/board']);
    const board = await ask(`${url}${passed}/board`, host);
    expect(base(board.text)).toBe('/mlops/board/');
    expect((await ask(`${url}${passed}/board/${firstScript(board.text)}`, host)).status).toBe(200);
    const about = await ask(`${url}${passed}/board/about/fetch-page/${accepted.body.id}`, host);
    expect(about.text).toContain(`href="/mlops/v1/jobs/${accepted.body.id}"`);
    expect(about.text).toContain('href="/mlops/board/queue/fetch-page"');
    const docs: unknown = JSON.parse((await ask(`${url}${passed}/docs/json`, host)).text);
    expect(docs).toMatchObject({ servers: [{ url: publicUrl }] });
  });

  test('named in TRUST_PROXY, links have what it forwards', async () => {
    const { url } = await openApi(await apiSite(), {
      changes: { TRUST_PROXY: '127.0.0.1', ALLOWED_HOSTS: 'cxone.example' },
    });
    const forwarded = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'cxone.example',
      'x-forwarded-prefix': '/mlops',
    };
    const docs: unknown = JSON.parse((await ask(`${url}/docs/json`, forwarded)).text);
    expect(docs).toMatchObject({ servers: [{ url: 'https://cxone.example/mlops' }] });
    expect(base((await ask(`${url}/board`, forwarded)).text)).toBe('/mlops/board/');
    const evil = await ask(`${url}/docs/json`, { ...forwarded, 'x-forwarded-host': 'evil.example' });
    expect(evil.status).toBe(421);
  });

  test('not named in TRUST_PROXY, what it forwards is ignored', async () => {
    const { url } = await openApi(await apiSite(), { changes: { TRUST_PROXY: '10.0.0.1' } });
    const forged = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-prefix': '/evil',
    };
    const docs: unknown = JSON.parse((await ask(`${url}/docs/json`, forged)).text);
    expect(docs).toMatchObject({ servers: [{ url }] });
    expect(base((await ask(`${url}/board`, forged)).text)).toBe('/board/');
  });

  test('a change from the page of PUBLIC_URL is accepted, though the proxy sets another Host', async () => {
    const { ask: askApi } = await openApi(await apiSite(), { changes: { PUBLIC_URL: 'https://cxone.example/mlops' } });
    const post = (origin: string) =>
      askApi('POST', '/v1/curations', { json: { dataset: 'demo' }, headers: { origin } });
    expect((await post('https://cxone.example')).status).toBe(202);
    expect((await post('https://evil.example')).status).toBe(403);
  });
});

test('every answer has the headers that browsers obey', async () => {
  const { ask: askApi } = await openApi(await apiSite());
  for (const path of ['/board', '/docs', '/docs/json', '/v1/jobs/none', '/healthz', '/metrics', '/nowhere']) {
    const { headers } = await askApi('GET', path);
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(headers.get('x-frame-options'), path).toBe('DENY');
    expect(headers.get('referrer-policy'), path).toBe('no-referrer');
    expect(headers.get('cross-origin-resource-policy'), path).toBe('same-origin');
  }
  for (const path of ['/board', '/docs/static/index.html']) {
    const policy = (await askApi('GET', path)).headers.get('content-security-policy');
    expect(policy, path).toContain("default-src 'self'");
    expect(policy, path).toContain("frame-ancestors 'none'");
  }
  expect((await askApi('GET', '/v1/jobs/none')).headers.get('cache-control')).toBe('no-store');
});
