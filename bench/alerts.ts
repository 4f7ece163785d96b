import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { mostRecords } from '../src/domain/sentiment/alert-record.ts';
import { emptyLog } from '../src/domain/sentiment/calibration-log.ts';
import type { AlertTriggered } from '../src/domain/sentiment/hook-event.ts';
import { precisionReport } from '../src/domain/sentiment/precision.ts';
import { parseWebhookSecret, signWebhook } from '../src/platform/webhook-signature.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts';
import { openAlerts } from '../src/store/alerts/alerts.ts';
import { openFileStore } from '../src/store/artifacts/file-store.ts';
import { heard, output, programs } from './programs.ts';
import { withRedis } from './temporary-redis.ts';

const secret = `whsec_${randomBytes(32).toString('base64')}`;
const perSecond = 500;
const seconds = 10;
const stored = 1_000_000;
const trailEvents = 10_000;

/** Webhooks of the platform per second, the cost of the precision of many alerts, and the memory of an export. */
export async function alerts(): Promise<void> {
  const sandbox = await startSandbox({ interactions: [], limits: { AUDIT_TRAIL: null } });
  await withRedis(async place => {
    const run = programs(place, sandbox, { HTTP_PORT: '0', HOOK_SECRET: secret, LIMIT_AUDIT_TRAIL: '500/s' });
    await measureIntake(run('api'));
    await measureTrail(sandbox, run('audit-trail', '--out', join(place.folder, 'trail.jsonl'), '--json'));
  });
  await sandbox.close();
  await measurePrecision();
}

async function measureIntake(api: ChildProcess): Promise<void> {
  const url = await addressOf(api);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const latencies: number[] = [];
  let refused = 0;
  const send = async (number: number) => {
    const begun = performance.now();
    const status = await post(`${url}/v1/hooks/cognigy`, bodyOf(event(number)), agent);
    latencies.push(performance.now() - begun);
    if (status !== 200) refused += 1;
  };
  for (let number = 0; number < perSecond; number += 1) await send(number);
  latencies.length = 0;

  const begun = performance.now();
  const sent: Promise<void>[] = [];
  for (let number = 0; number < perSecond * seconds; number += 1) {
    const due = begun + (number * 1_000) / perSecond;
    if (due > performance.now()) await pause(due - performance.now());
    sent.push(send(perSecond + number));
  }
  await Promise.all(sent);
  const rate = sent.length / ((performance.now() - begun) / 1_000);
  const paced = [...latencies].sort((a, b) => a - b);

  let next = perSecond * (seconds + 1);
  const until = performance.now() + 5_000;
  const senders = Array.from({ length: 32 }, async () => {
    for (; performance.now() < until; next += 1) await send(next);
  });
  latencies.length = 0;
  await Promise.all(senders);
  agent.destroy();
  api.kill('SIGKILL');
  print('hook intake: one api process, verified and durable before the answer', [
    ['events at a steady 500/s', `${rate.toFixed(0)}/s (aim 500)`],
    [
      'time to the answer',
      `median ${at(paced, 0.5)} ms, 95 % ${at(paced, 0.95)} ms (aim 25), 99 % ${at(paced, 0.99)} ms`,
    ],
    ['most, 32 senders', `${(latencies.length / 5).toFixed(0)}/s`],
    ['refused', `${refused} (aim 0)`],
  ]);
}

async function measureTrail({ cognigy }: Sandbox, child: ChildProcess): Promise<void> {
  for (let number = 0; number < trailEvents; number += 1)
    cognigy.trail.items.push({ id: `audit-${number}`, timestamp: new Date().toISOString(), status: 'completed' });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, peakMemory(child.pid ?? 0));
  }, 20);
  const { events } = JSON.parse(await output(child));
  clearInterval(timer);
  print('audit trail', [
    ['events', String(events)],
    ['peak memory', `${peak.toFixed(0)} MB (aim 150)`],
  ]);
}

async function measurePrecision(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cxone-bench-'));
  try {
    const store = openFileStore(folder);
    await store.establish();
    const open = () => openAlerts(store, async () => emptyLog);
    const writer = open();
    for (let first = 0; first < stored; first += mostRecords) {
      const count = Math.min(mostRecords, stored - first);
      await Promise.all(Array.from({ length: count }, (_, index) => writer.record(event(first + index))));
    }
    const reader = open();
    const whole = await cpuOf(async () => precisionReport(await reader.counts()));
    await writer.record(event(stored));
    const oneMore = await cpuOf(async () => precisionReport(await reader.counts()));
    print(`precision over ${stored.toLocaleString('en-US')} alerts`, [
      ['alerts counted', oneMore.result.open.toLocaleString('en-US')],
      ['first reading', `${whole.ms.toFixed(0)} ms of processor time (aim 1000)`],
      ['with one more alert', `${oneMore.ms.toFixed(1)} ms of processor time`],
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function cpuOf<Result>(task: () => Promise<Result>): Promise<{ readonly result: Result; readonly ms: number }> {
  const before = process.cpuUsage();
  const result = await task();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: (user + system) / 1_000 };
}

function event(number: number): AlertTriggered {
  return {
    id: `event-${number}`,
    at: new Date(Date.parse('2026-01-01T00:00:00Z') + number * 10_000).toISOString(),
    type: 'agentassist.alert.triggered',
    alertId: `alert-${number}`,
    interactionId: `interaction-${number}`,
    emotion: ['anger', 'frustration', 'confusion'][number % 3] ?? 'anger',
    directive: ['block', 'notify', 'escalate', 'log'][number % 4] ?? 'log',
    score: (700 + (number % 300)) / 1_000,
    threshold: 0.7,
    calibrationJobId: null,
  };
}

function bodyOf({ id, type, at: timestamp, ...data }: AlertTriggered): string {
  return JSON.stringify({ id, type, timestamp, data });
}

async function post(url: string, body: string, agent: Agent): Promise<number> {
  const key = parseWebhookSecret(secret, 'HOOK_SECRET');
  const id = `message-${randomBytes(8).toString('hex')}`;
  const signed = signWebhook([key], { id, timestamp: Math.floor(Date.now() / 1_000), body });
  return await new Promise((resolve, reject) => {
    const headers = { ...signed, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers }, answer => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject).end(body);
  });
}

async function addressOf(api: ChildProcess): Promise<string> {
  let said = '';
  api.stderr?.on('data', chunk => {
    said += String(chunk);
  });
  await heard(api, 'Bull Board');
  const [, url] = /Bull Board: (http:\S+)\/board/.exec(said) ?? [];
  if (url === undefined) throw new Error(`api gave no address: ${said}`);
  return url;
}

/** In MB. */
function peakMemory(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(1);
}

function print(title: string, rows: readonly (readonly [string, string])[]): void {
  process.stdout.write(`${title}\n${rows.map(([name, value]) => `  ${name.padEnd(26)} ${value}\n`).join('')}`);
}
