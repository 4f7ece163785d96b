import { expect, test } from 'vitest';
import { apiSite, exportOf, intentIds, openApi } from './api-site.ts';

test('a tuning of an inline export: accepted, followed, its result and its report', async () => {
  const site = await apiSite();
  const api = await openApi(site, { works: true });
  const accepted = await api.ask('POST', '/v1/tunings', { json: { csv: exportOf(intentIds) } });
  expect(accepted).toMatchObject({ status: 202, body: { queue: 'compute-roc' } });
  const { id, statusUrl } = accepted.body;
  expect(accepted.headers.get('location')).toBe(statusUrl);
  expect(statusUrl).toBe(`${api.url}/v1/jobs/${id}`);

  const { body } = await api.reach(String(id));
  expect(body).toMatchObject({
    ...{ id, queue: 'compute-roc', state: 'succeeded', progress: {} },
    result: { id, queue: 'compute-roc', globalThreshold: expect.any(Number), skipped: [] },
    links: { self: statusUrl, report: `${statusUrl}/report` },
  });
  const report = await api.ask('GET', `/v1/jobs/${id}/report`);
  expect(report.status).toBe(200);
  expect(report.headers.get('content-type')).toMatch(/^text\/html/);
  expect(report.text).toContain('REFUND');
});
