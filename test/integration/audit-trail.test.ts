import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TrailItem } from '../../src/sandbox/cognigy/audit-trail.ts';
import { eventually } from '../eventually.ts';
import type { ProgramRun } from './program-run.ts';
import { frozenTenant, openSite, type Site } from './site.ts';

const fast = { LIMIT_AUDIT_TRAIL: '500/s' };

async function trailSite(events: number): Promise<{ site: Site; out: string; items: readonly TrailItem[] }> {
  const site = await openSite(frozenTenant({ interactions: [], limits: { AUDIT_TRAIL: null } }));
  const items = Array.from({ length: events }, (_, number) => ({
    id: `audit-${number}`,
    timestamp: new Date(Date.parse('2026-05-15T12:00:00Z') + number * 1_000).toISOString(),
    note: `"quoted", with a line\nbreak and ä ${number}`,
    ...(number % 2 === 0 ? { details: { jobId: `job-${number}` } } : { status: 'completed' }),
  }));
  site.sandbox.cognigy.trail.items.push(...items);
  return { site, out: join(site.folder, 'trail.jsonl'), items };
}

async function lines(file: string): Promise<unknown[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line));
}

test('a trail is exported whole, in order, and replaces the file before', async () => {
  const { site, out, items } = await trailSite(120);
  await writeFile(out, 'before');
  const end = await site.cli(['audit-trail', '--out', out, '--json'], fast);
  expect(end.code, end.stderr).toBe(0);
  expect(JSON.parse(end.stdout)).toMatchObject({ events: 120, pages: 3, out });
  expect(await lines(out)).toEqual(items);
  expect((await stat(out)).mode & 0o777).toBe(0o600);
  expect(existsSync(`${out}.partial`) || existsSync(`${out}.progress`)).toBe(false);
});

test('csv has a column for each field of any event', async () => {
  const { site, out } = await trailSite(60);
  const end = await site.cli(['audit-trail', '--out', out, '--format', 'csv'], fast);
  expect(end.code, end.stderr).toBe(0);
  const text = await readFile(out, 'utf8');
  expect(text.split('\n')[0]).toBe('id,timestamp,note,details,status');
  expect(text).toContain(
    'audit-0,2026-05-15T12:00:00.000Z,"""quoted"", with a line\nbreak and ä 0","{""jobId"":""job-0""}",\n',
  );
  expect(text).toContain(',,completed\n');
  expect(end.stderr).toContain('60 events');
});

test('an empty page that names a next one is followed; a cursor that repeats is an error', async () => {
  const { site, out, items } = await trailSite(120);
  site.sandbox.cognigy.trail.setTrouble('empty-page');
  const whole = await site.cli(['audit-trail', '--out', out, '--json'], fast);
  expect(JSON.parse(whole.stdout)).toMatchObject({ events: 120, pages: 4 });
  expect(await lines(out)).toEqual(items);

  site.sandbox.cognigy.trail.setTrouble('repeated-cursor');
  const before = await readFile(out, 'utf8');
  const looping = await site.cli(['audit-trail', '--out', out], fast);
  expect(looping.code).toBe(1);
  expect(looping.stderr).toContain('AUDIT_TRAIL_LOOPS');
  expect(await readFile(out, 'utf8')).toBe(before);
  expect(existsSync(`${out}.partial`)).toBe(false);
});

test('10,000 events exported under kills are the platform’s, once each', async () => {
  const { site, out, items } = await trailSite(10_000);
  const requests = () => site.sandbox.requests.filter(({ path }) => path.includes('/audit/')).length;
  let resumed = 0;
  for (const pages of [20, 60, 110]) {
    const run = site.startCli(['audit-trail', '--out', out], { LIMIT_AUDIT_TRAIL: '100/s' });
    await eventually(async () => requests() >= pages);
    run.child.kill('SIGKILL');
    await run.ended;
    resumed += existsSync(`${out}.progress`) ? 1 : 0;
    expect(existsSync(out)).toBe(false);
  }
  const before = requests();
  const last = site.startCli(['audit-trail', '--out', out, '--json'], { LIMIT_AUDIT_TRAIL: '200/s' });
  const peakMb = await peakMemory(last);
  const end = await last.ended;
  expect(end.code, end.stderr).toBe(0);
  expect(peakMb).toBeGreaterThan(30);
  expect(peakMb).toBeLessThanOrEqual(150);
  expect(resumed).toBe(3);
  expect(end.stderr).toContain('continuing after page');
  expect(requests() - before).toBeLessThan(200 - 100);
  expect(JSON.parse(end.stdout)).toMatchObject({ events: 10_000, pages: 200 });
  expect(await lines(out)).toEqual(items);
});

/** The most memory that a program used at once, in MB, as Linux reports it; looked at until the program ends. */
async function peakMemory({ child, ended }: ProgramRun): Promise<number> {
  let peak = 0;
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  await eventually(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
    return isOver;
  });
  return peak;
}
