import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { usableCores } from '../../src/compute/cores.ts';
import { fitMemory } from '../../src/compute/embedding/memory.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** A machine whose files of control groups have this content. */
function machine(files: Readonly<Record<string, string>>): { mount: string; own: string } {
  const mount = temporaryFolder();
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(mount, file)), { recursive: true });
    writeFileSync(join(mount, file), content);
  }
  return { mount, own: join(mount, 'own') };
}

test.each([
  ['none at all', {}, availableParallelism()],
  ['none in a group', { own: '0::/\n', 'cpu.max': 'max 100000\n' }, availableParallelism()],
  ['one core', { own: '0::/\n', 'cpu.max': '100000 100000\n' }, 1],
  ['half a core', { own: '0::/\n', 'cpu.max': '50000 100000\n' }, 1],
  ['that of a group above', { own: '0::/a/b\n', 'a/b/cpu.max': 'max 100000\n', 'a/cpu.max': '120000 100000\n' }, 1],
  [
    'that of the older control groups',
    { own: '4:cpu,cpuacct:/a\n', 'cpu/a/cpu.cfs_quota_us': '100000\n', 'cpu/a/cpu.cfs_period_us': '100000\n' },
    1,
  ],
  [
    'none of the older control groups',
    { own: '4:cpu,cpuacct:/\n', 'cpu/cpu.cfs_quota_us': '-1\n', 'cpu/cpu.cfs_period_us': '100000\n' },
    availableParallelism(),
  ],
])('cores under a limit of %s', (_, files, cores) => {
  expect(usableCores(machine(files))).toBe(cores);
});

test('a session for each core, as far as memory allows, and at least one', () => {
  const sessions = (memoryMb: number, cores: number) => fitMemory(memoryMb, cores).sessions;
  expect([sessions(1600, 2), sessions(1600, 64), sessions(450, 8), sessions(64, 8)]).toEqual([2, 8, 1, 1]);
  expect(fitMemory(800, 2).cachedVectors).toBeGreaterThan(20_000);
  expect(fitMemory(16_000, 2).cachedVectors).toBe(fitMemory(32_000, 2).cachedVectors);
});
