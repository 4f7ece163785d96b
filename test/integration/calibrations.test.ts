import { readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { calibration as flow } from '../../jobs/flows/calibration/flow.ts';
import { calibrationSpec } from '../../jobs/flows/calibration/request.ts';
import { cancelRequest } from '../../jobs/flows/cancel-request.ts';
import type { ProgrammedFault } from '../../src/sandbox/kernel/faults.ts';
import {
  askForCalibration,
  calibrationOf,
  calibrationPath,
  calibrationSite,
  customersText,
  ends,
  unlimited,
  versionsOf,
} from './calibration-site.ts';
import { commands } from './commands.ts';
import { idle, storeOf, timeouts } from './site.ts';

const reweight = { trigger_model_reweight: true } as const;

test('calibrations are sent one at a time, in the order of their requests, each once', async () => {
  const site = await calibrationSite();
  const { calibrations } = site.sandbox.cognigy;
  const app = await site.workingHouse(unlimited);
  const requests = [];
  for (const id of ['a', 'b', 'c', 'd'])
    requests.push(await askForCalibration(app, calibrationOf(id, id === 'b' ? reweight : {})));
  expect(await ends(app, ...requests)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);

  expect(calibrations.list().map(({ body }) => body.interaction_ids)).toEqual([['a'], ['b'], ['c'], ['d']]);
  // None was sent while the reweight ran: the platform would have answered 503.
  expect(calibrations.puts.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(new Set(calibrations.puts.map(({ key }) => key)).size).toBe(4);
  await idle(app);
  const report = await app.audit.verify();
  expect(report.findings).toEqual([]);
  expect(report.openIntents).toEqual([]);
});

test.each<{ readonly name: string; readonly faults: readonly ProgrammedFault[]; readonly applied: number }>([
  { name: 'its answer is lost', faults: [{ kind: 'drop', moment: 'after' }], applied: 1 },
  { name: 'it is dropped on its way', faults: [{ kind: 'drop', moment: 'before', times: 2 }], applied: 1 },
  { name: 'it is answered 504 after its effect', faults: [{ kind: '5xx', status: 504, moment: 'after' }], applied: 1 },
  { name: 'its token is stale', faults: [{ kind: '401' }], applied: 1 },
  { name: 'it is answered 429', faults: [{ kind: '429' }], applied: 1 },
])('where $name, it is sent again with the same key before any later one', async ({ faults, applied }) => {
  const site = await calibrationSite();
  const { calibrations } = site.sandbox.cognigy;
  const app = await site.workingHouse(unlimited);
  for (const fault of faults) site.sandbox.failNext({ ...fault, match: calibrationPath });
  const first = await askForCalibration(app, calibrationOf('a'));
  const second = await askForCalibration(app, calibrationOf('b'));
  expect(await ends(app, first, second)).toEqual(['succeeded', 'succeeded']);
  expect(calibrations.list().map(({ body }) => body.interaction_ids)).toEqual([['a'], ['b']]);
  const bodies = site.sandbox.requests.flatMap(({ path, body }) => (path === calibrationPath ? (body ?? '') : []));
  expect(new Set(bodies).size).toBe(2);
  expect(calibrations.puts.filter(put => put.applied)).toHaveLength(applied + 1);
});

test('a reweight that this system does not know is waited for, without a worker slot', async () => {
  const site = await calibrationSite();
  const { calibrations } = site.sandbox.cognigy;
  calibrations.startForeignReweight(3);
  const app = await site.workingHouse(unlimited);
  const request = await askForCalibration(app, calibrationOf('a'));
  await vi.waitUntil(() => calibrations.puts.length === 1, timeouts);
  expect(await ends(app, request)).toEqual(['succeeded']);
  expect(calibrations.puts.map(({ status }) => status)).toEqual([503, 200]);
  const [first, second] = calibrations.puts.map(({ at }) => Date.parse(at));
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(5_000);
  const { log } = await app.calibrations.read();
  expect(log.calibrations).toMatchObject([{ version: 1, state: 'completed', busy: { answers: 1 } }]);
});

test('one that fails, or is rejected, does not stop those behind it', async () => {
  const site = await calibrationSite();
  const { sandbox } = site;
  const app = await site.workingHouse(unlimited);
  sandbox.cognigy.calibrations.plan({ end: 'failed', error: `No convergence for: ${customersText}` });
  const failing = await askForCalibration(app, calibrationOf('a', reweight));
  const refused = await askForCalibration(app, calibrationOf('b'));
  await vi.waitUntil(() => sandbox.cognigy.calibrations.puts.length === 1, timeouts);
  sandbox.failNext({ kind: '403', match: calibrationPath });
  const last = await askForCalibration(app, calibrationOf('c'));
  expect(await ends(app, failing, refused, last)).toEqual(['CALIBRATION_FAILED', 'CALIBRATION_REFUSED', 'succeeded']);
  const { log } = await app.calibrations.read();
  expect(log.calibrations.map(({ reason }) => reason?.message ?? null)).toEqual([
    'its calibration job failed (it says: No convergence for: [text])',
    expect.stringContaining('sentiment:calibrate'),
    null,
  ]);
});

test('a calibration that waits can be cancelled; one that was sent is followed to its end', async () => {
  const site = await calibrationSite();
  const { calibrations } = site.sandbox.cognigy;
  calibrations.plan({ held: true });
  const app = await site.workingHouse(unlimited);
  const sent = await askForCalibration(app, calibrationOf('a', reweight));
  const waits = await askForCalibration(app, calibrationOf('b'));
  const last = await askForCalibration(app, calibrationOf('c'));
  await vi.waitUntil(async () => (await versionsOf(app))[0] === '1 accepted', timeouts);
  const cancel = async (payload: typeof sent) => {
    const { id } = calibrationSpec(payload);
    return await cancelRequest(app, flow, { id, payload }, 'ada');
  };
  expect(await cancel(waits)).toEqual({ status: { state: 'cancelled' }, goesOn: [] });
  expect(await cancel(sent)).toMatchObject({
    status: { state: 'running', progress: { stage: 'applying', version: 1 } },
    goesOn: ['The platform has accepted version 1: it is not undone, and it is followed to its end'],
  });
  site.sandbox.cognigy.release('calibration-1');
  expect(await ends(app, sent, waits, last)).toEqual(['succeeded', 'cancelled', 'succeeded']);
  expect(calibrations.list().map(({ body }) => body.interaction_ids)).toEqual([['a'], ['c']]);
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(file => statSync(file).isFile());
}

test('commands: dry run, calibrate, history and rollback; texts of customers are nowhere in clear', async () => {
  const site = await calibrationSite();
  const file = join(site.folder, 'calibration.json');
  await writeFile(file, JSON.stringify(calibrationOf('a')));
  const app = await site.workingHouse(unlimited);
  const [dry, first, again, other, rollback, unknown, list] = await commands(
    site,
    [
      ['calibrate', '--file', file, '--dry-run', '--json'],
      ['calibrate', '--file', file, '--request', 'may', '--wait', '--json'],
      ['calibrate', '--file', file, '--request', 'may', '--wait', '--json'],
      ['calibrate', '--file', file, '--wait', '--json'],
      ['calibrate', 'rollback', '1', '--wait', '--json'],
      ['calibrate', 'rollback', '9', '--wait'],
      ['calibrate', 'history', '--json'],
    ],
    unlimited,
  );
  expect(JSON.parse(dry?.stdout ?? '')).toMatchObject({
    dryRun: true,
    difference: { since: null, sensitivity: { after: 0.6 } },
  });
  const completed = { calibrationJobId: 'calibration-1', status: 'completed', version: 1 };
  expect(JSON.parse(first?.stdout ?? '')).toMatchObject({
    ...completed,
    calibration_latency_ms: expect.any(Number),
    id: 'calibration.may',
  });
  // The same request again is not sent again; another one is.
  expect(JSON.parse(again?.stdout ?? '')).toMatchObject(completed);
  expect(JSON.parse(other?.stdout ?? '')).toMatchObject({ calibrationJobId: 'calibration-2', version: 2 });
  expect(JSON.parse(rollback?.stdout ?? '')).toMatchObject({ calibrationJobId: 'calibration-3', version: 3 });
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('version 9 not found') });
  expect(JSON.parse(list?.stdout ?? '')).toMatchObject({
    versions: [
      { version: 1, state: 'completed', source: { kind: 'request' } },
      { version: 2, state: 'completed' },
      { version: 3, state: 'completed', source: { kind: 'rollback', version: 1 } },
    ],
  });
  const store = storeOf(site, app);
  expect(filesUnder(store).filter(path => readFileSync(path, 'utf8').includes('refund, as I said'))).toEqual([]);
  for (const { body } of site.sandbox.requests) expect(body ?? '').not.toContain('refund');
});

test('invalid calibrations end with 2, naming every field, interaction and place; nothing is enqueued', async () => {
  const site = await calibrationSite();
  const app = await site.app(unlimited);
  const write = async (name: string, text: string) => {
    await writeFile(join(site.folder, name), text);
    return join(site.folder, name);
  };
  const wrong = {
    interactions: [],
    polarity_matrix: { negative: 0.1, neutral: 0.6, positive: -0.1 },
    alert_triggers: [
      { emotion: 'anger', threshold: 0.6, directive: 'block' },
      { emotion: 'joy', threshold: 0.99, directive: 'shout' },
    ],
    sensitivity_level: 0.01,
    reweight: true,
  };
  const unverified = calibrationOf('a', {
    interactions: [
      { interaction_id: 'a', text: 'hello there', emotion: 'joy', confidence: 0.9 },
      { interaction_id: 'b', text: 'a refund', emotion: 'anger', confidence: 0.79 },
    ],
  });
  const request = await askForCalibration(app, calibrationOf('a'), 'may');
  const other = calibrationOf('b');
  const lines = [
    ['calibrate', '--file', await write('wrong.json', JSON.stringify(wrong))],
    ['calibrate', '--file', await write('unverified.json', JSON.stringify(unverified))],
    ['calibrate', '--file', await write('comma.json', '{\n  "interactions": [],\n}')],
    ['calibrate', '--file', await write('other.json', JSON.stringify(other)), '--request', request.request],
    ['calibrate', '--file', join(site.folder, 'missing.json')],
    ['calibrate'],
    [
      'calibrate',
      '--file',
      await write('right.json', JSON.stringify(other)),
      '--verification',
      await write('r.json', '{"domainTerms": []}'),
    ],
  ];
  const ended = await commands(site, lines, unlimited);
  expect(ended.map(({ code }) => code)).toEqual(lines.map(() => 2));
  const [fields, interactions, comma, reused] = ended.map(({ stderr }) => stderr);
  for (const field of [
    'interactions must hold 1 to 50',
    'polarity_matrix.negative must be a number from -1 to 0, not 0.1',
    'polarity_matrix.neutral',
    'polarity_matrix.positive',
    'alert_triggers[0].threshold must be a number from 0.7 to 0.95 where directive is block, not 0.6',
    'alert_triggers[1].threshold must be a number from 0 to 0.95, not 0.99',
    'alert_triggers[1].directive must be one of block, notify, escalate, log, not "shout"',
    'sensitivity_level',
    'reweight is not a known field',
  ])
    expect(fields).toContain(field);
  expect(interactions).toContain('interactions[0] ("a"): its text holds none of the domain terms');
  expect(interactions).toContain('its emotion "joy" is not one of');
  expect(interactions).toContain('interactions[1] ("b"): its confidence 0.79 is below 0.8');
  expect(interactions).not.toContain('hello there');
  expect(comma).toContain('comma.json:3:1: not valid JSON');
  expect(reused).toContain('request may was made with another calibration');
  expect(await versionsOf(app)).toEqual(['1 waiting']);
  expect(site.sandbox.cognigy.calibrations.puts).toEqual([]);
});
