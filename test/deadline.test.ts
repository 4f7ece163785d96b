import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { DeadlinePassed, withinDeadline } from '../src/deadline.ts';
import { thrownBy } from './thrown.ts';

const forEver = () => new Promise<never>(() => undefined);

describe('a deadline', () => {
  it('passes on the result', async () => {
    expect(await withinDeadline(60_000, null, async () => 'done')).toBe('done');
  });

  it('ends a task that ignores its signal', async () => {
    expect(await thrownBy(() => withinDeadline(1, null, forEver))).toBeInstanceOf(DeadlinePassed);
  });

  it('aborts the task’s signal', async () => {
    const told = await thrownBy(() =>
      withinDeadline(
        1,
        null,
        signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject('heard'))),
      ),
    );
    expect(['heard', 'DeadlinePassed']).toContain(told instanceof Error ? told.name : told);
  });

  it('fires although memory is collected meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const outer = new AbortController();
    let isOver = false;
    const ended = thrownBy(() => withinDeadline(30, outer.signal, forEver)).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      collect();
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(await ended).toBeInstanceOf(DeadlinePassed);
  });

  it('ends with the reason of the caller that gives up', async () => {
    const stop = new AbortController();
    const ended = thrownBy(() => withinDeadline(60_000, stop.signal, forEver));
    stop.abort(new Error('enough'));
    expect(await ended).toMatchObject({ message: 'enough' });
    expect(await thrownBy(() => withinDeadline(60_000, stop.signal, async () => 1))).toMatchObject({
      message: 'enough',
    });
  });
});
