import { describe, expect, it } from 'vitest';
import { openResultWaits } from '../../producers/http/await-result.ts';
import { waitPreference } from '../../producers/http/preference.ts';

describe('Prefer: wait', () => {
  it.each([
    ['wait=10', 10],
    ['respond-async, wait=5', 5],
    ['WAIT = "7"', 7],
    ['wait=100', 30],
    ['wait=0', 0],
    ['handling=lenient; a=b, wait=3; x=y', 3],
    ['wait=1, wait=9', 1],
  ])('%j waits %s s', (header, seconds) => {
    expect(waitPreference(header)).toBe(seconds);
  });

  it.each([
    undefined,
    '',
    'wait',
    'wait=',
    'wait=soon',
    'wait=-1',
    'wait=1.5',
    'waiting=3',
    'return=minimal',
    'x; wait=3',
  ])('%j does not wait', header => {
    expect(waitPreference(header)).toBeNull();
  });

  it('is read from repeated headers as from one', () => {
    expect(waitPreference(['return=minimal', 'wait=4'])).toBe(4);
  });

  it('is read in time linear in its length', () => {
    expect(waitPreference(`${'a;'.repeat(50_000)}, wait=4`)).toBe(4);
  });
});

describe('the wait for a result', () => {
  const never = new AbortController().signal;
  const running = async () => ({ state: 'running' as const, progress: {}, isLost: false });
  const minute = 60_000;

  it('gives the result as soon as it is there', async () => {
    let looks = 0;
    const status = async () => {
      looks += 1;
      return looks < 3 ? await running() : { state: 'succeeded' as const, result: 42 };
    };
    expect(await openResultWaits().until(status, minute, never)).toEqual({ result: 42 });
    expect(looks).toBe(3);
  });

  it('ends with the request, in whatever state, and looks once even without time', async () => {
    const waits = openResultWaits();
    const failed = async () => ({ state: 'failed' as const, error: { code: 'INTERNAL', message: 'no' } });
    expect(await waits.until(failed, minute, never)).toBeNull();
    expect(await waits.until(async () => ({ state: 'cancelled' as const }), minute, never)).toBeNull();
    expect(await waits.until(async () => ({ state: 'succeeded' as const, result: 1 }), 0, never)).toEqual({
      result: 1,
    });
    expect(await waits.until(running, 0, never)).toBeNull();
  });

  it('ends when its client is gone, and when the server stops', async () => {
    const waits = openResultWaits();
    const client = new AbortController();
    const pending = waits.until(running, minute, client.signal);
    client.abort();
    expect(await pending).toBeNull();
    const others = [waits.until(running, minute, never), waits.until(running, minute, never)];
    waits.end();
    expect(await Promise.all(others)).toEqual([null, null]);
    expect(await waits.until(running, minute, never)).toBeNull();
  });

  it('is given to a limited number of clients at once', async () => {
    const waits = openResultWaits(2);
    const first = [waits.until(running, minute, never), waits.until(running, minute, never)];
    expect(await waits.until(running, minute, never)).toBeNull();
    waits.end();
    await Promise.all(first);
  });
});
