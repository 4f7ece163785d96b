import { expect, test } from 'vitest';
import { MlopsError } from '../../src/errors.ts';
import { thrownBy } from '../thrown.ts';
import { openPushBench } from './push-bench.ts';

const lost = new MlopsError('PLATFORM_UNAVAILABLE', 'the answer was lost');

test('a push that nobody wants any more gets no version', async () => {
  const bench = openPushBench();
  const payload = await bench.tuning('t1', 0.5);
  await bench.resources().cancellations.cancel('tuning.t1', 'ada');
  expect(await thrownBy(() => bench.run(payload))).toMatchObject({ name: 'Cancelled' });
  expect([await bench.versions(), bench.put]).toEqual([[], []]);
});

test('cancelled at the very last moment before it is sent, it is withdrawn; the next one is sent', async () => {
  const bench = openPushBench();
  const [payload, next] = [await bench.tuning('t1', 0.5), await bench.tuning('t2', 0.6)];
  bench.beforeLastLook = async () => {
    bench.beforeLastLook = async () => undefined;
    await bench.resources().cancellations.cancel('tuning.t1', 'ada');
  };
  expect(await bench.run(payload)).toMatchObject({ kind: 'cancel' });
  expect(await bench.run(next)).toMatchObject({ kind: 'done' });
  expect([await bench.versions(), bench.put]).toEqual([['1 withdrawn 0', '2 applied 1'], [0.6]]);
  const { findings, openIntents } = await bench.resources().audit.verify();
  expect([findings, openIntents]).toEqual([[], []]);
});

test('cancelled after a sending whose answer was lost, it is sent again: it may have been taken', async () => {
  const bench = openPushBench();
  const payload = await bench.tuning('t1', 0.5);
  bench.answer = (take, nth) => {
    take();
    if (nth === 1) throw lost;
  };
  expect(await thrownBy(() => bench.run(payload))).toBe(lost);
  await bench.resources().cancellations.cancel('tuning.t1', 'ada');
  expect(await bench.run(payload)).toMatchObject({ kind: 'done', result: { version: 1 } });
  expect([await bench.versions(), bench.taken]).toEqual([['1 applied 2'], [0.5, 0.5]]);
});
