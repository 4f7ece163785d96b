import { mkdir } from 'node:fs/promises';
import { Command } from 'commander';
import { curationSpec } from '../../jobs/flows/curation/request.ts';
import { startRequest } from '../../jobs/flows/start-request.ts';
import { registry } from '../../jobs/registry.ts';
import { readConfig } from '../../src/config/config.ts';
import { installRedisServer } from '../../src/redis/install.ts';
import { privateFolder } from '../../src/store/artifacts/private.ts';
import { exportDataset } from '../../src/store/datasets/export.ts';
import { follow } from '../curation/follow.ts';
import { commandLine } from './called-as.ts';
import { environment, loadApp, sandboxNotice } from './environment.ts';
import { interruption } from './interrupt.ts';
import { printJson } from './json-result.ts';
import { print, say } from './terminal.ts';
import { userName } from './user-name.ts';

const dataset = 'demo';
const out = 'data/demo.csv';
/** The variables that a demo reads. None configures a service, so that it cannot reach a real tenant. */
const kept = ['REDIS_URL', 'REDIS_PREFIX', 'ARTIFACTS_URL', 'MODEL_PATH', 'LOG_LEVEL'];

export function demoCommand(): Command {
  return new Command('demo')
    .option('--json', 'Print the result as JSON')
    .action(async (options: { json?: boolean }) => await demo(options));
}

async function demo(options: { readonly json?: boolean }): Promise<void> {
  const signal = interruption();
  const config = readConfig(
    { ...Object.fromEntries(kept.map(name => [name, environment()[name]])), SANDBOX: '1' },
    registry,
  );
  if (config.redisUrl === null) installRedisServer(say);
  say(sandboxNotice);
  await mkdir('data', { recursive: true, mode: privateFolder });
  const app = await loadApp(config, 'silent');
  try {
    const spec = curationSpec(config.tenant.key, dataset, {});
    await startRequest(app, spec, { by: userName() });
    const summary = await follow(app, spec, { quiet: options.json === true }, signal);
    const { rows } = await exportDataset(app.datasets, { dataset, out, format: 'csv' });
    if (options.json === true) printJson({ ...summary, export: out }, config.tenant.key);
    else {
      print(`${rows.toLocaleString('en-US')} rows in ./${out}`);
      say(
        `Next: ${commandLine('dataset show demo --sandbox')}, or ${commandLine('up --sandbox')} for Bull Board. See README.`,
      );
    }
  } finally {
    await app.close();
  }
}
