import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

/** Where Linux mounts control groups, and where a process reads which one it is in. */
const places = { mount: '/sys/fs/cgroup', own: '/proc/self/cgroup' } as const;

/**
 * Cores that this process may use: those of its CPU affinity, or fewer where a control group of a container limits its
 * CPU time. Without it, a container with two of 64 cores would start 64 threads that wait for each other.
 */
export function usableCores(from: { readonly mount: string; readonly own: string } = places): number {
  const quota = cgroupQuota(from.mount, from.own);
  return quota === null ? availableParallelism() : Math.max(1, Math.min(availableParallelism(), Math.round(quota)));
}

/** The CPU limit of the process's control groups, in cores; `null` if there is none. */
function cgroupQuota(mount: string, own: string): number | null {
  const lines = (readOrNull(own) ?? '').split('\n');
  const unified = lines.find(line => line.startsWith('0::'))?.slice('0::'.length) ?? '/';
  const limits = [...upwards(unified)].flatMap(group => limitV2(join(mount, group, 'cpu.max')));
  const cpu = lines.map(line => line.split(':')).find(([, controllers = '']) => controllers.split(',').includes('cpu'));
  for (const group of cpu === undefined ? [] : upwards(cpu[2] ?? '/'))
    limits.push(...limitV1(join(mount, 'cpu', group)));
  return limits.length === 0 ? null : Math.min(...limits);
}

/** `/a/b` → `/a/b`, `/a`, `/`: each of them limits the process. */
function* upwards(group: string): Generator<string> {
  let current = group;
  for (;;) {
    yield current;
    if (dirname(current) === current) return;
    current = dirname(current);
  }
}

/** `150000 100000` is a limit of 1.5 cores, `max 100000` none. */
function limitV2(file: string): number[] {
  const [quota, period] = (readOrNull(file) ?? '').trim().split(' ').map(Number);
  return ratio(quota, period);
}

function limitV1(folder: string): number[] {
  const [quota, period] = ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map(name => Number(readOrNull(join(folder, name))));
  return ratio(quota, period);
}

function ratio(quota = 0, period = 0): number[] {
  return quota > 0 && period > 0 ? [quota / period] : [];
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
