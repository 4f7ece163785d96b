import { expect, it } from 'vitest';
import { startHttp } from '../../producers/http/server.ts';
import { eventually } from '../eventually.ts';
import { curate, openSite } from './site.ts';

const login = { BOARD_USER: 'operator', BOARD_PASSWORD: 'a password', API_KEYS: 'one-key,another-key', HTTP_PORT: '0' };
const bearer = { authorization: 'Bearer another-key' };

/** The value of a sample, `undefined` where there is none. */
function sampleOf(text: string, sample: string): number | undefined {
  const line = text.split('\n').find(each => each.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}

it('shows what other processes counted, what Redis and the store know, and this process', async () => {
  const site = await openSite();
  const app = await site.app(login);
  const http = await startHttp(app);
  const scrape = async () => await (await fetch(`${http.url}/metrics`, { headers: bearer })).text();
  try {
    expect(sampleOf(await scrape(), 'cxone_worker_processes')).toBe(0);
    await site.worker(login);
    const { kept, removed } = await curate(app, 'demo');
    // Three pages to fetch and to embed; then the plan and the commit. A plan that two pages ask for may be tried twice.
    const areComplete = (text: string) =>
      (sampleOf(text, 'cxone_job_tries_total{queue="embed-and-dedup",end="done"}') ?? 0) >= 5 &&
      sampleOf(text, 'cxone_queue_jobs{queue="embed-and-dedup",state="completed"}') === 5 &&
      sampleOf(text, 'cxone_queue_jobs{queue="fetch-page",state="completed"}') === 3;
    let text = '';
    await eventually(async () => {
      text = await scrape();
      return areComplete(text);
    });
    const samples = (sample: string) => sampleOf(text, sample);
    expect(samples('cxone_worker_processes')).toBe(1);
    expect(samples('cxone_queue_workers{queue="fetch-page"}')).toBe(1);
    expect(samples('cxone_queue_jobs{queue="fetch-page",state="completed"}')).toBe(3);
    expect(samples('cxone_job_wait_seconds_count{queue="extract-turns"}')).toBe(3);
    // A request that is late for its slot takes another one.
    expect(samples('cxone_budget_slots_total{family="INTERACTIONS"}')).toBeGreaterThanOrEqual(3);
    expect(samples('cxone_budget_limit_per_second{family="INTERACTIONS"}')).toBe(500);
    expect(samples('cxone_platform_request_seconds_count{endpoint="GET /api/v2/interactions",status="2xx"}')).toBe(3);
    expect(samples('cxone_platform_request_seconds_count{endpoint="token of interactions",status="2xx"}')).toBe(1);
    expect(samples('cxone_dataset_rows{dataset="demo",kind="kept"}')).toBe(kept);
    expect(samples('cxone_dataset_rows{dataset="demo",kind="removed"}')).toBe(removed);
    expect(samples('cxone_dataset_last_run_kept_ratio{dataset="demo"}')).toBeCloseTo(kept / (kept + removed), 12);
    expect(samples('cxone_dataset_last_commit_timestamp_seconds{dataset="demo"}')).toBeGreaterThan(
      Date.now() / 1000 - 600,
    );
    expect(samples('cxone_pushes{state="applied"}')).toBe(0);
    expect(samples('cxone_trainings{state="polling"}')).toBe(0);
    expect(samples('cxone_audit_head')).toBe(0);
    expect(samples('cxone_store_free_bytes')).toBeGreaterThan(0);
    expect(samples('cxone_source_up{source="redis"}')).toBe(1);
    expect(text).toMatch(/^cxone_build_info\{version="[\d.]+",node="v\d+[\d.]+"\} 1$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
    // No label holds an id or a text.
    expect(text).not.toMatch(/demo\.0000|int_|open\.demo/);
  } finally {
    await http.close();
  }
});

it('wants a key or a login, and answers when Redis does not', async () => {
  const site = await openSite();
  const app = await site.app(login);
  const http = await startHttp(app);
  try {
    expect((await fetch(`${http.url}/metrics`)).status).toBe(401);
    await site.redis.kill();
    const answer = await fetch(`${http.url}/metrics`, { headers: bearer });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    expect(sampleOf(text, 'cxone_source_up{source="redis"}')).toBe(0);
    expect(sampleOf(text, 'cxone_source_up{source="store"}')).toBe(1);
    expect(text).not.toContain('cxone_queue_jobs');
    await site.redis.start();
    await eventually(async () => {
      const again = await (await fetch(`${http.url}/metrics`, { headers: bearer })).text();
      return sampleOf(again, 'cxone_source_up{source="redis"}') === 1;
    });
  } finally {
    await http.close();
  }
});
