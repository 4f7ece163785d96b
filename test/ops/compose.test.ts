/** `compose-spec.json` is the Compose Specification's schema, from compose-go v2.16.2 (Apache-2.0). */
import { spawnSync } from 'node:child_process';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { signLife } from '../../src/operators/liveness.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** As `docker compose` reads it: variables with their defaults, or a text for those that must be set. */
const composed: unknown = parse(
  read('docker-compose.yml').replaceAll(/\$\{\w+(?::-([^}]*)|:\?[^}]*)?\}/g, (_, value = 'set') => value),
  { merge: true },
);
const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(
  JSON.parse(read('test/ops/compose-spec.json')),
);

it('docker-compose.yml is valid by the Compose Specification, which refuses a misspelled key', () => {
  expect(isValid(composed) ? [] : isValid.errors).toEqual([]);
  const worker = { image: 'x', stop_grace_periode: '30s' };
  expect(isValid({ services: { worker } })).toBe(false);
});

const service = z.looseObject({
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  mem_limit: z.string(),
  environment: z.record(z.string(), z.string()),
});
const { services } = z.object({ services: z.record(z.string(), service) }).parse(composed);

it('limits the memory of every service, and uses no sandbox', () => {
  expect(Object.keys(services).sort()).toEqual(['api', 'redis', 'worker']);
  for (const { environment } of Object.values(services)) expect(environment).not.toHaveProperty('SANDBOX');
});

it('treats a worker as hung when its file stops changing', () => {
  const [, program = '', ...words] = services.worker?.healthcheck?.test ?? [];
  expect(program).toBe('node');
  const file = join(temporaryFolder(), 'alive');
  const check = () => spawnSync(process.execPath, words, { env: { LIVENESS_FILE: file } }).status;
  expect(check()).not.toBe(0);
  signLife({ file, environment: {} });
  expect(check()).toBe(0);
  const before = new Date(Date.now() - 61_000);
  utimesSync(file, before, before);
  expect(check()).not.toBe(0);
});

it('the unit file passes systemd’s own check', {
  skip: spawnSync('systemd-analyze', ['--version']).status !== 0,
}, () => {
  const file = join(temporaryFolder(), 'cxone-mlops.service');
  writeFileSync(file, read('ops/systemd/cxone-mlops.service').replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true'));
  const { stderr, stdout } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`.split('\n').filter(line => line.includes('cxone-mlops.service'))).toEqual([]);
});
