import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { livePush, type PushEvent } from '../../../src/domain/push/push.ts';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { openPushes, type Pushes } from '../../../src/store/pushes/pushes.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codeOf } from '../../thrown.ts';

const at = '2024-05-15T12:00:00.000Z';

const asked = (version: number, request: string): PushEvent => ({
  kind: 'pending',
  sha256: 'f'.repeat(64),
  version,
  at,
  request,
  by: 'ada',
  source: { kind: 'rollback', version: 1 },
  thresholds: { global: 0.5, intents: [] },
});

function opened(): { root: string; pushes: Pushes } {
  const root = temporaryFolder();
  return { root, pushes: openPushes(openFileStore(root)) };
}

/** Pushes `count` versions, one event after the other, each after a look at the log. */
async function pushMany(pushes: Pushes, request: string, count: number): Promise<void> {
  for (let done = 0; done < count; ) {
    const { pushes: all, length } = await pushes.read();
    const newest = all.at(-1);
    const next = nextEvent(newest, request);
    const isDone = newest?.request === request && next.kind === 'applied';
    if ((await pushes.append(length, next)) !== null && isDone) done += 1;
  }
}

function nextEvent(newest: Awaited<ReturnType<Pushes['read']>>['pushes'][number] | undefined, request: string) {
  if (newest === undefined || newest.state === 'applied') return asked((newest?.version ?? 0) + 1, request);
  if (newest.state === 'pending') return { kind: 'sent', version: newest.version, at, request } as const;
  return { kind: 'applied', version: newest.version, at } as const;
}

describe('the log of pushes', () => {
  it('is empty at first, and makes no folder by being read', async () => {
    const { root, pushes } = opened();
    expect(await pushes.read()).toEqual({ pushes: [], length: 0 });
    expect(await pushes.length()).toBe(0);
    expect(existsSync(join(root, 'config'))).toBe(false);
  });

  it('takes an event only from who has seen its end', async () => {
    const { pushes } = opened();
    expect(await pushes.append(0, asked(1, 'a'))).toMatchObject({ number: 1 });
    expect(await pushes.append(0, asked(1, 'b'))).toBeNull();
    expect(await pushes.append(2, asked(2, 'b'))).toBeNull();
    expect((await pushes.read()).pushes.map(({ request }) => request)).toEqual(['a']);
  });

  it('shows at once what another process appended', async () => {
    const { root, pushes } = opened();
    await pushes.append(0, asked(1, 'a'));
    expect(await pushes.read()).toMatchObject({ length: 1, pushes: [{ state: 'pending' }] });
    const other = openPushes(openFileStore(root));
    expect(await other.append(1, { kind: 'sent', version: 1, at, request: 'a' })).toMatchObject({ number: 2 });
    expect(await pushes.read()).toMatchObject({ length: 2, pushes: [{ state: 'sent', sentBy: 'a', timesSent: 1 }] });
    const events: PushEvent = { kind: 'refused', version: 1, at, code: 'PLATFORM_REFUSED', message: 'why' };
    await pushes.append(2, events);
    expect((await other.read()).pushes).toMatchObject([{ state: 'refused', reason: 'why' }]);
  });

  it('lets one of ten writers win each entry', async () => {
    const { root } = opened();
    const writers = Array.from({ length: 10 }, () => openPushes(openFileStore(root)));
    const won = await Promise.all(writers.map((each, index) => each.append(0, asked(1, `writer-${index}`))));
    expect(won.filter(each => each !== null)).toHaveLength(1);
    for (const each of writers) expect((await each.read()).length).toBe(1);
  });

  it('keeps versions in order, none lost and none twice, however many push at once', async () => {
    const { root, pushes } = opened();
    const requests = ['a', 'b', 'c', 'd'];
    const pushing = requests.map(request => pushMany(openPushes(openFileStore(root)), request, 3));
    await Promise.all(pushing);
    const { pushes: all, length } = await pushes.read();
    expect(all.map(({ version }) => version)).toEqual(all.map((_, index) => index + 1));
    expect(length).toBe(3 * all.length);
    for (const each of all) expect(each).toMatchObject({ state: 'applied', timesSent: 1 });
    for (const request of requests)
      expect(all.filter(each => each.request === request).length).toBeGreaterThanOrEqual(3);
    expect(livePush(all)?.version).toBe(all.length);
  });

  it('is refused as a whole where an entry is damaged', async () => {
    const { root, pushes } = opened();
    await pushes.append(0, asked(1, 'a'));
    writeFileSync(join(root, 'config', 'log', '000000000001.json'), '{"kind":"applied"}');
    expect(await codeOf(() => pushes.read())).toBe('PUSH_LOG_DAMAGED');
  });
});
