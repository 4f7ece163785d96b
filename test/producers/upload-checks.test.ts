import { expect, it } from 'vitest';
import { openUploadChecks } from '../../producers/http/upload-checks.ts';
import { thrownBy } from '../thrown.ts';

it('of uploads two checks run at once, and the next is refused until one has ended', async () => {
  const checks = openUploadChecks();
  const ends: (() => void)[] = [];
  const check = () => checks.run(() => new Promise<void>(resolve => ends.push(resolve)));
  const running = [check(), check()];
  const refused = await thrownBy(check);
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
  ends.shift()?.();
  await running[0];
  const next = check();
  expect(ends).toHaveLength(2);
  for (const end of ends) end();
  await Promise.all([running[1], next]);
});

it('a check that fails gives its place back', async () => {
  const checks = openUploadChecks(1);
  await thrownBy(() => checks.run(() => Promise.reject(new Error('wrong'))));
  expect(await checks.run(async () => 'right')).toBe('right');
});
