import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { signLife } from '../../src/operators/liveness.ts';
import { temporaryFolder } from '../temporary-folder.ts';

afterEach(() => vi.unstubAllEnvs());

it('a sign of life changes the file, and one that cannot be written does no harm', () => {
  const folder = temporaryFolder();
  signLife({ file: join(folder, 'alive'), environment: {} });
  expect(existsSync(join(folder, 'alive'))).toBe(true);
  signLife({ file: folder, environment: {} });
  signLife({ file: join(folder, 'missing', 'alive'), environment: {} });
});

it('systemd’s watchdog is notified if there is one', async () => {
  const folder = temporaryFolder();
  const notified = join(folder, 'notified');
  const program = join(folder, 'systemd-notify');
  writeFileSync(program, `#!/bin/sh\necho "$@" > ${notified}\n`);
  chmodSync(program, 0o700);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  signLife({ file: null, environment: { NOTIFY_SOCKET: '/run/notify' } });
  signLife({ file: null, environment: { NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '120000000' } });
  await vi.waitUntil(() => existsSync(notified) && readFileSync(notified, 'utf8') !== '');
  expect(readFileSync(notified, 'utf8')).toBe('WATCHDOG=1\n');
});
