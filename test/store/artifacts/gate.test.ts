import { expect, it } from 'vitest';
import { openGate } from '../../../src/store/artifacts/gate.ts';

it('lets no more tasks in than it has room for, and all in their turn, failed ones too', async () => {
  const gate = openGate(3);
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const task = (number: number) => async () => {
    most = Math.max(most, ++running);
    await new Promise(resolve => setImmediate(resolve));
    running--;
    order.push(number);
    if (number % 4 === 0) throw new Error(`task ${number}`);
    return number;
  };
  const ended = await Promise.allSettled(Array.from({ length: 20 }, (_, number) => gate(task(number))));
  expect(most).toBe(3);
  expect(order).toEqual(Array.from({ length: 20 }, (_, number) => number));
  expect(ended.filter(({ status }) => status === 'rejected')).toHaveLength(5);
  expect(await gate(async () => 'after')).toBe('after');
});
